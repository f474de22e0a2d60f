//! Reads texts and policies of the operator's folder, and again on SIGHUP. What is broken is told, and the old stays in force.

use std::fmt::Display;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::signal::unix::{SignalKind, signal};

use crate::engine::{Engine, Policies, Rules};
use crate::guidance::Guidance;
use crate::settings::{ConfigFolder, Settings};

/// Reloads texts and policy at each SIGHUP, until the task is dropped.
pub(super) async fn reload_when_told(engine: Arc<Engine>, folder: Option<PathBuf>) {
    let Ok(mut told) = signal(SignalKind::hangup()) else {
        tracing::warn!("SIGHUP can't be heard here; a changed folder needs a new start");
        return;
    };
    while told.recv().await.is_some() {
        match read(folder.clone()) {
            Ok(rules) => match engine.put_in_force(rules).await {
                Ok(()) => tracing::info!("texts and policy were read again"),
                Err(error) => {
                    tracing::error!(%error, "tickets could not be told of the new policy")
                }
            },
            Err(problems) => {
                for problem in problems {
                    tracing::error!(problem, "not read again; the old texts and policy stay");
                }
            }
        }
    }
}

fn read(folder: Option<PathBuf>) -> Result<Rules, Vec<String>> {
    let settings = Settings::from_environment(folder.as_deref()).map_err(|all| lines(&all))?;
    read_rules(&settings.folder)
}

/// Texts and policies of the operator's folder, or everything that is wrong with them.
pub(super) fn read_rules(folder: &ConfigFolder) -> Result<Rules, Vec<String>> {
    let guidance = Guidance::load(folder.templates.as_deref()).map_err(|all| lines(&all))?;
    let policies = Policies::new(folder.layers.clone()).map_err(|all| lines(&all))?;
    let missing = guidance.missing_for(&policies.base());
    if missing.is_empty() { Ok(Rules { guidance, policies }) } else { Err(missing) }
}

fn lines<P: Display>(problems: &[P]) -> Vec<String> {
    problems.iter().map(ToString::to_string).collect()
}
