//! `keydesk retry`: what was given up or set aside of a ticket is tried again.

use std::path::PathBuf;

use clap::Args;

use super::Failure;
use super::database::{self, STORE_CURE};
use super::explain::parse_ticket;
use super::replay::WHO;
use super::runtime::wait_for;
use crate::settings::Settings;

/// Try again what was given up or set aside of a ticket. Safe: nothing is done twice.
#[derive(Args)]
#[command(after_help = "\
Example: keydesk retry pypi/support#1234
It may run beside `keydesk serve`. `keydesk explain` shows what was given up, and why; mend that first.")]
pub struct Retry {
    /// The ticket, as OWNER/REPO#NUMBER
    ticket: String,
    /// The configuration folder
    #[arg(long, value_name = "DIR")]
    config: Option<PathBuf>,
}

impl Retry {
    /// Has it wait again and says how much there was.
    pub fn run(&self) -> Result<(), Failure> {
        let ticket = parse_ticket(&self.ticket)?;
        let settings = Settings::from_environment(self.config.as_deref()).map_err(Failure::of)?;
        let retried = wait_for(async {
            let store = database::open_existing(&settings).await?;
            let now = (store.clock())();
            store.retry_ticket(ticket, now).await.map_err(database::unusable)
        })?;
        let unknown = || Failure::new(format!("no ticket {} is known", self.ticket), STORE_CURE);
        let retried = retried.ok_or_else(unknown)?;
        if retried.actions + retried.deliveries == 0 {
            println!("{}: nothing was given up or set aside", self.ticket);
            return Ok(());
        }
        println!(
            "{}: {} actions that were given up and {} deliveries that were set aside wait again; {WHO}.",
            self.ticket, retried.actions, retried.deliveries
        );
        Ok(())
    }
}
