//! `keydesk serve --print-config`: the configuration in force, each value with its source. The page
//! of operations shows the same.

use std::path::Path;

use serde::Serialize;

use super::forms::form;
use super::report::print;
use super::{Failure, Format, reload};
use crate::policy::layers::{self, Sourced};
use crate::settings::{ConfigFolder, Settings, ShownSetting};

/// What a secret is shown as.
const SET: &str = "set";

/// Everything in force where a process starts.
#[derive(Serialize)]
struct Configuration {
    settings: Vec<Setting>,
    /// What is a file of its own: the form, the texts, the pages.
    files: Vec<Setting>,
    policy: Vec<Sourced>,
}

#[derive(Serialize)]
struct Setting {
    name: String,
    value: String,
    is_secret: bool,
    source: String,
}

impl Setting {
    fn of(shown: &ShownSetting) -> Self {
        Self {
            name: shown.name.clone(),
            value: shown.value.clone().unwrap_or_else(|| SET.to_owned()),
            is_secret: shown.value.is_none(),
            source: shown.source.clone(),
        }
    }

    fn file(name: &str, source: Option<String>) -> Self {
        let value = if source.is_some() { "replaced or added to" } else { "as shipped" };
        Self {
            name: name.to_owned(),
            value: value.to_owned(),
            is_secret: false,
            source: source.unwrap_or_else(|| "built in".to_owned()),
        }
    }
}

/// Prints the configuration that these settings name.
///
/// # Errors
/// What is wrong with the files of the folder.
pub(super) fn show(settings: &Settings, format: Format) -> Result<(), Failure> {
    reload::read_rules(&settings.folder).map_err(Failure::of)?;
    form(&settings.folder)?;
    let folder = &settings.folder;
    let path = |path: &Option<std::path::PathBuf>| {
        path.as_deref().map(Path::display).map(|path| path.to_string())
    };
    let configuration = Configuration {
        settings: settings.shown.iter().map(Setting::of).collect(),
        files: vec![
            Setting::file("form", folder.form.as_ref().map(|layer| layer.name.clone())),
            Setting::file("other kinds of requests", kinds(folder)),
            Setting::file("texts", path(&folder.templates)),
            Setting::file("staff pages", path(&folder.pages)),
        ],
        policy: layers::sources(&folder.layers),
    };
    match format {
        Format::Text => print(&configuration.text()),
        Format::Json => {
            let json = serde_json::to_string(&configuration).map_err(|error| {
                Failure::new(error, "this is a fault of keydesk; please tell its makers")
            })?;
            print(&format!("{json}\n"))
        }
    }
}

/// The files of other kinds of requests, if there are any.
fn kinds(folder: &ConfigFolder) -> Option<String> {
    let names: Vec<&str> = folder.kinds.iter().map(|layer| layer.name.as_str()).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

impl Configuration {
    fn text(&self) -> String {
        let row = |one: &Setting| [one.name.clone(), one.value.clone(), one.source.clone()];
        let policy = self.policy.iter();
        let policy = policy.map(|one| [one.key.clone(), one.value.clone(), one.source.clone()]);
        format!(
            "Settings\n{}\nFiles\n{}\n\
             Policy; a repository's own .github/keydesk.toml is laid over it, see /operations\n{}",
            table(self.settings.iter().map(row)),
            table(self.files.iter().map(row)),
            table(policy),
        )
    }
}

/// Lines in columns. A long value keeps its line to itself.
fn table(rows: impl Iterator<Item = [String; 3]>) -> String {
    const VALUE_WIDTH: usize = 40;
    let rows: Vec<[String; 3]> = rows.collect();
    let width = rows.iter().map(|[name, ..]| name.chars().count()).max().unwrap_or_default();
    let line = |[name, value, source]: &[String; 3]| {
        format!("  {name:width$}  {value:VALUE_WIDTH$}  {source}\n")
    };
    rows.iter().map(line).collect()
}
