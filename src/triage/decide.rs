//! The one decision: what an event means for a ticket.

use jiff::Timestamp;

use super::action::Action;
use super::decision::{Decision, PlannedAction, card_key};
use super::draft::{Case, Draft, Drafted};
use super::event::{Actor, Departure, Event, EventKind, Snapshot, Stamp};
use super::question::Findings;
use super::ticket::{LabelState, Ticket, Turn};
use super::{conversation, escalation, intake, press, shield, silence};
use crate::policy::{Mode, Policy};

/// Decides what one event means for one ticket. Pure: the same input gives the same answer.
///
/// `ticket` is `None` for an issue not seen before; it becomes a ticket if it is a request.
pub fn decide(
    ticket: Option<&Ticket>,
    event: &Event,
    findings: &Findings,
    (policy, now): (&Policy, Timestamp),
) -> Decision {
    let snapshot = findings.issue.as_ref().or(event.issue.as_ref());
    let is_new = ticket.is_none();
    let ticket = match (ticket, snapshot) {
        (Some(ticket), _) => ticket.clone(),
        (None, Some(snapshot)) if intake::concerns_us(snapshot, event, policy) => {
            Ticket::new(snapshot)
        }
        (None, _) => return Decision::unchanged(None, "This issue is no request to the desk."),
    };
    if ticket.is_gone {
        return Decision::unchanged(Some(&ticket), "The issue is no longer here.");
    }
    let mut ticket = ticket;
    ticket.note_joining(event, is_new);
    ticket.is_imported &= !event.is_news();
    ticket.enter(if ticket.is_imported { Mode::Observe } else { policy.desk.mode });
    let is_echo = is_echo(&ticket, event);
    let mut draft = Draft::new(Case { policy, event, findings, now }, ticket);
    draft.ticket.confirm_state(event);
    if event.actor.human().is_some() {
        draft.ticket.ask_for_refused_labels();
    }
    if let Some(snapshot) = snapshot {
        observe(&mut draft, snapshot);
    }
    if is_echo {
        if let EventKind::LabelRemoved(label) = &event.kind {
            draft.ticket.confirm_removal(label);
        }
    } else {
        apply(&mut draft);
    }
    finish(draft)
}

/// Whether a label event is our own doing coming back. With a person's token the sender is that
/// person in any case; then it is ours if it is what we are about to do.
fn is_echo(ticket: &Ticket, event: &Event) -> bool {
    let (EventKind::LabelAdded(label) | EventKind::LabelRemoved(label)) = &event.kind else {
        return false;
    };
    match event.actor {
        Actor::Ourselves => true,
        Actor::OurAccount(_) => matches!(
            ticket.labels.get(&label.to_lowercase()),
            Some(LabelState::Adding | LabelState::PuttingBack | LabelState::Removing)
        ),
        Actor::Human(_) | Actor::Bot(_) | Actor::Nobody => false,
    }
}

/// When the ticket must be looked at again, if nothing happens before.
pub fn wake_at(ticket: &Ticket, policy: &Policy) -> Option<Timestamp> {
    if !ticket.is_open || ticket.is_gone {
        return None;
    }
    let step_at = match ticket.turn {
        Turn::Maintainers => escalation::next_step_at(ticket, policy),
        Turn::Requester => silence::next_step_at(ticket, policy),
        Turn::Nobody => None,
    };
    ticket.snoozed_until.or(step_at)
}

/// Takes a snapshot in. Labels, state, text and assignees are what they are: the newest wins,
/// and of two from the same second the one that was read anew.
fn observe(draft: &mut Draft, snapshot: &Snapshot) {
    let is_reread = draft.case.findings.issue.is_some();
    let is_echo = matches!(draft.case.event.actor, Actor::Ourselves) && !is_reread;
    let is_newer = if is_echo {
        snapshot.updated_at > draft.ticket.snapshot_at
    } else {
        snapshot.updated_at >= draft.ticket.snapshot_at
    };
    if !is_newer {
        if !is_echo {
            draft.because(
                "The issue has changed since; only what happened counts, not how it looked.",
            );
        }
        return;
    }
    draft.ticket.snapshot_at = snapshot.updated_at;
    draft.ticket.url.clone_from(&snapshot.url);
    draft.ticket.number = snapshot.number;
    let author = snapshot.author.as_ref().map(|author| author.id);
    if author != draft.ticket.requester.as_ref().map(|person| person.id) {
        // The account is gone, and its issues are a ghost's.
        // Their name may belong to somebody else by now.
        draft.ticket.requester = None;
    }
    draft.ticket.assignees.clone_from(&snapshot.assignees);
    if draft.ticket.is_locked && !snapshot.is_locked {
        // What could not be said under the lock is said now, and silence counts from now on.
        draft.ticket.card = None;
        if draft.ticket.turn == Turn::Requester {
            draft.ticket.restart_clock(Stamp { at: snapshot.updated_at, id: 0 });
        }
    }
    draft.ticket.is_locked = snapshot.is_locked;
    draft.ticket.observe_labels(&snapshot.labels, draft.case.policy);
    observe_state(draft, snapshot);
    shield::guard_issue(draft, snapshot);
    intake::observe_text(draft, snapshot);
    intake::note_related(draft, &draft.case.findings.related);
}

/// Follows an issue that was closed or opened again, by whichever event shows it. While our own
/// closing or opening is on its way, a snapshot that does not show it yet says nothing.
fn observe_state(draft: &mut Draft, snapshot: &Snapshot) {
    if draft.ticket.awaited_state == Some(snapshot.is_open) {
        draft.ticket.awaited_state = None;
    }
    let is_said = matches!(draft.case.event.kind, EventKind::Closed | EventKind::Reopened);
    if draft.ticket.is_open == snapshot.is_open
        || (draft.ticket.awaited_state.is_some() && !is_said)
    {
        return;
    }
    draft.ticket.awaited_state = None;
    draft.ticket.closed_by_us = false;
    draft.ticket.is_open = snapshot.is_open;
    if snapshot.is_open {
        draft.ticket.forget_closing();
        draft
            .give_turn_now(Turn::Maintainers, "The issue is open again, so it is the desk's turn.");
    } else {
        draft.ticket.closed_at = Some(snapshot.updated_at);
        draft.give_turn_now(Turn::Nobody, "The issue is closed.");
    }
}

fn apply(draft: &mut Draft) {
    let event = draft.case.event;
    match &event.kind {
        EventKind::Opened => intake::greet(draft),
        EventKind::LabelAdded(label) => label_added(draft, label),
        EventKind::LabelRemoved(label) => label_removed(draft, label),
        EventKind::Gone(departure) => depart(draft, *departure),
        EventKind::CommentWritten(comment) | EventKind::CommentEdited(comment) => {
            conversation::hear(draft, comment);
        }
        EventKind::CommentDeleted(_) if draft.case.findings.is_card => {
            take_card(draft, "The card was deleted by hand; it stays away.");
        }
        EventKind::CommentDeleted(_) => {
            draft.because("A comment was deleted; what it set in motion stays.");
        }
        EventKind::Woken => wake(draft),
        EventKind::ButtonPressed(press) => press::press(draft, press),
        EventKind::Related(numbers) => intake::note_related(draft, numbers),
        EventKind::LabelsRefused(labels) => {
            draft.ticket.note_refused_labels(labels);
            draft.because("GitHub refused to change the labels; they are asked for again when something happens.");
        }
        EventKind::Closed => draft.ticket.note_closing(event.stamp()),
        EventKind::Changed => {
            if let Some(snapshot) = &event.issue {
                intake::hear_late_edit(draft, snapshot);
            }
        }
        EventKind::Reopened | EventKind::RulesChanged => {}
    }
}

/// A person changed or deleted the card: it stays as they left it.
pub(super) fn take_card(draft: &mut Draft, why: &str) {
    if draft.case.event.actor.human().is_some() {
        draft.ticket.is_card_taken = true;
        draft.because(why);
    }
}

fn wake(draft: &mut Draft) {
    if let Some(until) = draft.ticket.snoozed_until {
        if draft.case.now < until {
            return;
        }
        draft.ticket.wake_up(draft.case.now);
        draft.because("The snooze is over.");
    }
    escalation::climb(draft);
    silence::step(draft);
}

fn label_added(draft: &mut Draft, label: &str) {
    let event = draft.case.event;
    let Some(person) = event.actor.human() else {
        return;
    };
    if event.at < draft.ticket.snapshot_at {
        return;
    }
    let policy = draft.case.policy;
    draft.because(if draft.ticket.is_requester(person) {
        format!("The label “{label}” came with the request.")
    } else {
        format!("{} put the label “{label}” on by hand; it stays.", person.login)
    });
    if let Some(turn) = draft.ticket.pin_added(label, policy) {
        draft.give_turn(turn, "That label says whose turn it is.");
    }
    let is_answered = draft.ticket.answered_at.is_some();
    if draft.ticket.is_asked_by(label, policy) && !is_answered {
        intake::greet(draft);
    }
}

fn label_removed(draft: &mut Draft, label: &str) {
    let event = draft.case.event;
    let Some(person) = event.actor.human() else {
        return;
    };
    if event.at < draft.ticket.snapshot_at {
        draft.ticket.pin_removed_before(label, draft.case.policy);
        return;
    }
    draft.because(format!("{} took the label “{label}” off by hand; it stays off.", person.login));
    draft.ticket.pin_removed(label, draft.case.policy);
}

fn depart(draft: &mut Draft, departure: Departure) {
    draft.ticket.is_gone = true;
    draft.ticket.is_open = false;
    let why = match departure {
        Departure::Deleted => "The issue was deleted; its text is forgotten.",
        Departure::Transferred => "The issue moved to another repository; this ticket ends here.",
    };
    if departure == Departure::Deleted {
        draft.ticket.forget_text();
    }
    draft.give_turn_now(Turn::Nobody, why);
}

/// The finished decision: labels follow the state, the card follows the facts, and the next
/// waking is derived.
fn finish(draft: Draft) -> Decision {
    let Case { policy, event, .. } = draft.case;
    let Drafted { mut ticket, urgent, actions: said, reasons, desk_changes, was_role_too_low } =
        draft.into_drafted();
    let mut actions = urgent;
    actions.extend(ticket.settle_labels(policy));
    actions.extend(ticket.settle_card(policy).map(Action::PutCard));
    actions.extend(said);
    Decision {
        actions: plan(actions, event, &ticket),
        reasons,
        wake_at: wake_at(&ticket, policy),
        ticket: Some(ticket),
        desk_changes,
        was_role_too_low,
    }
}

/// Gives each action its key. The first card has a key of its own, so that it can't be posted
/// twice whichever event led to it.
fn plan(actions: Vec<Action>, event: &Event, ticket: &Ticket) -> Vec<PlannedAction> {
    let first_card = card_key(ticket.id);
    let event_key = &event.key.0;
    let keyed = actions.into_iter().enumerate().map(|(position, action)| {
        let is_first_card = matches!(action, Action::PutCard(_)) && ticket.card_version == 1;
        let key =
            if is_first_card { first_card.clone() } else { format!("{event_key}/{position}") };
        PlannedAction { key, action }
    });
    keyed.collect()
}
