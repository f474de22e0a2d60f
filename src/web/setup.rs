//! Set-up mode: a desk without credentials has GitHub make its App, by the manifest flow.
//!
//! Whoever has the link that was printed at the start comes in, once, and takes the manifest to
//! GitHub, which sends them back with a code. What that code is exchanged for is written beside the
//! SQLite file, or shown. Afterwards nobody comes in again.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

use super::page::{Layout, Page, Problem, finished};
use super::sign_in::{Chance, Cookie, OneTimeLink, digest};
use crate::clock::Clock;
use crate::github::manifest::{AppMaker, MadeApp, MakeError, manifest};
use crate::settings::{AppSettings, write_credentials};

/// How long the link is good, and then how long one may take. GitHub's code lasts as long.
const LIFE: SignedDuration = SignedDuration::from_hours(1);
const LIFE_SECONDS: u32 = 60 * 60;

/// No account on GitHub has a longer name.
const LOGIN_BYTES_MAX: usize = 39;

/// What set-up mode is given.
pub struct SetUpParts {
    /// Who makes the App.
    pub maker: AppMaker,
    /// Where people and GitHub reach this desk, without a slash at its end.
    pub public_url: String,
    /// Where the credentials are kept; nowhere if the operator sets them as variables.
    pub file: Option<PathBuf>,
    /// Variables of the operator that would win over the credentials.
    pub in_the_way: Vec<&'static str>,
    /// The templates.
    pub layout: Layout,
    /// The time.
    pub clock: Clock,
    /// Where unguessable bytes come from.
    pub chance: Chance,
    /// Whether browsers reach the pages over HTTPS, so that cookies may go nowhere else.
    pub is_https: bool,
}

/// A desk that is to be set up.
pub struct SetUp {
    parts: SetUpParts,
    link: OneTimeLink,
    /// Comes back from GitHub as it was sent.
    state: String,
    progress: Mutex<Progress>,
    kept: Notify,
}

#[derive(Default)]
struct Progress {
    visitor: Option<Visitor>,
    done: Option<Done>,
}

/// Who came by the link.
struct Visitor {
    /// SHA-256 of what stands in their cookie.
    digest: String,
    until: Timestamp,
}

/// What came of it, as it is shown.
#[derive(Clone, Serialize)]
struct Done {
    install: String,
    /// The file the credentials stand in.
    file: Option<String>,
    /// What the operator is to set where there is no such file.
    variables: Option<String>,
    /// Why there is none though there should be.
    why_not_kept: Option<String>,
    in_the_way: Vec<&'static str>,
    goes_on: bool,
}

impl SetUp {
    /// A desk to be set up, and the path of the link that lets somebody do it.
    pub fn new(parts: SetUpParts) -> (Arc<Self>, String) {
        let now = (parts.clock)();
        let (link, path) = OneTimeLink::below("/setup/once/", &parts.chance, (now, LIFE));
        let state = hex::encode((parts.chance)());
        let (progress, kept) = (Mutex::default(), Notify::new());
        (Arc::new(Self { parts, link, state, progress, kept }), path)
    }

    /// Waits until the credentials are kept and the desk can go on with them.
    pub async fn can_go_on(&self) {
        self.kept.notified().await;
    }

    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Refuses everybody but the one who came by the link.
    fn check_visitor(&self, headers: &HeaderMap) -> Result<(), Problem> {
        let cookie = Cookie::SetUp.find(headers, self.parts.is_https).map(digest);
        let now = (self.parts.clock)();
        let progress = self.progress();
        let is_known = progress.visitor.as_ref().is_some_and(|visitor| {
            now < visitor.until && cookie.as_deref() == Some(visitor.digest.as_str())
        });
        if is_known { Ok(()) } else { Err(use_link()) }
    }

    /// Keeps what GitHub gave, as well as it goes.
    fn keep(&self, app: &MadeApp) -> Done {
        let settings = self.settings_of(app);
        let written = self.parts.file.as_ref().map(|path| write_credentials(path, &settings));
        let is_kept = matches!(written, Some(Ok(())));
        let why_not_kept = written.and_then(Result::err).map(|error| error.to_string());
        if let Some(why) = &why_not_kept {
            tracing::error!(why, "the App's credentials could not be written");
        }
        let in_the_way = if is_kept { self.parts.in_the_way.clone() } else { Vec::new() };
        Done {
            install: self.parts.maker.install_page(app),
            file: self.parts.file.as_ref().map(|path| path.display().to_string()),
            variables: (!is_kept).then(|| variables(&settings)),
            why_not_kept,
            goes_on: is_kept && in_the_way.is_empty(),
            in_the_way,
        }
    }

    fn settings_of(&self, app: &MadeApp) -> AppSettings {
        let session_key = hex::encode((self.parts.chance)());
        let mut settings: AppSettings = vec![
            ("GITHUB_APP_ID", app.id.to_string().into()),
            ("GITHUB_PRIVATE_KEY", app.pem.clone()),
            ("GITHUB_OAUTH_CLIENT_ID", app.client_id.clone().into()),
            ("GITHUB_OAUTH_CLIENT_SECRET", app.client_secret.clone()),
            ("KEYDESK_SESSION_KEY", session_key.into()),
        ];
        let secret = app.webhook_secret.clone();
        settings.extend(secret.map(|secret| ("GITHUB_WEBHOOK_SECRET", secret)));
        settings
    }

    /// The page of what came of it, once something did.
    fn what_was_done(&self) -> Option<Response> {
        let done = self.progress().done.clone();
        done.map(|done| self.show_done(done))
    }

    /// The last page. Where the desk goes on, that has its style by the time it is asked for.
    fn show_done(&self, done: Done) -> Response {
        let above = if done.goes_on { "" } else { "/setup" };
        Page { template: "setup-done.html", here: "", content: done }
            .show_alone(&self.parts.layout, above)
    }
}

/// The settings of an App as lines for an environment.
fn variables(settings: &AppSettings) -> String {
    let line = |(name, value): &(&str, secrecy::SecretString)| match *name {
        // A variable of several lines does not survive everywhere.
        "GITHUB_PRIVATE_KEY" => format!("{name}={}\n", STANDARD.encode(value.expose_secret())),
        _ => format!("{name}={}\n", value.expose_secret()),
    };
    settings.iter().map(line).collect()
}

/// `GET /setup/once/{token}`: the link that was printed at the start.
pub(super) async fn once(
    State(setup): State<Arc<SetUp>>,
    Path(token): Path<String>,
) -> Result<Response, Problem> {
    let now = (setup.parts.clock)();
    if !setup.link.use_up(&token, now) {
        return Err(use_link());
    }
    tracing::info!("somebody came by the link to set the desk up");
    let secret = hex::encode((setup.parts.chance)());
    let until = now.saturating_add(LIFE).unwrap_or(now);
    setup.progress().visitor = Some(Visitor { digest: digest(&secret), until });
    let cookie = Cookie::SetUp.set(&secret, LIFE_SECONDS, setup.parts.is_https);
    Ok((AppendHeaders([(header::SET_COOKIE, cookie)]), Redirect::to("/setup")).into_response())
}

#[derive(Deserialize)]
pub(super) struct StartQuery {
    #[serde(default)]
    organization: String,
}

#[derive(Serialize)]
struct StartPage<'a> {
    action: String,
    manifest: String,
    organization: Option<&'a str>,
    public_url: &'a str,
    in_the_way: &'a [&'static str],
}

/// `GET /setup`: what GitHub is asked for, and the button that takes one there.
pub(super) async fn start(
    State(setup): State<Arc<SetUp>>,
    Query(query): Query<StartQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    setup.check_visitor(&headers)?;
    if let Some(shown) = setup.what_was_done() {
        return Ok(shown);
    }
    let organization = organization(&query.organization)?;
    let SetUpParts { maker, public_url, in_the_way, .. } = &setup.parts;
    let content = StartPage {
        action: maker.page(organization, &setup.state),
        manifest: manifest(public_url).to_string(),
        organization,
        public_url,
        in_the_way,
    };
    let page = Page { template: "setup.html", here: "", content };
    let mut response = page.show_alone(&setup.parts.layout, "/setup");
    let policy = format!(
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self' {}; \
         frame-ancestors 'none'; base-uri 'none'",
        maker.origin()
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    // A form that comes from nowhere looks forged.
    let origin_only = HeaderValue::from_static("strict-origin");
    response.headers_mut().insert(header::REFERRER_POLICY, origin_only);
    Ok(response)
}

/// The login of an organisation; none for one's own account.
fn organization(given: &str) -> Result<Option<&str>, Problem> {
    let login = given.trim().trim_start_matches('@');
    let is_login = |login: &str| {
        login.len() <= LOGIN_BYTES_MAX
            && login.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-')
    };
    match login {
        "" => Ok(None),
        login if is_login(login) => Ok(Some(login)),
        _ => {
            let what = "No organisation on GitHub has such a name: they consist of letters, digits and hyphens.";
            let now =
                "Write it as it stands in the address of its page, without anything before it.";
            Err(Problem::new(StatusCode::BAD_REQUEST, "Not a name", what, now)
                .with_way("/setup", "Back"))
        }
    }
}

/// What GitHub sends people back with.
#[derive(Deserialize)]
pub(super) struct Return {
    #[serde(default)]
    code: String,
    #[serde(default)]
    state: String,
}

/// `GET /setup/created`: back from GitHub.
pub(super) async fn created(
    State(setup): State<Arc<SetUp>>,
    Query(back): Query<Return>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    setup.check_visitor(&headers)?;
    if let Some(shown) = setup.what_was_done() {
        return Ok(shown);
    }
    if back.code.is_empty() || digest(&back.state) != digest(&setup.state) {
        return Err(not_begun());
    }
    let app = setup.parts.maker.convert(&back.code).await.map_err(not_made)?;
    tracing::info!(app.id = app.id, "GitHub made the App");
    let done = setup.keep(&app);
    setup.progress().done = Some(done.clone());
    if done.goes_on {
        setup.kept.notify_one();
    }
    Ok(setup.show_done(done))
}

/// What waits for credentials.
pub(super) async fn not_ready() -> Response {
    let retry = [(header::RETRY_AFTER, "60")];
    (StatusCode::SERVICE_UNAVAILABLE, retry, "this desk is not set up yet\n").into_response()
}

/// Every other address.
pub(super) async fn not_here() -> Problem {
    let what = "This desk is not set up yet, so there is nothing at this address.";
    let now = "Whoever started it finds a link to its set-up in what it printed.";
    Problem::new(StatusCode::NOT_FOUND, "Nothing here yet", what, now)
}

/// What every answer passes last.
pub(super) async fn finish(State(setup): State<Arc<SetUp>>, response: Response) -> Response {
    finished(response, |page| page.show_alone(&setup.parts.layout, "/setup"))
}

/// `/setup` of a desk that has its credentials.
pub(super) async fn is_over() -> Problem {
    let what = "This desk is set up, and its set-up is closed.";
    let now = "What the App may do is changed on its page on GitHub; `keydesk doctor` says whether it is right.";
    Problem::new(StatusCode::NOT_FOUND, "Set up", what, now).with_way("/", "To the queue")
}

fn use_link() -> Problem {
    let what = "This desk is set up by the link it printed when it started, which is good once and for an hour, in the browser that opened it.";
    let now = "Start keydesk again for a new link.";
    Problem::new(StatusCode::FORBIDDEN, "Not for you yet", what, now)
}

fn not_begun() -> Problem {
    let what =
        "This did not come from the set-up that was begun in this browser. Nothing was done.";
    let now = "Begin it again.";
    Problem::new(StatusCode::BAD_REQUEST, "Not set up", what, now).with_way("/setup", "Begin again")
}

fn not_made(error: MakeError) -> Problem {
    tracing::warn!(%error, "no App came of the code");
    match error {
        MakeError::CodeRefused(_) => {
            let what = "GitHub does not know this code: it is good once, and for an hour.";
            let now = "Begin it again. If GitHub has made an App meanwhile, delete that one on its settings page first.";
            Problem::new(StatusCode::BAD_REQUEST, "Not set up", what, now)
                .with_way("/setup", "Begin again")
        }
        MakeError::Call(_) => {
            let what = "GitHub did not answer as it should.";
            let now = "Reload this page in a minute: the code in its address is good for an hour.";
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "Not set up yet", what, now)
        }
    }
}
