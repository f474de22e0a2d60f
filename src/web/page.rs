//! What all staff pages share: their templates, their frame, their headers, and how a page says
//! that something went wrong.

use std::path::Path;

use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior};
use serde::Serialize;

use super::sign_in::Staff;
use super::{Web, asset};
use crate::store::StoreError;

/// Steps one page may take; the longest of ours takes a tenth of it.
const FUEL: u64 = 5_000_000;

/// Nothing from elsewhere, no script or style in the page itself, no frame around it.
const CONTENT_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; \
                              img-src 'self'; connect-src 'self'; form-action 'self'; \
                              frame-ancestors 'none'; base-uri 'none'";

/// On every staff page, whatever it says.
const GUARDS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
    (header::CACHE_CONTROL, "no-store"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

/// The built-in templates, by the names they have in the configuration folder.
const TEMPLATES: &[(&str, &str)] = &[
    ("base.html", include_str!("../../templates/pages/staff/base.html")),
    ("charts.html", include_str!("../../templates/pages/staff/charts.html")),
    ("operations.html", include_str!("../../templates/pages/staff/operations.html")),
    ("parts.html", include_str!("../../templates/pages/staff/parts.html")),
    ("preview.html", include_str!("../../templates/pages/staff/preview.html")),
    ("problem.html", include_str!("../../templates/pages/staff/problem.html")),
    ("queue.html", include_str!("../../templates/pages/staff/queue.html")),
    ("setup.html", include_str!("../../templates/pages/staff/setup.html")),
    ("setup-done.html", include_str!("../../templates/pages/staff/setup-done.html")),
    ("signed-out.html", include_str!("../../templates/pages/staff/signed-out.html")),
    ("ticket.html", include_str!("../../templates/pages/staff/ticket.html")),
    ("tokens.html", include_str!("../../templates/pages/staff/tokens.html")),
];

/// The templates of the staff pages.
pub struct Layout {
    environment: Environment<'static>,
}

impl Layout {
    /// The built-in templates, each replaced by the file of the same name in `folder`.
    ///
    /// # Errors
    /// What is wrong with a file, with its name.
    pub fn load(folder: Option<&Path>) -> Result<Self, String> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
        environment.set_syntax(syntax.expect("the usual marks differ from each other"));
        environment.set_fuel(Some(FUEL));
        for (name, built_in) in TEMPLATES {
            let path = folder.map(|folder| folder.join(name)).filter(|path| path.exists());
            let text = match &path {
                None => (*built_in).to_owned(),
                Some(path) => std::fs::read_to_string(path)
                    .map_err(|error| format!("{} cannot be read: {error}", path.display()))?,
            };
            environment.add_template_owned(*name, text).map_err(|error| {
                let file = path.map_or_else(|| (*name).to_owned(), |it| it.display().to_string());
                format!("{file}: {error}")
            })?;
        }
        Ok(Self { environment })
    }

    fn render(&self, name: &str, context: &impl Serialize) -> Result<String, minijinja::Error> {
        self.environment.get_template(name)?.render(Serde(context))
    }
}

/// What every page shows around its content.
#[derive(Serialize)]
struct Frame<'a> {
    icon: String,
    style: String,
    script: String,
    /// Who is signed in; nobody on some pages.
    who: Option<Who<'a>>,
    /// The entry of the navigation the page belongs to.
    here: &'a str,
    /// Where the demo's tracker is; nowhere but in the demo.
    tracker: Option<&'a str>,
}

impl<'a> Frame<'a> {
    /// Around a page for nobody in particular, whose style and icon lie below a path.
    fn alone(above: &str, here: &'a str) -> Self {
        let [icon, style, script] = [&asset::ICON, &asset::STYLE, &asset::SCRIPT]
            .map(|asset| format!("{above}{}", asset.path()));
        Self { icon, style, script, who: None, here, tracker: None }
    }
}

#[derive(Serialize)]
struct Who<'a> {
    login: &'a str,
    is_operator: bool,
    csrf: &'a str,
}

/// A page: its template, the entry of the navigation it belongs to, and what it shows.
pub(super) struct Page<'a, T> {
    /// The template's name.
    pub template: &'a str,
    /// The entry of the navigation.
    pub here: &'a str,
    /// What the template calls `page`.
    pub content: T,
}

#[derive(Serialize)]
struct Context<'a, T> {
    frame: Frame<'a>,
    page: &'a T,
}

impl<T: Serialize> Page<'_, T> {
    /// The page for somebody who is signed in, or for anybody.
    pub(super) fn show(&self, web: &Web, staff: Option<&Staff>) -> Response {
        let who = staff.map(|staff| Who {
            login: &staff.session.login.0,
            is_operator: staff.session.person.is_none(),
            csrf: &staff.csrf,
        });
        let tracker = web.pages.tracker.as_deref();
        let frame = Frame { who, tracker, ..Frame::alone("", self.here) };
        self.put_together(&web.pages.layout, frame)
    }

    /// The page for nobody in particular, where there is no desk yet; its style and icon lie below
    /// another path.
    pub(super) fn show_alone(&self, layout: &Layout, above: &str) -> Response {
        self.put_together(layout, Frame::alone(above, self.here))
    }

    fn put_together(&self, layout: &Layout, frame: Frame<'_>) -> Response {
        match layout.render(self.template, &Context { frame, page: &self.content }) {
            Ok(page) => Html(page).into_response(),
            Err(error) => {
                tracing::error!(%error, template = self.template, "a page could not be shown");
                let text = "This page could not be put together; the log says why.\n";
                (StatusCode::INTERNAL_SERVER_ERROR, text).into_response()
            }
        }
    }
}

/// Why somebody gets another page than the one asked for: what is so, and what to do now.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Problem {
    #[serde(skip)]
    status: StatusCode,
    title: &'static str,
    what: String,
    now: String,
    /// An address to go on at, and what it is called.
    way: Option<(String, &'static str)>,
}

impl Problem {
    /// A problem with its cure.
    pub(super) fn new(
        status: StatusCode,
        title: &'static str,
        what: impl Into<String>,
        now: impl Into<String>,
    ) -> Self {
        Self { status, title, what: what.into(), now: now.into(), way: None }
    }

    /// The same with an address to go on at.
    pub(super) fn with_way(mut self, address: impl Into<String>, name: &'static str) -> Self {
        self.way = Some((address.into(), name));
        self
    }

    /// What is so, and what to do now.
    pub(super) fn told(self) -> (String, String) {
        (self.what, self.now)
    }

    /// Nothing is here, or nothing this person may see; which of the two is not told.
    pub(super) fn not_here() -> Self {
        let what = "There is nothing at this address, or it is not for you to see.";
        let now = "Is it a request of a repository in which you have the role triage or more? \
                   GitHub is asked every few minutes, so a role you were just given may take that long.";
        Self::new(StatusCode::NOT_FOUND, "Nothing here", what, now).with_way("/", "To the queue")
    }

    /// The form came from elsewhere, or is too old.
    pub(super) fn forged() -> Self {
        let what = "This did not come from one of the desk's own pages, or from one that was opened before you signed in. Nothing was done.";
        let now = "Go back, reload the page, and press the button again.";
        Self::new(StatusCode::FORBIDDEN, "Not done", what, now).with_way("/", "To the queue")
    }

    /// GitHub could not be asked what somebody may do.
    pub(super) fn no_role(error: &crate::github::CallError) -> Self {
        tracing::warn!(%error, "a role could not be asked for");
        let what =
            "GitHub does not answer, so it cannot be said what you may see. Nothing was done.";
        let now = "Try again in a minute. Commands in comments are carried out as soon as GitHub is back.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "GitHub does not answer", what, now)
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "a staff page could not be shown");
        let what = "The desk's database does not answer.";
        let now = "Try again in a few seconds. If it stays so, the log says why.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "The desk does not answer", what, now)
    }
}

impl IntoResponse for Problem {
    /// The page itself is made by [`finish`], which has the templates.
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// What every answer of the staff pages passes last: problems become pages, and all are guarded.
pub(super) async fn finish(State(web): State<Web>, response: Response) -> Response {
    finished(response, |page| page.show(&web, None))
}

/// The same wherever pages are shown.
pub(super) fn finished(
    mut response: Response,
    show: impl FnOnce(Page<'_, Problem>) -> Response,
) -> Response {
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        let status = problem.status;
        let page = show(Page { template: "problem.html", here: "", content: problem });
        let headers = std::mem::take(response.headers_mut());
        response = (status, page).into_response();
        let kept = headers.into_iter().filter_map(|(name, value)| Some((name?, value)));
        for (name, value) in kept.filter(|(name, _)| *name == header::SET_COOKIE) {
            response.headers_mut().append(name, value);
        }
    }
    guard(&mut response);
    response
}

/// Sets the headers that keep a page to itself.
fn guard(response: &mut Response) {
    for (name, value) in GUARDS {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
}

/// No address of ours.
pub(super) async fn nothing_here(State(web): State<Web>) -> Response {
    finish(State(web), Problem::not_here().into_response()).await
}

#[cfg(test)]
mod tests {
    use super::{Layout, TEMPLATES};

    #[test]
    fn every_template_is_listed_and_well_formed() {
        Layout::load(None).expect("the templates compile");
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/templates/pages/staff");
        let files = std::fs::read_dir(folder).expect("the folder");
        let names = files.flatten().map(|file| file.file_name().to_string_lossy().into_owned());
        let mut unlisted = names.filter(|name| name.ends_with(".html"));
        assert_eq!(unlisted.find(|name| !TEMPLATES.iter().any(|(known, _)| known == name)), None);
    }

    #[test]
    fn a_file_of_the_operator_replaces_a_template_or_is_named_as_broken() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("problem.html"), "ours {{ page.what }}").expect("a file");
        let layout = Layout::load(Some(folder.path())).expect("it compiles");
        let context = serde_json::json!({"page": {"what": "<b>"}});
        assert_eq!(layout.render("problem.html", &context).expect("a page"), "ours &lt;b&gt;");
        std::fs::write(folder.path().join("queue.html"), "{% if %}").expect("a file");
        let problem = Layout::load(Some(folder.path())).err().expect("a problem");
        assert!(problem.contains("queue.html"), "{problem}");
    }
}
