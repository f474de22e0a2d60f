//! `keydesk erase`: a ticket or a person is forgotten.

use std::path::PathBuf;

use clap::Args;

use super::Failure;
use super::database::{self, STORE_CURE};
use super::explain::parse_ticket;
use super::runtime::wait_for;
use crate::settings::Settings;
use crate::triage::Login;

/// Forget a person or a ticket, for good. What is on GitHub stays there.
#[derive(Args)]
#[command(after_help = "\
Examples: keydesk erase ada-lovelace
          keydesk erase pypi/support#1234
It may run beside `keydesk serve`. The desk leaves erased requests alone from then on; whoever needs
help again files a new one. Backups are not touched.")]
pub struct Erase {
    /// Who or what: a login on GitHub, or a ticket as OWNER/REPO#NUMBER
    #[arg(value_name = "LOGIN|OWNER/REPO#NUMBER")]
    subject: String,
    /// The configuration folder
    #[arg(long, value_name = "DIR")]
    config: Option<PathBuf>,
}

/// Whom or what to forget.
enum Subject {
    Ticket((String, u64)),
    Person(Login),
}

impl Erase {
    /// Forgets it and says how much there was.
    pub fn run(&self) -> Result<(), Failure> {
        let subject = self.subject()?;
        let settings = Settings::from_environment(self.config.as_deref()).map_err(Failure::of)?;
        wait_for(async {
            let store = database::open_existing(&settings).await?;
            let now = (store.clock())();
            match subject {
                Subject::Ticket(ticket) => {
                    let erased =
                        store.erase_ticket(ticket, now).await.map_err(database::unusable)?;
                    let unknown =
                        || Failure::new(format!("no ticket {} is known", self.subject), STORE_CURE);
                    println!("{} is erased.", erased.ok_or_else(unknown)?);
                }
                Subject::Person(login) => {
                    let erased =
                        store.erase_person(login, now).await.map_err(database::unusable)?;
                    for ticket in &erased.tickets {
                        println!("{ticket} is erased.");
                    }
                    println!(
                        "{}: {} of their tickets, {} mentions in those of others, {} sessions and tokens are erased.",
                        self.subject,
                        erased.tickets.len(),
                        erased.mentions,
                        erased.keys
                    );
                }
            }
            store.tidy().await;
            Ok(())
        })
    }

    fn subject(&self) -> Result<Subject, Failure> {
        if self.subject.contains(['#', '/']) {
            return parse_ticket(&self.subject).map(Subject::Ticket);
        }
        let login = self.subject.trim_start_matches('@');
        let is_of_a_login = |byte: u8| byte.is_ascii_alphanumeric() || b"-_[]".contains(&byte);
        if login.is_empty() || !login.bytes().all(is_of_a_login) {
            return Err(Failure::new(
                format!("`{}` names nobody", self.subject),
                "give a login on GitHub, or a ticket as OWNER/REPO#NUMBER",
            ));
        }
        Ok(Subject::Person(Login(login.to_owned())))
    }
}
