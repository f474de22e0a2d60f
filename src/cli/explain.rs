//! `keydesk explain`: a ticket's history, with the reason of each decision.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::database::{self, STORE_CURE};
use super::runtime::wait_for;
use super::{Failure, Format};
use crate::engine::Policies;
use crate::settings::Settings;
use crate::store::TicketReport;
use crate::triage::{self, Standstill};

/// Show a ticket's history with the reason of each decision.
#[derive(Args)]
#[command(after_help = "Example: keydesk explain pypi/support#1234")]
pub struct Explain {
    /// The ticket, as OWNER/REPO#NUMBER
    ticket: String,
    /// The configuration folder
    #[arg(long, value_name = "DIR")]
    config: Option<PathBuf>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

impl Explain {
    /// Looks the ticket up and prints it.
    pub fn run(&self) -> Result<(), Failure> {
        let (name, number) = parse_ticket(&self.ticket)?;
        let settings = Settings::from_environment(self.config.as_deref()).map_err(Failure::of)?;
        let (report, now) = wait_for(async {
            let store = database::open_to_read(&settings).await?;
            let report = store.report(name, number).await.map_err(database::unusable)?;
            Ok::<_, Failure>((report, (store.clock())()))
        })?;
        let unknown = || Failure::new(format!("no ticket {} is known", self.ticket), STORE_CURE);
        let report = report.ok_or_else(unknown)?;
        let policies = Policies::new(settings.folder.layers).map_err(Failure::of)?;
        let policy = &policies.of(&report.desk).policy;
        let standstill = triage::standstill(&report.ticket, policy, now);
        match self.format {
            Format::Text => print_text(&self.ticket, &report, standstill.as_ref()),
            Format::Json => print_json(&report, standstill.as_ref()),
        }
        Ok(())
    }
}

/// The repository and the number of `OWNER/REPO#NUMBER`.
pub(super) fn parse_ticket(ticket: &str) -> Result<(String, u64), Failure> {
    let parsed = ticket.split_once('#').and_then(|(name, number)| {
        let is_name = name.split('/').filter(|part| !part.is_empty()).count() == 2;
        is_name.then_some(())?;
        Some((name.to_owned(), number.parse().ok()?))
    });
    parsed.ok_or_else(|| {
        Failure::new(format!("`{ticket}` names no ticket"), "write it as OWNER/REPO#NUMBER")
    })
}

fn print_text(name: &str, report: &TicketReport, standstill: Option<&Standstill>) {
    let ticket = &report.ticket;
    let state = if ticket.is_open { "open" } else { "closed" };
    println!(
        "{name}  {state}, {}, turn: {} since {}",
        ticket.stage.name(),
        ticket.turn.name(),
        ticket.turn_since
    );
    if let Some(standstill) = standstill {
        println!("the clock stands still: {standstill}");
    }
    if let Some(wake_at) = report.wake_at {
        println!("looked at again at {wake_at}");
    }
    if let Some(late_since) = report.late_since {
        println!("overdue since {late_since}; waits for its turn, so many an hour");
    }
    if !ticket.withheld.is_empty() {
        let steps = ticket.withheld.join(", ");
        println!("overdue when it was imported, and not done in this turn: {steps}");
    }
    println!("\nHistory");
    for row in &report.history {
        println!("  {}  {}  ({})", row.at.strftime("%Y-%m-%d %H:%M:%S"), row.reason, row.event_key);
    }
    println!("\nActions");
    for action in &report.actions {
        let at = action.planned_at.strftime("%Y-%m-%d %H:%M:%S");
        println!("  {at}  {}: {} {}", action.summary, action.state, action.outcome);
    }
}

fn print_json(report: &TicketReport, standstill: Option<&Standstill>) {
    let history: Vec<_> = report
        .history
        .iter()
        .map(|row| json!({"at": row.at, "event": row.event_key, "why": row.reason}))
        .collect();
    let actions: Vec<_> = report
        .actions
        .iter()
        .map(|row| json!({"at": row.planned_at, "action": row.summary, "state": row.state, "outcome": row.outcome}))
        .collect();
    println!(
        "{}",
        json!({
            "ticket": report.ticket,
            "standstill": standstill.map(ToString::to_string),
            "wake_at": report.wake_at,
            "late_since": report.late_since,
            "history": history,
            "actions": actions,
        })
    );
}
