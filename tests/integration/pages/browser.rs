//! Somebody with a browser: cookies are kept, and each answer is looked at before going on.

use std::collections::BTreeMap;

use axum::body::Bytes;
use http::{HeaderMap, Method, Request, header};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) text: String,
}

impl Answer {
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The value of a hidden field; the last one of that name.
    pub(super) fn field(&self, name: &str) -> String {
        let mark = format!("name=\"{name}\" value=\"");
        let rest = self.text.rsplit_once(&mark).map(|(_, rest)| rest).unwrap_or_default();
        let value = rest.split('"').next().unwrap_or_default();
        unescaped(value)
    }

    /// Its text without tags.
    pub(super) fn words(&self) -> String {
        let mut words = String::new();
        let mut is_tag = false;
        for letter in self.text.chars() {
            match letter {
                '<' => is_tag = true,
                '>' => {
                    is_tag = false;
                    words.push(' ');
                }
                _ if !is_tag => words.push(letter),
                _ => {}
            }
        }
        unescaped(&words.split_whitespace().collect::<Vec<_>>().join(" "))
    }
}

fn unescaped(text: &str) -> String {
    let pairs = [("&#x27;", "'"), ("&quot;", "\""), ("&lt;", "<"), ("&gt;", ">")];
    let text = pairs.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
    text.replace("&amp;", "&")
}

#[derive(Clone)]
pub(super) struct Browser {
    home: String,
    pub(super) cookies: BTreeMap<String, String>,
    client: Client<HttpConnector, Full<Bytes>>,
}

impl Browser {
    pub(super) fn new(home: &str) -> Self {
        let client = Client::builder(TokioExecutor::new()).build_http();
        Self { home: home.to_owned(), cookies: BTreeMap::new(), client }
    }

    pub(super) async fn get(&mut self, path: &str) -> Answer {
        self.send((Method::GET, path), "", &[]).await
    }

    pub(super) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.post_with(path, fields, &[]).await
    }

    pub(super) async fn post_with(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        headers: &[(&str, &str)],
    ) -> Answer {
        let body: Vec<String> =
            fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        self.send((Method::POST, path), &body.join("&"), headers).await
    }

    async fn send(
        &mut self,
        (method, path): (Method, &str),
        body: &str,
        headers: &[(&str, &str)],
    ) -> Answer {
        let address = match path.strip_prefix("http") {
            Some(_) => path.to_owned(),
            None => format!("{}{path}", self.home),
        };
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = Request::builder()
            .method(method)
            .uri(address)
            .header(header::COOKIE, cookies.join("; "))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(body.to_owned().into())).expect("a request");
        let (parts, body) = self.client.request(request).await.expect("an answer").into_parts();
        for line in parts.headers.get_all(header::SET_COOKIE) {
            let line = line.to_str().expect("plain text");
            let (name, value) =
                line.split(';').next().and_then(|it| it.split_once('=')).expect("a cookie");
            if line.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let bytes = body.collect().await.expect("a body").to_bytes();
        // Templates write slashes so; nothing depends on it, and paths are easier to look for.
        let text = String::from_utf8_lossy(&bytes).replace("&#x2f;", "/");
        Answer { status: parts.status.as_u16(), headers: parts.headers, text }
    }

    /// Begins to sign in, up to GitHub's page.
    pub(super) async fn begin_sign_in(&mut self, path: &str) -> Answer {
        let begun = self.get(path).await;
        assert_eq!(begun.status, 303, "{}", begun.text);
        self.get(begun.header("location")).await
    }

    /// Lets GitHub tell the desk who one is; where GitHub sends one back to.
    pub(super) async fn agree(&mut self, page: &Answer, login: &str) -> String {
        let names = ["client_id", "redirect_uri", "state", "code_challenge"];
        let fields = names.map(|name| (name, page.field(name)));
        let mut fields: Vec<(&str, &str)> =
            fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        fields.push(("login", login));
        let answer = self.post("/login/oauth/authorize", &fields).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        answer.header("location").to_owned()
    }

    /// Signs in and looks at the page one comes to.
    pub(super) async fn sign_in(&mut self, login: &str) -> Answer {
        let page = self.begin_sign_in("/sign-in").await;
        let back = self.agree(&page, login).await;
        let answer = self.get(&back).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        let to = answer.header("location").to_owned();
        self.get(&to).await
    }

    /// Looks at what a command would do and presses its button.
    pub(super) async fn press(&mut self, ticket: &str, command: &str, argument: &str) -> Answer {
        let shown = self.preview(ticket, command, argument).await;
        let fields = ["csrf", "id", "command", "arguments"].map(|name| (name, shown.field(name)));
        let fields: Vec<(&str, &str)> =
            fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = self.post(&format!("{ticket}/press"), &fields).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        let to = answer.header("location").to_owned();
        self.get(&to).await
    }

    pub(super) async fn preview(&mut self, ticket: &str, command: &str, argument: &str) -> Answer {
        let query = format!("command={command}&argument-1={}", encoded(argument));
        self.get(&format!("{ticket}/preview?{query}")).await
    }
}

pub(super) fn encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}
