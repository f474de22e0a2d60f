//! `/codes`: whether recovery codes are at hand.

use super::arguments::yes_or_no;
use super::{Call, Command, Refusal, Who};
use crate::reading::{Answers, Known, RecoveryCodes};
use crate::triage::draft::Draft;

/// Whether recovery codes are at hand.
pub const CODES: Command = Command {
    name: "codes",
    arguments: "yes|no",
    summary: "Say whether you have recovery codes at hand. Never write a code here.",
    who: Who::Requester,
    run,
};

fn run(draft: &mut Draft, call: &Call) -> Result<(), Refusal> {
    let codes = match yes_or_no(call)? {
        Known::Yes => RecoveryCodes::Has,
        Known::No | Known::Unknown => RecoveryCodes::Lost,
    };
    draft.correct(Answers { recovery_codes: Some(codes), ..Answers::default() });
    Ok(())
}
