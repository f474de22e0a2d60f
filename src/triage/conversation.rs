//! Comments: whose turn follows from who spoke and what they meant, by role.

use super::commands;
use super::draft::Draft;
use super::event::{Actor, Comment, EventKind};
use super::question::Findings;
use super::speaker::Speaker;
use super::text::POLICY_PROBLEM;
use super::ticket::{Stage, Turn};
use crate::policy::{CloseAs, Role};
use crate::reading::{self, AuthorRole, CommentReading, Intent, NextTurn};

/// Hears a comment: carries out its commands, and gives the turn by what was said.
pub(super) fn hear(draft: &mut Draft, comment: &Comment, findings: &Findings) {
    let event = draft.case.event;
    let Some(person) = event.actor.human() else {
        if matches!(event.actor, Actor::Bot(_)) {
            draft.because("Programs give no turn and no commands.");
        }
        return;
    };
    let is_author = comment.author.as_ref().is_some_and(|author| author.id == person.id);
    if !is_author {
        draft.because("Somebody changed another person's comment; nothing in it is carried out.");
        return;
    }
    let role = findings.roles.get(&person.login).copied().unwrap_or(Role::None);
    let speaker = Speaker { person, role, is_requester: draft.ticket.is_requester(person) };
    let said = reading::read_comment(author_role(draft, speaker), &comment.body);
    let is_new = matches!(event.kind, EventKind::CommentWritten(_));
    let commanded = commands::carry_out(draft, (comment, &said.commands), speaker);
    if is_new && !commanded {
        hear_words(draft, &said, speaker);
    }
    if is_new && author_role(draft, speaker) == AuthorRole::Maintainer {
        draft.ticket.answered_at.get_or_insert(event.at);
        tell_policy_problem(draft, findings);
    }
}

/// A broken policy file is told once, where a maintainer is sure to look: under their own words.
fn tell_policy_problem(draft: &mut Draft, findings: &Findings) {
    if let Some(problem) = &findings.policy_problem {
        let mut facts = draft.facts();
        facts.arguments.insert("problem".to_owned(), problem.clone());
        draft.say(POLICY_PROBLEM, facts);
        draft.because("The repository's policy file has a mistake; its maintainers are told once.");
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
    if draft.ticket.turn != Turn::Requester {
        return;
    }
    let label = draft.case.policy.labels.needs_information.clone();
    if draft.ticket.reading.missing.is_empty() {
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
    draft.move_to(Stage::Reviewing);
    draft.reopen("The requester answered after the desk closed the ticket, so it is open again.");
}

fn hear_maintainer(draft: &mut Draft, said: &CommentReading) {
    match said.next_turn {
        NextTurn::Requester => {
            draft.give_turn(
                Turn::Requester,
                "A maintainer asked something, so it is the requester's turn.",
            );
        }
        NextTurn::Maintainers => {
            draft.give_turn(Turn::Maintainers, "A maintainer took the turn.");
        }
        NextTurn::Nobody | NextTurn::Unchanged => {
            draft.because("A maintainer's words without a question leave the turn where it is.");
        }
    }
    if draft.ticket.stage == Stage::Filed {
        draft.move_to(Stage::Reviewing);
    }
}
