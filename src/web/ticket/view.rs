//! What the templates of a ticket are given.

use jiff::Timestamp;
use serde::Serialize;

use super::Place;
use super::evidence::{self, Note, Segment};
use super::forms::{Field, Given, Group};
use super::history::{self, Actions, Entry};
use crate::engine::button::Preview;
use crate::markdown;
use crate::reading::span::Part;
use crate::reading::{Known, Reading};
use crate::store::{SetAside, TicketReport};
use crate::triage::{BranchCheck, Standstill, Ticket, Turn};
use crate::web::Web;
use crate::web::words::{self, Moment};

/// The page of a ticket.
#[derive(Serialize)]
pub(in crate::web) struct TicketPage {
    /// What came of what was done just before.
    pub(super) notice: Option<Notice>,
    /// The buttons.
    pub(super) commands: Vec<Group>,
    address: String,
    repository: String,
    number: u64,
    url: String,
    title: Vec<Segment>,
    body: Vec<Segment>,
    notes: Vec<Note>,
    requester: Option<String>,
    state: &'static str,
    is_open: bool,
    turn: &'static str,
    stage: &'static str,
    flags: Vec<String>,
    clocks: Vec<(&'static str, Moment, String)>,
    standstill: Option<String>,
    withheld: Vec<String>,
    climbed: Vec<String>,
    facts: Vec<Fact>,
    doubts: Vec<(String, String)>,
    branches: Vec<(Moment, String)>,
    related: Vec<u64>,
    assignees: Vec<String>,
    problem: Option<String>,
    history: Vec<Entry>,
    actions: Actions,
}

/// One thing that was read or said.
#[derive(Serialize)]
struct Fact {
    name: &'static str,
    value: String,
    /// Whether it was said after the request was filed.
    is_corrected: bool,
}

/// What came of what was done just before.
#[derive(Serialize)]
pub(super) struct Notice {
    lines: Vec<String>,
    is_good: bool,
}

impl Notice {
    /// Of a pressed button, by the reasons that were kept.
    pub(super) fn of_press(reasons: Vec<String>) -> Self {
        if reasons.is_empty() {
            let line = "It is kept and will be carried out; GitHub or the database lets it wait.";
            return Self { lines: vec![line.to_owned()], is_good: true };
        }
        let is_good = !reasons.iter().any(|reason| reason.contains("was not carried out"));
        Self { lines: reasons, is_good }
    }

    /// Of what was taken up again.
    pub(super) fn of_retry(count: usize) -> Self {
        let line = match count {
            0 => "Nothing was given up or set aside.".to_owned(),
            1 => "One thing is tried again now.".to_owned(),
            count => format!("{count} things are tried again now."),
        };
        Self { lines: vec![line], is_good: true }
    }
}

impl TicketPage {
    /// The page without its notice and buttons.
    pub(super) fn of(web: &Web, (place, aside): (&Place, Vec<SetAside>)) -> Self {
        let now = web.engine.now();
        let TicketReport { ticket, desk, .. } = &place.report;
        let again = web.engine.read_again(desk, ticket);
        let evidence = evidence::placed(ticket, again);
        let requester = ticket.requester.as_ref();
        Self {
            notice: None,
            commands: Vec::new(),
            address: place.address.clone(),
            repository: place.repository.clone(),
            number: ticket.number.0,
            url: ticket.url.clone(),
            title: evidence::segments(&ticket.title, Part::Title, &evidence),
            body: evidence::segments(&ticket.body, Part::Body, &evidence),
            notes: evidence::notes(&evidence),
            requester: requester.map(|person| person.login.0.clone()),
            state: state_of(ticket),
            is_open: ticket.is_open,
            turn: turn_of(ticket),
            stage: ticket.stage.name(),
            flags: flags(ticket),
            clocks: clocks(&place.report, now),
            standstill: web.engine.standstill(desk, ticket).map(|it| rest(&it, now)),
            withheld: ticket.withheld.clone(),
            climbed: ticket.climbed.clone(),
            facts: facts(ticket),
            doubts: doubts(&ticket.reading),
            branches: ticket.branches.iter().map(|check| branch(check, now)).collect(),
            related: ticket.related.iter().map(|number| number.0).collect(),
            assignees: ticket.assignees.clone(),
            problem: desk.problem.as_ref().map(|problem| problem.words().to_owned()),
            history: history::entries(&place.report.history, now),
            actions: Actions::of(&place.report.actions, aside, now),
        }
    }
}

fn state_of(ticket: &Ticket) -> &'static str {
    match (ticket.is_gone, ticket.is_open, ticket.is_locked) {
        (true, _, _) => "no longer on GitHub",
        (false, true, false) => "open",
        (false, true, true) => "open, locked",
        (false, false, _) => "closed",
    }
}

fn turn_of(ticket: &Ticket) -> &'static str {
    match ticket.turn {
        Turn::Maintainers => "waiting for us",
        Turn::Requester => "waiting for them",
        Turn::Nobody => "nobody’s turn",
    }
}

fn flags(ticket: &Ticket) -> Vec<String> {
    let has_secret = ticket.reading.sensitive.iter().chain(&ticket.shield.in_text);
    let has_secret =
        has_secret.chain(ticket.shield.in_comments.values().flatten()).any(|kind| kind.is_secret());
    let hidden = ticket.shield.hidden.len();
    let flags = [
        (has_secret, "a secret was public and was blanked".to_owned()),
        (hidden > 0, format!("{hidden} comment(s) of strangers hidden")),
        (ticket.is_imported, "imported, not written to yet".to_owned()),
        (ticket.is_only_observed && !ticket.is_imported, "only observed".to_owned()),
        (ticket.is_card_taken, "the card was changed by hand and stays so".to_owned()),
    ];
    flags.into_iter().filter(|(is_on, _)| *is_on).map(|(_, words)| words).collect()
}

/// The moments that matter, and what they mean.
fn clocks(report: &TicketReport, now: Timestamp) -> Vec<(&'static str, Moment, String)> {
    let ticket = &report.ticket;
    let since = match ticket.turn {
        Turn::Maintainers => "Waiting for us since",
        Turn::Requester => "Waiting for them since",
        Turn::Nobody => "Nobody’s turn since",
    };
    let late = "overdue; so many an hour are woken, and this one waits";
    let rows = [
        ("Opened", Some(ticket.opened_at), ""),
        (since, Some(ticket.turn_since), ""),
        ("First answer", ticket.answered_at, ""),
        ("Mail said to be sent", ticket.mailed_at, ""),
        ("Reminded", ticket.reminded_at, ""),
        ("Snoozed until", ticket.snoozed_until, ""),
        ("Next look by itself", report.wake_at, ""),
        ("Should have been looked at", report.late_since, late),
        ("Closed", ticket.closed_at, ""),
    ];
    let given = rows.into_iter().filter_map(|(name, at, why)| Some((name, at?, why)));
    given.map(|(name, at, why)| (name, Moment::new(at, now), why.to_owned())).collect()
}

fn rest(standstill: &Standstill, now: Timestamp) -> String {
    match standstill {
        Standstill::Snoozed(until) => {
            format!("The clock stands still: snoozed, wakes {}.", Moment::new(*until, now).far)
        }
        Standstill::Away(until, why) if why.is_empty() => {
            format!("The clock stands still: nobody is there until {until}.")
        }
        Standstill::Away(until, why) => {
            format!("The clock stands still: nobody is there until {until} ({why}).")
        }
    }
}

fn facts(ticket: &Ticket) -> Vec<Fact> {
    let (reading, said) = (&ticket.reading, &ticket.corrections);
    let reasons: Vec<&str> = reading.reasons.iter().map(|reason| words::reason(*reason)).collect();
    let session = said.session.unwrap_or_default();
    let rows = [
        ("Kind", reading.kind.clone().unwrap_or_default(), false),
        ("Fields", fields(reading), false),
        ("Account", account(reading), said.username.is_some()),
        ("Reasons", reasons.join(", "), said.reasons.is_some()),
        ("Mailbox readable", known(reading.email_access), said.email_access.is_some()),
        ("Password known", known(reading.password_known), false),
        ("Recovery codes", named(reading.recovery_codes.name()), said.recovery_codes.is_some()),
        ("Still logged in somewhere", known(session), said.session.is_some()),
        ("Site", named(reading.site.name()), said.site.is_some()),
        ("Language", named(if reading.language == "und" { "" } else { &reading.language }), false),
        ("Form", reading.form.name().to_owned(), false),
        ("Boxes", boxes(reading), false),
        ("Missing", missing(reading), false),
        ("Private things posted", list(reading.sensitive.iter()), false),
    ];
    let fact = |(name, value, is_corrected)| Fact { name, value, is_corrected };
    rows.into_iter().map(fact).filter(|fact| !fact.value.is_empty()).collect()
}

/// What the fields of another kind of request say, those that say nothing left out.
fn fields(reading: &Reading) -> String {
    let said = reading.fields.iter().filter(|(_, value)| !value.is_empty());
    said.map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>().join("; ")
}

fn missing(reading: &Reading) -> String {
    if reading.missing_fields.is_empty() {
        return list(reading.missing.iter());
    }
    reading.missing_fields.join(", ")
}

fn account(reading: &Reading) -> String {
    match &reading.username {
        Some(name) => name.clone(),
        None if reading.username_candidates.is_empty() => "not named".to_owned(),
        None => format!("one of {}", reading.username_candidates.join(", ")),
    }
}

fn known(known: Known) -> String {
    named(known.name())
}

/// What is not known is not told.
fn named(name: &str) -> String {
    if name == "unknown" { String::new() } else { name.to_owned() }
}

/// Names as the reading's JSON has them, without their underlines.
fn list<T: Serialize>(things: impl Iterator<Item = T>) -> String {
    let names =
        things.filter_map(|thing| Some(serde_json::to_value(thing).ok()?.as_str()?.to_owned()));
    names.map(|name| name.replace('_', " ")).collect::<Vec<_>>().join(", ")
}

fn boxes(reading: &Reading) -> String {
    let boxes = reading.checkboxes;
    let rows = [
        ("no codes", boxes.recovery_codes),
        ("Code of Conduct", boxes.code_of_conduct),
        ("may take time", boxes.acknowledgement),
    ];
    let told = rows.into_iter().filter_map(|(name, is_ticked)| {
        Some(format!("{name}: {}", if is_ticked? { "ticked" } else { "not ticked" }))
    });
    told.collect::<Vec<_>>().join(", ")
}

fn doubts(reading: &Reading) -> Vec<(String, String)> {
    let doubts = reading.doubts.iter();
    doubts.map(|doubt| (doubt.field.replace('_', " "), doubt.why.to_string())).collect()
}

/// A linked branch: a fact for staff, and no proof.
fn branch(check: &BranchCheck, now: Timestamp) -> (Moment, String) {
    let words = match &check.found {
        None => "The linked branch is not there for the public to see.".to_owned(),
        Some(found) => {
            let kind = if found.is_fork { "fork" } else { "repository" };
            let author = found.author.as_ref();
            let by = author.map_or("nobody GitHub knows".to_owned(), |login| format!("@{login}"));
            let made = Moment::new(found.repository_created_at, now).far;
            format!(
                "The branch is there in the {kind} {}, made {made} and owned by @{}; its newest commit names {by}.",
                found.repository, found.owner
            )
        }
    };
    (Moment::new(check.checked_at, now), words)
}

/// What a button would do.
#[derive(Serialize)]
pub(super) struct PreviewPage {
    address: String,
    repository: String,
    number: u64,
    name: String,
    summary: String,
    fields: Vec<Field>,
    arguments: String,
    /// The id of this button; pressing it twice does it once.
    id: String,
    /// None while something is missing.
    shown: Option<Shown>,
}

#[derive(Serialize)]
struct Shown {
    /// HTML, made safe.
    comments: Vec<String>,
    actions: Vec<String>,
    reasons: Vec<String>,
    is_refused: bool,
}

impl PreviewPage {
    /// The page of a command at a ticket.
    pub(super) fn of(
        (place, given): (&Place, &Given),
        preview: Option<Preview>,
        id: String,
    ) -> Self {
        let ticket = &place.report.ticket;
        let issues = ticket.url.rsplit_once('/').map_or("", |(issues, _)| issues);
        Self {
            address: place.address.clone(),
            repository: place.repository.clone(),
            number: ticket.number.0,
            name: given.name.clone(),
            summary: given.summary.clone(),
            fields: given.fields.clone(),
            arguments: given.arguments(),
            id,
            shown: preview.map(|preview| Shown::of(preview, issues)),
        }
    }
}

impl Shown {
    fn of(preview: Preview, issues: &str) -> Self {
        let is_refusal = |reason: &String| reason.contains("was not carried out");
        Self {
            is_refused: preview.reasons.iter().any(is_refusal),
            comments: preview.comments.iter().map(|text| markdown::to_html(text, issues)).collect(),
            actions: preview.actions,
            reasons: preview.reasons,
        }
    }
}
