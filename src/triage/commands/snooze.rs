//! `/snooze`: the clock stands still for a while.

use super::{Call, Command, Refusal, Who};
use crate::policy::Span;
use crate::policy::calendar::Rest;
use crate::triage::draft::Draft;

/// Lets the ticket rest for a time.
pub const SNOOZE: Command = Command {
    name: "snooze",
    arguments: "<duration>",
    summary: "Stop the clock of this request for so long, such as 3 days or 2 working days.",
    who: Who::Staff,
    run,
};

fn run(draft: &mut Draft, call: &Call) -> Result<(), Refusal> {
    let span: Span = call.arguments().parse().map_err(|_| {
        let why = "Say for how long: a number and hours, days, weeks or working days.";
        Refusal::new(why, "/snooze 3 days")
    })?;
    if !draft.ticket.is_open {
        return Err(Refusal::closed());
    }
    let from = draft.case.event.at;
    let until = draft.case.policy.clock.after(from, &span);
    if draft.ticket.sets_snooze(draft.case.event.stamp()) {
        draft.ticket.snooze(Rest { from, until });
    } else {
        draft.because("What came later says whether the clock stands still.");
    }
    Ok(())
}
