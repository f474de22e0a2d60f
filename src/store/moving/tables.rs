//! Every table with its columns and those of its key. A test holds the list against the tables of
//! both engines, so that a new table or column is not left behind.

/// A column of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyColumn {
    /// It holds numbers.
    Number(&'static str),
    /// It holds texts.
    Text(&'static str),
}

impl KeyColumn {
    /// What it is called.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Number(name) | Self::Text(name) => name,
        }
    }
}

/// A table.
#[derive(Debug)]
pub struct Table {
    /// What it is called.
    pub name: &'static str,
    /// What tells its rows apart. Where that is all they have, the same row may be there several
    /// times.
    pub key: &'static [KeyColumn],
    /// What else a row has.
    pub others: &'static [&'static str],
    /// Whether the database itself counts its ids.
    pub has_counted_ids: bool,
}

impl Table {
    /// Its columns, those of the key first.
    pub fn columns(&self) -> impl Iterator<Item = &'static str> {
        self.key.iter().map(|column| column.name()).chain(self.others.iter().copied())
    }

    /// Whether a row may be there several times.
    #[must_use]
    pub fn has_doubles(&self) -> bool {
        self.others.is_empty()
    }
}

/// What is not moved: `duties` says which of the running processes does what, and none runs.
pub const LEFT_BEHIND: &[&str] = &["duties"];

use KeyColumn::{Number, Text};

/// All that are moved, in this order.
pub const TABLES: &[Table] = &[
    table("desks", &[Number("repository")], &["full_name", "state", "late_at", "digest_at"]),
    table("sessions", &[Text("id")], &["person", "login", "created_at", "seen_at"]),
    table(
        "tickets",
        &[Number("issue")],
        &[
            "repository",
            "number",
            "is_open",
            "turn",
            "turn_since",
            "wake_at",
            "policy",
            "version",
            "state",
            "author",
            "account",
            "opened_at",
            "answered_at",
            "closed_at",
            "late_since",
            "has_text",
        ],
    ),
    counted(
        "deliveries",
        &[
            "guid",
            "event",
            "subject",
            "received_at",
            "note",
            "state",
            "urgency",
            "due_at",
            "leased_until",
            "attempts",
            "problem",
            "claim",
        ],
    ),
    table("delivery_texts", &[Number("id")], &["text"]),
    table("events", &[Text("event_key")], &["issue"]),
    counted("history", &["issue", "at", "event_key", "reason"]),
    counted(
        "actions",
        &[
            "action_key",
            "issue",
            "repository",
            "installation",
            "kind",
            "action",
            "urgency",
            "state",
            "due_at",
            "leased_until",
            "attempts",
            "must_look",
            "planned_at",
            "outcome",
            "is_content",
            "claim",
        ],
    ),
    table("comments", &[Number("issue"), Text("marker")], &["comment"]),
    bag(
        "requests",
        &[
            Number("installation"),
            Number("at"),
            Number("points"),
            Number("is_content"),
            Number("is_bulk"),
            Number("action"),
        ],
    ),
    table("pauses", &[Number("installation"), Text("scope")], &["until"]),
    bag("late_rings", &[Number("repository"), Number("at")]),
    table(
        "waits",
        &[Number("repository"), Text("measure"), Number("month"), Number("hours")],
        &["count"],
    ),
    counted("moments", &["repository", "at", "kind", "issue", "detail"]),
    table(
        "weeks",
        &[Number("repository"), Number("week"), Text("kind"), Text("detail")],
        &["count"],
    ),
    table("tokens", &[Text("id")], &["person", "login", "name", "created_at", "used_at"]),
    table("digests", &[Number("repository"), Number("at")], &["text"]),
    table("imported_pages", &[Number("repository"), Text("path")], &["etag", "next", "since"]),
    table(
        "imported_texts",
        &[Number("repository"), Text("kind"), Number("number"), Number("id")],
        &["page", "text"],
    ),
    table("sweeps", &[Text("name")], &["at"]),
];

const fn table(
    name: &'static str,
    key: &'static [KeyColumn],
    others: &'static [&'static str],
) -> Table {
    Table { name, key, others, has_counted_ids: false }
}

const fn counted(name: &'static str, others: &'static [&'static str]) -> Table {
    Table { name, key: &[Number("id")], others, has_counted_ids: true }
}

const fn bag(name: &'static str, key: &'static [KeyColumn]) -> Table {
    Table { name, key, others: &[], has_counted_ids: false }
}
