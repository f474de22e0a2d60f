//! The ladder: what happens while it is the maintainers' turn for too long.

use jiff::Timestamp;

use super::action::Action;
use super::decision::DeskChange;
use super::draft::Draft;
use super::ticket::{Ticket, Turn};
use crate::policy::{EscalationStep, Policy};

/// When the next step of the ladder is due.
pub(super) fn next_step_at(ticket: &Ticket, policy: &Policy) -> Option<Timestamp> {
    open_steps(ticket, policy).map(|step| due_at(ticket, policy, step)).min()
}

/// The next step of the ladder with its name; none where the clock does not run towards one.
pub fn next_step(ticket: &Ticket, policy: &Policy) -> Option<(Timestamp, String)> {
    let runs = ticket.is_open && ticket.turn == Turn::Maintainers && ticket.snoozed_until.is_none();
    let steps = open_steps(ticket, policy).filter(|_| runs);
    steps.map(|step| (due_at(ticket, policy, step), step.name.clone())).min()
}

/// Names of the steps that are due at `now` and not yet taken.
pub(super) fn overdue_steps(ticket: &Ticket, policy: &Policy, now: Timestamp) -> Vec<String> {
    let is_due = |step: &&EscalationStep| due_at(ticket, policy, step) <= now;
    open_steps(ticket, policy).filter(is_due).map(|step| step.name.clone()).collect()
}

fn open_steps<'a>(
    ticket: &'a Ticket,
    policy: &'a Policy,
) -> impl Iterator<Item = &'a EscalationStep> {
    let is_open = |step: &&EscalationStep| {
        ![&ticket.climbed, &ticket.withheld].iter().any(|steps| steps.contains(&step.name))
    };
    policy.escalation.iter().filter(is_open)
}

fn due_at(ticket: &Ticket, policy: &Policy, step: &EscalationStep) -> Timestamp {
    ticket.due_at(policy, ticket.turn_since, &step.after)
}

/// Climbs every step that is due, each once in a turn.
pub(super) fn climb(draft: &mut Draft) {
    let is_snoozed = draft.ticket.snoozed_until.is_some();
    if !draft.ticket.is_open || is_snoozed || draft.ticket.turn != Turn::Maintainers {
        return;
    }
    let policy = draft.case.policy;
    let due = overdue_steps(&draft.ticket, policy, draft.case.now);
    for step in policy.escalation.iter().filter(|step| due.contains(&step.name)) {
        let why = format!("It has been the desk's turn for {}: {}.", step.after, step.name);
        take(draft, step, &why);
    }
}

/// Takes one step now: label, mention, assign, notify, in that order. The labels follow from the
/// step being climbed.
pub(super) fn take(draft: &mut Draft, step: &EscalationStep, why: &str) {
    draft.ticket.climbed.push(step.name.clone());
    draft.because(why);
    if !step.mention.is_empty() {
        let mut facts = draft.facts();
        facts.step.clone_from(&step.name);
        facts.mention.clone_from(&step.mention);
        facts.waited = waited(draft);
        draft.say("escalated", facts);
    }
    if let Some(login) = assignee(draft, step) {
        draft.act(Action::Assign(login));
    }
    if let Some(chat) = &step.notify {
        let text = format!("Ticket #{}: {}", draft.ticket.number, step.name);
        draft.notify(chat, text);
    }
}

/// The person the step names, or the next of the rota; nobody where somebody is responsible
/// already.
fn assignee(draft: &mut Draft, step: &EscalationStep) -> Option<String> {
    let assign = step.assign.as_deref()?;
    if !draft.ticket.assignees.is_empty() || draft.assigns() {
        return None;
    }
    if assign == "rota" { next_of_rota(draft) } else { Some(login_of(assign).to_owned()) }
}

/// Turns the rota on to the next person who does not ask here for their own account.
fn next_of_rota(draft: &mut Draft) -> Option<String> {
    let members = &draft.case.policy.rota.members;
    let turn = draft.case.findings.rota_turn;
    let requester = draft.ticket.requester.as_ref().map(|person| person.login.0.as_str());
    let round = (turn..).take(members.len());
    let taken = round.into_iter().find_map(|turn| {
        let member = members.get(usize::try_from(turn).ok()? % members.len())?;
        let login = login_of(member);
        let is_requester = requester.is_some_and(|requester| requester.eq_ignore_ascii_case(login));
        (!is_requester).then(|| (turn, login.to_owned()))
    });
    let (taken, login) = taken?;
    draft.change_desk(DeskChange::RotaTurned { from: turn, to: taken + 1 });
    Some(login)
}

fn login_of(mention: &str) -> &str {
    mention.trim_start_matches('@')
}

/// How long it has been this turn, in words: whole days, or hours in the first two days.
pub(super) fn waited(draft: &Draft) -> String {
    let seconds = draft.case.now.duration_since(draft.ticket.turn_since).as_secs().max(0);
    let (count, unit) = match seconds {
        0..=119 => (seconds, "second"),
        120..=7_199 => (seconds / 60, "minute"),
        7_200..=172_799 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural}")
}
