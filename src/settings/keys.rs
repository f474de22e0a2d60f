//! The names of all settings, what each may be, and where its value comes from.
//!
//! To add one: its line in [`KEYS`], its field in [`super::Settings`], its comment in
//! `config/server.toml`.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::net::SocketAddr;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};

use super::SettingsError;
use crate::policy::shape::{Key, Shape, optional};
use crate::policy::tree::{self, Node, Problems};
use crate::policy::value::{Wrong, anything, unknown};
use crate::policy::{Layer, Problem};

/// Every key of `server.toml`; in capitals it is the environment variable. Checks here never show
/// a value that may be secret.
const KEYS: &[Key] = &[
    optional("database_url", Shape::Text(database_url)),
    optional("listen", Shape::Text(listen)),
    optional("port", Shape::Plain(number::<u16>)),
    optional("github_app_id", Shape::Plain(number::<u64>)),
    optional("github_private_key", Shape::Text(private_key)),
    optional("github_private_key_path", Shape::Text(anything)),
    optional("github_webhook_secret", Shape::Text(webhook_secret)),
    optional("github_token", Shape::Text(anything)),
    optional("github_api_url", Shape::Text(web_address)),
    optional("github_content_per_minute", Shape::Plain(number::<u32>)),
    optional("github_content_per_hour", Shape::Plain(number::<u32>)),
    optional("keydesk_public_url", Shape::Text(web_address)),
    optional("keydesk_session_key", Shape::Text(anything)),
    optional("github_oauth_client_id", Shape::Text(anything)),
    optional("github_oauth_client_secret", Shape::Text(anything)),
    optional("rust_log", Shape::Text(anything)),
    optional("keydesk_log", Shape::Word(LOG_FORMATS)),
    optional(CHAT_URL, Shape::Text(web_address)),
];

const SERVER: Shape = Shape::Table(KEYS);
const LOG_FORMATS: &[&str] = &["json", "text"];
const CHAT_URL: &str = "notify_*_url";

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
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
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
pub(super) fn webhook_secrets(text: &str) -> Vec<SecretString> {
    text.split(',')
        .map(str::trim)
        .filter(|secret| !secret.is_empty())
        .map(Into::into)
        .collect()
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

/// Checked values from file and environment, by the name of their variable.
pub(super) struct Values {
    found: BTreeMap<String, Found>,
}

struct Found {
    value: SecretString,
    from_environment: bool,
}

impl Values {
    /// Looks everything up; the environment wins.
    pub(super) fn read(
        layer: Option<&Layer>,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, Vec<SettingsError>> {
        let mut found = BTreeMap::new();
        let mut errors = Vec::new();
        match layer.map_or(Ok(BTreeMap::new()), file_values) {
            Ok(values) => found.extend(values.into_iter().map(|(name, value)| {
                (
                    name,
                    Found {
                        value,
                        from_environment: false,
                    },
                )
            })),
            Err(problems) => errors.extend(problems.into_iter().map(SettingsError::File)),
        }
        for key in KEYS.iter().filter(|key| key.name != CHAT_URL) {
            let name = key.name.to_uppercase();
            let Some(value) = environment(&name).filter(|value| !value.trim().is_empty()) else {
                continue;
            };
            match check_variable(key, &name, &value) {
                Ok(value) => drop(found.insert(
                    name,
                    Found {
                        value,
                        from_environment: true,
                    },
                )),
                Err(error) => errors.push(error),
            }
        }
        if errors.is_empty() {
            Ok(Self { found })
        } else {
            Err(errors)
        }
    }

    /// The text of a setting that is no secret.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.found
            .get(name)
            .map(|found| found.value.expose_secret().to_owned())
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
        self.text(name)
            .map(|url| url.trim_end_matches('/').to_owned())
    }

    /// Whether a value was set by an environment variable.
    pub(super) fn is_from_environment(&self, name: &str) -> bool {
        self.found
            .get(name)
            .is_some_and(|found| found.from_environment)
    }

    /// The chats' addresses of the file.
    pub(super) fn chat_urls(&self) -> BTreeMap<String, SecretString> {
        let chats = self.found.iter();
        chats
            .filter_map(|(name, found)| Some((chat_of(name)?, found.value.clone())))
            .collect()
    }
}

/// The chats' addresses among environment variables.
pub(super) fn chat_urls(
    variables: impl Iterator<Item = (OsString, OsString)>,
) -> Result<BTreeMap<String, SecretString>, Vec<SettingsError>> {
    let mut urls = BTreeMap::new();
    let mut errors = Vec::new();
    for (name, value) in variables {
        let Some((name, chat)) = name.to_str().and_then(|name| Some((name, chat_of(name)?))) else {
            continue;
        };
        let value = value.to_string_lossy();
        if value.trim().is_empty() {
            continue;
        }
        match web_address(value.trim()) {
            Ok(()) => drop(urls.insert(chat, value.trim().into())),
            Err(wrong) => errors.push(SettingsError::variable(name, wrong)),
        }
    }
    if errors.is_empty() {
        Ok(urls)
    } else {
        Err(errors)
    }
}

/// `NOTIFY_CHAT_URL` → `chat`.
fn chat_of(variable: &str) -> Option<String> {
    let chat = variable.strip_prefix("NOTIFY_")?.strip_suffix("_URL")?;
    (!chat.is_empty()).then(|| chat.to_lowercase())
}

fn check_variable(key: &Key, name: &str, value: &str) -> Result<SecretString, SettingsError> {
    let value = value.trim();
    let verdict = match key.shape {
        Shape::Word(words) => one_of(words, value),
        Shape::Text(check) | Shape::Plain(check) => check(value),
        // A variable is text, so no key of ours has these shapes.
        Shape::Table(_) | Shape::Named(..) | Shape::List(_) | Shape::Entries { .. } => Ok(()),
    };
    match verdict {
        Ok(()) => Ok(value.into()),
        Err(wrong) => Err(SettingsError::variable(name, wrong)),
    }
}

fn one_of(words: &[&'static str], value: &str) -> Result<(), Wrong> {
    if words.contains(&value) {
        return Ok(());
    }
    Err(unknown("value", value, words.iter().copied()))
}

/// The values of a `server.toml`, or everything that is wrong in it.
pub(super) fn file_values(layer: &Layer) -> Result<BTreeMap<String, SecretString>, Vec<Problem>> {
    let layers = [layer];
    let mut problems = Problems::new(&layers);
    let tree = tree::read(0, &SERVER, &mut problems);
    if !problems.is_empty() {
        return Err(problems.into_sorted());
    }
    let entries = tree.iter().flat_map(Node::table);
    let values = entries.filter_map(|(key, node)| Some((key.to_uppercase(), node.text()?.into())));
    Ok(values.collect())
}
