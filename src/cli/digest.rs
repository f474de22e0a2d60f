//! `keydesk digest`: what a repository's digest would tell now.

use std::path::PathBuf;

use clap::Args;

use super::database::{self, STORE_CURE};
use super::reload::read_rules;
use super::runtime::wait_for;
use super::{Failure, Format};
use crate::engine::digest::Digest as Made;
use crate::settings::Settings;

/// Show what a repository's digest would tell now.
#[derive(Args)]
#[command(after_help = "Example: keydesk digest pypi/support")]
pub struct Digest {
    /// The repository, as OWNER/REPO
    repository: String,
    /// The configuration folder
    #[arg(long, value_name = "DIR")]
    config: Option<PathBuf>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

impl Digest {
    /// Makes the digest as of now and prints it. Nothing is kept, and nobody is told.
    pub fn run(&self) -> Result<(), Failure> {
        let settings = Settings::from_environment(self.config.as_deref()).map_err(Failure::of)?;
        let rules = read_rules(&settings.folder).map_err(Failure::of)?;
        let composed = wait_for(async {
            let store = database::open_to_read(&settings).await?;
            let desks = store.list_desks().await.map_err(database::unusable)?;
            let is_meant = |name: String| name.eq_ignore_ascii_case(&self.repository);
            let desk = desks.into_iter().find(|desk| is_meant(desk.repository.full_name()));
            let Some(desk) = desk else { return Ok(None) };
            let in_force = rules.policies.of(&desk);
            let made = Made::compose(&store, &desk, &in_force.policy, (store.clock())()).await;
            made.map_err(database::unusable)
        })?;
        let digest = composed.ok_or_else(|| {
            Failure::new(format!("no request of {} is known", self.repository), STORE_CURE)
        })?;
        match self.format {
            Format::Text => println!("{}", digest.text()),
            Format::Json => {
                let json = serde_json::to_string(&digest).map_err(|error| {
                    Failure::new(error, "this is a fault of keydesk; please tell its makers")
                })?;
                println!("{json}");
            }
        }
        Ok(())
    }
}
