//! `/wake`: the rest is over.

use super::{Call, Command, Refusal, Who};
use crate::triage::draft::Draft;

/// Ends the rest.
pub const WAKE: Command =
    Command { name: "wake", arguments: "", summary: "End the snooze now.", who: Who::Staff, run };

fn run(draft: &mut Draft, _call: &Call) -> Result<(), Refusal> {
    let event = draft.case.event;
    let is_last = draft.ticket.sets_snooze(event.stamp());
    if !is_last {
        draft.because("What came later says whether the clock stands still.");
    } else if !draft.ticket.wake_up(event.at) {
        return Err(Refusal::new("This request is not snoozed.", "/snooze 3 days"));
    }
    Ok(())
}
