//! What the queue's template is given.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use super::filter::{Filter, Flag, Place, STAGES};
use crate::reading::Reason;
use crate::store::{Desk, OpenTicket};
use crate::triage::{RepositoryId, Turn};
use crate::web::words::{self, Moment};

/// Rows of one page.
const ROWS_MAX: usize = 100;

/// Labels of reasons and flags say all of it; a title is cut.
const TITLE_CHARACTERS_MAX: usize = 120;

/// The page.
#[derive(Serialize)]
pub(in crate::web) struct Queue {
    /// Repositories that are left out, since GitHub does not say what one may see there.
    pub unsaid: usize,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    /// How many stand before the first row of this page.
    before: usize,
    /// How many are asked for in all.
    found: usize,
    next: Option<String>,
    first: Option<String>,
    clear: Option<String>,
    /// What is chosen, for the form.
    turn: &'static str,
    search: String,
    reasons: Vec<Choice>,
    stages: Vec<Choice>,
    flags: Vec<Choice>,
    /// Empty where there is one repository only.
    repositories: Vec<Choice>,
    is_narrow: bool,
}

#[derive(Serialize)]
struct Tab {
    name: &'static str,
    count: usize,
    oldest: Option<Moment>,
    address: String,
    is_here: bool,
}

#[derive(Serialize)]
struct Choice {
    value: String,
    words: String,
    is_chosen: bool,
}

#[derive(Serialize)]
struct Row {
    address: String,
    number: u64,
    repository: String,
    title: String,
    username: Option<String>,
    requester: Option<String>,
    turn: &'static str,
    since: Moment,
    opened: Moment,
    stage: &'static str,
    reasons: Vec<&'static str>,
    /// Another kind of request, which has no reasons.
    kind: Option<String>,
    flags: Vec<ShownFlag>,
    assignees: Vec<String>,
}

#[derive(Serialize)]
struct ShownFlag {
    name: &'static str,
    words: String,
    title: String,
}

impl Queue {
    /// The page a filter asks for, of these open tickets.
    pub(super) fn of(
        (desks, open): (&[Desk], Vec<OpenTicket>),
        filter: &Filter,
        now: Timestamp,
    ) -> Self {
        let names: BTreeMap<RepositoryId, String> =
            desks.iter().map(|desk| (desk.repository.id, desk.repository.full_name())).collect();
        let name_of = |ticket: &OpenTicket| names.get(&ticket.repository).map(String::as_str);
        let mut taken: Vec<OpenTicket> = open
            .into_iter()
            .filter(|ticket| filter.takes(ticket, name_of(ticket).unwrap_or_default()))
            .collect();
        let tabs = tabs(&taken, filter, now);
        taken.retain(|ticket| filter.turn.is_none_or(|turn| ticket.state.turn == turn));
        taken.sort_by_key(Place::of);
        let is_before =
            |ticket: &&OpenTicket| filter.after.is_some_and(|after| Place::of(ticket) <= after);
        let before = taken.iter().take_while(is_before).count();
        let shown = &taken[before..taken.len().min(before + ROWS_MAX)];
        let has_more = before + shown.len() < taken.len();
        let next = shown.last().filter(|_| has_more).map(Place::of);
        Self {
            unsaid: 0,
            rows: shown
                .iter()
                .map(|ticket| Row::of(ticket, name_of(ticket).unwrap_or_default(), now))
                .collect(),
            next: next.map(|place| filter.address_after(place)),
            first: (before > 0).then(|| filter.address_with_turn(filter.turn)),
            clear: filter.is_narrow().then(|| {
                Filter { turn: filter.turn, ..Filter::default() }.address_with_turn(filter.turn)
            }),
            before,
            found: taken.len(),
            tabs,
            turn: filter.turn.map_or("", Turn::name),
            search: filter.search.clone(),
            reasons: reasons(filter),
            stages: stages(filter),
            flags: flags(filter),
            repositories: repositories(names.values(), filter),
            is_narrow: filter.is_narrow(),
        }
    }
}

fn tabs(taken: &[OpenTicket], filter: &Filter, now: Timestamp) -> Vec<Tab> {
    let turns = [
        (None, "All open"),
        (Some(Turn::Maintainers), "Waiting for us"),
        (Some(Turn::Requester), "Waiting for them"),
    ];
    let tab = |(turn, name): (Option<Turn>, &'static str)| {
        let of_turn =
            taken.iter().filter(|ticket| turn.is_none_or(|turn| ticket.state.turn == turn));
        let oldest = of_turn.clone().map(|ticket| ticket.state.turn_since).min();
        Tab {
            name,
            count: of_turn.count(),
            oldest: oldest.map(|at| Moment::new(at, now)),
            address: filter.address_with_turn(turn),
            is_here: filter.turn == turn,
        }
    };
    turns.into_iter().map(tab).collect()
}

fn reasons(filter: &Filter) -> Vec<Choice> {
    let choice = |reason: Reason| Choice {
        value: reason.name().to_owned(),
        words: words::reason(reason).to_owned(),
        is_chosen: filter.reason == Some(reason),
    };
    Reason::ALL.into_iter().map(choice).collect()
}

fn stages(filter: &Filter) -> Vec<Choice> {
    let choice = |stage: crate::triage::Stage| Choice {
        value: stage.name().to_owned(),
        words: stage.name().to_owned(),
        is_chosen: filter.stage == Some(stage),
    };
    STAGES.into_iter().map(choice).collect()
}

fn flags(filter: &Filter) -> Vec<Choice> {
    let choice = |flag: Flag| Choice {
        value: flag.name().to_owned(),
        words: flag.words().to_owned(),
        is_chosen: filter.flag == Some(flag),
    };
    Flag::ALL.into_iter().map(choice).collect()
}

fn repositories<'a>(names: impl Iterator<Item = &'a String>, filter: &Filter) -> Vec<Choice> {
    let choice = |name: &String| Choice {
        value: name.clone(),
        words: name.clone(),
        is_chosen: filter.repository.eq_ignore_ascii_case(name),
    };
    let choices: Vec<Choice> = names.map(choice).collect();
    if choices.len() > 1 { choices } else { Vec::new() }
}

impl Row {
    fn of(ticket: &OpenTicket, repository: &str, now: Timestamp) -> Self {
        let state = &ticket.state;
        let flags = Flag::ALL.into_iter().filter(|flag| flag.is_on(ticket));
        Self {
            address: format!("/tickets/{repository}/{}", state.number),
            number: state.number.0,
            repository: repository.to_owned(),
            title: shortened(&state.title),
            username: state.reading.username.clone(),
            requester: state.requester.as_ref().map(|person| person.login.0.clone()),
            turn: match state.turn {
                Turn::Maintainers => "us",
                Turn::Requester => "them",
                Turn::Nobody => "nobody",
            },
            since: Moment::new(state.turn_since, now),
            opened: Moment::new(state.opened_at, now),
            stage: state.stage.name(),
            reasons: state.reading.reasons.iter().map(|reason| words::reason(*reason)).collect(),
            kind: state.reading.kind.clone(),
            flags: flags.map(|flag| shown_flag(flag, ticket, now)).collect(),
            assignees: state.assignees.clone(),
        }
    }
}

fn shortened(title: &str) -> String {
    match title.char_indices().nth(TITLE_CHARACTERS_MAX) {
        Some((end, _)) => format!("{}…", &title[..end]),
        None if title.is_empty() => "(no title)".to_owned(),
        None => title.to_owned(),
    }
}

/// A flag with what can be said of it.
fn shown_flag(flag: Flag, ticket: &OpenTicket, now: Timestamp) -> ShownFlag {
    let state = &ticket.state;
    let words = flag.words().to_owned();
    let (words, title) = match flag {
        Flag::Escalated => (words, state.climbed.join(", ")),
        Flag::Snoozed => match state.snoozed_until.map(|until| Moment::new(until, now)) {
            Some(until) => (format!("snoozed, wakes {}", until.far), until.exact),
            None => (words, String::new()),
        },
        Flag::Mailed => match state.mailed_at.map(|at| Moment::new(at, now)) {
            Some(at) => (format!("mail sent {}", at.far), at.exact),
            None => (words, String::new()),
        },
        Flag::Duplicate => {
            let numbers: Vec<String> =
                state.related.iter().map(|number| format!("#{number}")).collect();
            (words, numbers.join(", "))
        }
        Flag::Overdue => match ticket.late_since.map(|at| Moment::new(at, now)) {
            Some(at) => (words, format!("since {}", at.exact)),
            None => (words, String::new()),
        },
        Flag::Secret => (words, "a secret was public here and was blanked".to_owned()),
        Flag::Branch => (words, "a linked branch was looked up: a fact, not a proof".to_owned()),
        Flag::Stuck => (words, "something could not be done on GitHub".to_owned()),
    };
    ShownFlag { name: flag.name(), words, title }
}
