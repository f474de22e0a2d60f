//! `keydesk import`: takes an existing tracker's history in.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use serde_json::json;

use super::database;
use super::progress::Progress;
use super::runtime::wait_for;
use super::serve::build;
use super::{Failure, Format};
use crate::engine::import::{ImportError, Imported, News, Overdue};
use crate::github::CallError;
use crate::settings::Settings;
use crate::store::Store;

/// Take an existing tracker's history in, so that turns, clocks and waiting times are right from
/// day one. Writes nothing to GitHub.
#[derive(Args)]
#[command(after_help = "\
Example: GITHUB_TOKEN=… keydesk import pypi/support
It may run beside `keydesk serve`. Stopped at any moment and run again it goes on where it was; run
again later it asks only for what has changed.")]
pub struct Import {
    /// The repository
    #[arg(value_name = "OWNER/REPO", value_parser = repository_name)]
    repository: String,
    /// Let the bot take the steps that are overdue already, so many an hour; else they are only told
    #[arg(long)]
    escalate: bool,
    /// The configuration folder
    #[arg(long, value_name = "DIR")]
    config: Option<PathBuf>,
    /// How to print what was done
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// What an import did and what it took.
struct Summary {
    done: Imported,
    calls: u64,
    unchanged: u64,
    seconds: i64,
}

impl Import {
    /// Takes the history in and says what was done.
    pub fn run(&self) -> Result<(), Failure> {
        let settings = Settings::from_environment(self.config.as_deref()).map_err(Failure::of)?;
        super::logging::start(settings.has_json_logs, settings.log_filter.as_deref());
        if settings.credentials.is_none() {
            let cure = "set GITHUB_TOKEN, or GITHUB_APP_ID and GITHUB_PRIVATE_KEY (or GITHUB_PRIVATE_KEY_PATH)";
            return Err(Failure::new("there are no GitHub credentials", cure));
        }
        let summary = wait_for(async {
            let store = database::open_beside(&settings).await?;
            self.import(&settings, store).await
        })?;
        match self.format {
            Format::Text => self.print_text(&summary),
            Format::Json => self.print_json(&summary),
        }
        Ok(())
    }

    async fn import(&self, settings: &Settings, store: Store) -> Result<Summary, Failure> {
        let clock = store.clock();
        let engine = build(settings, store, clock)?;
        let progress = Arc::new(Progress::new());
        let shown = progress.clone();
        let tell = Arc::new(move |news| show(&shown, news));
        let overdue = if self.escalate { Overdue::Done } else { Overdue::Withheld };
        let began = engine.now();
        let imported = engine.import(&self.repository, overdue, tell).await;
        progress.end();
        let done = imported.map_err(|error| self.failure(&error))?;
        let (calls, unchanged) = engine.metrics().request_counts();
        let seconds = engine.now().duration_since(began).as_secs();
        Ok(Summary { done, calls, unchanged, seconds })
    }

    fn failure(&self, error: &ImportError) -> Failure {
        let again = "run it again: it goes on where it stopped";
        let cure = match error {
            ImportError::NotThere(_) => {
                "is the name right, as OWNER/REPO? A private repository needs credentials that may read it, and an App must be installed there"
            }
            ImportError::Call(CallError::Refused { status: 401 | 403, .. }) => {
                "the credentials need the permissions `issues: read`, `metadata: read` and `contents: read` in this repository"
            }
            ImportError::Call(CallError::Refused { status: 404, .. }) => {
                "may the credentials read this repository, and is the App installed there?"
            }
            ImportError::Call(CallError::Refused { status: 410, .. }) => {
                "issues are switched off in this repository"
            }
            ImportError::Call(CallError::Unreachable(_)) => {
                "are GITHUB_API_URL and the credentials right? Then run it again: it goes on where it stopped"
            }
            ImportError::Call(_) | ImportError::Circle(_) => again,
            ImportError::Store(_) => {
                "is the database whole and writable? Then run it again: it goes on where it stopped"
            }
        };
        Failure::new(format!("{}: {error}", self.repository), cure)
    }

    fn print_text(&self, summary: &Summary) {
        let Summary { done, calls, unchanged, seconds } = summary;
        let Imported { issues, open, closed, overdue } = done;
        println!("{}: {issues} issues looked at", self.repository);
        println!("  tickets taken in: {open} open, {closed} closed");
        if *overdue > 0 && self.escalate {
            println!("  overdue: {overdue}; the bot takes their steps, so many an hour");
        } else if *overdue > 0 {
            println!(
                "  overdue: {overdue}; their steps are withheld, `--escalate` lets them be taken"
            );
        }
        println!("  calls to GitHub: {calls}, {unchanged} of them for what had not changed");
        println!("  time: {}", in_words(*seconds));
        if *issues == 0 && *overdue == 0 {
            println!("Nothing has changed since the last import.");
        }
    }

    fn print_json(&self, summary: &Summary) {
        let Summary { done, calls, unchanged, seconds } = summary;
        let tickets = json!({"open": done.open, "closed": done.closed});
        println!(
            "{}",
            json!({
                "repository": self.repository,
                "issues": done.issues,
                "tickets": tickets,
                "overdue": done.overdue,
                "is_withheld": !self.escalate,
                "calls": calls,
                "unchanged": unchanged,
                "seconds": seconds,
            })
        );
    }
}

fn repository_name(text: &str) -> Result<String, String> {
    let parts: Vec<&str> = text.split('/').collect();
    let is_part = |part: &&str| {
        let is_known = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
        !part.is_empty() && !matches!(*part, "." | "..") && part.chars().all(is_known)
    };
    let is_name = parts.len() == 2 && parts.iter().all(is_part);
    is_name.then(|| text.to_owned()).ok_or_else(|| "write it as OWNER/REPO".to_owned())
}

fn show(progress: &Progress, news: News) {
    match news {
        News::Read(what, count) => progress.count(&format!("reading {what}"), count),
        News::TakenIn(done, all) => progress.bar("taking in", (done, all)),
        News::Waiting(pause) => {
            progress.say(&format!(
                "GitHub asks to wait, or does not answer: {}",
                pause_in_words(pause)
            ));
        }
    }
}

fn pause_in_words(pause: Duration) -> String {
    format!("on in {}", in_words(i64::try_from(pause.as_secs()).unwrap_or(i64::MAX)))
}

fn in_words(seconds: i64) -> String {
    match seconds {
        ..120 => format!("{seconds} s"),
        _ => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}
