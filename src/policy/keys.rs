//! Every key a policy may have, and what its value must be. A new key is a line here and a field
//! of its type.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::duration::Span;

/// GitHub's limit on label names.
const LABEL_CHARACTERS_MAX: usize = 50;
/// GitHub's limit on descriptions of labels.
const DESCRIPTION_CHARACTERS_MAX: usize = 100;

/// What may stand at a place.
pub(super) enum Node {
    /// A table of these keys and no others.
    Table(&'static [(&'static str, Node)]),
    /// A table whose keys the check accepts, each with a value of this kind.
    Map(Check, &'static Node),
    /// Values of one kind.
    Array(&'static Node),
    /// Tables in a row; these keys must be there.
    Rows(&'static [&'static str], &'static Node),
    /// Text that the check accepts.
    Text(Check),
}

/// Says what is wrong with a text, and what to write instead.
pub(super) type Check = fn(&str) -> Result<(), String>;

/// The reasons a request may have, by their names in the reading.
pub(super) const REASONS: &[&str] = &[
    "lost_2fa",
    "lost_email",
    "unverified_email",
    "recovery_codes_rejected",
    "forgot_password",
    "forgot_username",
    "compromised",
    "other",
];

/// Commands with logic of their own, whose names a reply may not take.
pub(super) const CODED_COMMANDS: &[&str] = &[
    "assign",
    "away",
    "back",
    "calm",
    "close",
    "codes",
    "duplicate",
    "escalate",
    "faq",
    "guide",
    "help",
    "label",
    "mailbox",
    "note",
    "reason",
    "reopen",
    "resolved",
    "sent",
    "session",
    "site",
    "snooze",
    "turn",
    "unassign",
    "unhide",
    "unlabel",
    "username",
    "wake",
];

/// The whole policy.
pub(super) const POLICY: Node = Node::Table(&[
    ("labels", LABELS),
    ("clock", CLOCK),
    ("escalation", Node::Rows(&["name", "after"], &STEP)),
    (
        "silence",
        Node::Table(&[("remind_after", Node::Text(span)), ("close_after", Node::Text(span))]),
    ),
    ("desk", Node::Table(&[("mode", Node::Text(|text| one_of(text, &["act", "observe"])))])),
    ("rota", Node::Table(&[("members", Node::Array(&Node::Text(login)))])),
    (
        "notify",
        Node::Map(
            chat_name,
            &Node::Table(&[("style", Node::Text(|text| one_of(text, &["slack", "generic"])))]),
        ),
    ),
    (
        "digest",
        Node::Table(&[("every", Node::Text(|text| one_of(text, &["daily", "weekly", "never"])))]),
    ),
    ("retention", Node::Table(&[("request_text", Node::Text(span))])),
    (
        "commands",
        Node::Table(&[
            ("role", Node::Text(role)),
            ("roles", Node::Map(command, &Node::Text(role))),
        ]),
    ),
    ("replies", Node::Rows(&["command"], &REPLY)),
]);

const LABELS: Node = Node::Table(&[
    ("request", Node::Text(label)),
    ("needs_information", Node::Text(label)),
    ("awaiting_requester", Node::Text(label)),
    ("awaiting_maintainers", Node::Text(label)),
    ("escalated", Node::Text(label)),
    ("exposed_secret", Node::Text(label)),
    ("test_site", Node::Text(label)),
    ("reasons", Node::Map(|text| one_of(text, REASONS), &Node::Text(label))),
    (
        "looks",
        Node::Map(
            label,
            &Node::Table(&[("color", Node::Text(color)), ("description", Node::Text(description))]),
        ),
    ),
]);

const CLOCK: Node = Node::Table(&[
    ("timezone", Node::Text(zone)),
    (
        "working_days",
        Node::Array(&Node::Text(|text| {
            one_of(text, &["mon", "tue", "wed", "thu", "fri", "sat", "sun"])
        })),
    ),
    ("holidays", Node::Array(&Node::Text(date))),
    ("away", Node::Rows(&["from", "until"], &AWAY)),
]);

const AWAY: Node = Node::Table(&[
    ("from", Node::Text(date)),
    ("until", Node::Text(date)),
    ("why", Node::Text(any)),
]);

const STEP: Node = Node::Table(&[
    ("name", Node::Text(filled)),
    ("after", Node::Text(span)),
    ("labels", Node::Array(&Node::Text(label))),
    ("mention", Node::Array(&Node::Text(mention))),
    ("assign", Node::Text(|text| if text == "rota" { Ok(()) } else { login(text) })),
    ("notify", Node::Text(chat_name)),
]);

const REPLY: Node = Node::Table(&[
    ("command", Node::Text(reply_command)),
    ("summary", Node::Text(filled)),
    ("template", Node::Text(filled)),
    ("turn", Node::Text(|text| one_of(text, &["maintainers", "requester", "nobody"]))),
    ("add_labels", Node::Array(&Node::Text(label))),
    ("remove_labels", Node::Array(&Node::Text(label))),
    ("stage", Node::Text(|text| one_of(text, &["reviewing", "recovering", "recovered"]))),
    ("close", Node::Text(|text| one_of(text, &["completed", "not_planned", "duplicate"]))),
    ("arguments", Node::Array(&Node::Text(command))),
]);

fn any(_: &str) -> Result<(), String> {
    Ok(())
}

fn filled(text: &str) -> Result<(), String> {
    if text.trim().is_empty() { Err("this must not be empty".to_owned()) } else { Ok(()) }
}

fn one_of(text: &str, names: &[&str]) -> Result<(), String> {
    if names.contains(&text) {
        return Ok(());
    }
    let nearest = super::problem::nearest(text, names.iter().copied());
    Err(format!(
        "`{text}` is none of {}{}",
        names.join(", "),
        nearest.map(|near| format!("; {near}")).unwrap_or_default()
    ))
}

fn label(text: &str) -> Result<(), String> {
    filled(text)?;
    match text.chars().count() {
        0..=LABEL_CHARACTERS_MAX => Ok(()),
        count => Err(format!(
            "a label's name has {LABEL_CHARACTERS_MAX} characters at the most, this one {count}"
        )),
    }
}

fn description(text: &str) -> Result<(), String> {
    match text.chars().count() {
        0..=DESCRIPTION_CHARACTERS_MAX => Ok(()),
        count => Err(format!(
            "a description has {DESCRIPTION_CHARACTERS_MAX} characters at the most, this one {count}"
        )),
    }
}

fn color(text: &str) -> Result<(), String> {
    let is_color = text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_color {
        Ok(())
    } else {
        Err(format!("`{text}` is no colour; write six hexadecimal digits such as \"d93f0b\""))
    }
}

fn span(text: &str) -> Result<(), String> {
    text.parse::<Span>().map(drop)
}

fn date(text: &str) -> Result<(), String> {
    let parsed = text.parse::<Date>().map(drop);
    parsed.map_err(|_| format!("`{text}` is no date; write it like \"2026-12-25\""))
}

fn zone(text: &str) -> Result<(), String> {
    let found = TimeZone::get(text).map(drop);
    found.map_err(|_| {
        format!("`{text}` is no time zone; write it like \"UTC\" or \"Europe/Prague\"")
    })
}

fn role(text: &str) -> Result<(), String> {
    if matches!(text, "none" | "read") {
        return Err(format!(
            "everybody has the role `{text}` in a public repository; `triage` is the lowest for staff commands"
        ));
    }
    one_of(text, &["triage", "write", "maintain", "admin"])
}

fn login(text: &str) -> Result<(), String> {
    let name = text.strip_prefix('@').unwrap_or_default();
    if is_login(name) {
        Ok(())
    } else {
        Err(format!("`{text}` is no person; write it like \"@alice\""))
    }
}

fn mention(text: &str) -> Result<(), String> {
    let name = text.strip_prefix('@').unwrap_or_default();
    let is_named = match name.split_once('/') {
        Some((organisation, team)) => is_login(organisation) && is_slug(team),
        None => is_login(name),
    };
    if is_named {
        Ok(())
    } else {
        Err(format!("`{text}` is nobody; write it like \"@alice\" or \"@acme/recovery\""))
    }
}

fn is_login(name: &str) -> bool {
    (1..=39).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

fn is_slug(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

fn command(text: &str) -> Result<(), String> {
    let is_name = text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.len() <= 30
        && text.bytes().all(|byte| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_')
        });
    if is_name {
        Ok(())
    } else {
        Err(format!("`{text}` is no name; use small letters and hyphens, 30 at the most"))
    }
}

fn reply_command(text: &str) -> Result<(), String> {
    if CODED_COMMANDS.contains(&text) {
        return Err(format!(
            "`/{text}` is a command with logic of its own; choose another name for the reply"
        ));
    }
    command(text)
}

fn chat_name(text: &str) -> Result<(), String> {
    let is_name =
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if is_name {
        Ok(())
    } else {
        Err(format!("`{text}` is no name of a chat; use letters, digits and underscores"))
    }
}
