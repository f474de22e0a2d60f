//! Signing a person in by the App's client: where to send them, and who came back.
//!
//! The person's token is asked for once, used for one question (who are you), and then GitHub is
//! told that nobody needs it any more.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, USER_AGENT};
use http::{HeaderValue, Method, Request, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::CallError;
use super::transport::{self, Connection, REQUEST_TIMEOUT};
use super::wanted::encoded;
use crate::triage::{Login, Person, UserId};

/// Neither a token nor an account is longer.
const ANSWER_BYTES_MAX: usize = 256 << 10;
const PRODUCT: &str = concat!("keydesk/", env!("CARGO_PKG_VERSION"));

/// Somebody waits to come in meanwhile; a token that is not given back ends by itself.
const REVOKE_TIMEOUT: Duration = Duration::from_secs(3);

/// The App's client for signing people in.
#[derive(Clone)]
pub struct SignIn {
    client_id: String,
    client_secret: SecretString,
    web_url: String,
    api_url: String,
    connection: Connection<Full<Bytes>>,
}

/// What a sign-in is begun with, and must come back with.
#[derive(Debug, Clone, Copy)]
pub struct SignInStart<'a> {
    /// Comes back as it was sent.
    pub state: &'a str,
    /// SHA-256 of the secret that the code is exchanged with, base64 without padding.
    pub challenge: &'a str,
    /// Where to come back to; none for the address the App names.
    pub redirect_uri: Option<&'a str>,
}

/// Why somebody could not be signed in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignInError {
    /// GitHub does not know the code, or not any more.
    #[error("GitHub did not take the code: {0}")]
    CodeRefused(String),
    /// GitHub did not answer as it should.
    #[error(transparent)]
    Call(#[from] CallError),
}

/// GitHub answers a refused code with status 200.
#[derive(Deserialize)]
struct TokenJson {
    access_token: Option<SecretString>,
    error: Option<String>,
}

#[derive(Deserialize)]
struct UserJson {
    id: u64,
    login: String,
    #[serde(default, rename = "type")]
    kind: String,
}

impl SignIn {
    /// A client of the GitHub whose API is at `api_url`.
    pub fn new(client_id: String, client_secret: SecretString, api_url: &str) -> Self {
        Self {
            client_id,
            client_secret,
            web_url: web_url(api_url),
            api_url: api_url.trim_end_matches('/').to_owned(),
            connection: transport::connection(),
        }
    }

    /// Where to send a person who wants to sign in.
    pub fn authorize_url(&self, start: SignInStart<'_>) -> String {
        let redirect = start.redirect_uri.map(|uri| format!("&redirect_uri={}", encoded(uri)));
        format!(
            "{}/login/oauth/authorize?client_id={}&state={}&code_challenge={}&code_challenge_method=S256&allow_signup=false{}",
            self.web_url,
            encoded(&self.client_id),
            encoded(start.state),
            encoded(start.challenge),
            redirect.unwrap_or_default(),
        )
    }

    /// Who came back with this code. The token that told it is given back to GitHub.
    ///
    /// # Errors
    /// [`SignInError`].
    pub async fn get_person(
        &self,
        (code, verifier): (&str, &str),
        redirect_uri: Option<&str>,
    ) -> Result<Person, SignInError> {
        let token = self.exchange((code, verifier), redirect_uri).await?;
        let person = self.person_of(&token).await;
        self.revoke(&token).await;
        Ok(person?)
    }

    async fn person_of(&self, token: &SecretString) -> Result<Person, CallError> {
        let mut bearer = HeaderValue::from_str(&format!("Bearer {}", token.expose_secret()))
            .map_err(|_| unclear("an odd token"))?;
        bearer.set_sensitive(true);
        let request = Request::builder()
            .uri(format!("{}/user", self.api_url))
            .header(ACCEPT, "application/vnd.github+json")
            .header(AUTHORIZATION, bearer);
        let user: UserJson = self.ask(request, Bytes::new()).await?;
        let is_bot = user.kind == "Bot";
        Ok(Person { id: UserId(user.id), login: Login(user.login), is_bot })
    }

    /// Makes the token worthless. Where that fails it ends by itself, eight hours later.
    async fn revoke(&self, token: &SecretString) {
        let client = format!("{}:{}", self.client_id, self.client_secret.expose_secret());
        let Ok(mut basic) = HeaderValue::from_str(&format!("Basic {}", STANDARD.encode(client)))
        else {
            return;
        };
        basic.set_sensitive(true);
        let client_id = encoded(&self.client_id);
        let request = Request::builder()
            .method(Method::DELETE)
            .uri(format!("{}/applications/{client_id}/token", self.api_url))
            .header(ACCEPT, "application/vnd.github+json")
            .header(CONTENT_TYPE, "application/json")
            .header(AUTHORIZATION, basic);
        let body = serde_json::json!({ "access_token": token.expose_secret() }).to_string();
        let asked = tokio::time::timeout(
            REVOKE_TIMEOUT,
            exchange(&self.connection, request, Bytes::from(body)),
        );
        let problem = match asked.await {
            Ok(Ok((status, _))) if status.is_success() => return,
            Ok(Ok((status, _))) => format!("GitHub answered {status}"),
            Ok(Err(error)) => error.to_string(),
            Err(_) => "no answer in time".to_owned(),
        };
        tracing::warn!(problem, "the token of a sign-in could not be given back");
    }

    async fn exchange(
        &self,
        (code, verifier): (&str, &str),
        redirect_uri: Option<&str>,
    ) -> Result<SecretString, SignInError> {
        let redirect = redirect_uri.map(|uri| format!("&redirect_uri={}", encoded(uri)));
        let form = format!(
            "client_id={}&client_secret={}&code={}&code_verifier={}{}",
            encoded(&self.client_id),
            encoded(self.client_secret.expose_secret()),
            encoded(code),
            encoded(verifier),
            redirect.unwrap_or_default(),
        );
        let request = Request::builder()
            .method(Method::POST)
            .uri(format!("{}/login/oauth/access_token", self.web_url))
            .header(ACCEPT, "application/json")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        let answer: TokenJson = self.ask(request, Bytes::from(form)).await?;
        answer.access_token.ok_or_else(|| {
            let why = answer.error.unwrap_or_else(|| "no token came".to_owned());
            SignInError::CodeRefused(why.chars().take(100).collect())
        })
    }

    async fn ask<T: DeserializeOwned>(
        &self,
        request: http::request::Builder,
        body: Bytes,
    ) -> Result<T, CallError> {
        let (status, body) = exchange(&self.connection, request, body).await?;
        if status != StatusCode::OK {
            let message = "at signing in".to_owned();
            return Err(CallError::Refused { status: status.as_u16(), message });
        }
        serde_json::from_slice(&body).map_err(|_| unclear("an answer that was not as documented"))
    }
}

/// Sends one request beside the API's own way, and reads its answer whole.
pub(super) async fn exchange(
    connection: &Connection<Full<Bytes>>,
    request: http::request::Builder,
    body: Bytes,
) -> Result<(StatusCode, Bytes), CallError> {
    let request = request.header(USER_AGENT, PRODUCT).body(Full::new(body));
    let request = request.map_err(|_| unclear("no address could be made"))?;
    let exchange = async {
        let answer = connection.request(request).await;
        let answer = answer.map_err(|_| CallError::Unreachable("no connection".to_owned()))?;
        let (parts, body) = answer.into_parts();
        let body = Limited::new(body, ANSWER_BYTES_MAX).collect().await;
        let body = body.map_err(|_| unclear("the answer broke off"))?.to_bytes();
        Ok::<_, CallError>((parts.status, body))
    };
    let answered = tokio::time::timeout(REQUEST_TIMEOUT, exchange).await;
    answered.map_err(|_| unclear("no answer in time"))?
}

pub(super) fn unclear(what: &str) -> CallError {
    CallError::Unclear(what.to_owned())
}

/// Where people look at the GitHub whose API is here: `github.com` for `api.github.com`, and above
/// `/api/v3` on Enterprise Server.
pub(super) fn web_url(api_url: &str) -> String {
    let api_url = api_url.trim_end_matches('/');
    let is_hosted = |host: &str| host == "github.com" || host.ends_with(".ghe.com");
    match api_url.strip_prefix("https://api.").filter(|host| is_hosted(host)) {
        Some(host) => format!("https://{host}"),
        None => api_url.strip_suffix("/api/v3").unwrap_or(api_url).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{SignIn, SignInStart, web_url};

    #[test]
    fn people_sign_in_where_the_api_belongs_to() {
        let rows = [
            ("https://api.github.com", "https://github.com"),
            ("https://api.acme.ghe.com/", "https://acme.ghe.com"),
            ("https://github.acme.example/api/v3", "https://github.acme.example"),
            ("https://api.acme.example", "https://api.acme.example"),
            ("http://127.0.0.1:8080/api/v3", "http://127.0.0.1:8080"),
        ];
        for (api_url, wanted) in rows {
            assert_eq!(web_url(api_url), wanted, "{api_url}");
        }
    }

    #[test]
    fn what_is_sent_along_cannot_add_to_the_address() {
        let sign_in = SignIn::new("id&x=1".to_owned(), "s".into(), "https://api.github.com");
        let redirect_uri = Some("https://desk.example/back?a=b");
        let start = SignInStart { state: "a b", challenge: "c", redirect_uri };
        let url = sign_in.authorize_url(start);
        assert!(url.starts_with("https://github.com/login/oauth/authorize?client_id=id%26x%3D1&"));
        assert!(url.contains("&state=a%20b&code_challenge=c&code_challenge_method=S256&"));
        assert!(url.ends_with("&redirect_uri=https%3A%2F%2Fdesk.example%2Fback%3Fa%3Db"), "{url}");
    }
}
