//! Where the service runs and as whom: `server.toml`, overridden by the environment.
//!
//! Every key of the file is a variable too, its name in capitals; an empty variable counts as
//! unset. `config/server.toml` is the manual. The App that set-up mode made stands in a file of its
//! own, see `app_file`. Secrets never show, neither printed nor in errors.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};

use crate::policy::layers::Layer;
use crate::policy::problem::{Problem, Wrong};
use crate::store::Limits;

mod app_file;
mod values;

pub use app_file::{AppSettings, CREDENTIALS_FILE, credentials_path, write_credentials};
use values::Values;
pub use values::{LOG_FILTER, server_schema};

/// The variables of a process.
pub type Environment = BTreeMap<String, String>;

/// Everything the operator says. Secrets do not show in `Debug`.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `sqlite://<path>` or `postgres://…`, which may hold a password.
    pub database_url: SecretString,
    /// Where to listen.
    pub listen: SocketAddr,
    /// The base of GitHub's API.
    pub api_url: String,
    /// Who the bot is on GitHub, if that was said.
    pub credentials: Option<GivenCredentials>,
    /// What webhooks may be signed with.
    pub webhook_secrets: Vec<SecretString>,
    /// GitHub's limits on creating content.
    pub limits: Limits,
    /// Where people reach the pages from outside, without a slash at its end.
    pub public_url: Option<String>,
    /// Seals the cookies of the staff pages.
    pub session_key: Option<SecretString>,
    /// How people sign in to the staff pages.
    pub oauth: Option<OauthClient>,
    /// What is logged, as `RUST_LOG` says it.
    pub log_filter: Option<String>,
    /// Whether logs are for machines.
    pub has_json_logs: bool,
    /// Chats by name: address, and secret for signing.
    pub chats: BTreeMap<String, ChatSettings>,
    /// The policy layers and the form of the config folder.
    pub folder: ConfigFolder,
    /// What is in force, as far as it may be shown.
    pub shown: Vec<ShownSetting>,
    values: Values,
}

/// A setting in force, as it may be shown.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ShownSetting {
    /// The name of its variable.
    pub name: String,
    /// Its value; none where it is secret, or may hold a secret.
    pub value: Option<String>,
    /// Where it was said: the environment, a file, or nowhere, so that what is built in counts.
    pub source: String,
}

/// Who the bot is on GitHub, as it was said.
#[derive(Debug, Clone)]
pub enum GivenCredentials {
    /// An App.
    App {
        /// Its number.
        id: u64,
        /// Its private key in PEM.
        private_key: SecretString,
    },
    /// A person's token.
    Token(SecretString),
}

/// What GitHub gave the App for signing people in.
#[derive(Debug, Clone)]
pub struct OauthClient {
    /// Public.
    pub id: String,
    /// Secret.
    pub secret: SecretString,
}

/// A chat's address.
#[derive(Debug, Clone)]
pub struct ChatSettings {
    /// Where messages are posted.
    pub url: SecretString,
    /// What generic messages are signed with.
    pub secret: Option<SecretString>,
}

/// What stands in the config folder beside `server.toml`.
#[derive(Debug, Clone, Default)]
pub struct ConfigFolder {
    /// The policy on top of the built-in one.
    pub layers: Vec<Layer>,
    /// The form's TOML, if the folder has one.
    pub form: Option<Layer>,
    /// Other kinds of requests, one a file, by name.
    pub kinds: Vec<Layer>,
    /// Texts that replace built-in ones.
    pub templates: Option<PathBuf>,
    /// Templates of the staff pages that replace built-in ones.
    pub pages: Option<PathBuf>,
}

const SERVER_FILE: &str = "server.toml";
const FORMS_FOLDER: &str = "forms";

/// The form that every desk has; what stands beside it are other kinds of requests.
pub const ACCOUNT_RECOVERY_FILE: &str = "account-recovery.toml";

impl Settings {
    /// Settings of the folder (default `config/` where it is there) and the process's environment.
    ///
    /// # Errors
    /// Every problem with its place and cure.
    pub fn from_environment(folder: Option<&Path>) -> Result<Self, Vec<Problem>> {
        let default = Path::new("config");
        let folder = folder.or_else(|| default.is_dir().then_some(default));
        let variables = std::env::vars_os().filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        });
        Self::load(folder, &variables.collect())
    }

    /// Settings of a folder and an environment.
    ///
    /// # Errors
    /// Every problem with its place and cure.
    pub fn load(folder: Option<&Path>, environment: &Environment) -> Result<Self, Vec<Problem>> {
        let config = folder.map_or_else(|| Ok(ConfigFolder::default()), ConfigFolder::read)?;
        let layer =
            folder.map(|folder| read_layer(&folder.join(SERVER_FILE))).transpose()?.flatten();
        let mut values = Values::read(layer.as_ref(), environment)?;
        app_file::add(&mut values)?;
        let mut problems = Vec::new();
        let limit = |name| values.number(name).filter(|limit| *limit > 0);
        let limits = Limits {
            per_minute: limit("GITHUB_CONTENT_PER_MINUTE"),
            per_hour: limit("GITHUB_CONTENT_PER_HOUR"),
        };
        let (listen, told_by) = listen(&values);
        let settings = Self {
            database_url: values.secret("DATABASE_URL").unwrap_or_default(),
            listen,
            api_url: values.url("GITHUB_API_URL").unwrap_or_default(),
            credentials: credentials(&values, folder, &mut problems),
            webhook_secrets: values.webhook_secrets(),
            limits,
            public_url: values.url("KEYDESK_PUBLIC_URL"),
            session_key: values.secret("KEYDESK_SESSION_KEY"),
            oauth: oauth(&values),
            log_filter: values.text("RUST_LOG"),
            has_json_logs: values.text("KEYDESK_LOG").as_deref() == Some("json"),
            chats: values.chats(),
            folder: config,
            shown: values.shown((listen, told_by)),
            values,
        };
        if problems.is_empty() { Ok(settings) } else { Err(problems) }
    }

    /// The names of the settings that others say differently.
    pub fn differences(&self, other: &Self) -> Vec<String> {
        self.values.differences(&other.values)
    }

    /// The names of settings somebody made, of those that are asked for.
    pub fn given<'a>(&self, names: &[&'a str]) -> Vec<&'a str> {
        names.iter().copied().filter(|name| self.values.is_given(name)).collect()
    }

    /// Everything that is wrong in a `server.toml`, whatever the environment says.
    pub fn check_file(layer: &Layer) -> Vec<Problem> {
        Values::read(Some(layer), &Environment::new()).err().unwrap_or_default()
    }
}

impl ConfigFolder {
    /// What stands in a folder.
    ///
    /// # Errors
    /// A folder that is not there, and files that cannot be read.
    pub fn read(folder: &Path) -> Result<Self, Vec<Problem>> {
        if !folder.is_dir() {
            let wrong = Wrong::new("there is no such folder")
                .with_cure("name the folder that holds policy.toml with --config");
            return Err(vec![Problem::of(&folder.display().to_string(), wrong)]);
        }
        let templates = folder.join("templates").join("comments");
        let pages = folder.join("templates").join("pages").join("staff");
        Ok(Self {
            layers: read_layer(&folder.join("policy.toml"))?.into_iter().collect(),
            form: read_layer(&folder.join(FORMS_FOLDER).join(ACCOUNT_RECOVERY_FILE))?,
            kinds: read_kinds(&folder.join(FORMS_FOLDER))?,
            templates: templates.is_dir().then_some(templates),
            pages: pages.is_dir().then_some(pages),
        })
    }
}

/// The files beside that of account recovery; none where there is no such folder.
fn read_kinds(folder: &Path) -> Result<Vec<Layer>, Vec<Problem>> {
    let unreadable = |error: io::Error| {
        let wrong = Wrong::new(format!("cannot be read: {error}"));
        vec![Problem::of(&folder.display().to_string(), wrong)]
    };
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(unreadable)?,
    };
    let paths: Result<Vec<PathBuf>, io::Error> =
        entries.map(|entry| entry.map(|entry| entry.path())).collect();
    let mut paths = paths.map_err(unreadable)?;
    let is_kind = |path: &Path| {
        path.extension().is_some_and(|ending| ending == "toml")
            && !path.ends_with(ACCOUNT_RECOVERY_FILE)
    };
    paths.retain(|path| is_kind(path));
    paths.sort();
    let mut kinds = Vec::new();
    for path in paths {
        kinds.extend(read_layer(&path)?);
    }
    Ok(kinds)
}

/// A file as a layer; none if it is not there.
///
/// # Errors
/// A file that is there and cannot be read.
pub fn read_layer(path: &Path) -> Result<Option<Layer>, Vec<Problem>> {
    let name = path.display().to_string();
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(Layer { name, text })),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(vec![Problem::of(&name, Wrong::new(format!("cannot be read: {error}")))]),
    }
}

/// `LISTEN`, unless the environment has only the `PORT` that platforms set: then that port. And
/// which of the two said so.
fn listen(values: &Values) -> (SocketAddr, &'static str) {
    let given = values.text("LISTEN").and_then(|text| text.parse::<SocketAddr>().ok());
    let mut address = given.unwrap_or(SocketAddr::from(([0, 0, 0, 0], 8080)));
    let port_wins = values.is_from_environment("PORT") && !values.is_from_environment("LISTEN");
    match values.number("PORT") {
        Some(port) if port_wins || !values.is_given("LISTEN") => {
            address.set_port(port);
            (address, "PORT")
        }
        Some(_) | None => (address, "LISTEN"),
    }
}

fn oauth(values: &Values) -> Option<OauthClient> {
    let id = values.text("GITHUB_OAUTH_CLIENT_ID")?;
    Some(OauthClient { id, secret: values.secret("GITHUB_OAUTH_CLIENT_SECRET")? })
}

/// An App goes before a token; half an App without a token is a problem.
fn credentials(
    values: &Values,
    folder: Option<&Path>,
    problems: &mut Vec<Problem>,
) -> Option<GivenCredentials> {
    let token = values.secret("GITHUB_TOKEN").map(GivenCredentials::Token);
    let mut tell = |name: &str, what: &str, cure: &str| {
        problems.push(Problem::of(name, Wrong::new(what).with_cure(cure)));
        None
    };
    let key = match private_key(values, folder) {
        Ok(key) => key,
        Err(what) => {
            return tell(
                "GITHUB_PRIVATE_KEY_PATH",
                &what,
                "name the .pem file that GitHub gave for the App",
            );
        }
    };
    match (values.number("GITHUB_APP_ID"), key) {
        (Some(id), Some(private_key)) => Some(GivenCredentials::App { id, private_key }),
        (Some(_), None) if token.is_none() => tell(
            "GITHUB_APP_ID",
            "the App's private key is missing",
            "set GITHUB_PRIVATE_KEY or GITHUB_PRIVATE_KEY_PATH",
        ),
        (None, Some(_)) if token.is_none() => tell(
            "GITHUB_PRIVATE_KEY",
            "the App's number is missing",
            "set GITHUB_APP_ID to the number on the App's settings page",
        ),
        (Some(_) | None, _) => token,
    }
}

fn private_key(values: &Values, folder: Option<&Path>) -> Result<Option<SecretString>, String> {
    const PATH: &str = "GITHUB_PRIVATE_KEY_PATH";
    if let Some(text) = values.secret("GITHUB_PRIVATE_KEY") {
        return Ok(values::pem(text.expose_secret()));
    }
    let Some(path) = values.text(PATH).map(PathBuf::from) else { return Ok(None) };
    // In the file a path is seen from the file; in the environment from where one stands.
    let path = match folder {
        Some(folder) if !values.is_from_environment(PATH) => folder.join(path),
        Some(_) | None => path,
    };
    let shown = path.display();
    let text = std::fs::read_to_string(&path)
        .map(SecretString::from)
        .map_err(|error| format!("cannot read {shown}: {error}"))?;
    let key = values::pem(text.expose_secret());
    key.map(Some).ok_or_else(|| format!("{shown} holds no private key"))
}
