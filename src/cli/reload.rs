//! Reads the operator's folder, and again on SIGHUP: policy, texts, form and the addresses of chats.
//! What is broken is told, and the old stays in force; what needs a new start is named.

use std::fmt::Display;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::signal::unix::{SignalKind, signal};

use super::forms::form;
use super::serve::chats;
use crate::engine::{Engine, Policies, Reloaded, Rules};
use crate::guidance::{Guidance, TemplateProblem};
use crate::policy::{Policy, kinds};
use crate::settings::{ConfigFolder, Settings};

/// Settings whose change is taken over: the chats'.
const TAKEN_OVER: &str = "NOTIFY_";

/// Reloads the folder at each SIGHUP, until the task is dropped.
pub(super) async fn reload_when_told(
    engine: Arc<Engine>,
    folder: Option<PathBuf>,
    at_start: Settings,
) {
    let Ok(mut told) = signal(SignalKind::hangup()) else {
        tracing::warn!("SIGHUP can't be heard here; a changed folder needs a new start");
        return;
    };
    while told.recv().await.is_some() {
        let read = Settings::from_environment(folder.as_deref()).map_err(|all| lines(&all));
        match read.and_then(|settings| Ok((read_folder(&settings)?, settings))) {
            Ok((reloaded, settings)) => {
                match engine.put_in_force(reloaded).await {
                    Ok(()) => tracing::info!("texts and policy were read again"),
                    Err(error) => {
                        tracing::error!(%error, "tickets could not be told of the new policy")
                    }
                }
                name_the_rest(&at_start, &settings);
            }
            Err(problems) => {
                engine.set_folder_problem(Some(problems.join("\n")));
                for problem in problems {
                    tracing::error!(problem, "not read again; the old texts and policy stay");
                }
            }
        }
    }
}

/// Names the settings that are as they were at the start until the next one.
fn name_the_rest(at_start: &Settings, settings: &Settings) {
    let mut changed = at_start.differences(settings);
    changed.retain(|name| !name.starts_with(TAKEN_OVER));
    if !changed.is_empty() {
        let changed = changed.join(", ");
        tracing::warn!(changed, "these settings count from the next start");
    }
}

fn read_folder(settings: &Settings) -> Result<Reloaded, Vec<String>> {
    let rules = read_rules(&settings.folder)?;
    let form = form(&settings.folder).map_err(|failure| failure.lines())?;
    let chats = chats(settings, &rules);
    Ok(Reloaded { rules, form, chats })
}

/// Texts and policies of the operator's folder, or everything that is wrong with them.
pub(super) fn read_rules(folder: &ConfigFolder) -> Result<Rules, Vec<String>> {
    let guidance = read_texts(folder)?;
    let kinds = kinds::read(&folder.kinds).map_err(|all| lines(&all))?;
    let policies = Policies::new(folder.layers.clone()).map_err(|all| lines(&all))?;
    let policies = policies.with_kinds(kinds);
    let wrong = wrong_texts(folder, &guidance, &policies.base());
    if wrong.is_empty() { Ok(Rules { guidance, policies }) } else { Err(wrong) }
}

/// What a policy and its kinds name that there is no text for, and what does not work in the texts
/// of kinds.
pub(super) fn wrong_texts(
    folder: &ConfigFolder,
    guidance: &Guidance,
    policy: &Policy,
) -> Vec<String> {
    let mut wrong = guidance.missing_for(policy);
    wrong.extend(lines(&placed(folder, guidance.check_kinds(policy))));
    wrong
}

/// Problems with their files as one finds them.
fn placed(folder: &ConfigFolder, mut problems: Vec<TemplateProblem>) -> Vec<TemplateProblem> {
    for problem in &mut problems {
        let path = folder.templates.as_deref().map(|templates| templates.join(&problem.file));
        if let Some(path) = path.filter(|path| path.is_file()) {
            problem.file = path.display().to_string();
        }
    }
    problems
}

/// The texts, those of the operator's folder in the place of ours; or everything that is wrong with
/// them, each with its file as one finds it.
pub(super) fn read_texts(folder: &ConfigFolder) -> Result<Guidance, Vec<String>> {
    let texts = Guidance::load(folder.templates.as_deref());
    texts.map_err(|problems| lines(&placed(folder, problems)))
}

fn lines<P: Display>(problems: &[P]) -> Vec<String> {
    problems.iter().map(ToString::to_string).collect()
}
