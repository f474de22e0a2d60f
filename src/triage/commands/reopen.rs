//! `/reopen`: a closed request is looked at again.

use super::{Call, Command, Refusal, Who};
use crate::triage::draft::Draft;

/// Opens it again.
pub const REOPEN: Command = Command {
    name: "reopen",
    arguments: "",
    summary: "Open the request again; it is the desk's turn then.",
    who: Who::Staff,
    run,
};

fn run(draft: &mut Draft, _call: &Call) -> Result<(), Refusal> {
    if draft.ticket.is_open {
        return Err(Refusal::new("This request is open.", ""));
    }
    draft.reopen("A maintainer opened the request again.");
    Ok(())
}
