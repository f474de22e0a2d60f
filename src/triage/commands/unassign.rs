//! `/unassign`: somebody looks after the request no more.

use super::arguments::login_or_own;
use super::{Call, Command, Refusal, Who};
use crate::triage::action::Action;
use crate::triage::draft::Draft;

/// Makes somebody responsible no more.
pub const UNASSIGN: Command = Command {
    name: "unassign",
    arguments: "[@who]",
    summary: "Take yourself, or whom you name, off the request.",
    who: Who::Staff,
    run,
};

fn run(draft: &mut Draft, call: &Call) -> Result<(), Refusal> {
    let login = login_or_own(call)?;
    draft.act(Action::Unassign(login));
    Ok(())
}
