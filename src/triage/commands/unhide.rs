//! `/unhide`: a comment that was taken for a lure was none.

use super::{Call, Command, Refusal, Who};
use crate::triage::action::Action;
use crate::triage::draft::Draft;

/// Shows again what the desk hid last, and hides nothing of that person any more.
pub const UNHIDE: Command = Command {
    name: "unhide",
    arguments: "",
    summary: "Show again the comment that I hid last, and trust its author.",
    who: Who::Staff,
    run,
};

fn run(draft: &mut Draft, _call: &Call) -> Result<(), Refusal> {
    let shield = &mut draft.ticket.shield;
    let Some((_, comment)) = shield.hidden.pop_last() else {
        return Err(Refusal::new("I have hidden no comment here.", ""));
    };
    shield.trusted.insert(comment.author);
    draft.act(Action::UnhideComment(comment.node_id));
    Ok(())
}
