//! Replies: commands without code, each an entry of the policy.

use std::collections::BTreeMap;

use super::Refusal;
use crate::policy::{ClockAfter, Reply, StageAfter, TurnAfter};
use crate::reading::CommandLine;
use crate::reading::secrets::blank_secrets;
use crate::triage::conversation;
use crate::triage::draft::Draft;
use crate::triage::ticket::{Stage, Turn};

/// Says the text, sets labels, turn and stage, and closes, as the entry tells.
pub(super) fn run(draft: &mut Draft, line: &CommandLine, reply: &Reply) -> Result<(), Refusal> {
    let arguments = parse_arguments(line, reply)?;
    if !draft.ticket.is_open {
        return Err(match reply.close {
            Some(_) => Refusal::new("This request is closed already.", ""),
            None => Refusal::closed(),
        });
    }
    for label in &reply.add_labels {
        draft.ticket.command_label(label, true);
    }
    for label in &reply.remove_labels {
        draft.ticket.command_label(label, false);
    }
    if let Some(stage) = reply.stage {
        draft.move_to(stage_of(stage));
    } else {
        draft.begin_review();
    }
    let mut facts = draft.facts();
    facts.arguments = arguments;
    draft.say(&reply.template, facts);
    set_turn(draft, reply);
    Ok(())
}

fn set_turn(draft: &mut Draft, reply: &Reply) {
    if let Some(turn) = reply.turn {
        draft.ticket.unpin_turn_labels(draft.case.policy);
        let why = |turn: Turn| format!("/{} gave the turn to {}.", reply.command, turn.name());
        match turn {
            TurnAfter::Requester => {
                draft.ask_requester(&why(Turn::Requester));
                if draft.ticket.was_answered_already(draft.case.event.stamp()) {
                    conversation::take_question_off(draft);
                }
            }
            TurnAfter::Maintainers => draft.give_turn(Turn::Maintainers, &why(Turn::Maintainers)),
            TurnAfter::Nobody => draft.give_turn(Turn::Nobody, &why(Turn::Nobody)),
        }
    }
    if reply.clock == Some(ClockAfter::Reminded) {
        draft.ticket.reminded_at = Some(draft.case.event.at);
    }
    if let Some(close_as) = reply.close {
        draft.close(close_as, &format!("/{} closed the request.", reply.command));
    }
}

/// Splits the arguments by the names the policy gives them; the last takes the rest of the line.
fn parse_arguments(line: &CommandLine, reply: &Reply) -> Result<BTreeMap<String, String>, Refusal> {
    let mut words = line.arguments.splitn(reply.arguments.len().max(1), char::is_whitespace);
    let mut arguments = BTreeMap::new();
    for name in &reply.arguments {
        match words.next().map(str::trim) {
            Some(value) if !value.is_empty() => {
                // Said again by us it would stand there after the comment was blanked.
                arguments.insert(name.clone(), blank_secrets(value))
            }
            Some(_) | None => {
                return Err(Refusal::new(format!("Say {name} after the command."), usage(reply)));
            }
        };
    }
    if reply.arguments.is_empty() && !line.arguments.is_empty() {
        return Err(Refusal::new("This command takes nothing after its name.", usage(reply)));
    }
    Ok(arguments)
}

/// How it is typed.
pub(super) fn usage(reply: &Reply) -> String {
    let arguments: String = reply.arguments.iter().map(|name| format!(" <{name}>")).collect();
    format!("/{}{arguments}", reply.command)
}

fn stage_of(stage: StageAfter) -> Stage {
    match stage {
        StageAfter::Reviewing => Stage::Reviewing,
        StageAfter::Recovering => Stage::Recovering,
        StageAfter::Recovered => Stage::Recovered,
    }
}
