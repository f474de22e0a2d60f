//! `/label`: labels by word, which then stay as they were commanded.

use super::arguments::labels;
use super::{Call, Command, Refusal, Who};
use crate::triage::draft::Draft;
use crate::triage::labels::is_turn_label;

/// Puts labels on.
pub const LABEL: Command = Command {
    name: "label",
    arguments: "<labels>",
    summary: "Put labels on, between commas or spaces; quotes hold those with spaces.",
    who: Who::Staff,
    run,
};

fn run(draft: &mut Draft, call: &Call) -> Result<(), Refusal> {
    command(draft, call, true)
}

/// Puts the named labels on, or takes them off.
pub(super) fn command(draft: &mut Draft, call: &Call, is_wanted: bool) -> Result<(), Refusal> {
    let labels = labels(call)?;
    if labels.iter().any(|label| is_turn_label(label, draft.case.policy)) {
        let why = "That label follows the turn; say whose turn it is instead.";
        return Err(Refusal::new(why, "/turn requester"));
    }
    for label in labels {
        draft.ticket.command_label(&label, is_wanted);
    }
    Ok(())
}
