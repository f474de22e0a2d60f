//! `keydesk check`: tells every mistake in configuration and texts.

use std::path::{Path, PathBuf};

use clap::Args;

use super::Failure;
use crate::guidance::Guidance;
use crate::policy::layers::{self, Layer};
use crate::reading::form::Form;
use crate::settings::{Environment, Settings};

/// Check configuration and texts.
#[derive(Args)]
#[command(after_help = "Example: keydesk check .github/keydesk.toml")]
pub struct Check {
    /// Configuration folders, or policy files such as .github/keydesk.toml; `config/` without one
    paths: Vec<PathBuf>,
}

impl Check {
    /// Checks each path.
    pub fn run(&self) -> Result<(), Failure> {
        let default = vec![PathBuf::from("config")];
        let paths = if self.paths.is_empty() { &default } else { &self.paths };
        let problems: Vec<String> = paths.iter().flat_map(|path| check(path)).collect();
        if !problems.is_empty() {
            return Err(Failure::of(problems));
        }
        for path in paths {
            println!("{}: all right", path.display());
        }
        Ok(())
    }
}

fn check(path: &Path) -> Vec<String> {
    if path.is_dir() { check_folder(path) } else { check_policy(path) }
}

fn check_policy(path: &Path) -> Vec<String> {
    let name = path.display().to_string();
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => {
            return vec![format!(
                "{name}: {error}\nhelp: name a policy file or a configuration folder"
            )];
        }
    };
    in_words(layers::merge(&[Layer { name, text }]).err())
}

fn check_folder(folder: &Path) -> Vec<String> {
    let settings = match Settings::load(Some(folder), &Environment::new()) {
        Ok(settings) => settings,
        Err(problems) => return in_words(Some(problems)),
    };
    let mut problems = in_words(layers::merge(&settings.folder.layers).err());
    if let Some(layer) = &settings.folder.form
        && let Err(error) = Form::parse(&layer.text)
    {
        problems.push(format!("{}: {error}", layer.name));
    }
    let texts = match Guidance::load(settings.folder.templates.as_deref()) {
        Ok(guidance) => guidance,
        Err(broken) => {
            problems.extend(broken.iter().map(ToString::to_string));
            return problems;
        }
    };
    let policy = layers::merge(&settings.folder.layers);
    for reply in policy.iter().flat_map(|policy| &policy.replies) {
        if !texts.has(&reply.template) {
            problems.push(format!(
                "the reply `{}` names the text `{}`, which is not there\nhelp: add templates/comments/{}.md to the folder",
                reply.command, reply.template, reply.template,
            ));
        }
    }
    problems
}

fn in_words(problems: Option<Vec<layers::Problem>>) -> Vec<String> {
    problems.iter().flatten().map(ToString::to_string).collect()
}
