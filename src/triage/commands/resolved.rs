//! `/resolved`: the requester got in.

use super::{Command, Refusal, Who};
use crate::reading::CommandLine;
use crate::triage::draft::Draft;
use crate::triage::speaker::Speaker;

/// Ends the ticket happily.
pub const RESOLVED: Command = Command {
    name: "resolved",
    arguments: "",
    summary: "You can log in again: close this request.",
    who: Who::Requester,
    run,
};

fn run(draft: &mut Draft, _line: &CommandLine, _speaker: Speaker) -> Result<(), Refusal> {
    if !draft.ticket.is_open {
        return Err(Refusal::new("This request is closed already.", ""));
    }
    draft.resolve("The request was said to be resolved.");
    Ok(())
}
