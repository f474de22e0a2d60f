//! `/close`: the end of a request, and its return.

use super::{Call, Command, Refusal, Who};
use crate::policy::CloseAs;
use crate::triage::draft::Draft;

/// Closes the issue.
pub const CLOSE: Command = Command {
    name: "close",
    arguments: "[completed|not planned]",
    summary: "Close the request without a word: as completed, or as you say.",
    who: Who::Staff,
    run,
};

fn run(draft: &mut Draft, call: &Call) -> Result<(), Refusal> {
    let close_as = match call.arguments().to_lowercase().replace(['_', '-'], " ").as_str() {
        "" | "completed" | "done" => CloseAs::Completed,
        "not planned" => CloseAs::NotPlanned,
        _ => {
            let why = "Say completed or not planned, or nothing.";
            return Err(Refusal::new(why, "/close not planned"));
        }
    };
    if !draft.ticket.is_open {
        return Err(Refusal::new("This request is closed already.", ""));
    }
    draft.close(close_as, "A maintainer closed the request.");
    Ok(())
}
