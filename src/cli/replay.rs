//! `keydesk replay`: handles a delivery again.

use std::path::PathBuf;

use clap::Args;

use super::Failure;
use super::database::{self, STORE_CURE};
use super::runtime::wait_for;
use super::serve::build;
use crate::engine::replay::{ReplayError, Replayed, replay_from_store};
use crate::github::CallError;
use crate::settings::Settings;

/// What to do where the store is in the way.
/// Who handles what waits.
pub(super) const WHO: &str =
    "a serving keydesk takes it up within seconds, or the next one started";

/// Handle a delivery again: one that was set aside from its own text, one that was handled or never
/// came from GitHub's log of the last three days. Safe: nothing is done twice.
#[derive(Args)]
#[command(after_help = "\
Example: keydesk replay 72d3162e-cc78-11e3-81ab-4c9367dc0958
It may run beside `keydesk serve`. The id stands in the log as `delivery.id`, on GitHub's page of the
App under Advanced, and a delivery that was set aside may be named by its row too.")]
pub struct Replay {
    /// GitHub's id of the delivery, or the number of its row
    #[arg(value_name = "DELIVERY_ID")]
    delivery: String,
    /// The configuration folder
    #[arg(long, value_name = "DIR")]
    config: Option<PathBuf>,
}

impl Replay {
    /// Has the delivery wait again and says what will happen.
    pub fn run(&self) -> Result<(), Failure> {
        let settings = Settings::from_environment(self.config.as_deref()).map_err(Failure::of)?;
        let replayed = wait_for(async {
            let store = database::open_existing(&settings).await?;
            let now = (store.clock())();
            let found = replay_from_store(&store, &self.delivery, now).await;
            match found.map_err(|error| Failure::new(error, STORE_CURE))? {
                Replayed::NotHere(row) => {
                    if settings.credentials.is_none() {
                        return Err(no_credentials(&self.delivery));
                    }
                    let engine = build(&settings, store.clone(), store.clock())?;
                    let fetched = engine.replay_from_log(&self.delivery, row).await;
                    fetched.map_err(|error| failure(&error))
                }
                here => Ok(here),
            }
        })?;
        match replayed {
            Replayed::WaitsAlready(row) => {
                println!("{} ({}) waits to be handled already", row.guid, row.event);
            }
            Replayed::TakenUp(row) => {
                let why = row.problem.unwrap_or_default();
                println!("{} ({}) was set aside: {why}", row.guid, row.event);
                println!("It waits again; {WHO}.");
            }
            Replayed::Fetched(guid) => {
                println!("{guid} was fetched from GitHub's log and waits again; {WHO}.");
                println!("What it led to before is not done again.");
            }
            Replayed::NotHere(_) => {}
        }
        Ok(())
    }
}

fn no_credentials(delivery: &str) -> Failure {
    Failure::new(
        format!(
            "the store has no text of the delivery {delivery}, and without credentials GitHub cannot be asked"
        ),
        "set GITHUB_APP_ID and GITHUB_PRIVATE_KEY (or GITHUB_PRIVATE_KEY_PATH) as for `keydesk serve`",
    )
}

fn failure(error: &ReplayError) -> Failure {
    let cure = match error {
        ReplayError::Call(CallError::Refused { .. }) => {
            "GitHub shows its log to an App alone: run it with the App's credentials; with a token what never came is found by the sweep of the issues"
        }
        ReplayError::Call(_) => "are GITHUB_API_URL and the credentials right? Then run it again",
        ReplayError::Store(_) => STORE_CURE,
        ReplayError::Unknown(_) => {
            "is the id whole? What is older is found by the sweep of the issues, or `keydesk import`"
        }
        ReplayError::Ours(_) => {
            "nothing need be done: what it told is in the ticket, see `keydesk explain`"
        }
        ReplayError::NoUse(_) => "nothing need be done",
    };
    Failure::new(error, cure)
}
