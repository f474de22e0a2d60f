//! Reads a live tracker with the credentials of `serve`.

use std::path::Path;

use super::Failure;
use crate::cli::progress::Progress;
use crate::cli::runtime::wait_for;
use crate::cli::serve::build;
use crate::clock;
use crate::engine::simulate::Tracker;
use crate::github::{CallError, Identity};
use crate::settings::Settings;
use crate::store::Store;

/// Whether this is written as OWNER/REPO, and not as a path to a file.
pub(super) fn is_name(from: &str) -> bool {
    let is_part = |part: &str| {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        !part.is_empty() && !part.starts_with('.') && part.bytes().all(is_plain)
    };
    let Some((owner, name)) = from.split_once('/') else { return false };
    let is_export = name.ends_with(".jsonl") || name.ends_with(".json");
    is_part(owner) && is_part(name) && !is_export && !Path::new(owner).is_dir()
}

/// Who we are there, and everything that happened.
pub(super) fn read(name: &str, config: Option<&Path>) -> Result<(Identity, Tracker), Failure> {
    let settings = Settings::from_environment(config).map_err(Failure::of)?;
    if settings.credentials.is_none() {
        let cure = "set GITHUB_TOKEN, or GITHUB_APP_ID and GITHUB_PRIVATE_KEY; a file needs none";
        return Err(Failure::new("there are no GitHub credentials", cure));
    }
    let store = Store::in_memory().map_err(|error| Failure::new(error, "start it again"))?;
    wait_for(async {
        let engine = build(&settings, store, clock::system())?;
        let progress = Progress::new();
        let read = engine.read_past(name, &|what, count| progress.count(what, count)).await;
        progress.end();
        read.map_err(|error| unread(name, &error))
    })
}

fn unread(name: &str, error: &CallError) -> Failure {
    let cure = match error {
        CallError::Refused { status: 404, .. } => {
            "is it written OWNER/REPO, and may these credentials see it? Or name a file"
        }
        CallError::Refused { .. } => "are the credentials those of the bot?",
        CallError::Limited { .. } | CallError::Unreachable(_) | CallError::Unclear(_) => {
            "look at the network and at GITHUB_API_URL, and start it again"
        }
    };
    Failure::new(format!("{name}: {error}"), cure)
}
