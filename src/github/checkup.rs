//! What GitHub knows of the bot itself: the account, the App's permissions and events, its webhook,
//! where it is installed. Asked for by the doctor only; nothing is changed by it.

use std::collections::BTreeMap;

use http::header::DATE;
use jiff::Timestamp;
use jiff::fmt::rfc2822;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::CallError;
use super::client::Client;
use super::transport::Answer;
use super::wanted::{Wanted, expect_success};
use crate::triage::{InstallationId, RepositoryId};

/// Permissions the App needs in repositories, and how much of each.
pub const PERMISSIONS_NEEDED: [(&str, &str); 3] =
    [("issues", "write"), ("metadata", "read"), ("contents", "read")];

/// Events the App is subscribed to. Those of its own installation come to every App, and GitHub
/// does not list them.
pub const EVENTS_NEEDED: [&str; 5] = ["issues", "issue_comment", "push", "label", "repository"];

/// So many pages of a list are read at most.
const PAGES_MAX: usize = 10;

/// What GitHub answered to the question who we are.
#[derive(Debug)]
pub struct Introduction {
    /// Who we are, or why that was not said.
    pub account: Result<Account, CallError>,
    /// The status of the answer, if there was one.
    pub status: Option<u16>,
    /// GitHub's time when it answered.
    pub date: Option<Timestamp>,
    /// What a classic token may do; none where GitHub does not say.
    pub scopes: Option<String>,
}

/// Whose credentials these are.
#[derive(Debug, Clone)]
pub enum Account {
    /// An App's.
    App(AppFacts),
    /// A person's, by their login.
    Person(String),
}

/// An App as GitHub describes it.
#[derive(Debug, Clone, Deserialize)]
pub struct AppFacts {
    /// Its number.
    pub id: u64,
    /// Its name in addresses.
    pub slug: String,
    /// Its page.
    #[serde(default)]
    pub html_url: String,
    /// What it asks for.
    #[serde(default)]
    pub permissions: BTreeMap<String, String>,
    /// What it is told of.
    #[serde(default)]
    pub events: Vec<String>,
}

/// Where the App's webhooks go, and how.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct HookConfig {
    /// The address.
    #[serde(default)]
    pub url: Option<String>,
    /// `json` or `form`.
    #[serde(default)]
    pub content_type: Option<String>,
    /// `0`, or `1` where certificates are not looked at; text or number.
    #[serde(default)]
    pub insecure_ssl: Value,
    /// Stars, where there is one.
    #[serde(default)]
    pub secret: Option<String>,
}

/// A place where the App is installed.
#[derive(Debug, Clone, Deserialize)]
pub struct InstallationFacts {
    /// Its number.
    pub id: InstallationId,
    /// Whose it is.
    pub account: Option<OwnerFacts>,
    /// What its owner granted.
    #[serde(default)]
    pub permissions: BTreeMap<String, String>,
    /// Since when its owner has suspended it.
    #[serde(default)]
    pub suspended_at: Option<Timestamp>,
    /// Its page, where its owner accepts what is new.
    #[serde(default)]
    pub html_url: String,
}

/// The owner of an installation.
#[derive(Debug, Clone, Deserialize)]
pub struct OwnerFacts {
    /// Their login.
    #[serde(default)]
    pub login: String,
}

/// A repository of an installation.
#[derive(Debug, Clone, Deserialize)]
pub struct RepositoryFacts {
    /// Its number.
    pub id: RepositoryId,
    /// Owner and name.
    pub full_name: String,
    /// Whether nothing can be changed in it.
    #[serde(default)]
    pub archived: bool,
    /// Whether it has issues.
    #[serde(default = "yes")]
    pub has_issues: bool,
}

fn yes() -> bool {
    true
}

#[derive(Deserialize)]
struct RepositoriesJson {
    repositories: Vec<RepositoryFacts>,
}

#[derive(Deserialize)]
struct PersonJson {
    login: String,
}

impl Client {
    /// Who we are, and what else the answer tells.
    pub async fn introduce(&self) -> Introduction {
        let is_app = self.authority.app_id().is_some();
        let path = if is_app { "/app" } else { "/user" };
        let answer = match self.ask_as_ourselves(Wanted::get(path, path.to_owned())).await {
            Ok(answer) => answer,
            Err(error) => {
                return Introduction {
                    account: Err(error),
                    status: None,
                    date: None,
                    scopes: None,
                };
            }
        };
        let header = |name: &str| answer.headers.get(name).and_then(|value| value.to_str().ok());
        let date = header(DATE.as_str()).and_then(|date| rfc2822::parse(date).ok());
        let scopes = header("x-oauth-scopes").map(str::to_owned);
        let status = Some(answer.status.as_u16());
        let account = expect_success(answer).and_then(|answer| {
            Ok(if is_app {
                Account::App(answer.json()?)
            } else {
                Account::Person(answer.json::<PersonJson>()?.login)
            })
        });
        Introduction { account, status, date: date.map(|date| date.timestamp()), scopes }
    }

    /// Where the App's webhooks go, and how.
    ///
    /// # Errors
    /// Where GitHub does not say.
    pub async fn get_hook_config(&self) -> Result<HookConfig, CallError> {
        let wanted = Wanted::get("/app/hook/config", "/app/hook/config".to_owned());
        expect_success(self.ask_as_ourselves(wanted).await?)?.json()
    }

    /// Where the App is installed.
    ///
    /// # Errors
    /// Where GitHub does not say.
    pub async fn list_installations(&self) -> Result<Vec<InstallationFacts>, CallError> {
        let credential = self.authority.own_credential()?;
        let first = Wanted::get("/app/installations", "/app/installations?per_page=100".to_owned());
        self.all_pages(first, &credential, |page: Vec<InstallationFacts>| page).await
    }

    /// The repositories of an installation.
    ///
    /// # Errors
    /// Where GitHub does not say, or gives no token.
    pub async fn list_repositories(
        &self,
        installation: InstallationId,
    ) -> Result<Vec<RepositoryFacts>, CallError> {
        let credential = self.authority.credential("", Some(installation)).await?;
        let path = "/installation/repositories?per_page=100".to_owned();
        let first = Wanted::get("/installation/repositories", path);
        self.all_pages(first, &credential, |page: RepositoriesJson| page.repositories).await
    }

    async fn all_pages<P: DeserializeOwned, T>(
        &self,
        first: Wanted,
        credential: &secrecy::SecretString,
        items: fn(P) -> Vec<T>,
    ) -> Result<Vec<T>, CallError> {
        let route = first.route;
        let (mut found, mut next) = (Vec::new(), Some(first));
        for _ in 0..PAGES_MAX {
            let Some(wanted) = next else { break };
            let answer = expect_success(self.send(&wanted, credential, None).await?)?;
            let path = answer.next_page(self.transport.base_path());
            next = path.map(|path| Wanted::get(route, path));
            found.extend(items(answer.json()?));
        }
        Ok(found)
    }

    async fn ask_as_ourselves(&self, wanted: Wanted) -> Result<Answer, CallError> {
        let credential = self.authority.own_credential()?;
        self.send(&wanted, &credential, None).await
    }
}
