//! `/guide`: staff give the requester a text to read.

use super::faq::say_topic;
use super::{Call, Command, Refusal, Who};
use crate::triage::draft::Draft;

/// Gives the requester a text to read.
pub const GUIDE: Command = Command {
    name: "guide",
    arguments: "<topic>",
    summary: "Post the answer to a common question for the requester; /faq lists the topics.",
    who: Who::Staff,
    run,
};

fn run(draft: &mut Draft, call: &Call) -> Result<(), Refusal> {
    say_topic(draft, call)
}
