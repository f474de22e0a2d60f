//! `/mailbox`: whether the mail of the account can be read.

use super::arguments::yes_or_no;
use super::{Call, Command, Refusal, Who};
use crate::reading::Answers;
use crate::triage::draft::Draft;

/// Whether the mailbox can be read.
pub const MAILBOX: Command = Command {
    name: "mailbox",
    arguments: "yes|no",
    summary: "Say whether you can read the mail of your account. Never write the address here.",
    who: Who::Requester,
    run,
};

fn run(draft: &mut Draft, call: &Call) -> Result<(), Refusal> {
    let email_access = Some(yes_or_no(call)?);
    draft.correct(Answers { email_access, ..Answers::default() });
    Ok(())
}
