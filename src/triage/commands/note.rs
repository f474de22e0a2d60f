//! `/note`: a line for the ticket's history.

use super::{Call, Command, Refusal, Who};
use crate::reading::secrets::blank_secrets;
use crate::triage::draft::Draft;

/// Longer notes are stories.
const CHARACTERS_MAX: usize = 1000;

/// Keeps a line in the history.
pub const NOTE: Command = Command {
    name: "note",
    arguments: "<text>",
    summary: "Keep a line in the ticket's history; the turn stays where it is.",
    who: Who::Staff,
    run,
};

fn run(draft: &mut Draft, call: &Call) -> Result<(), Refusal> {
    let text = call.arguments();
    if text.is_empty() {
        return Err(Refusal::new("Say what to note.", "/note called back"));
    }
    if text.chars().count() > CHARACTERS_MAX {
        return Err(Refusal::new("A note has at most 1000 characters.", ""));
    }
    draft.because(format!("Note by {}: {}", call.speaker.person.login, blank_secrets(text)));
    Ok(())
}
