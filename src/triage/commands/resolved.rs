//! `/resolved`: the requester got in.

use super::{Call, Command, Refusal, Who};
use crate::triage::draft::Draft;

/// Ends the ticket happily.
pub const RESOLVED: Command = Command {
    name: "resolved",
    arguments: "",
    summary: "You can log in again: close this request.",
    who: Who::Requester,
    run,
};

fn run(draft: &mut Draft, _call: &Call) -> Result<(), Refusal> {
    if !draft.ticket.is_open {
        return Err(Refusal::new("This request is closed already.", ""));
    }
    draft.resolve("The request was said to be resolved.");
    Ok(())
}
