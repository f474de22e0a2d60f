//! How long a year of 3,000 tickets takes: `cargo bench --bench simulate`, by hand. With
//! `KEYDESK_YEAR=FILE` the year is written there too, for `keydesk simulate --from FILE`.

#[path = "simulate/year.rs"]
mod year;

use std::fs;
use std::time::Instant;

use keydesk::engine::simulate::{Terms, Tracker, play};
use keydesk::engine::{Policies, Rules};
use keydesk::github::Identity;
use keydesk::github::history::IssueHistory;
use keydesk::guidance::Guidance;
use keydesk::reading::form::Form;
use keydesk::store::Desk;
use keydesk::triage::{Login, Repository, RepositoryId};

const TICKETS: u64 = 3_000;

fn main() {
    let lines = year::export(TICKETS);
    if let Some(path) = std::env::var_os("KEYDESK_YEAR") {
        fs::write(path, lines.join("\n")).expect("a file that can be written");
    }
    let began = Instant::now();
    let parse = |line: &String| IssueHistory::parse(line.as_bytes()).expect("JSON");
    let issues: Vec<IssueHistory> = lines.iter().filter_map(parse).collect();
    let parsed = began.elapsed();
    let repository = Repository {
        id: RepositoryId(1),
        owner: "acme".to_owned(),
        name: "support".to_owned(),
        installation: None,
        default_branch: "main".to_owned(),
        is_private: false,
    };
    let events: usize = issues.iter().map(|past| past.deliveries(&repository).len()).sum();
    let trackers = [Tracker { desk: Desk::new(repository), issues, roles: None }];
    let policies = Policies::new(Vec::new()).expect("the built-in policy");
    let rules = Rules { guidance: Guidance::built_in(), policies };
    let form = Form::built_in();
    let identity = Identity::App { id: 0, login: Login("keydesk[bot]".to_owned()) };
    let until = "2027-06-30T00:00:00Z".parse().expect("a time");
    let began = Instant::now();
    let are_instead_of_own = false;
    let terms =
        Terms { rules: &rules, form: &form, identity: &identity, are_instead_of_own, until };
    let played = play(&trackers, terms);
    let took = began.elapsed();
    let bytes: usize = lines.iter().map(String::len).sum();
    println!("{TICKETS} tickets, {events} events, {} MB", bytes / 1_000_000);
    println!("read in {parsed:?}, played in {took:?}: {} deeds", played.deeds.len());
}
