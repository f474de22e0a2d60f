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

/// Whom the call names; else the speaker, if that is an assignee, or the only one there is.
fn whom(draft: &Draft, call: &Call) -> Result<String, Refusal> {
    let login = login_or_own(call)?;
    if !call.arguments().is_empty() {
        return Ok(login);
    }
    let assignees = &draft.ticket.assignees;
    match assignees.as_slice() {
        _ if assignees.iter().any(|assignee| assignee.eq_ignore_ascii_case(&login)) => Ok(login),
        [only] => Ok(only.clone()),
        [] => Err(Refusal::new("Nobody is assigned here.", "")),
        [first, ..] => Err(Refusal::new("Say whom.", format!("/unassign @{first}"))),
    }
}

fn run(draft: &mut Draft, call: &Call) -> Result<(), Refusal> {
    let login = whom(draft, call)?;
    draft.act(Action::Unassign(login));
    Ok(())
}
