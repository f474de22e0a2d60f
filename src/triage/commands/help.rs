//! `/help`: what can be said here.

use super::{Call, Command, Refusal, Who, help_for};
use crate::triage::draft::Draft;

/// Lists the commands the speaker may give.
pub const HELP: Command = Command {
    name: "help",
    arguments: "",
    summary: "Show the commands you can use here.",
    who: Who::Requester,
    run,
};

fn run(draft: &mut Draft, call: &Call) -> Result<(), Refusal> {
    let is_staff = call.speaker.role >= draft.case.policy.commands.role;
    let mut facts = draft.facts();
    facts.commands = help_for(draft.case.policy, is_staff);
    draft.say("help", facts);
    Ok(())
}
