//! Whoever sets a desk up: a process in set-up mode, and a browser that keeps one cookie.

use axum::body::Bytes;
use http::{Method, Request};
use http_body_util::Full;

use super::super::desk::{Desk, SOON, eventually};
use super::super::stand_in::{BODY, StandIn};
use super::super::wire::{Answer, Wire};

/// A desk that nobody has credentials for.
pub(crate) fn new_desk(github: &StandIn) -> Desk {
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let place = free.local_addr().expect("an address").to_string();
    Desk::new(github)
        .with("GITHUB_APP_ID", "")
        .with("GITHUB_PRIVATE_KEY_PATH", "")
        .with("GITHUB_WEBHOOK_SECRET", "")
        .with("LISTEN", &place)
        .with("KEYDESK_PUBLIC_URL", &format!("http://{place}"))
}

/// A process in set-up mode, and who looks at it.
pub(crate) struct Visitor {
    pub(super) desk: Desk,
    cookie: String,
}

impl Visitor {
    /// Starts the desk.
    pub(crate) async fn begin(mut desk: Desk) -> Self {
        let mut command = desk.command(env!("CARGO_BIN_EXE_keydesk"));
        let printed = std::fs::File::create(desk.path("printed")).expect("a file");
        command.arg("serve").stdout(printed);
        desk.start_until(command, "keydesk waits to be set up").await;
        Self { desk, cookie: String::new() }
    }

    /// Where the desk is.
    pub(crate) fn home(&self) -> String {
        self.desk.wire.base.to_string().trim_end_matches('/').to_owned()
    }

    /// Waits until the desk is open.
    pub(crate) async fn see_it_open(&self) {
        eventually("it opens", SOON, async || self.desk.log().contains("keydesk is open")).await;
    }

    /// Files a request and waits until it is answered.
    pub(crate) async fn ask(&self, github: &StandIn, title: &str) {
        let number = github.file(title, BODY);
        self.desk.settled(github, SOON).await;
        assert_eq!(github.marked(number).len(), 1, "{title}");
    }

    /// The path of the link that was printed.
    pub(crate) async fn link(&self) -> String {
        let mut link = String::new();
        eventually("a link is printed", SOON, async || {
            let text = std::fs::read_to_string(self.desk.path("printed")).unwrap_or_default();
            link = text.split("/setup/once/").nth(1).unwrap_or_default().to_owned();
            link.ends_with('\n')
        })
        .await;
        format!("setup/once/{}", link.trim())
    }

    /// Comes in by the link, and returns its path.
    pub(super) async fn enter(&mut self) -> String {
        let path = self.link().await;
        let entered = self.get(&path).await;
        assert_eq!(
            (entered.status, &entered.headers["location"]),
            (303, &"/setup".parse().unwrap())
        );
        let cookie = entered.headers["set-cookie"].to_str().expect("plain text");
        assert!(cookie.contains("HttpOnly; SameSite=Lax"), "{cookie}");
        self.cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        path
    }

    pub(super) fn forget_cookie(&mut self) {
        self.cookie.clear();
    }

    /// Looks at a page of the desk.
    pub(super) async fn get(&self, path: &str) -> Answer {
        let request = Request::get(format!("{}{path}", self.desk.wire.base));
        let request = request.header("cookie", &self.cookie).body(Full::default());
        self.desk.wire.send(request.expect("a request")).await
    }

    /// Takes the manifest to GitHub and presses its button; returns the path one comes back to.
    pub(super) async fn have_app_made(&self, github: &StandIn, organization: &str) -> String {
        let start = self.get(&format!("setup?organization={organization}")).await;
        let action = attribute(&start.text, "method=\"post\" action=\"");
        let owner = match organization {
            "" => String::new(),
            name => format!("/organizations/{name}"),
        };
        let wanted = format!("{}{owner}/settings/apps/new?state=", github.home());
        assert!(action.starts_with(&wanted), "{action}");
        let manifest = attribute(&start.text, "name=\"manifest\" value=\"");
        let asked = post(&action, &[("manifest", &manifest)]).await;
        assert_eq!(asked.status, 200, "{}", asked.text);
        let field = |name: &str| attribute(&asked.text, &format!("name=\"{name}\" value=\""));
        let fields =
            [("manifest", manifest.as_str()), ("state", &field("state")), ("name", &field("name"))];
        let made = post(&format!("{}/settings/apps/manifest", github.home()), &fields).await;
        assert_eq!(made.status, 303, "{}", made.text);
        let back = made.headers["location"].to_str().expect("plain text");
        let home = self.desk.wire.base.to_string();
        back.strip_prefix(&home).expect("back to the desk").to_owned()
    }
}

async fn post(url: &str, fields: &[(&str, &str)]) -> Answer {
    let pairs: Vec<String> =
        fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    let request = Request::builder()
        .method(Method::POST)
        .uri(url)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Full::new(Bytes::from(pairs.join("&"))));
    Wire::to(url).send(request.expect("a request")).await
}

/// What stands in an attribute, as a browser reads it.
pub(super) fn attribute(page: &str, before: &str) -> String {
    let rest = page.split_once(before).unwrap_or_else(|| panic!("no `{before}` in {page}")).1;
    let value = rest.split('"').next().unwrap_or_default();
    let marks = [
        ("&quot;", "\""),
        ("&#x2f;", "/"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&#x27;", "'"),
        ("&amp;", "&"),
    ];
    marks.iter().fold(value.to_owned(), |text, (mark, letter)| text.replace(mark, letter))
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
