//! Which keys a policy file may have, and what may stand at each: the one list behind every check.
//!
//! To add a key: its field in [`super::Policy`], its line here, its comment in
//! `config/policy.toml`. A test holds the three against each other.

use super::sort::{self, Sort};

/// What may stand at one place of a file.
pub(crate) enum Shape {
    /// Text of some sort.
    Text(Sort),
    /// Text, or a whole number that is taken as its digits.
    Plain(Sort),
    /// A whole number between these two, both included.
    Number(i64, i64),
    /// One of these words.
    Word(&'static [&'static str]),
    /// A table with these keys.
    Table(&'static [Key]),
    /// A table whose keys people choose; they are of some sort too.
    Named(Sort, &'static Shape),
    /// A list of one sort of thing.
    List(&'static Shape),
    /// Tables in a list, told apart by one of their keys.
    Entries {
        /// What each may hold.
        keys: &'static [Key],
        /// The key that tells them apart.
        identity: &'static str,
        /// What a later layer's list does to an earlier one's.
        merge: Merge,
    },
}

/// What a later layer's list does to an earlier one's.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Merge {
    /// Takes its place.
    Replace,
    /// Overrides key by key what has the same identity, and appends what is new.
    ByIdentity,
}

/// One key of a table.
pub(crate) struct Key {
    /// As it is written.
    pub(crate) name: &'static str,
    /// What may stand there.
    pub(crate) shape: Shape,
    /// Whether the table makes no sense without it, once all layers are merged.
    pub(crate) needed: bool,
}

/// A key without which its table makes no sense.
pub(crate) const fn needed(name: &'static str, shape: Shape) -> Key {
    Key { name, shape, needed: true }
}

/// A key that may be absent.
pub(crate) const fn optional(name: &'static str, shape: Shape) -> Key {
    Key { name, shape, needed: false }
}

/// The whole policy.
pub(crate) const POLICY: Shape = Shape::Table(&[
    needed("labels", Shape::Table(LABELS)),
    needed("clock", Shape::Table(CLOCK)),
    needed(
        "escalation",
        Shape::Entries { keys: ESCALATION, identity: "name", merge: Merge::Replace },
    ),
    needed("silence", Shape::Table(SILENCE)),
    needed(
        "desk",
        Shape::Table(&[
            needed("mode", Shape::Word(&["act", "observe"])),
            needed("overdue_per_hour", Shape::Number(1, 10_000)),
        ]),
    ),
    needed("rota", Shape::Table(&[needed("members", Shape::List(&Shape::Text(sort::LOGIN)))])),
    needed("notify", Shape::Named(sort::CHAT, &Shape::Table(NOTIFY))),
    needed("digest", Shape::Table(DIGEST)),
    needed("retention", Shape::Table(&[needed("request_text", SPAN)])),
    needed("commands", Shape::Table(COMMANDS)),
    needed(
        "replies",
        Shape::Entries { keys: REPLIES, identity: "command", merge: Merge::ByIdentity },
    ),
    needed("faq", Shape::Named(sort::TEMPLATE, &Shape::Text(sort::LINE_OR_NOTHING))),
]);

const LABEL: Shape = Shape::Text(sort::LABEL);
const LABEL_OR_NONE: Shape = Shape::Text(sort::LABEL_OR_NOTHING);
const LABEL_LIST: Shape = Shape::List(&LABEL);
const SPAN: Shape = Shape::Text(sort::SPAN);
const SPAN_OR_NEVER: Shape = Shape::Text(sort::SPAN_OR_NEVER);
const ROLE: Shape = Shape::Text(sort::ROLE);

const LABELS: &[Key] = &[
    needed("request", LABEL),
    needed("needs_information", LABEL),
    needed("awaiting_requester", LABEL),
    needed("awaiting_maintainers", LABEL),
    needed("escalated", LABEL),
    needed("exposed_secret", LABEL),
    needed("test_site", LABEL),
    needed("reasons", Shape::Table(REASONS)),
    needed("looks", Shape::Named(sort::LABEL, &Shape::Table(LOOKS))),
];

const REASONS: &[Key] = &[
    optional("lost_2fa", LABEL_OR_NONE),
    optional("lost_email", LABEL_OR_NONE),
    optional("unverified_email", LABEL_OR_NONE),
    optional("recovery_codes_rejected", LABEL_OR_NONE),
    optional("forgot_password", LABEL_OR_NONE),
    optional("forgot_username", LABEL_OR_NONE),
    optional("compromised", LABEL_OR_NONE),
    optional("other", LABEL_OR_NONE),
];

const LOOKS: &[Key] = &[
    needed("color", Shape::Text(sort::COLOR)),
    needed("description", Shape::Text(sort::LABEL_DESCRIPTION)),
];

const CLOCK: &[Key] = &[
    needed("timezone", Shape::Text(sort::TIMEZONE)),
    needed(
        "working_days",
        Shape::List(&Shape::Word(&["mon", "tue", "wed", "thu", "fri", "sat", "sun"])),
    ),
    needed("holidays", Shape::List(&Shape::Text(sort::DATE))),
    needed("away", Shape::List(&Shape::Table(AWAY))),
];

const AWAY: &[Key] = &[
    needed("from", Shape::Text(sort::DATE)),
    needed("until", Shape::Text(sort::DATE)),
    optional("why", Shape::Text(sort::LINE)),
];

const ESCALATION: &[Key] = &[
    needed("name", Shape::Text(sort::LINE)),
    needed("after", SPAN),
    optional("labels", LABEL_LIST),
    optional("mention", Shape::List(&Shape::Text(sort::MENTION))),
    optional("assign", Shape::Text(sort::ASSIGNEE)),
    optional("notify", Shape::Text(sort::CHAT)),
];

const SILENCE: &[Key] =
    &[optional("remind_after", SPAN_OR_NEVER), optional("close_after", SPAN_OR_NEVER)];

const NOTIFY: &[Key] = &[needed("style", Shape::Word(&["slack", "generic"]))];

const DIGEST: &[Key] = &[
    needed("every", Shape::Word(&["daily", "weekly", "never"])),
    optional("notify", Shape::Text(sort::CHAT)),
];

const COMMANDS: &[Key] = &[
    needed("role", ROLE),
    optional("off", Shape::List(&Shape::Text(sort::COMMAND))),
    optional("roles", Shape::Named(sort::COMMAND, &ROLE)),
];

const REPLIES: &[Key] = &[
    needed("command", Shape::Text(sort::REPLY_COMMAND)),
    needed("summary", Shape::Text(sort::LINE)),
    needed("template", Shape::Text(sort::TEMPLATE)),
    optional("turn", Shape::Word(&["maintainers", "requester", "nobody"])),
    optional("add_labels", LABEL_LIST),
    optional("remove_labels", LABEL_LIST),
    optional("stage", Shape::Word(&["reviewing", "recovering", "recovered"])),
    optional("close", Shape::Word(&["completed", "not_planned", "duplicate"])),
    optional("clock", Shape::Word(&["reminded"])),
    optional("arguments", Shape::List(&Shape::Text(sort::ARGUMENT))),
];
