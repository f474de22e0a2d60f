//! What a single value of a policy may be: one function a sort of text, each with its cure.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::duration::{Span, or_never::NEVER};
use super::problem::{Wrong, nearest, quote, unknown};

/// Judges one text.
pub(crate) type Check = fn(&str) -> Result<(), Wrong>;

/// Commands that are code; a reply may not take their names.
pub const COMMANDS_WITH_CODE: &[&str] = &[
    "help",
    "turn",
    "escalate",
    "calm",
    "resolved",
    "sent",
    "codes",
    "mailbox",
    "session",
    "site",
    "faq",
    "guide",
    "reason",
    "username",
    "snooze",
    "wake",
    "duplicate",
    "assign",
    "unassign",
    "label",
    "unlabel",
    "unhide",
    "note",
    "close",
    "reopen",
    "away",
    "back",
];

/// Roles that may command, lowest first.
pub(super) const ROLES: &[&str] = &["triage", "write", "maintain", "admin"];
const ROLES_TOO_LOW: &[&str] = &["none", "read"];
pub(super) const LABEL_CHARACTERS_MAX: usize = 50;
pub(super) const LINE_CHARACTERS_MAX: usize = 200;
pub(super) const DESCRIPTION_CHARACTERS_MAX: usize = 100;
const NAME_CHARACTERS_MAX: usize = 50;
const LOGIN_CHARACTERS_MAX: usize = 39;

fn refuse_unless(holds: bool, wrong: impl FnOnce() -> Wrong) -> Result<(), Wrong> {
    if holds { Ok(()) } else { Err(wrong()) }
}

fn one_line(kind: &str, text: &str, characters_max: usize) -> Result<(), Wrong> {
    let length = text.chars().count();
    refuse_unless(!text.trim().is_empty(), || Wrong::new(format!("{kind} is empty")))?;
    refuse_unless(!text.chars().any(char::is_control), || {
        Wrong::new(format!("{kind} is one line without control characters"))
    })?;
    refuse_unless(length <= characters_max, || {
        Wrong::new(format!("{kind} has at most {characters_max} characters, and this has {length}"))
    })
}

/// Any text.
pub(crate) fn anything(_: &str) -> Result<(), Wrong> {
    Ok(())
}

/// One line for people.
pub(crate) fn line(text: &str) -> Result<(), Wrong> {
    one_line("this text", text, LINE_CHARACTERS_MAX)
}

/// One line for people, or nothing for "not any more".
pub(crate) fn line_or_none(text: &str) -> Result<(), Wrong> {
    if text.is_empty() { Ok(()) } else { line(text) }
}

/// The name of a label on GitHub.
pub(crate) fn label(text: &str) -> Result<(), Wrong> {
    one_line("a label's name", text, LABEL_CHARACTERS_MAX)
}

/// A label, or nothing for "no label".
pub(crate) fn label_or_none(text: &str) -> Result<(), Wrong> {
    if text.is_empty() { Ok(()) } else { label(text) }
}

/// What GitHub shows beside a label.
pub(crate) fn label_description(text: &str) -> Result<(), Wrong> {
    one_line("a label's description", text, DESCRIPTION_CHARACTERS_MAX)
}

/// Six hexadecimal digits.
pub(crate) fn color(text: &str) -> Result<(), Wrong> {
    let holds = text.len() == 6 && text.chars().all(|character| character.is_ascii_hexdigit());
    refuse_unless(holds, || {
        Wrong::new(format!("{} is no colour", quote(text)))
            .with_cure("write six hexadecimal digits without `#`, such as \"fbca04\"")
    })
}

/// A duration.
pub(crate) fn span(text: &str) -> Result<(), Wrong> {
    text.parse::<Span>().map(drop).map_err(|error| {
        Wrong::new(format!("{} is no duration: {error}", quote(text))).with_cure(
            "write a number of seconds, minutes, hours, days, working days or weeks: \"36 hours\"",
        )
    })
}

/// A duration, or `never`.
pub(crate) fn span_or_never(text: &str) -> Result<(), Wrong> {
    if text == NEVER {
        return Ok(());
    }
    span(text).map_err(|wrong| Wrong {
        cure: wrong.cure.map(|cure| format!("{cure}; \"never\" switches it off")),
        ..wrong
    })
}

/// A date.
pub(crate) fn date(text: &str) -> Result<(), Wrong> {
    let holds = text.len() == "2026-12-25".len() && text.parse::<Date>().is_ok();
    refuse_unless(holds, || {
        Wrong::new(format!("{} is no date of the calendar", quote(text)))
            .with_cure("write year, month and day: \"2026-12-25\"")
    })
}

/// A time zone.
pub(crate) fn timezone(text: &str) -> Result<(), Wrong> {
    let zone = TimeZone::get(text).ok();
    refuse_unless(zone.is_some_and(|zone| zone.iana_name().is_some()), || {
        let names = jiff::tz::db().available().map(|name| name.to_string()).collect::<Vec<_>>();
        let wrong = Wrong::new(format!("unknown time zone {}", quote(text)));
        match nearest(text, names.iter().map(String::as_str)) {
            Some(near) => wrong.with_cure(format!("did you mean `{near}`?")),
            None => wrong.with_cure(
                "write a name of the time zone database, such as \"UTC\" or \"Europe/Berlin\"",
            ),
        }
    })
}

/// A role that may command.
pub(crate) fn role(text: &str) -> Result<(), Wrong> {
    if ROLES.contains(&text) {
        Ok(())
    } else if ROLES_TOO_LOW.contains(&text) {
        Err(Wrong::new(format!("the role {} is too low for staff commands", quote(text)))
            .with_cure("the lowest is `triage`; then `write`, `maintain`, `admin`"))
    } else {
        Err(unknown("role", text, ROLES.iter().copied()))
    }
}

fn is_login(text: &str) -> bool {
    let letters = text
        .chars()
        .all(|character| character.is_ascii_alphanumeric() || character == '-' || character == '_');
    letters && !text.is_empty() && text.len() <= LOGIN_CHARACTERS_MAX && !text.starts_with('-')
}

fn is_team(text: &str) -> bool {
    text.split_once('/').is_some_and(|(organisation, team)| {
        let letters =
            |character: char| character.is_ascii_alphanumeric() || "-_.".contains(character);
        is_login(organisation) && !team.is_empty() && team.chars().all(letters)
    })
}

/// `@login`.
pub(crate) fn login(text: &str) -> Result<(), Wrong> {
    refuse_unless(text.strip_prefix('@').is_some_and(is_login), || {
        Wrong::new(format!("{} is no person on GitHub", quote(text))).with_cure("write \"@login\"")
    })
}

/// `@login` or `@organisation/team`.
pub(crate) fn mention(text: &str) -> Result<(), Wrong> {
    let holds = text.strip_prefix('@').is_some_and(|name| is_login(name) || is_team(name));
    refuse_unless(holds, || {
        Wrong::new(format!("{} mentions nobody", quote(text)))
            .with_cure("write \"@login\" or \"@organisation/team\"")
    })
}

/// `rota` or `@login`.
pub(crate) fn assignee(text: &str) -> Result<(), Wrong> {
    refuse_unless(text == "rota" || login(text).is_ok(), || {
        Wrong::new(format!("{} can be assigned nothing", quote(text)))
            .with_cure("write \"rota\" for the next of [rota] members, or \"@login\"")
    })
}

/// The cure for a chat's address that stands in a policy.
pub(crate) fn address_cure(chat: &str) -> String {
    let variable = format!("NOTIFY_{}_URL", chat.to_uppercase());
    format!("set {variable} in the environment, or `url` under [notify.{chat}] in server.toml")
}

fn is_name(text: &str, others: &str) -> bool {
    text.len() <= NAME_CHARACTERS_MAX
        && text.starts_with(|character: char| character.is_ascii_lowercase())
        && text
            .chars()
            .all(|character| character.is_ascii_lowercase() || others.contains(character))
}

/// The name of a chat, which becomes part of a variable's name.
pub(crate) fn chat(text: &str) -> Result<(), Wrong> {
    if text.contains("://") {
        return Err(Wrong::new(
            "the address of a chat may not stand in a policy, where all can read it",
        )
        .with_cure(format!("name a chat, and {}", address_cure("<name>"))));
    }
    refuse_unless(is_name(text, "0123456789_"), || {
        Wrong::new(format!("{} is no name for a chat", quote(text)))
            .with_cure("use small letters, digits and `_`, a letter first")
    })
}

/// The name of a slash-command.
pub(crate) fn command(text: &str) -> Result<(), Wrong> {
    refuse_unless(is_name(text, "-"), || {
        let wrong = Wrong::new(format!("{} is no name for a command", quote(text)));
        match text.strip_prefix('/') {
            Some(bare) if is_name(bare, "-") => {
                wrong.with_cure(format!("leave the slash out: \"{bare}\""))
            }
            _ => wrong.with_cure("use small letters and `-`, a letter first, without the slash"),
        }
    })
}

/// The name of a command that is text and settings only.
pub(crate) fn reply_command(text: &str) -> Result<(), Wrong> {
    command(text)?;
    refuse_unless(!COMMANDS_WITH_CODE.contains(&text), || {
        Wrong::new(format!("`/{text}` is a command of its own and no reply"))
            .with_cure("choose another name")
    })
}

/// The name of a template: a file's stem and never a path.
pub(crate) fn template(text: &str) -> Result<(), Wrong> {
    refuse_unless(is_name(text, "0123456789-_"), || {
        Wrong::new(format!("{} is no name of a template", quote(text))).with_cure(
            "write the file's name without folder and `.md`: small letters, digits, `-` and `_`",
        )
    })
}

/// The name of a reply's argument, as its template says it.
pub(crate) fn argument(text: &str) -> Result<(), Wrong> {
    refuse_unless(is_name(text, "_"), || {
        Wrong::new(format!("{} is no name for an argument", quote(text)))
            .with_cure("use small letters and `_`, a letter first")
    })
}
