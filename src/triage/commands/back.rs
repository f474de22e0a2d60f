//! `/back`: somebody is there again.

use super::{Call, Command, Refusal, Who};
use crate::triage::decision::DeskChange;
use crate::triage::draft::Draft;

/// Ends it.
pub const BACK: Command = Command {
    name: "back",
    arguments: "",
    summary: "Somebody is there again: all clocks of this desk go on from today.",
    who: Who::Staff,
    run,
};

fn run(draft: &mut Draft, _call: &Call) -> Result<(), Refusal> {
    let today = draft.case.policy.clock.date_of(draft.case.now);
    draft.change_desk(DeskChange::Back(today));
    Ok(())
}
