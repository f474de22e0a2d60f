//! Comments: whose turn follows from who spoke and what they meant, by role.

use super::commands::{self, Commanded};
use super::decide;
use super::decision::DeskChange;
use super::draft::{Case, Draft};
use super::event::{Actor, Comment, EventKind};
use super::intake;
use super::proof;
use super::shield;
use super::speaker::Speaker;
use super::ticket::{Stage, Turn};
use crate::policy::{CloseAs, Role};
use crate::reading::{self, AuthorRole, CommentReading, Intent, NextTurn};

/// Hears a comment: carries out its commands, and gives the turn by what was said.
pub(super) fn hear(draft: &mut Draft, comment: &Comment) {
    let Case { event, findings, .. } = draft.case;
    let Some(person) = event.actor.human() else {
        hear_program(draft, comment);
        return;
    };
    let is_author = comment.author.as_ref().is_some_and(|author| author.id == person.id);
    if !is_author {
        hear_foreign_edit(draft, comment, findings.is_card);
        return;
    }
    let role = findings.roles.get(&person.login).copied().unwrap_or(Role::None);
    let speaker = Speaker { person, role, is_requester: draft.ticket.is_requester(person) };
    let author_role = author_role(draft, speaker);
    let said = reading::read_comment(author_role, &comment.body);
    if said.is_lure {
        shield::guard_against_lure(draft, (comment, &said), person.id);
        return;
    }
    shield::guard_comment(draft, comment, &said);
    let is_new = matches!(event.kind, EventKind::CommentWritten(_));
    let commanded = commands::carry_out(draft, (comment, &said.commands), speaker);
    if author_role == AuthorRole::Requester {
        take_answers(draft, &said);
    }
    if !is_new {
        return;
    }
    if speaker.is_requester && proof::branch_in(&said).is_some() {
        proof::note(draft, comment.id, findings.branch.as_ref());
    }
    let is_heard = match (commanded, author_role) {
        (Commanded::Nothing, _) | (Commanded::Refused, AuthorRole::Requester) => true,
        (Commanded::Refused | Commanded::Done | Commanded::Answered, _) => false,
    };
    if is_heard {
        hear_words(draft, &said, speaker);
    }
    if author_role == AuthorRole::Maintainer {
        if matches!(commanded, Commanded::Nothing | Commanded::Answered) {
            draft.ticket.note_answer(event.at);
        }
        tell_desk_problem(draft);
    }
}

/// A program gives no turn and no commands; what it posts is guarded all the same.
fn hear_program(draft: &mut Draft, comment: &Comment) {
    if matches!(draft.case.event.actor, Actor::Bot(_)) {
        draft.because("Programs give no turn and no commands.");
        let said = reading::read_comment(AuthorRole::Bystander, &comment.body);
        shield::guard_comment(draft, comment, &said);
    }
}

/// Whoever edits somebody else's words says nothing by it, whatever stands there now.
fn hear_foreign_edit(draft: &mut Draft, comment: &Comment, is_card: bool) {
    if is_card {
        decide::take_card(draft, "The card was changed by hand; it stays as it is now.");
        return;
    }
    draft.because("Somebody changed another person's comment; nothing in it is carried out.");
    let said = reading::read_comment(AuthorRole::Bystander, &comment.body);
    shield::guard_comment(draft, comment, &said);
}

/// Answers to the card's questions change its guidance in place.
fn take_answers(draft: &mut Draft, said: &CommentReading) {
    let was_missing = !draft.ticket.reading.is_complete();
    let ticket = &mut draft.ticket;
    let is_filled = ticket.corrections.fill(said.told.clone(), &ticket.reading);
    if ticket.corrections.hear(said.answers.clone()) || is_filled {
        draft.ticket.correct_reading();
        draft.because("The requester answered a question of the card.");
        if was_missing {
            intake::take_back_turn(draft);
        }
    }
}

/// What is wrong with the desk's settings is told once, where a maintainer is sure to look: under
/// their own words.
fn tell_desk_problem(draft: &mut Draft) {
    if let Some(problem) = &draft.case.findings.desk_problem {
        let mut facts = draft.facts();
        facts.arguments.insert("problem".to_owned(), problem.words().to_owned());
        draft.say(problem.template(), facts);
        draft.change_desk(DeskChange::ProblemTold);
        draft
            .because("Something is wrong with the desk's settings; its maintainers are told once.");
    }
}

fn author_role(draft: &Draft, speaker: Speaker) -> AuthorRole {
    if speaker.is_requester {
        AuthorRole::Requester
    } else if speaker.role >= draft.case.policy.commands.role {
        AuthorRole::Maintainer
    } else {
        AuthorRole::Bystander
    }
}

fn hear_words(draft: &mut Draft, said: &CommentReading, speaker: Speaker) {
    match author_role(draft, speaker) {
        AuthorRole::Requester => hear_requester(draft, said),
        AuthorRole::Maintainer => hear_maintainer(draft, said),
        AuthorRole::Bystander => draft.because("A bystander's words leave the turn where it is."),
    }
}

fn hear_requester(draft: &mut Draft, said: &CommentReading) {
    let event = draft.case.event;
    if !draft.ticket.is_open {
        reopen_for_answer(draft, said);
        return;
    }
    match said.intent {
        Intent::SelfResolved if draft.ticket.turn_set <= event.stamp() => {
            draft.resolve("The requester got in without help.");
            return;
        }
        Intent::AsksToClose if draft.ticket.turn_set <= event.stamp() => {
            draft.close(CloseAs::Completed, "The requester asked to close it.");
            return;
        }
        Intent::EmailedSupport | Intent::CompletedVerification => {
            draft.ticket.mailed_at = Some(event.at);
        }
        _ => {}
    }
    match said.next_turn {
        NextTurn::Maintainers => {
            if said.intent != Intent::AsksStatus {
                forget_question(draft);
            }
            draft.give_turn(Turn::Maintainers, "The requester answered, so it is the desk's turn.");
        }
        NextTurn::Requester | NextTurn::Nobody | NextTurn::Unchanged => {
            draft.because("The requester's words leave the turn where it is.");
        }
    }
}

/// What was asked for is answered: the label goes with the question. What the form lacked may have
/// come in free words, so the label stays off until staff ask again.
fn forget_question(draft: &mut Draft) {
    let stamp = draft.case.event.stamp();
    draft.ticket.note_word(stamp);
    let was_asked = draft.ticket.turn_before(stamp) == Turn::Requester;
    if !was_asked
        || draft.ticket.restarted_after(stamp)
        || !draft.ticket.note_requested_answer(stamp)
    {
        return;
    }
    take_question_off(draft);
}

/// Nothing is asked any more.
pub(super) fn take_question_off(draft: &mut Draft) {
    let label = draft.case.policy.labels.needs_information.clone();
    if draft.ticket.reading.is_complete() {
        draft.ticket.commanded_labels.remove(&label);
    } else {
        draft.ticket.commanded_labels.insert(label, false);
    }
}

/// An answer to a ticket that the bot closed opens it again; a human's closing is left alone.
fn reopen_for_answer(draft: &mut Draft, said: &CommentReading) {
    let is_answer =
        !matches!(said.intent, Intent::Thanks | Intent::SelfResolved | Intent::AsksToClose);
    if !draft.ticket.closed_by_us || !is_answer {
        draft.because("The ticket is closed; the requester's words leave it so.");
        return;
    }
    if draft.ticket.was_ended_after(draft.case.event.stamp()) {
        draft.because("It was said before the ticket was closed, and is heard of only now.");
        return;
    }
    draft.move_to(Stage::Reviewing);
    draft.reopen("The requester answered after the desk closed the ticket, so it is open again.");
}

fn hear_maintainer(draft: &mut Draft, said: &CommentReading) {
    match said.next_turn {
        NextTurn::Requester => {
            draft.ask_requester("A maintainer asked something, so it is the requester's turn.");
        }
        NextTurn::Maintainers => {
            draft.give_turn(Turn::Maintainers, "A maintainer took the turn.");
        }
        NextTurn::Nobody | NextTurn::Unchanged => {
            draft.because("A maintainer's words without a question leave the turn where it is.");
        }
    }
    match said.intent {
        Intent::RecoveryInitiated => draft.move_to(Stage::Recovering),
        _ => draft.begin_review(),
    }
}
