//! What happened, in our words. A webhook, a waking, a button and a command line all become one.

use jiff::Timestamp;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::ids::{CommentId, IssueId, IssueNumber, Person};
use crate::reading::{CommandLine, Reading};

/// The identity of what happened, made of GitHub's own ids, so that nothing runs twice however
/// it reaches us: `issue:17:opened`, `comment:99:created`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EventKey(pub String);

/// Something that happened to one issue.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Its identity.
    pub key: EventKey,
    /// When, by GitHub's clock.
    pub at: Timestamp,
    /// Who did it.
    pub actor: Actor,
    /// The issue as it was then; none for a waking.
    pub issue: Option<Snapshot>,
    /// What it was.
    pub kind: EventKind,
}

impl Event {
    /// Where it stands in time: later stamps win over earlier ones.
    pub fn stamp(&self) -> Stamp {
        let id = self.comment().map_or(0, |comment| comment.id.0);
        Stamp { at: self.at, id }
    }

    /// Whether something happened to the request itself, rather than around it.
    pub fn is_news(&self) -> bool {
        self.issue.is_some() || matches!(self.kind, EventKind::Woken | EventKind::ButtonPressed(_))
    }

    /// The comment that was written or changed, if it was one.
    pub fn comment(&self) -> Option<&Comment> {
        match &self.kind {
            EventKind::CommentWritten(comment) | EventKind::CommentEdited(comment) => Some(comment),
            EventKind::Opened
            | EventKind::Changed
            | EventKind::Closed
            | EventKind::Reopened
            | EventKind::LabelAdded(_)
            | EventKind::LabelRemoved(_)
            | EventKind::Gone(_)
            | EventKind::CommentDeleted(_)
            | EventKind::Woken
            | EventKind::RulesChanged
            | EventKind::LabelsRefused(_)
            | EventKind::Related(_)
            | EventKind::ButtonPressed(_) => None,
        }
    }
}

/// A place in time. GitHub's seconds tie, so the comment's id decides within one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub struct Stamp {
    /// GitHub's timestamp.
    #[serde(deserialize_with = "second_or_time")]
    pub at: Timestamp,
    /// The comment's id, 0 for what is no comment.
    pub id: u64,
}

/// Short, for a ticket keeps many: a pair, its time in seconds where it has no less. One with the names
/// of its fields, as it was kept before, is read as well.
impl Serialize for Stamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.at.subsec_nanosecond() {
            0 => (self.at.as_second(), self.id).serialize(serializer),
            _ => (self.at, self.id).serialize(serializer),
        }
    }
}

fn second_or_time<'d, D: Deserializer<'d>>(deserializer: D) -> Result<Timestamp, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Kept {
        Second(i64),
        Time(Timestamp),
    }
    match Kept::deserialize(deserializer)? {
        Kept::Second(second) => Timestamp::from_second(second).map_err(D::Error::custom),
        Kept::Time(at) => Ok(at),
    }
}

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// This bot.
    Ourselves,
    /// Another program.
    Bot(Person),
    /// A human being.
    Human(Person),
    /// The account whose token the bot uses: that person, or our own echo.
    OurAccount(Person),
    /// An account that is gone, or nobody (the clock).
    Nobody,
}

impl Actor {
    /// The human being, if it was one.
    pub fn human(&self) -> Option<&Person> {
        match self {
            Self::Human(person) | Self::OurAccount(person) => Some(person),
            Self::Ourselves | Self::Bot(_) | Self::Nobody => None,
        }
    }
}

/// What it was.
#[derive(Debug, Clone, PartialEq)]
pub enum EventKind {
    /// An issue was opened.
    Opened,
    /// Title, body, assignees or something else of the issue changed.
    Changed,
    /// It was closed.
    Closed,
    /// It was opened again.
    Reopened,
    /// A label was put on.
    LabelAdded(String),
    /// A label was taken off.
    LabelRemoved(String),
    /// It is no longer here.
    Gone(Departure),
    /// A comment was written.
    CommentWritten(Comment),
    /// A comment was changed by the actor.
    CommentEdited(Comment),
    /// A comment was deleted.
    CommentDeleted(CommentId),
    /// The ticket's own alarm rang.
    Woken,
    /// Another policy is in force, or other times away.
    RulesChanged,
    /// GitHub refused to put these labels on, or to take them off.
    LabelsRefused(Vec<String>),
    /// Other requests of the same account or person were found, by number.
    Related(Vec<IssueNumber>),
    /// A command was given by a button of the desk's page.
    ButtonPressed(Press),
}

/// A command that was given by a button.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Press {
    /// The command, as it would be typed.
    pub command: CommandLine,
    /// Who pressed it.
    pub by: Presser,
}

/// Who presses a button of the desk's page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presser {
    /// Somebody who signed in with GitHub.
    Person(Person),
    /// Whoever runs the machine the desk is on, and may do everything.
    Operator,
}

/// How an issue left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Departure {
    /// It was deleted.
    Deleted,
    /// It moved to another repository.
    Transferred,
}

/// A comment as it was written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comment {
    /// Its number.
    pub id: CommentId,
    /// GraphQL's name of it, by which it can be hidden; empty if it was not told.
    pub node_id: String,
    /// Who wrote it; none where the account is gone.
    pub author: Option<Person>,
    /// What it says, Markdown.
    pub body: String,
}

/// An issue at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// Its number for good.
    pub id: IssueId,
    /// Its number in the repository.
    pub number: IssueNumber,
    /// Its address in a browser.
    pub url: String,
    /// Who opened it; none where the account is gone.
    pub author: Option<Person>,
    /// Its title with secrets blanked.
    pub title: String,
    /// Its body with secrets blanked.
    pub body: String,
    /// Names of its labels.
    pub labels: Vec<String>,
    /// Whether it is open.
    pub is_open: bool,
    /// Whether only collaborators may comment.
    pub is_locked: bool,
    /// Logins of its assignees.
    pub assignees: Vec<String>,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it last changed, to the second.
    pub updated_at: Timestamp,
    /// What it says.
    pub reading: Reading,
}
