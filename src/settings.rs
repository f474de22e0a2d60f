//! Where the service runs and as whom: `server.toml`, overridden by the environment.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use crate::policy::layers::Layer;
use crate::policy::problem::{Problem, nearest};
use crate::store::WriteLimits;

/// The variables of a process.
pub type Environment = BTreeMap<String, String>;

/// Everything the operator says. Secrets do not show in `Debug`.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `sqlite://<path>`.
    pub database_url: String,
    /// Where to listen.
    pub listen: SocketAddr,
    /// The base of GitHub's API.
    pub api_url: String,
    /// Who the bot is on GitHub, if that was said.
    pub credentials: Option<GivenCredentials>,
    /// What webhooks may be signed with.
    pub webhook_secrets: Vec<SecretString>,
    /// GitHub's limits on creating content.
    pub limits: WriteLimits,
    /// Whether logs are for machines.
    pub has_json_logs: bool,
    /// Chats by name: address, and secret for signing.
    pub chats: BTreeMap<String, ChatSettings>,
    /// The policy layers and the form of the config folder.
    pub folder: ConfigFolder,
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

/// A chat's address.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
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
    /// Texts that replace built-in ones.
    pub templates: Option<PathBuf>,
}

const KEYS: &[&str] = &[
    "database_url",
    "github_api_url",
    "github_app_id",
    "github_content_per_hour",
    "github_content_per_minute",
    "github_oauth_client_id",
    "github_oauth_client_secret",
    "github_private_key",
    "github_private_key_path",
    "github_token",
    "github_webhook_secret",
    "keydesk_log",
    "keydesk_public_url",
    "keydesk_session_key",
    "listen",
    "notify",
];

/// Values as they were written, before the environment has its say.
#[derive(Default)]
struct Written {
    values: BTreeMap<String, String>,
    chats: BTreeMap<String, ChatSettings>,
}

impl Settings {
    /// Settings of the folder (default `config/` where it is there) and the process's environment.
    ///
    /// # Errors
    /// Every problem with its place and cure.
    pub fn from_environment(folder: Option<&Path>) -> Result<Self, Vec<Problem>> {
        let default = Path::new("config");
        let folder = folder.or_else(|| default.is_dir().then_some(default));
        let variables = std::env::vars_os().filter_map(|(name, value)| {
            let value = value.into_string().ok().filter(|value| !value.trim().is_empty())?;
            Some((name.into_string().ok()?, value))
        });
        Self::load(folder, &variables.collect())
    }

    /// Settings of a folder and an environment.
    ///
    /// # Errors
    /// Every problem with its place and cure.
    pub fn load(folder: Option<&Path>, environment: &Environment) -> Result<Self, Vec<Problem>> {
        let mut written = match folder {
            Some(folder) => read_server_file(folder)?,
            None => Written::default(),
        };
        for key in KEYS {
            if let Some(value) = environment.get(&key.to_uppercase()) {
                written.values.insert((*key).to_owned(), value.clone());
            }
        }
        let mut problems = Vec::new();
        let settings = Self {
            database_url: written
                .take("database_url")
                .unwrap_or_else(|| "sqlite://keydesk.db".to_owned()),
            listen: listen(&mut written, environment, &mut problems),
            api_url: written
                .take("github_api_url")
                .unwrap_or_else(|| "https://api.github.com".to_owned()),
            credentials: credentials(&mut written, &mut problems),
            webhook_secrets: webhook_secrets(&mut written),
            limits: WriteLimits {
                per_minute: limit(&mut written, ("github_content_per_minute", 80), &mut problems),
                per_hour: limit(&mut written, ("github_content_per_hour", 500), &mut problems),
            },
            has_json_logs: has_json_logs(&mut written, &mut problems),
            chats: chats(written.chats, environment),
            folder: folder.map(read_folder).transpose()?.unwrap_or_default(),
        };
        if problems.is_empty() { Ok(settings) } else { Err(problems) }
    }
}

impl Written {
    fn take(&mut self, key: &str) -> Option<String> {
        self.values.remove(key)
    }

    fn number(&mut self, key: &str, problems: &mut Vec<Problem>) -> Option<u64> {
        let value = self.take(key)?;
        let parsed = value.trim().parse().ok();
        if parsed.is_none() {
            problems.push(variable_problem(key, format!("`{value}` is no number")));
        }
        parsed
    }
}

fn variable_problem(key: &str, what: String) -> Problem {
    Problem { file: key.to_uppercase(), line: 0, column: 0, what, cure: None }
}

fn read_server_file(folder: &Path) -> Result<Written, Vec<Problem>> {
    let path = folder.join("server.toml");
    let Some(layer) = read_layer(&path)? else {
        return Ok(Written::default());
    };
    let problem = |span, what: String| Problem::at(&layer.name, (&layer.text, span), what);
    let table = toml::de::DeTable::parse(&layer.text)
        .map_err(|error| vec![problem(error.span(), error.message().to_owned())])?;
    let mut written = Written::default();
    let mut problems = Vec::new();
    for (key, value) in table.get_ref() {
        let name: &str = key.get_ref();
        if !KEYS.contains(&name) {
            let cure = nearest(name, KEYS.iter().copied());
            problems
                .push(problem(Some(key.span()), format!("unknown key `{name}`")).with_cure(cure));
        } else if name != "notify" {
            match value.get_ref() {
                toml::de::DeValue::String(text) => {
                    written.values.insert(name.to_owned(), text.to_string())
                }
                toml::de::DeValue::Integer(number) => {
                    written.values.insert(name.to_owned(), number.to_string())
                }
                _ => {
                    problems.push(problem(
                        Some(value.span()),
                        format!("`{name}` must be text or a number"),
                    ));
                    None
                }
            };
        }
    }
    match toml::from_str::<NotifyTables>(&layer.text) {
        Ok(tables) => written.chats = tables.notify,
        Err(error) => problems.push(problem(error.span(), error.message().to_owned())),
    }
    if problems.is_empty() { Ok(written) } else { Err(problems) }
}

#[derive(Deserialize)]
struct NotifyTables {
    #[serde(default)]
    notify: BTreeMap<String, ChatSettings>,
}

/// A file as a layer; none if it is not there.
fn read_layer(path: &Path) -> Result<Option<Layer>, Vec<Problem>> {
    let name = path.display().to_string();
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(Layer { name, text })),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(vec![Problem {
            file: name,
            line: 0,
            column: 0,
            what: error.to_string(),
            cure: None,
        }]),
    }
}

fn read_folder(folder: &Path) -> Result<ConfigFolder, Vec<Problem>> {
    if !folder.is_dir() {
        let what = "there is no such folder".to_owned();
        let cure = Some("name the folder that holds policy.toml with --config".to_owned());
        return Err(vec![Problem {
            file: folder.display().to_string(),
            line: 0,
            column: 0,
            what,
            cure,
        }]);
    }
    let templates = folder.join("templates").join("comments");
    Ok(ConfigFolder {
        layers: read_layer(&folder.join("policy.toml"))?.into_iter().collect(),
        form: read_layer(&folder.join("forms").join("account-recovery.toml"))?,
        templates: templates.is_dir().then_some(templates),
    })
}

fn listen(
    written: &mut Written,
    environment: &Environment,
    problems: &mut Vec<Problem>,
) -> SocketAddr {
    let everywhere = SocketAddr::from(([0, 0, 0, 0], 8080));
    let address = match written.take("listen") {
        None => everywhere,
        Some(value) => value.parse().unwrap_or_else(|_| {
            problems.push(variable_problem(
                "listen",
                format!("`{value}` is no address; write it like 0.0.0.0:8080"),
            ));
            everywhere
        }),
    };
    match environment.get("PORT").map(|port| (port.parse(), port)) {
        None => address,
        Some((Ok(port), _)) => SocketAddr::new(address.ip(), port),
        Some((Err(_), port)) => {
            problems.push(variable_problem("port", format!("`{port}` is no port")));
            address
        }
    }
}

fn credentials(written: &mut Written, problems: &mut Vec<Problem>) -> Option<GivenCredentials> {
    let id = written.number("github_app_id", problems);
    let inline = written.take("github_private_key").map(SecretString::from);
    let from_file = written.take("github_private_key_path").and_then(|path| {
        match std::fs::read_to_string(&path) {
            Ok(pem) => Some(SecretString::from(pem)),
            Err(error) => {
                problems
                    .push(variable_problem("github_private_key_path", format!("{path}: {error}")));
                None
            }
        }
    });
    let token = written.take("github_token").map(|token| token.trim().to_owned());
    match (id, inline.or(from_file)) {
        (Some(id), Some(private_key)) => {
            Some(GivenCredentials::App { id, private_key: decoded(private_key) })
        }
        (Some(_), None) if token.is_none() => {
            let what = "the App's private key is missing; set GITHUB_PRIVATE_KEY or GITHUB_PRIVATE_KEY_PATH".to_owned();
            problems.push(variable_problem("github_app_id", what));
            None
        }
        (Some(_) | None, _) => token.map(|token| GivenCredentials::Token(token.into())),
    }
}

/// A key given as the base64 of its PEM, for variables that hold one line only.
fn decoded(key: SecretString) -> SecretString {
    let compact: String = key.expose_secret().split_whitespace().collect();
    let pem = BASE64_STANDARD.decode(compact).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    match pem.filter(|pem| pem.contains("-----BEGIN")) {
        Some(pem) => pem.into(),
        // A PEM in one line, its line ends written as `\n`.
        None => key.expose_secret().replace("\\n", "\n").into(),
    }
}

fn webhook_secrets(written: &mut Written) -> Vec<SecretString> {
    let given = written.take("github_webhook_secret").unwrap_or_default();
    given
        .split(',')
        .map(str::trim)
        .filter(|secret| !secret.is_empty())
        .map(SecretString::from)
        .collect()
}

fn limit(
    written: &mut Written,
    (key, default): (&str, u32),
    problems: &mut Vec<Problem>,
) -> Option<u32> {
    let given = written
        .number(key, problems)
        .map_or(default, |count| u32::try_from(count).unwrap_or(u32::MAX));
    (given > 0).then_some(given)
}

fn has_json_logs(written: &mut Written, problems: &mut Vec<Problem>) -> bool {
    match written.take("keydesk_log").as_deref() {
        None | Some("text") => false,
        Some("json") => true,
        Some(other) => {
            problems.push(variable_problem(
                "keydesk_log",
                format!("`{other}` is neither `json` nor `text`"),
            ));
            false
        }
    }
}

/// Chats of the file, and those of the environment: `NOTIFY_<NAME>_URL`.
fn chats(
    mut chats: BTreeMap<String, ChatSettings>,
    environment: &Environment,
) -> BTreeMap<String, ChatSettings> {
    let said = environment.keys().filter_map(|name| {
        Some(name.strip_prefix("NOTIFY_")?.strip_suffix("_URL")?.to_lowercase())
    });
    let names: Vec<String> = said.chain(chats.keys().cloned()).collect();
    for name in names {
        let variable = format!("NOTIFY_{}", name.to_uppercase());
        let known = chats.get(&name).cloned();
        let secret =
            environment.get(&format!("{variable}_SECRET")).cloned().map(SecretString::from);
        if let Some(url) = environment.get(&format!("{variable}_URL")).cloned() {
            let secret = secret.or(known.and_then(|chat| chat.secret));
            chats.insert(name, ChatSettings { url: url.into(), secret });
        }
    }
    chats
}
