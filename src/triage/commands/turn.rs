//! `/turn`: says whose turn it is.

use super::{Call, Command, Refusal, Who};
use crate::triage::draft::Draft;
use crate::triage::ticket::Turn;

/// Gives the turn, and its labels back to the bot.
pub const TURN: Command = Command {
    name: "turn",
    arguments: "requester|maintainers",
    summary: "Say whose turn it is.",
    who: Who::Staff,
    run,
};

fn run(draft: &mut Draft, call: &Call) -> Result<(), Refusal> {
    let turn = match call.arguments().to_lowercase().as_str() {
        "requester" => Turn::Requester,
        "maintainers" => Turn::Maintainers,
        other => return Err(refuse(other)),
    };
    if !draft.ticket.is_open {
        return Err(Refusal::closed());
    }
    draft.ticket.unpin_turn_labels(draft.case.policy);
    draft.give_turn(turn, "A maintainer said whose turn it is.");
    Ok(())
}

fn refuse(word: &str) -> Refusal {
    let nearest = ["requester", "maintainers"]
        .into_iter()
        .filter(|name| strsim::damerau_levenshtein(word, name) <= 2)
        .map(|name| format!("/turn {name}"))
        .next();
    let why = "Say whose turn it is: requester or maintainers.";
    Refusal::new(why, nearest.unwrap_or_else(|| "/turn requester".to_owned()))
}
