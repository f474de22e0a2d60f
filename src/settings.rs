//! What one installation needs to run: addresses, credentials, limits.
//!
//! Every item is an environment variable and, in small letters, a key of `server.toml` in the
//! configuration folder; the environment wins, and an empty variable counts as unset.
//! `config/server.toml` is the manual. Secrets are kept so that printing settings never shows them.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};

use crate::config;
use crate::policy::value::Wrong;
use crate::policy::{Layer, Problem};

mod keys;

use keys::Values;

/// Everything one installation is told from outside.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where the store is: `sqlite://…` or `postgres://…`, which may hold a password.
    pub database_url: SecretString,
    /// Where the receiver and the pages listen.
    pub listen: SocketAddr,
    /// The GitHub App's number.
    pub app_id: Option<u64>,
    /// The GitHub App's key, or the file it is in.
    pub private_key: Option<PrivateKey>,
    /// Secrets of the webhook; several while they are changed.
    pub webhook_secrets: Vec<SecretString>,
    /// A personal token instead of an App.
    pub token: Option<SecretString>,
    /// Base of GitHub's API, without a slash at its end.
    pub api_url: String,
    /// How much content may be written to GitHub.
    pub content_limits: ContentLimits,
    /// Where people reach the pages, without a slash at its end.
    pub public_url: Option<String>,
    /// Seals the cookies of the staff pages.
    pub session_key: Option<SecretString>,
    /// The App's sign-in for the staff pages.
    pub oauth: Option<OauthClient>,
    /// What the log looks like.
    pub log_format: LogFormat,
    /// What is logged, as `RUST_LOG` says it.
    pub log_filter: Option<String>,
    /// The address of each chat by its name in the policy, small letters and `_`.
    pub chat_urls: BTreeMap<String, SecretString>,
}

/// A private key, or where to find it.
#[derive(Debug, Clone)]
pub enum PrivateKey {
    /// As PEM.
    Pem(SecretString),
    /// In a file.
    File(PathBuf),
}

/// How much content may be written to GitHub; `None` is no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContentLimits {
    /// In any minute.
    pub per_minute: Option<u32>,
    /// In any hour.
    pub per_hour: Option<u32>,
}

/// What GitHub gives an App for signing people in.
#[derive(Debug, Clone)]
pub struct OauthClient {
    /// Public.
    pub id: String,
    /// Secret.
    pub secret: SecretString,
}

/// What the log looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// Lines for people.
    Text,
    /// One JSON object a line.
    Json,
}

/// How the bot proves to GitHub who it is.
#[derive(Debug, Clone)]
pub enum Credentials {
    /// As a GitHub App.
    App {
        /// The App's number.
        id: u64,
        /// The App's key.
        private_key_pem: SecretString,
    },
    /// As the owner of a token.
    Token(SecretString),
}

/// Why settings cannot be used, and what would cure it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SettingsError {
    /// A place in `server.toml`.
    File(Problem),
    /// An environment variable.
    Variable {
        /// Its name.
        name: String,
        /// What is wrong with it; never its value if that is a secret.
        what: String,
        /// What to do.
        cure: Option<String>,
    },
    /// Something that is needed is not there.
    Missing {
        /// What.
        what: String,
        /// What to do.
        cure: String,
    },
    /// A file that cannot be read.
    Unreadable {
        /// Which, and why.
        what: String,
    },
}

impl fmt::Display for SettingsError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(problem) => write!(formatter, "{problem}"),
            Self::Variable {
                name,
                what,
                cure: None,
            } => write!(formatter, "{name}: {what}"),
            Self::Variable {
                name,
                what,
                cure: Some(cure),
            } => {
                write!(formatter, "{name}: {what}\nhelp: {cure}")
            }
            Self::Missing { what, cure } => write!(formatter, "{what}\nhelp: {cure}"),
            Self::Unreadable { what } => write!(formatter, "{what}"),
        }
    }
}

impl std::error::Error for SettingsError {}

impl SettingsError {
    fn variable(name: &str, wrong: Wrong) -> Self {
        Self::Variable {
            name: name.to_owned(),
            what: wrong.what,
            cure: wrong.cure,
        }
    }
}

impl Settings {
    /// The settings of this process, with the chats' addresses.
    pub fn of_process(config_dir: Option<&Path>) -> Result<Self, Vec<SettingsError>> {
        Self::load(config_dir, &|name| std::env::var(name).ok())?
            .with_chats_from(std::env::vars_os())
    }

    /// Takes the chats' addresses from all variables `NOTIFY_<NAME>_URL`; as policies name the
    /// chats, they cannot be asked for one by one.
    pub fn with_chats_from(
        mut self,
        variables: impl Iterator<Item = (OsString, OsString)>,
    ) -> Result<Self, Vec<SettingsError>> {
        self.chat_urls.extend(keys::chat_urls(variables)?);
        Ok(self)
    }

    /// Everything that is wrong in a `server.toml`, whatever the environment says.
    pub fn check_file(layer: &Layer) -> Vec<Problem> {
        keys::file_values(layer).err().unwrap_or_default()
    }

    /// Settings from `server.toml` in the configuration folder and from the environment, or
    /// everything that is wrong with them.
    pub fn load(
        config_dir: Option<&Path>,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, Vec<SettingsError>> {
        let layer = config::load_server_layer(config_dir).map_err(|error| {
            vec![SettingsError::Unreadable {
                what: error.to_string(),
            }]
        })?;
        let values = Values::read(layer.as_ref(), environment)?;
        Ok(Self::from_values(&values, config_dir))
    }

    fn from_values(values: &Values, config_dir: Option<&Path>) -> Self {
        let limit = |name, otherwise| {
            Some(values.number(name).unwrap_or(otherwise)).filter(|limit| *limit != 0)
        };
        Self {
            database_url: values
                .secret("DATABASE_URL")
                .unwrap_or("sqlite://keydesk.db".into()),
            listen: listen(values),
            app_id: values.number("GITHUB_APP_ID"),
            private_key: private_key(values, config_dir),
            webhook_secrets: keys::webhook_secrets(
                &values.text("GITHUB_WEBHOOK_SECRET").unwrap_or_default(),
            ),
            token: values.secret("GITHUB_TOKEN"),
            api_url: values
                .url("GITHUB_API_URL")
                .unwrap_or("https://api.github.com".to_owned()),
            content_limits: ContentLimits {
                per_minute: limit("GITHUB_CONTENT_PER_MINUTE", 80),
                per_hour: limit("GITHUB_CONTENT_PER_HOUR", 500),
            },
            public_url: values.url("KEYDESK_PUBLIC_URL"),
            session_key: values.secret("KEYDESK_SESSION_KEY"),
            oauth: values
                .text("GITHUB_OAUTH_CLIENT_ID")
                .zip(values.secret("GITHUB_OAUTH_CLIENT_SECRET"))
                .map(|(id, secret)| OauthClient { id, secret }),
            log_format: match values.text("KEYDESK_LOG").as_deref() {
                Some("json") => LogFormat::Json,
                Some(_) | None => LogFormat::Text,
            },
            log_filter: values.text("RUST_LOG"),
            chat_urls: values.chat_urls(),
        }
    }

    /// How to prove to GitHub who we are; an App goes before a token.
    pub fn credentials(&self) -> Result<Credentials, SettingsError> {
        match (self.app_id, &self.private_key, &self.token) {
            (Some(id), Some(key), _) => Ok(Credentials::App {
                id,
                private_key_pem: key.pem()?,
            }),
            (Some(_), None, _) => Err(missing(
                "GITHUB_APP_ID is set, and the App's private key is not",
                "set GITHUB_PRIVATE_KEY (PEM, or its base64) or GITHUB_PRIVATE_KEY_PATH",
            )),
            (None, Some(_), _) => Err(missing(
                "the private key of a GitHub App is set, and GITHUB_APP_ID is not",
                "set GITHUB_APP_ID to the number on the App's settings page",
            )),
            (None, None, Some(token)) => Ok(Credentials::Token(token.clone())),
            (None, None, None) => Err(missing(
                "there are no GitHub credentials",
                "set GITHUB_APP_ID and GITHUB_PRIVATE_KEY (or GITHUB_PRIVATE_KEY_PATH), or \
                 GITHUB_TOKEN for a trial; `keydesk demo` needs none",
            )),
        }
    }

    /// The secrets a delivery may be signed with: at least one.
    pub fn webhook_secrets(&self) -> Result<&[SecretString], SettingsError> {
        if self.webhook_secrets.is_empty() {
            return Err(missing(
                "there is no webhook secret, so no delivery could be trusted",
                "set GITHUB_WEBHOOK_SECRET to the secret that GitHub signs with",
            ));
        }
        Ok(&self.webhook_secrets)
    }

    /// The address of a chat of the policy.
    pub fn chat_url(&self, chat: &str) -> Option<&SecretString> {
        self.chat_urls.get(&chat.to_lowercase().replace('-', "_"))
    }
}

impl PrivateKey {
    fn pem(&self) -> Result<SecretString, SettingsError> {
        let path = match self {
            Self::Pem(pem) => return Ok(pem.clone()),
            Self::File(path) => path,
        };
        let wrong = |what: String| SettingsError::Variable {
            name: "GITHUB_PRIVATE_KEY_PATH".to_owned(),
            what,
            cure: Some("name the .pem file that GitHub gave for the App".to_owned()),
        };
        let shown = path.display();
        let text = std::fs::read_to_string(path)
            .map(SecretString::from)
            .map_err(|error| wrong(format!("cannot read {shown}: {error}")))?;
        keys::pem(text.expose_secret())
            .ok_or_else(|| wrong(format!("{shown} holds no private key")))
    }
}

fn missing(what: &str, cure: &str) -> SettingsError {
    SettingsError::Missing {
        what: what.to_owned(),
        cure: cure.to_owned(),
    }
}

/// `LISTEN`, unless the environment has only the `PORT` that platforms set: then that port.
fn listen(values: &Values) -> SocketAddr {
    const ANYWHERE: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 8080);
    let listen = values
        .text("LISTEN")
        .and_then(|text| text.parse::<SocketAddr>().ok());
    let port_wins = values.is_from_environment("PORT") && !values.is_from_environment("LISTEN");
    let mut address = listen.unwrap_or(ANYWHERE);
    if let Some(port) = values.number("PORT")
        && (listen.is_none() || port_wins)
    {
        address.set_port(port);
    }
    address
}

fn private_key(values: &Values, config_dir: Option<&Path>) -> Option<PrivateKey> {
    if let Some(text) = values.secret("GITHUB_PRIVATE_KEY") {
        return keys::pem(text.expose_secret()).map(PrivateKey::Pem);
    }
    let path = PathBuf::from(values.text("GITHUB_PRIVATE_KEY_PATH")?);
    // In the file a path is seen from the file; in the environment from where one stands.
    match config_dir {
        Some(folder) if !values.is_from_environment("GITHUB_PRIVATE_KEY_PATH") => {
            Some(PrivateKey::File(folder.join(path)))
        }
        Some(_) | None => Some(PrivateKey::File(path)),
    }
}
