//! `/sent`: the requester wrote the mail, or pushed the branch and answered it.

use super::{Call, Command, Refusal, Who};
use crate::triage::draft::Draft;
use crate::triage::ticket::Turn;

/// Notes the date, since mail is not to be seen here, and gives the desk the turn.
pub const SENT: Command = Command {
    name: "sent",
    arguments: "",
    summary: "Say that you have sent the mail, or pushed the branch and answered the mail.",
    who: Who::Requester,
    run,
};

fn run(draft: &mut Draft, _call: &Call) -> Result<(), Refusal> {
    if !draft.ticket.is_open {
        return Err(Refusal::closed());
    }
    draft.ticket.mailed_at = Some(draft.case.event.at);
    draft.give_turn(Turn::Maintainers, "The mail is said to be sent, so it is the desk's turn.");
    Ok(())
}
