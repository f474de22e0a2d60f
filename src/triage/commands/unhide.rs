//! `/unhide`: a comment that was taken for a lure was none.

use super::{Call, Command, Refusal, Who};
use crate::triage::action::Action;
use crate::triage::draft::Draft;

/// Shows what the desk hid again, and hides nothing of these people any more.
pub const UNHIDE: Command = Command {
    name: "unhide",
    arguments: "",
    summary: "Show again the comments that I hid here, and trust their authors.",
    who: Who::Staff,
    run,
};

fn run(draft: &mut Draft, _call: &Call) -> Result<(), Refusal> {
    let hidden = std::mem::take(&mut draft.ticket.shield.hidden);
    if hidden.is_empty() {
        return Err(Refusal::new("I have hidden no comment here.", ""));
    }
    for comment in hidden.into_values() {
        draft.ticket.shield.trusted.insert(comment.author);
        draft.act(Action::UnhideComment(comment.node_id));
    }
    Ok(())
}
