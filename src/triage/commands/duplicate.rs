//! `/duplicate #n`: the same matter stands in another request.

use super::arguments::issue_number;
use super::{Call, Command, Refusal, Who};
use crate::policy::CloseAs;
use crate::triage::draft::Draft;

/// Closes the request as a duplicate and says of which.
pub const DUPLICATE: Command = Command {
    name: "duplicate",
    arguments: "#n",
    summary: "Say that the matter goes on in request #n, and close this one.",
    who: Who::Staff,
    run,
};

fn run(draft: &mut Draft, call: &Call) -> Result<(), Refusal> {
    let refuse = |why: &str| Refusal::new(why, "/duplicate #12");
    let other = issue_number(call.arguments(), &draft.ticket.url).map_err(refuse)?;
    if other == draft.ticket.number {
        return Err(Refusal::new("That is this request itself.", ""));
    }
    if !draft.case.findings.there.contains(&other) {
        return Err(refuse("There is no such request here."));
    }
    draft.ticket.related.insert(other);
    let mut facts = draft.facts();
    facts.arguments.insert("of".to_owned(), other.to_string());
    draft.say("duplicate", facts);
    draft.close(CloseAs::Duplicate, &format!("A maintainer said that it goes on in #{other}."));
    Ok(())
}
