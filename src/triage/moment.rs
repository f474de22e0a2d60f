//! What a ticket's change tells digests and charts, seen by comparing it before and after.

use jiff::Timestamp;

use super::ticket::{Stage, Ticket, Turn};

/// Something worth counting that happened to a ticket.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Moment {
    /// It came in.
    Opened,
    /// A human of the desk spoke for the first time.
    Answered,
    /// This step of the ladder was climbed.
    Escalated(String),
    /// This step was overdue when the request was taken in with its history, and is not taken.
    Withheld(String),
    /// The requester was reminded.
    Reminded,
    /// It ended, however.
    Closed,
    /// It ended because no answer came after the reminder.
    ClosedForSilence,
    /// It ended because the requester got in without staff.
    Deflected,
    /// It ended because staff gave the account back.
    Recovered,
    /// It was opened again.
    Reopened,
    /// The issue was deleted or moved while it was open.
    Left,
}

impl Moment {
    /// Its name in tables, metrics and JSON.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Answered => "answered",
            Self::Escalated(_) => "escalated",
            Self::Withheld(_) => "withheld",
            Self::Reminded => "reminded",
            Self::Closed => "closed",
            Self::ClosedForSilence => "closed_for_silence",
            Self::Deflected => "deflected",
            Self::Recovered => "recovered",
            Self::Reopened => "reopened",
            Self::Left => "left",
        }
    }

    /// What tells it from others of its name; mostly nothing.
    pub fn detail(&self) -> &str {
        match self {
            Self::Escalated(step) | Self::Withheld(step) => step,
            Self::Opened
            | Self::Answered
            | Self::Reminded
            | Self::Closed
            | Self::ClosedForSilence
            | Self::Deflected
            | Self::Recovered
            | Self::Reopened
            | Self::Left => "",
        }
    }

    /// When it happened, by GitHub's clock where the ticket says so; else with the event, `at`.
    pub fn happened_at(&self, after: &Ticket, at: Timestamp) -> Timestamp {
        let known = match self {
            Self::Opened => Some(after.opened_at),
            Self::Answered => after.answered_at,
            Self::Reminded => after.reminded_at,
            Self::Closed | Self::ClosedForSilence | Self::Deflected | Self::Recovered => {
                after.closed_at
            }
            Self::Escalated(_) | Self::Withheld(_) | Self::Reopened | Self::Left => None,
        };
        known.unwrap_or(at)
    }
}

/// What the change from one to the other tells.
pub fn between(before: Option<&Ticket>, after: &Ticket) -> Vec<Moment> {
    let mut moments = Vec::new();
    if before.is_none() {
        moments.push(Moment::Opened);
    }
    let was_answered = before.is_some_and(|ticket| ticket.measured_answer_at().is_some());
    if !was_answered && after.measured_answer_at().is_some() {
        moments.push(Moment::Answered);
    }
    moments.extend(steps((before, after), |ticket| &ticket.climbed).map(Moment::Escalated));
    moments.extend(steps((before, after), |ticket| &ticket.withheld).map(Moment::Withheld));
    let reminded_before = before.and_then(|ticket| ticket.reminded_at);
    if after.reminded_at.is_some() && after.reminded_at != reminded_before {
        moments.push(Moment::Reminded);
    }
    moments.extend(ending(before, after));
    let stage_before = before.map_or(Stage::Filed, |ticket| ticket.stage);
    if after.stage != stage_before {
        moments.extend(arrival(after.stage));
    }
    moments
}

/// The same, each with its time: the ticket's own where it says one, else that of the event, `at`.
pub fn timed(before: Option<&Ticket>, after: &Ticket, at: Timestamp) -> Vec<(Timestamp, Moment)> {
    let told = between(before, after).into_iter();
    told.map(|moment| (moment.happened_at(after, at), moment)).collect()
}

/// Steps that came to a list since then; with another turn the ladder begins anew.
fn steps(
    (before, after): (Option<&Ticket>, &Ticket),
    list: fn(&Ticket) -> &[String],
) -> impl Iterator<Item = String> {
    let same_turn = before.filter(|ticket| ticket.turn_since == after.turn_since);
    let known = same_turn.map_or(&[][..], list);
    let fresh: Vec<String> =
        list(after).iter().filter(|step| !known.contains(step)).cloned().collect();
    fresh.into_iter()
}

fn ending(before: Option<&Ticket>, after: &Ticket) -> Vec<Moment> {
    let was_open = before.is_none_or(|ticket| ticket.is_open);
    match (was_open, after.is_open) {
        (true, true) | (false, false) => Vec::new(),
        (false, true) => vec![Moment::Reopened],
        (true, false) if after.is_gone => vec![Moment::Left],
        (true, false) if before.is_some_and(|ticket| is_for_silence(ticket, after)) => {
            vec![Moment::Closed, Moment::ClosedForSilence]
        }
        (true, false) => vec![Moment::Closed],
    }
}

/// Whether the bot closed it by itself: after a reminder, without a word of anybody, which a
/// comment's id in the turn's stamp or a newer snapshot would show.
fn is_for_silence(before: &Ticket, after: &Ticket) -> bool {
    before.turn == Turn::Requester
        && before.reminded_at.is_some()
        && after.closed_by_us
        && after.turn_set.id == 0
        && after.snapshot_at == before.snapshot_at
}

fn arrival(stage: Stage) -> Option<Moment> {
    match stage {
        Stage::Resolved => Some(Moment::Deflected),
        Stage::Recovered => Some(Moment::Recovered),
        Stage::Filed | Stage::Reviewing | Stage::Recovering => None,
    }
}
