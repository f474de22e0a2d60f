//! The configuration folder: which files it has, and reading and checking them.
//!
//! `policy.toml` and `forms/*.toml` are laid over what is built in; `server.toml` holds what one
//! installation needs. A file that is not there is no fault.

use std::io;
use std::path::{Path, PathBuf};

use crate::policy::{self, Layer, Problem};
use crate::settings::Settings;

/// The folder that `serve` takes when none is named, if it is there.
pub const DEFAULT_FOLDER: &str = "config";

const POLICY_FILE: &str = "policy.toml";
const SERVER_FILE: &str = "server.toml";
const FORMS_FOLDER: &str = "forms";

/// What a check of files found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checked {
    /// Files that were looked at, as people see them.
    pub files: Vec<String>,
    /// Everything that is wrong in them.
    pub problems: Vec<Problem>,
}

/// The operator's layers of policy: `policy.toml`, if the folder has it.
pub fn load_policy_layers(config_dir: Option<&Path>) -> io::Result<Vec<Layer>> {
    let Some(folder) = config_dir else {
        return Ok(Vec::new());
    };
    Ok(load_if_there(&folder.join(POLICY_FILE))?
        .into_iter()
        .collect())
}

/// `server.toml`, if the folder has it.
pub fn load_server_layer(config_dir: Option<&Path>) -> io::Result<Option<Layer>> {
    config_dir.map_or(Ok(None), |folder| load_if_there(&folder.join(SERVER_FILE)))
}

/// The forms of the folder, `forms/*.toml`, in the order of their names.
pub fn load_forms(config_dir: Option<&Path>) -> io::Result<Vec<Layer>> {
    let Some(folder) = config_dir.map(|folder| folder.join(FORMS_FOLDER)) else {
        return Ok(Vec::new());
    };
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let entries = folder.read_dir().map_err(|error| named(&folder, &error))?;
    let mut paths = entries
        .map(|entry| Ok(entry?.path()))
        .collect::<io::Result<Vec<PathBuf>>>()
        .map_err(|error| named(&folder, &error))?;
    paths.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "toml")
    });
    paths.sort();
    paths.iter().map(|path| load(path)).collect()
}

/// Checks configuration folders and single files: a file called `server.toml` as settings, any
/// other as a policy. An error is a path that cannot be read; what is wrong inside is `problems`.
pub fn check(paths: &[PathBuf]) -> io::Result<Checked> {
    let mut checked = Checked::default();
    for path in paths {
        if path.is_dir() {
            for layer in load_policy_layers(Some(path))? {
                checked.add(layer, check_policy);
            }
            if let Some(layer) = load_server_layer(Some(path))? {
                checked.add(layer, Settings::check_file);
            }
        } else if path.file_name().is_some_and(|name| name == SERVER_FILE) {
            checked.add(load(path)?, Settings::check_file);
        } else {
            checked.add(load(path)?, check_policy);
        }
    }
    Ok(checked)
}

impl Checked {
    fn add(&mut self, layer: Layer, check: impl Fn(&Layer) -> Vec<Problem>) {
        self.problems.extend(check(&layer));
        self.files.push(layer.name);
    }
}

fn check_policy(layer: &Layer) -> Vec<Problem> {
    policy::layers::merge(std::slice::from_ref(layer))
        .err()
        .unwrap_or_default()
}

fn load_if_there(path: &Path) -> io::Result<Option<Layer>> {
    match load(path) {
        Ok(layer) => Ok(Some(layer)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn load(path: &Path) -> io::Result<Layer> {
    let text = std::fs::read_to_string(path).map_err(|error| named(path, &error))?;
    Ok(Layer {
        name: path.display().to_string(),
        text,
    })
}

/// The same error with the name of the file it is about.
fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(
        error.kind(),
        format!("cannot read {}: {error}", path.display()),
    )
}
