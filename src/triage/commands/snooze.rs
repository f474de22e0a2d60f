//! `/snooze`: no reminder and no escalation for a while.

use super::{Call, Command, Refusal, Who};
use crate::policy::Span;
use crate::triage::draft::Draft;

/// Lets the ticket rest for a time.
pub const SNOOZE: Command = Command {
    name: "snooze",
    arguments: "<duration>",
    summary: "No reminder and no escalation for so long, such as 3 days or 2 working days.",
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
    draft.ticket.snoozed_until = Some(draft.case.policy.clock.after(draft.case.event.at, &span));
    Ok(())
}
