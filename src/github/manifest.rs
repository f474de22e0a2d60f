//! Having GitHub make an App: what it is to be like, and the credentials of what was made.
//!
//! A person takes the manifest to GitHub in their browser and comes back with a code, which is good
//! for an hour and once.

use bytes::Bytes;
use http::header::ACCEPT;
use http::{Method, Request, StatusCode};
use http_body_util::Full;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Value, json};

use super::CallError;
use super::checkup::{EVENTS_NEEDED, PERMISSIONS_NEEDED};
use super::sign_in::{exchange, unclear, web_url};
use super::transport::{self, Connection};
use super::wanted::encoded;

/// GitHub takes no longer name.
const NAME_CHARACTERS_MAX: usize = 34;

/// The GitHub that makes the App.
#[derive(Clone)]
pub struct AppMaker {
    web_url: String,
    api_url: String,
    connection: Connection<Full<Bytes>>,
}

/// An App that was just made.
#[derive(Debug, Deserialize)]
pub struct MadeApp {
    /// Its number.
    pub id: u64,
    /// Its name in addresses.
    pub slug: String,
    /// Its page.
    #[serde(default)]
    pub html_url: String,
    /// The name of its client for signing in.
    pub client_id: String,
    /// The secret of that client.
    pub client_secret: SecretString,
    /// What its deliveries are signed with.
    pub webhook_secret: Option<SecretString>,
    /// Its private key.
    pub pem: SecretString,
}

/// Why no App came of a code.
#[derive(Debug, thiserror::Error)]
pub enum MakeError {
    /// GitHub does not know the code, or not any more.
    #[error("GitHub did not take the code ({0})")]
    CodeRefused(u16),
    /// GitHub did not answer as it should. The code may still be good.
    #[error(transparent)]
    Call(#[from] CallError),
}

impl AppMaker {
    /// The GitHub whose API is at `api_url`.
    pub fn new(api_url: &str) -> Self {
        Self {
            web_url: web_url(api_url),
            api_url: api_url.trim_end_matches('/').to_owned(),
            connection: transport::connection(),
        }
    }

    /// Scheme and host of the page the manifest is taken to.
    pub fn origin(&self) -> &str {
        let host = self.web_url.find("://").map_or(0, |at| at + 3);
        let end = self.web_url[host..].find('/').map_or(self.web_url.len(), |at| host + at);
        &self.web_url[..end]
    }

    /// Where the manifest is taken to: for a person's own account, or for an organisation.
    pub fn page(&self, organization: Option<&str>, state: &str) -> String {
        let below = match organization {
            Some(login) => format!("/organizations/{}", encoded(login)),
            None => String::new(),
        };
        format!("{}{below}/settings/apps/new?state={}", self.web_url, encoded(state))
    }

    /// The page where an App is installed on repositories.
    pub fn install_page(&self, app: &MadeApp) -> String {
        let is_below = app.html_url.starts_with(&format!("{}/", self.web_url));
        match is_below {
            true => format!("{}/installations/new", app.html_url.trim_end_matches('/')),
            false => format!("{}/apps/{}/installations/new", self.web_url, encoded(&app.slug)),
        }
    }

    /// The App a code stands for.
    ///
    /// # Errors
    /// [`MakeError`].
    pub async fn convert(&self, code: &str) -> Result<MadeApp, MakeError> {
        let request = Request::builder()
            .method(Method::POST)
            .uri(format!("{}/app-manifests/{}/conversions", self.api_url, encoded(code)))
            .header(ACCEPT, "application/vnd.github+json");
        let (status, body) = exchange(&self.connection, request, Bytes::new()).await?;
        if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
            return Err(unclear(&format!("GitHub answered {}", status.as_u16())).into());
        }
        if !status.is_success() {
            return Err(MakeError::CodeRefused(status.as_u16()));
        }
        let read = serde_json::from_slice(&body);
        // What is wrong with it may show what is secret.
        Ok(read.map_err(|_| unclear("an answer that was not as documented"))?)
    }
}

/// What the App of a desk is like that people reach at `public_url`.
pub fn manifest(public_url: &str) -> Value {
    let host = public_url.split("://").nth(1).unwrap_or(public_url);
    let host = host.split(['/', ':']).next().unwrap_or(host);
    let name: String = format!("Keydesk {host}").chars().take(NAME_CHARACTERS_MAX).collect();
    let permissions = PERMISSIONS_NEEDED.map(|(name, level)| (name.to_owned(), level.into()));
    json!({
        "name": name.trim_end_matches(['.', '-']),
        "url": public_url,
        "description": "Reads account-recovery requests, answers them, and minds whose turn it is.",
        "hook_attributes": { "url": format!("{public_url}/webhooks/github"), "active": true },
        "redirect_url": format!("{public_url}/setup/created"),
        "callback_urls": [format!("{public_url}/sign-in/callback")],
        "setup_url": format!("{public_url}/"),
        "request_oauth_on_install": false,
        "public": false,
        "default_events": EVENTS_NEEDED,
        "default_permissions": Value::Object(permissions.into_iter().collect()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_app_is_made_where_its_api_belongs_to() {
        let rows = [
            ("https://api.github.com", None, "https://github.com/settings/apps/new?state=s"),
            (
                "https://github.acme.example/api/v3/",
                Some("acme"),
                "https://github.acme.example/organizations/acme/settings/apps/new?state=s",
            ),
            (
                "https://acme.example:8443/github/api/v3",
                Some("a/b"),
                "https://acme.example:8443/github/organizations/a%2Fb/settings/apps/new?state=s",
            ),
        ];
        for (api_url, organization, wanted) in rows {
            let maker = AppMaker::new(api_url);
            assert_eq!(maker.page(organization, "s"), wanted);
            assert!(wanted.starts_with(&format!("{}/", maker.origin())), "{}", maker.origin());
            assert_eq!(maker.origin().matches('/').count(), 2);
        }
    }

    #[test]
    fn a_manifest_asks_for_what_the_doctor_looks_for() {
        let manifest = manifest("https://a-rather-long-name-of-a-desk.example.org:8443");
        let name = manifest["name"].as_str().expect("a name");
        assert_eq!(name, "Keydesk a-rather-long-name-of-a-de");
        assert_eq!(manifest["default_events"], json!(EVENTS_NEEDED));
        let wanted = json!({"contents": "read", "issues": "write", "metadata": "read"});
        assert_eq!(manifest["default_permissions"], wanted);
        let hook = &manifest["hook_attributes"]["url"];
        assert_eq!(*hook, "https://a-rather-long-name-of-a-desk.example.org:8443/webhooks/github");
    }
}
