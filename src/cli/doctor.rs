//! `keydesk doctor`: looks for what keeps the bot from working, and says the cure of each fault.
//!
//! Here everything is asked; what an answer means is judged in one file for each group of checks,
//! which only compute. Nothing is changed, so it may run beside a serving process.

mod clock;
mod credentials;
mod database;
mod deliveries;
mod finding;
mod installations;
mod permissions;
mod policies;
mod reachability;
#[cfg(test)]
mod tests;
mod webhook;

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use serde_json::json;

use self::finding::{Finding, Verdict};
use super::database::address;
use super::forms::form;
use super::reload::read_rules;
use super::report::print;
use super::runtime::wait_for;
use super::serve::{check_credentials, check_secret, connect};
use super::{Failure, Format};
use crate::clock::{Clock, system};
use crate::engine::Rules;
use crate::github::checkup::{Account, AppFacts, InstallationFacts, RepositoryFacts};
use crate::github::client::Client;
use crate::github::{CallError, Fetched, GitHub, PageAt};
use crate::metrics::Metrics;
use crate::settings::Settings;
use crate::store::{Address, Store};
use crate::triage::Repository;

/// Look for what keeps the bot from working, and say the cure of each fault. Nothing is changed.
#[derive(Args)]
#[command(after_help = "\
Examples: keydesk doctor
          keydesk doctor --format json
It takes the environment of `keydesk serve`, may run beside it, and ends with 1 if there is a fault.")]
pub struct Doctor {
    /// The configuration folder; `config/` if it is there, else what is built in
    #[arg(long, value_name = "DIR")]
    config: Option<PathBuf>,
    /// How to print what was found
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

impl Doctor {
    /// Looks at everything and prints what was found.
    pub fn run(&self) -> Result<(), Failure> {
        let findings = wait_for(async { Ok(self.examine().await) })?;
        let faults = findings.iter().filter(|finding| finding.verdict == Verdict::Fault).count();
        match self.format {
            Format::Text => print(&findings.iter().map(Finding::text).collect::<String>())?,
            Format::Json => {
                print(&format!("{}\n", json!({"is_healthy": faults == 0, "findings": findings})))?;
            }
        }
        match faults {
            0 => Ok(()),
            1 => Err(Failure::new("there is a fault", "its cure stands with it")),
            _ => Err(Failure::new(
                format!("there are {faults} faults"),
                "their cures stand with them",
            )),
        }
    }

    async fn examine(&self) -> Vec<Finding> {
        let settings = match Settings::from_environment(self.config.as_deref()) {
            Ok(settings) => settings,
            Err(problems) => return Finding::faults("settings", &Failure::of(problems)),
        };
        let (mut findings, rules) = look_at_folder(&settings);
        let (seen, store) = look_at_database(&settings).await;
        findings.extend(seen);
        let clock = store.as_ref().map_or_else(system, Store::clock);
        let client = check_credentials(&settings)
            .and_then(|()| connect(&settings, clock.clone(), Arc::new(Metrics::default())));
        match client {
            Ok(client) => {
                let desks = known_repositories(store.as_ref()).await;
                let patient = Patient { client: &client, settings: &settings, clock };
                findings.extend(patient.look(rules.as_ref(), desks).await);
            }
            Err(failure) => {
                findings.extend(Finding::faults("credentials", &failure));
                findings.extend(look_at_public_address(&settings).await);
            }
        }
        findings
    }
}

/// The operator's folder and what the environment lacks.
fn look_at_folder(settings: &Settings) -> (Vec<Finding>, Option<Rules>) {
    let mut findings = Vec::new();
    let rules = read_rules(&settings.folder).map_err(Failure::of);
    let wrong = [rules.as_ref().err(), form(&settings.folder).err().as_ref()]
        .into_iter()
        .flatten()
        .flat_map(|failure| Finding::faults("settings", failure))
        .collect::<Vec<_>>();
    findings.extend(wrong);
    if let Err(failure) = check_secret(settings) {
        findings.extend(Finding::faults("settings", &failure));
    }
    if findings.is_empty() {
        findings.push(Finding::ok("settings", "settings, policy, texts and form are right"));
    }
    (findings, rules.ok())
}

/// What is seen of the database; and it, opened to read, if this version can.
async fn look_at_database(settings: &Settings) -> (Vec<Finding>, Option<Store>) {
    let address: Address = match address(settings) {
        Ok(address) => address,
        Err(failure) => return (Finding::faults("database", &failure), None),
    };
    let examined = address.examine().await;
    let findings = database::judge(examined.as_ref());
    let store = match examined {
        Ok(examined) if examined.is_current() => Store::open_to_read(&address).await.ok(),
        Ok(_) | Err(_) => None,
    };
    (findings, store)
}

async fn known_repositories(store: Option<&Store>) -> Vec<Repository> {
    match store {
        Some(store) => {
            let desks = store.list_desks().await.unwrap_or_default();
            desks.into_iter().map(|desk| desk.repository).collect()
        }
        None => Vec::new(),
    }
}

async fn look_at_public_address(settings: &Settings) -> Option<Finding> {
    let public_url = settings.public_url.as_deref()?;
    Some(reachability::judge(public_url, &reachability::ask(public_url).await))
}

/// Whatever is asked of GitHub.
struct Patient<'a> {
    client: &'a Client,
    settings: &'a Settings,
    clock: Clock,
}

impl Patient<'_> {
    async fn look(&self, rules: Option<&Rules>, known: Vec<Repository>) -> Vec<Finding> {
        let asked = (self.clock)();
        let introduction = self.client.introduce().await;
        let answered = (self.clock)();
        let mut findings = credentials::judge(&introduction);
        findings.push(clock::judge(introduction.date, (asked, answered)));
        let repositories = match &introduction.account {
            Ok(Account::App(app)) => {
                findings.extend(permissions::judge(app));
                let (seen, repositories) = self.look_at_installations(app).await;
                findings.extend(seen);
                findings.extend(self.look_at_webhook().await);
                repositories
            }
            Ok(Account::Person(_)) => {
                let what = "not looked at: a token is not shown the webhook of a repository";
                findings.push(Finding::note("webhook", what));
                known
            }
            Err(_) => Vec::new(),
        };
        findings.extend(look_at_public_address(self.settings).await);
        if let Ok(Account::App(_)) = &introduction.account {
            findings.push(self.look_at_deliveries().await);
        }
        if let Some(rules) = rules {
            findings.extend(policies::look(self.client, rules, &repositories).await);
        }
        findings
    }

    async fn look_at_webhook(&self) -> Vec<Finding> {
        match self.client.get_hook_config().await {
            Ok(hook) => webhook::judge(&hook, self.settings.public_url.as_deref()),
            Err(error) => vec![unanswered("webhook", &error)],
        }
    }

    async fn look_at_deliveries(&self) -> Finding {
        match self.client.list_sent_webhooks(PageAt::default()).await {
            Ok(Fetched::Page(page)) => deliveries::judge(&page.items),
            Ok(Fetched::Unchanged) => deliveries::judge(&[]),
            Err(error) => unanswered("deliveries", &error),
        }
    }

    /// What is seen of the installations, and their repositories.
    async fn look_at_installations(&self, app: &AppFacts) -> (Vec<Finding>, Vec<Repository>) {
        let installations = match self.client.list_installations().await {
            Ok(installations) => installations,
            Err(error) => return (vec![unanswered("installations", &error)], Vec::new()),
        };
        let mut findings = Vec::from_iter(installations::judge(app, &installations));
        let mut repositories = Vec::new();
        for installation in &installations {
            findings.extend(installations::judge_one(installation));
            if installation.suspended_at.is_some() {
                continue;
            }
            match self.client.list_repositories(installation.id).await {
                Ok(listed) => {
                    findings.extend(installations::judge_repositories(installation, &listed));
                    repositories.extend(listed.iter().filter_map(|one| named(installation, one)));
                }
                Err(error) => findings.push(unanswered("installations", &error)),
            }
        }
        (findings, repositories)
    }
}

/// A repository as far as its files can be asked for.
fn named(installation: &InstallationFacts, facts: &RepositoryFacts) -> Option<Repository> {
    let (owner, name) = facts.full_name.split_once('/')?;
    Some(Repository {
        id: facts.id,
        owner: owner.to_owned(),
        name: name.to_owned(),
        installation: Some(installation.id),
        default_branch: String::new(),
        is_private: false,
    })
}

/// GitHub did not say what was asked.
fn unanswered(check: &'static str, error: &CallError) -> Finding {
    let help = match error {
        CallError::Refused { .. } => "is GITHUB_API_URL right, and is the App still there?",
        CallError::Limited { .. } | CallError::Unreachable(_) | CallError::Unclear(_) => {
            "ask again; if it stays so, look at https://www.githubstatus.com"
        }
    };
    Finding::fault(check, error.to_string(), help)
}
