//! The names of all settings, what each may be, and where its value comes from.
//!
//! To add one: its line in [`KEYS`], its field in [`super::Settings`], its comment in
//! `config/server.toml`.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};

use super::{ChatSettings, Environment, ShownSetting};
use crate::policy::keys::{Key, Shape, optional};
use crate::policy::layers::Layer;
use crate::policy::problem::{Problem, Wrong, unknown};
use crate::policy::sort::{self, Look, Sort};
use crate::policy::tree::{self, Node, Problems};
use crate::policy::value::anything;
use crate::policy::{manual, schema};

/// Every key of `server.toml`; in capitals it is the environment variable. Checks here never show
/// a value that may be secret.
const KEYS: &[Key] = &[
    optional("database_url", Shape::Text(DATABASE_URL)),
    optional("listen", Shape::Text(Sort::free(listen))),
    optional("port", Shape::Plain(Sort::free(number::<u16>))),
    optional("github_app_id", Shape::Plain(Sort::free(number::<u64>))),
    optional("github_private_key", Shape::Text(Sort::free(private_key))),
    optional("github_private_key_path", Shape::Text(Sort::free(anything))),
    optional("github_webhook_secret", Shape::Text(Sort::free(webhook_secret))),
    optional("github_token", Shape::Text(Sort::free(anything))),
    optional("github_api_url", Shape::Text(WEB_ADDRESS)),
    optional("github_content_per_minute", Shape::Plain(Sort::free(number::<u32>))),
    optional("github_content_per_hour", Shape::Plain(Sort::free(number::<u32>))),
    optional("keydesk_public_url", Shape::Text(WEB_ADDRESS)),
    optional("keydesk_session_key", Shape::Text(Sort::free(anything))),
    optional("github_oauth_client_id", Shape::Text(Sort::free(anything))),
    optional("github_oauth_client_secret", Shape::Text(Sort::free(anything))),
    optional("rust_log", Shape::Text(Sort::free(anything))),
    optional("keydesk_log", Shape::Word(LOG_FORMATS)),
    optional(NOTIFY, Shape::Named(sort::CHAT, &Shape::Table(CHAT))),
];

/// What holds where nobody says otherwise.
const BUILT_IN: &[(&str, &str)] = &[
    ("DATABASE_URL", "sqlite://keydesk.db"),
    ("LISTEN", "0.0.0.0:8080"),
    ("GITHUB_API_URL", "https://api.github.com"),
    ("GITHUB_CONTENT_PER_MINUTE", "80"),
    ("GITHUB_CONTENT_PER_HOUR", "500"),
    ("KEYDESK_LOG", "text"),
    ("RUST_LOG", LOG_FILTER),
];

/// What is logged if nobody says otherwise: octocrab's own lines repeat ours.
pub const LOG_FILTER: &str = "info,octocrab=off";

/// Settings whose values may be shown to staff; all others are secret, or may hold a secret.
const PUBLIC: &[&str] = &[
    "LISTEN",
    "PORT",
    "GITHUB_APP_ID",
    "GITHUB_API_URL",
    "GITHUB_CONTENT_PER_MINUTE",
    "GITHUB_CONTENT_PER_HOUR",
    "GITHUB_OAUTH_CLIENT_ID",
    "KEYDESK_PUBLIC_URL",
    "KEYDESK_LOG",
    "RUST_LOG",
];

const CHAT: &[Key] = &[
    optional("url", Shape::Text(WEB_ADDRESS)),
    optional("secret", Shape::Text(Sort::free(anything))),
];

const DATABASE_URL: Sort =
    Sort::new(database_url, Look::Pattern("^(sqlite:|postgres://|postgresql://)"));
const WEB_ADDRESS: Sort = Sort::new(web_address, Look::Pattern(r"^https?://[^/\s]\S*$"));

const SERVER: Shape = Shape::Table(KEYS);
const LOG_FORMATS: &[&str] = &["json", "text"];
const NOTIFY: &str = "notify";

/// The shipped `server.toml`, which tells of every key.
const MANUAL: &str = include_str!("../../config/server.toml");

/// The JSON Schema (draft 2020-12) of a `server.toml`.
pub fn server_schema() -> serde_json::Value {
    let built_in = BUILT_IN.iter().map(|(name, value)| {
        let value = match value.parse::<i64>() {
            Ok(number) => toml::Value::Integer(number),
            Err(_) => toml::Value::String((*value).to_owned()),
        };
        (name.to_lowercase(), value)
    });
    let title = "Where Keydesk runs and as whom: server.toml of the configuration folder";
    let told = (manual::descriptions_of_examples(MANUAL), built_in.collect());
    schema::write(title, &SERVER, told)
}

fn database_url(text: &str) -> Result<(), Wrong> {
    let known = ["sqlite:", "postgres://", "postgresql://"];
    if known.iter().any(|scheme| text.starts_with(scheme)) {
        return Ok(());
    }
    Err(Wrong::new("this is no address of a database")
        .with_cure("write \"sqlite://keydesk.db\" or \"postgres://user:password@host/name\""))
}

fn listen(text: &str) -> Result<(), Wrong> {
    text.parse::<SocketAddr>().map(drop).map_err(|_| {
        Wrong::new("this is no address to listen on")
            .with_cure("write an IP address and a port, such as \"0.0.0.0:8080\"")
    })
}

fn number<N: FromStr>(text: &str) -> Result<(), Wrong> {
    text.parse::<N>().map(drop).map_err(|_| {
        Wrong::new("this is no whole number, or too large a one").with_cure("write digits only")
    })
}

fn web_address(text: &str) -> Result<(), Wrong> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let holds = rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'));
    if holds && !text.contains(char::is_whitespace) {
        return Ok(());
    }
    Err(Wrong::new("this is no web address").with_cure("begin it with \"https://\""))
}

fn webhook_secret(text: &str) -> Result<(), Wrong> {
    if webhook_secrets(text).is_empty() {
        return Err(Wrong::new("there is no secret between the commas"));
    }
    Ok(())
}

fn private_key(text: &str) -> Result<(), Wrong> {
    pem(text).map(drop).ok_or_else(|| {
        Wrong::new("this is no private key")
            .with_cure("give the PEM text that GitHub made, or its base64, all of it")
    })
}

/// Secrets separated by commas.
fn webhook_secrets(text: &str) -> Vec<SecretString> {
    text.split(',').map(str::trim).filter(|secret| !secret.is_empty()).map(Into::into).collect()
}

/// A private key as PEM, from PEM (its line ends may be written `\n`) or from its base64.
pub(super) fn pem(text: &str) -> Option<SecretString> {
    const BEGIN: &str = "-----BEGIN ";
    const KEY: &str = "PRIVATE KEY-----";
    let is_pem = |text: &str| text.contains(BEGIN) && text.contains(KEY);
    if is_pem(text) {
        return Some(text.replace("\\n", "\n").into());
    }
    let packed = text.split_whitespace().collect::<String>();
    let unpacked = String::from_utf8(STANDARD.decode(packed).ok()?).ok()?;
    is_pem(&unpacked).then(|| unpacked.into())
}

/// Checked values from file and environment, by the name of their variable, over what is built in.
#[derive(Debug, Clone)]
pub(super) struct Values {
    found: BTreeMap<String, Found>,
}

#[derive(Debug, Clone)]
struct Found {
    value: SecretString,
    source: Source,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Source {
    BuiltIn,
    /// A file of this name.
    File(String),
    Environment,
}

impl Source {
    fn name(&self) -> &str {
        match self {
            Self::BuiltIn => "built in",
            Self::File(name) => name,
            Self::Environment => "the environment",
        }
    }
}

impl Values {
    /// Looks everything up; the environment wins.
    pub(super) fn read(
        layer: Option<&Layer>,
        environment: &Environment,
    ) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let in_file = layer.map_or_else(|| Ok(BTreeMap::new()), file_values);
        let built_in = BUILT_IN.iter().map(|(name, value)| {
            ((*name).to_owned(), Found { value: (*value).into(), source: Source::BuiltIn })
        });
        let mut found: BTreeMap<String, Found> = built_in.collect();
        match in_file {
            Ok(given) => found.extend(given),
            Err(wrong) => problems.extend(wrong),
        }
        for (name, value) in environment {
            let value = value.trim();
            let Some(shape) = shape_of(name).filter(|_| !value.is_empty()) else { continue };
            match check_variable(shape, value) {
                Ok(()) => {
                    let value = Found { value: value.into(), source: Source::Environment };
                    found.insert(name.clone(), value);
                }
                Err(wrong) => problems.push(Problem::of(name, wrong)),
            }
        }
        if problems.is_empty() { Ok(Self { found }) } else { Err(problems) }
    }

    /// Takes what a file says under these names where nobody said it yet, and returns the other names
    /// it has.
    pub(super) fn fill_from(
        &mut self,
        layer: &Layer,
        names: &[&str],
    ) -> Result<Vec<String>, Vec<Problem>> {
        let mut other = Vec::new();
        for (name, found) in file_values(layer)? {
            if !names.contains(&name.as_str()) {
                other.push(name);
            } else if !self.is_given(&name) {
                self.found.insert(name, found);
            }
        }
        Ok(other)
    }

    /// The text of a setting that is no secret.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.found.get(name).map(|found| found.value.expose_secret().to_owned())
    }

    /// Every setting in force, without what is secret. Where to listen is made of two settings;
    /// the name of that which counted is given with it.
    pub(super) fn shown(&self, (listen, told_by): (SocketAddr, &str)) -> Vec<ShownSetting> {
        let row = |(name, found): (&String, &Found)| {
            if name == "LISTEN" && told_by != "LISTEN" {
                let source = &self.found.get(told_by).unwrap_or(found).source;
                let source = format!("{}, by {told_by}", source.name());
                return ShownSetting {
                    name: name.clone(),
                    value: Some(listen.to_string()),
                    source,
                };
            }
            let value = found.value.expose_secret();
            let source = found.source.name().to_owned();
            let value = is_public(name, value).then(|| value.to_owned());
            ShownSetting { name: name.clone(), value, source }
        };
        self.found.iter().map(row).collect()
    }

    /// The names of the settings that others have otherwise, or not at all, or too many.
    pub(super) fn differences(&self, other: &Self) -> Vec<String> {
        let names: BTreeSet<&String> = self.found.keys().chain(other.found.keys()).collect();
        let value = |values: &Self, name: &str| {
            values.found.get(name).map(|found| found.value.expose_secret().to_owned())
        };
        let differs = |name: &&String| value(self, name) != value(other, name);
        names.into_iter().filter(differs).cloned().collect()
    }

    /// A secret.
    pub(super) fn secret(&self, name: &str) -> Option<SecretString> {
        self.found.get(name).map(|found| found.value.clone())
    }

    /// A number.
    pub(super) fn number<N: FromStr>(&self, name: &str) -> Option<N> {
        self.found.get(name)?.value.expose_secret().parse().ok()
    }

    /// A web address without slashes at its end.
    pub(super) fn url(&self, name: &str) -> Option<String> {
        self.text(name).map(|url| url.trim_end_matches('/').to_owned())
    }

    /// Whether a value was set by an environment variable.
    pub(super) fn is_from_environment(&self, name: &str) -> bool {
        self.found.get(name).is_some_and(|found| found.source == Source::Environment)
    }

    /// Whether somebody set a value.
    pub(super) fn is_given(&self, name: &str) -> bool {
        self.found.get(name).is_some_and(|found| found.source != Source::BuiltIn)
    }

    /// What deliveries may be signed with.
    pub(super) fn webhook_secrets(&self) -> Vec<SecretString> {
        let given = self.secret("GITHUB_WEBHOOK_SECRET");
        given.map(|given| webhook_secrets(given.expose_secret())).unwrap_or_default()
    }

    /// The chats that have an address, by their names in a policy.
    pub(super) fn chats(&self) -> BTreeMap<String, ChatSettings> {
        let names =
            self.found.keys().filter_map(|name| Some(chat_of(name)?.0)).collect::<BTreeSet<_>>();
        let chats = names.into_iter().filter_map(|chat| {
            let url = self.secret(&chat_variable(chat, "url"))?;
            let secret = self.secret(&chat_variable(chat, "secret"));
            Some((chat.to_lowercase(), ChatSettings { url, secret }))
        });
        chats.collect()
    }
}

/// Whether a value may be shown. An address may hold a password.
fn is_public(name: &str, value: &str) -> bool {
    let is_file = name == "DATABASE_URL" && value.starts_with("sqlite");
    (is_file || PUBLIC.contains(&name)) && !value.contains('@')
}

fn chat_variable(chat: &str, key: &str) -> String {
    format!("NOTIFY_{chat}_{key}").to_uppercase()
}

/// `NOTIFY_CHAT_URL` → the chat `CHAT` and its key `url`.
fn chat_of(variable: &str) -> Option<(&str, &'static Key)> {
    let (chat, wanted) = variable.strip_prefix("NOTIFY_")?.rsplit_once('_')?;
    let key = CHAT.iter().find(|key| key.name.to_uppercase() == wanted)?;
    (!chat.is_empty()).then_some((chat, key))
}

/// What may stand in a variable, if it is one of ours.
fn shape_of(variable: &str) -> Option<&'static Shape> {
    let single = KEYS.iter().filter(|key| key.name != NOTIFY);
    let single = single.filter(|key| key.name.to_uppercase() == variable);
    single.map(|key| &key.shape).next().or_else(|| Some(&chat_of(variable)?.1.shape))
}

fn check_variable(shape: &Shape, value: &str) -> Result<(), Wrong> {
    match shape {
        Shape::Word(words) if words.contains(&value) => Ok(()),
        Shape::Word(words) => Err(unknown("value", value, words.iter().copied())),
        Shape::Text(sort) | Shape::Plain(sort) => sort.check(value),
        // No variable of ours has these shapes.
        Shape::Number(..)
        | Shape::Table(_)
        | Shape::Named(..)
        | Shape::List(_)
        | Shape::Entries { .. } => Ok(()),
    }
}

/// The values of a `server.toml` by their variables, or everything that is wrong in it.
fn file_values(layer: &Layer) -> Result<BTreeMap<String, Found>, Vec<Problem>> {
    let layers = [layer];
    let mut problems = Problems::new(&layers);
    let tree = tree::read(0, &SERVER, &mut problems);
    if !problems.is_empty() {
        return Err(problems.into_sorted());
    }
    let mut found = BTreeMap::new();
    let mut keep = |variable: String, node: &Node| {
        if let Some(text) = node.text() {
            let source = Source::File(layer.name.clone());
            found.insert(variable, Found { value: text.into(), source });
        }
    };
    for (key, node) in tree.iter().flat_map(Node::table) {
        keep(key.to_uppercase(), node);
        for (chat, settings) in node.table() {
            for (key, node) in settings.table() {
                keep(chat_variable(chat, key), node);
            }
        }
    }
    Ok(found)
}
