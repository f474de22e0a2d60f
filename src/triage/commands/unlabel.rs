//! `/unlabel`: labels off by word.

use super::label::command;
use super::{Call, Command, Refusal, Who};
use crate::triage::draft::Draft;

/// Takes labels off.
pub const UNLABEL: Command = Command {
    name: "unlabel",
    arguments: "<labels>",
    summary: "Take labels off, between commas or spaces; quotes hold those with spaces.",
    who: Who::Staff,
    run,
};

fn run(draft: &mut Draft, call: &Call) -> Result<(), Refusal> {
    command(draft, call, false)
}
