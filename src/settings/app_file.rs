//! `credentials.toml`: the App that was made by set-up mode, kept beside the SQLite file.
//!
//! It is read where neither environment nor `server.toml` holds a key or a token of its own, so that
//! parts of two Apps are never mixed; single values of it give way to both.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};

use super::values::Values;
use super::{Problem, Wrong, read_layer};
use crate::store::Address;

/// Its name.
pub const CREDENTIALS_FILE: &str = "credentials.toml";

/// What may stand in it.
const NAMES: [&str; 6] = [
    "GITHUB_APP_ID",
    "GITHUB_PRIVATE_KEY",
    "GITHUB_WEBHOOK_SECRET",
    "GITHUB_OAUTH_CLIENT_ID",
    "GITHUB_OAUTH_CLIENT_SECRET",
    "KEYDESK_SESSION_KEY",
];

/// Whoever says one of these elsewhere has credentials of their own.
const OWN: [&str; 3] = ["GITHUB_PRIVATE_KEY", "GITHUB_PRIVATE_KEY_PATH", "GITHUB_TOKEN"];

const HEAD: &str = "\
# The GitHub App of this desk, as /setup made it. All of it is secret: it belongs into no repository,
# and only the bot should be able to read it. The environment and server.toml win.
";

/// The settings of an App, by the names of their variables.
pub type AppSettings = Vec<(&'static str, SecretString)>;

/// Where the file lies for a database; nowhere for one on a server.
pub fn credentials_path(database: &Address) -> Option<PathBuf> {
    match database {
        Address::File(path) if path.as_os_str() == ":memory:" => None,
        Address::File(path) => Some(path.with_file_name(CREDENTIALS_FILE)),
        Address::Server(_) => None,
    }
}

/// Adds what stands in the file to what was said elsewhere.
pub(super) fn add(values: &mut Values) -> Result<(), Vec<Problem>> {
    let address = values.secret("DATABASE_URL");
    // A wrong address is told of where the database is opened.
    let address = address.and_then(|url| Address::parse(url.expose_secret()).ok());
    let Some(path) = address.as_ref().and_then(credentials_path) else { return Ok(()) };
    if OWN.iter().any(|name| values.is_given(name)) {
        return Ok(());
    }
    let Some(layer) = read_layer(&path)? else { return Ok(()) };
    let other = values.fill_from(&layer, &NAMES)?;
    let cure = "move it to server.toml; only the App's credentials stand in this file";
    let problem = |name: String| {
        let what = format!("`{}` has no place here", name.to_lowercase());
        Problem::of(&layer.name, Wrong::new(what).with_cure(cure))
    };
    let problems: Vec<Problem> = other.into_iter().map(problem).collect();
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// Writes the file, whole or not at all, for nobody else to read. One that is there stays.
///
/// # Errors
/// Where it is there already, or cannot be written.
pub fn write_credentials(path: &Path, app: &AppSettings) -> io::Result<()> {
    if fs::symlink_metadata(path).is_ok() {
        return Err(io::Error::new(io::ErrorKind::AlreadyExists, "the file is there already"));
    }
    let lines = app.iter().map(|(name, value)| {
        let value = value.expose_secret();
        match value.parse::<u64>() {
            Ok(number) if *name == "GITHUB_APP_ID" => {
                format!("{} = {number}\n", name.to_lowercase())
            }
            _ => format!("{} = {}\n", name.to_lowercase(), toml::Value::from(value)),
        }
    });
    let text = HEAD.to_owned() + &lines.collect::<String>();
    let new = path.with_extension("toml.new");
    // What an earlier attempt left.
    match fs::remove_file(&new) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new)?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    let kept = written.and_then(|()| fs::rename(&new, path));
    if let Err(error) = kept {
        // Nothing more can be done about it.
        let _ = fs::remove_file(&new);
        return Err(error);
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}
