//! `/username`: the user name, corrected by staff.

use super::{Call, Command, Refusal, Who};
use crate::reading::Answers;
use crate::triage::draft::Draft;

/// What PyPI lets a user name have, with room for other services.
const USERNAME_CHARACTERS_MAX: usize = 100;

/// Sets the account's name.
pub const USERNAME: Command = Command {
    name: "username",
    arguments: "<name>",
    summary: "Correct the user name that was read.",
    who: Who::Staff,
    run,
};

fn run(draft: &mut Draft, call: &Call) -> Result<(), Refusal> {
    let typed = call.arguments();
    let name = typed.trim_matches(['`', '"', '\'', '@', '<', '>']);
    let is_name = !name.is_empty()
        && name.chars().count() <= USERNAME_CHARACTERS_MAX
        && !name.chars().any(|character| character.is_whitespace() || character.is_control());
    if !is_name {
        let why = "Say one user name, without spaces and at most 100 characters.";
        return Err(Refusal::new(why, "/username alpha"));
    }
    if name.contains('@') {
        return Err(Refusal::new(
            "That looks like an address; say the user name.",
            "/username alpha",
        ));
    }
    let username = Some(name.to_owned());
    draft.correct(Answers { username, ..Answers::default() });
    Ok(())
}
