//! `keydesk check`: tells every mistake in configuration and texts.

use std::path::{Path, PathBuf};

use clap::Args;

use super::Failure;
use super::forms::form as form_of;
use super::pages::layout;
use super::reload::{read_texts, wrong_texts};
use crate::policy::layers::{self, Layer, Problem};
use crate::policy::{Policy, kinds};
use crate::settings::{ACCOUNT_RECOVERY_FILE, ConfigFolder, Environment, Settings, read_layer};

/// Check configuration and texts.
#[derive(Args)]
#[command(after_help = "Example: keydesk check .github/keydesk.toml")]
pub struct Check {
    /// Configuration folders, or policy files such as .github/keydesk.toml, which are laid over the
    /// folders' policies; without one, `config/` if it is there
    paths: Vec<PathBuf>,
}

impl Check {
    /// Checks each path.
    pub fn run(&self) -> Result<(), Failure> {
        let default = vec![PathBuf::from("config")];
        let paths = if self.paths.is_empty() { &default } else { &self.paths };
        if self.paths.is_empty() && !default[0].is_dir() {
            println!("there is no folder `config`; what is built in is all right");
            return Ok(());
        }
        let base = paths.iter().filter_map(|path| ConfigFolder::read(path).ok());
        let base: Vec<Layer> = base.flat_map(|folder| folder.layers).collect();
        let problems: Vec<String> = paths.iter().flat_map(|path| check(path, &base)).collect();
        if !problems.is_empty() {
            return Err(Failure::of(problems));
        }
        for path in paths {
            println!("{}: all right", path.display());
        }
        Ok(())
    }
}

fn check(path: &Path, base: &[Layer]) -> Vec<String> {
    if path.is_dir() { check_folder(path) } else { check_file(path, base) }
}

fn check_file(path: &Path, base: &[Layer]) -> Vec<String> {
    let layer = match read_layer(path) {
        Ok(Some(layer)) => layer,
        Ok(None) => {
            let name = path.display();
            return vec![format!(
                "{name}: there is no such file\nhelp: name a policy file or a configuration folder"
            )];
        }
        Err(problems) => return in_words(&problems),
    };
    if path.ends_with("server.toml") {
        return in_words(&Settings::check_file(&layer));
    }
    if is_form(path) {
        return check_form(path, layer);
    }
    let name = layer.name.clone();
    let below = base.iter().filter(|below| below.name != name).cloned();
    let layers: Vec<Layer> = below.chain([layer]).collect();
    let mut problems = layers::merge(&layers).err().unwrap_or_default();
    // Those of the folders are told where the folders are checked.
    problems.retain(|problem| problem.file == name);
    in_words(&problems)
}

/// Whether a file stands where forms do.
fn is_form(path: &Path) -> bool {
    path.parent().and_then(Path::file_name).is_some_and(|folder| folder == "forms")
}

/// A form by itself. Whether its texts are there only the folder tells.
fn check_form(path: &Path, layer: Layer) -> Vec<String> {
    let (form, kinds) = match path.ends_with(ACCOUNT_RECOVERY_FILE) {
        true => (Some(layer), Vec::new()),
        false => (None, vec![layer]),
    };
    if let Err(wrong) = kinds::read(&kinds) {
        return in_words(&wrong);
    }
    let folder = ConfigFolder { form, kinds, ..ConfigFolder::default() };
    form_of(&folder).err().iter().flat_map(Failure::lines).collect()
}

fn check_folder(path: &Path) -> Vec<String> {
    let folder = match ConfigFolder::read(path) {
        Ok(folder) => folder,
        Err(problems) => return in_words(&problems),
    };
    let mut problems = Vec::new();
    if let Err(wrong) = Settings::load(Some(path), &Environment::new()) {
        problems.extend(in_words(&wrong));
    }
    let (policy, kinds) = (layers::merge(&folder.layers), kinds::read(&folder.kinds));
    for wrong in [policy.as_ref().err(), kinds.as_ref().err()].into_iter().flatten() {
        problems.extend(in_words(wrong));
    }
    let policy = policy.map(|policy| Policy { kinds: kinds.unwrap_or_default(), ..policy });
    let failures = [form_of(&folder).err(), layout(&folder).err()];
    problems.extend(failures.iter().flatten().flat_map(Failure::lines));
    let texts = match read_texts(&folder) {
        Ok(guidance) => guidance,
        Err(broken) => {
            problems.extend(broken);
            return problems;
        }
    };
    problems.extend(policy.iter().flat_map(|policy| wrong_texts(&folder, &texts, policy)));
    problems
}

fn in_words(problems: &[Problem]) -> Vec<String> {
    problems.iter().map(ToString::to_string).collect()
}
