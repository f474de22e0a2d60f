//! `/assign`: who looks after the request.

use super::arguments::login_or_own;
use super::{Call, Command, Refusal, Who};
use crate::triage::action::Action;
use crate::triage::draft::Draft;

/// Makes somebody responsible.
pub const ASSIGN: Command = Command {
    name: "assign",
    arguments: "[@who]",
    summary: "Make somebody responsible: yourself, or whom you name.",
    who: Who::Staff,
    run,
};

fn run(draft: &mut Draft, call: &Call) -> Result<(), Refusal> {
    let login = login_or_own(call)?;
    draft.act(Action::Assign(login));
    Ok(())
}
