//! `/session`: whether somebody is still logged in somewhere.

use super::arguments::yes_or_no;
use super::{Call, Command, Refusal, Who};
use crate::reading::Answers;
use crate::triage::draft::Draft;

/// Whether a login is still alive somewhere.
pub const SESSION: Command = Command {
    name: "session",
    arguments: "yes|no",
    summary: "Say whether you are still logged in on some computer or browser.",
    who: Who::Requester,
    run,
};

fn run(draft: &mut Draft, call: &Call) -> Result<(), Refusal> {
    let session = Some(yes_or_no(call)?);
    draft.correct(Answers { session, ..Answers::default() });
    Ok(())
}
