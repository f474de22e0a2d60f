//! A request comes in: whether it is one, what it says, and the greeting.

use super::draft::Draft;
use super::event::{Event, EventKind, Snapshot, Stamp};
use super::ids::IssueNumber;
use super::ticket::Turn;
use crate::policy::Policy;
use crate::reading::{FormKind, Missing, Reading};

/// Whether an issue without the request label is a request all the same, by the headings of the
/// form it was filed with.
pub fn is_request(snapshot: &Snapshot) -> bool {
    let reading = &snapshot.reading;
    if reading.kind.is_some() {
        return true;
    }
    match reading.form {
        FormKind::Form2024 | FormKind::Form2021 | FormKind::Markdown2020 => {
            reading.is_account_recovery
        }
        FormKind::Freeform | FormKind::OtherForm => false,
    }
}

/// Whether an issue not seen before becomes a ticket.
pub(super) fn concerns_us(snapshot: &Snapshot, event: &Event, policy: &Policy) -> bool {
    let request = &policy.labels.request;
    let is_labelled = snapshot.labels.iter().any(|label| label.eq_ignore_ascii_case(request));
    let is_leaving = matches!(event.kind, EventKind::Gone(_));
    !is_leaving && (is_labelled || is_request(snapshot))
}

/// Somebody who files one request after another tells nothing new with each.
pub const RELATED_MAX: usize = 5;

/// Greets the requester: the card is put once, and whoever must act has the turn. An issue that
/// is closed already needs no greeting.
pub(super) fn greet(draft: &mut Draft) {
    let ticket = &draft.ticket;
    let is_from_program = ticket.requester.as_ref().is_some_and(|person| person.is_bot);
    if ticket.is_greeted || !ticket.is_open || is_from_program {
        return;
    }
    draft.ticket.is_greeted = true;
    draft.ticket.waiting = draft.case.findings.waiting;
    note_related(draft, &draft.case.findings.related);
    draft.because(said(draft));
    give_first_turn(draft);
}

fn give_first_turn(draft: &mut Draft) {
    let stamp = Stamp { at: draft.ticket.opened_at, id: 0 };
    if !draft.ticket.reading.is_complete() {
        let why =
            format!("It is the requester's turn: {}.", missing_in_words(&draft.ticket.reading));
        draft.give_turn_at(stamp, Turn::Requester, &why);
        return;
    }
    let (turn, why) = draft.ticket.complete_turn(draft.case.policy);
    draft.give_turn_at(stamp, turn, why);
}

/// Reads an edited text anew. What was missing and now is there gives the turn back.
pub(super) fn observe_text(draft: &mut Draft, snapshot: &Snapshot) {
    let is_over = draft.ticket.is_text_forgotten() && !snapshot.is_open;
    if is_over || draft.ticket.title == snapshot.title && draft.ticket.body == snapshot.body {
        return;
    }
    let was_missing = !draft.ticket.reading.is_complete();
    draft.ticket.title.clone_from(&snapshot.title);
    draft.ticket.body.clone_from(&snapshot.body);
    if is_erased(snapshot) && draft.ticket.is_greeted {
        draft.because("The text was erased; what it said is kept until the retention ends.");
        return;
    }
    if let Some(why) = draft.ticket.read_anew(&snapshot.reading) {
        draft.because(why);
    }
    draft.ticket.correct_reading();
    draft.because("The text changed and was read anew.");
    if was_missing {
        take_back_turn(draft);
    }
}

/// Hears of an edit after what came later: if nothing was missing any more, the turn came back then.
pub(super) fn hear_late_edit(draft: &mut Draft, snapshot: &Snapshot) {
    let (ticket, stamp) = (&draft.ticket, draft.case.event.stamp());
    let is_late = snapshot.updated_at < ticket.snapshot_at;
    let was_answered = ticket.answered_at.is_some_and(|at| at <= stamp.at);
    if !is_late || was_answered || !ticket.has_turn_of_filing(stamp) {
        return;
    }
    let mut reading = snapshot.reading.clone();
    ticket.corrections.apply(&mut reading);
    if reading.is_complete() && !is_erased(snapshot) {
        draft.give_turn(Turn::Maintainers, "Nothing was missing from then on.");
    }
}

/// What the request lacked is there now: the turn comes back, unless staff asked for more.
pub(super) fn take_back_turn(draft: &mut Draft) {
    let is_complete = draft.ticket.reading.is_complete();
    let is_requesters = draft.ticket.turn == Turn::Requester;
    if is_complete && is_requesters && draft.ticket.answered_at.is_none() {
        draft.give_turn(
            Turn::Maintainers,
            "What was missing is there now, so it is the desk's turn.",
        );
    }
}

/// Other requests of the same account or person: linked for maintainers, and nothing is closed.
pub(super) fn note_related(draft: &mut Draft, numbers: &[IssueNumber]) {
    let ticket = &mut draft.ticket;
    let mut fresh = Vec::new();
    for number in numbers.iter().filter(|number| **number != ticket.number) {
        if ticket.related.len() < RELATED_MAX && ticket.related.insert(*number) {
            fresh.push(*number);
        }
    }
    if !fresh.is_empty() {
        let list: Vec<String> = fresh.iter().map(|number| format!("#{number}")).collect();
        draft.because(format!(
            "The same account or person may have asked in {} too; both are linked.",
            list.join(", ")
        ));
    }
}

/// Authors erase the body when they are done ("solved", "."), and what it said still counts.
fn is_erased(snapshot: &Snapshot) -> bool {
    snapshot.body.trim().chars().count() < 20 && snapshot.reading.form == FormKind::Freeform
}

fn said(draft: &Draft) -> String {
    let reading = &draft.ticket.reading;
    if let Some(kind) = &reading.kind {
        return format!("A request of the kind {kind}.");
    }
    if reading.reasons.is_empty() {
        return "A request that names no reason yet.".to_owned();
    }
    let names: Vec<&str> = reading.reasons.iter().map(|reason| reason.name()).collect();
    format!("A request, read as: {}.", names.join(", "))
}

fn missing_in_words(reading: &Reading) -> String {
    let word = |missing: &Missing| match missing {
        Missing::Username => "the user name is missing",
        Missing::Reason => "the reason is missing",
        Missing::CodeOfConduct => "the Code of Conduct box is not ticked",
        Missing::Acknowledgement => "the acknowledgement box is not ticked",
    };
    let words = reading.missing.iter().map(|missing| word(missing).to_owned());
    let fields = reading.missing_fields.iter().map(|name| format!("`{name}` is missing"));
    words.chain(fields).collect::<Vec<_>>().join(", ")
}
