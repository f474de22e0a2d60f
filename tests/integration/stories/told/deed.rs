//! What somebody does in a step, as its heading tells.

use keydesk::sandbox::state::{Permission, Remains, Role, StateReason};

use super::story::role_of;
use crate::desk::request;

/// Whose comment is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Which {
    /// The bot's one comment of a request.
    Card,
    /// Of this person (the bot's too), counted from the first; none for the last.
    Of(String, Option<usize>),
}

/// In what shape held deliveries arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arrival {
    InOrder,
    Backwards,
    Twice,
    OnlyTheLast,
}

/// What the bot asks GitHub for when something goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    Comment,
    CommentEdit,
    Label,
    Role,
    Reaction,
    State,
}

/// How it goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    /// Answered with 500, though it was done.
    DoneButFailed,
    /// Answered with 500, and not done.
    Failed,
    /// Refused with this status.
    Refused(u16),
    /// Asked to wait so many seconds.
    Limited(u64),
}

/// Something that happens. Issue numbers are those of the tracker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Deed {
    Opens { who: String, title: String, body: String, labels: Vec<String> },
    Comments { who: String, issue: u64, text: String },
    EditsComment { who: String, issue: u64, which: Which, text: String },
    DeletesComment { who: String, issue: u64, which: Which },
    EditsIssue { who: String, issue: u64, text: String },
    Retitles { who: String, issue: u64, title: String },
    Labels { who: String, issue: u64, labels: Vec<String> },
    Unlabels { who: String, issue: u64, labels: Vec<String> },
    Closes { who: String, issue: u64, reason: StateReason },
    Reopens { who: String, issue: u64 },
    Assigns { who: String, issue: u64, whom: String },
    Unassigns { who: String, issue: u64, whom: String },
    Locks { who: String, issue: u64, is_locked: bool },
    DeletesIssue { who: String, issue: u64 },
    Transfers { who: String, issue: u64, to: String },
    Pushes { who: String, path: String, text: String },
    GivesRole { who: String, whom: String, role: Role },
    PushesBranch { who: String, branch: String, repository: String },
    LeavesGitHub { who: String, remains: Remains },
    Permits { permission: Permission, is_given: bool },
    TimePasses,
    Restarts,
    HoldsPost,
    PostArrives(Arrival),
    Trouble { asked: Asked, trouble: Trouble, times: usize },
}

/// The forms a heading may have, as an error lists them.
const FORMS: &str = "\
    ada files a request for `name` | ada files a request without a user name\n    \
    ada opens an issue [\"title\"][, labelled `x`] | ada comments | ada replies by mail\n    \
    ada edits the issue | ada retitles the issue \"title\" | ada edits her [first|second|third] comment\n    \
    root edits ada's comment | root edits the card | root deletes the card | root deletes ada's comment\n    \
    mira labels the issue `x` | mira unlabels the issue `x` | mira closes the issue [as not planned]\n    \
    mira reopens the issue | mira assigns ben | mira unassigns ben | mira locks the issue\n    \
    mira unlocks the issue | root deletes the issue | root transfers the issue to `acme/elsewhere`\n    \
    root pushes the policy | root pushes `path` | root makes mira read\n    \
    ada pushes the branch `name` to `ada/project` | ada leaves GitHub [without a trace]\n    \
    the App may no longer write issues | the App may write issues again (or: read files)\n    \
    time passes | the bot restarts | GitHub holds its deliveries back\n    \
    the deliveries arrive [backwards|twice] | only the last delivery arrives\n    \
    GitHub does the next comment but answers 500 | GitHub answers 500 to the next comment\n    \
    GitHub refuses the next comment with 403 | GitHub refuses every label with 403\n    \
    GitHub asks to wait 60 seconds at the next comment\n    \
    (comment, comment edit, label, role, reaction, closing; `on #2` behind what is about another issue)";

/// The text between the first two double quotes, which begin it, and what follows them.
pub(super) fn quoted(text: &str) -> Option<(&str, &str)> {
    text.strip_prefix('"')?.split_once('"')
}

/// Everything between backticks.
fn ticked(text: &str) -> Vec<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

impl Deed {
    /// Reads a heading; `text` is what stands under it.
    ///
    /// # Errors
    /// Says what is not understood, and what would be.
    pub(super) fn parse(told: &str, text: Option<String>) -> Result<Self, String> {
        let (told, issue) = match told.rsplit_once(" on #") {
            Some((told, number)) => {
                let number = number.parse().map_err(|_| format!("`#{number}` is no issue"))?;
                (told, number)
            }
            None => (told, 1),
        };
        let has_text = text.is_some();
        let deed = of_github(told)
            .or_else(|| of_person(told, issue, text.unwrap_or_default()))
            .ok_or_else(|| format!("`{told}` is not understood; these are:\n    {FORMS}"))?;
        match (deed.needs_text(), has_text) {
            (Some(true), false) => Err(format!("`{told}` needs a text under it")),
            (Some(false), true) => Err(format!("`{told}` has no text")),
            (Some(true) | None, true) | (Some(false) | None, false) => Ok(deed),
        }
    }

    /// None where it may have one.
    fn needs_text(&self) -> Option<bool> {
        match self {
            Self::Opens { .. } => None,
            Self::Comments { .. }
            | Self::EditsComment { .. }
            | Self::EditsIssue { .. }
            | Self::Pushes { .. } => Some(true),
            Self::DeletesComment { .. }
            | Self::Retitles { .. }
            | Self::Labels { .. }
            | Self::Unlabels { .. }
            | Self::Closes { .. }
            | Self::Reopens { .. }
            | Self::Assigns { .. }
            | Self::Unassigns { .. }
            | Self::Locks { .. }
            | Self::DeletesIssue { .. }
            | Self::Transfers { .. }
            | Self::GivesRole { .. }
            | Self::PushesBranch { .. }
            | Self::LeavesGitHub { .. }
            | Self::Permits { .. }
            | Self::TimePasses
            | Self::Restarts
            | Self::HoldsPost
            | Self::PostArrives(_)
            | Self::Trouble { .. } => Some(false),
        }
    }
}

fn of_github(told: &str) -> Option<Deed> {
    match told {
        "time passes" => return Some(Deed::TimePasses),
        "the bot restarts" => return Some(Deed::Restarts),
        "GitHub holds its deliveries back" => return Some(Deed::HoldsPost),
        "the deliveries arrive" => return Some(Deed::PostArrives(Arrival::InOrder)),
        "the deliveries arrive backwards" => return Some(Deed::PostArrives(Arrival::Backwards)),
        "the deliveries arrive twice" => return Some(Deed::PostArrives(Arrival::Twice)),
        "only the last delivery arrives" => return Some(Deed::PostArrives(Arrival::OnlyTheLast)),
        _ => {}
    }
    if let Some(rest) = told.strip_prefix("the App may ") {
        return permits(rest);
    }
    let rest = told.strip_prefix("GitHub ")?;
    if let Some(asked) =
        rest.strip_prefix("does ").and_then(|it| it.strip_suffix(" but answers 500"))
    {
        return trouble(asked, Trouble::DoneButFailed);
    }
    if let Some(asked) = rest.strip_prefix("answers 500 to ") {
        return trouble(asked, Trouble::Failed);
    }
    if let Some(rest) = rest.strip_prefix("asks to wait ") {
        let (seconds, asked) = rest.split_once(" seconds at ")?;
        return trouble(asked, Trouble::Limited(seconds.parse().ok()?));
    }
    let (asked, status) = rest.strip_prefix("refuses ")?.split_once(" with ")?;
    trouble(asked, Trouble::Refused(status.parse().ok()?))
}

fn permits(rest: &str) -> Option<Deed> {
    let (rest, is_given) = match (rest.strip_prefix("no longer "), rest.strip_suffix(" again")) {
        (Some(rest), _) => (rest, false),
        (None, Some(rest)) => (rest, true),
        (None, None) => return None,
    };
    let permission = match rest {
        "write issues" => Permission::IssuesWrite,
        "read files" => Permission::ContentsRead,
        _ => return None,
    };
    Some(Deed::Permits { permission, is_given })
}

fn trouble(asked: &str, trouble: Trouble) -> Option<Deed> {
    let (times, asked) = match (asked.strip_prefix("the next "), asked.strip_prefix("every ")) {
        (Some(asked), _) => (1, asked),
        (None, Some(asked)) => (100_000, asked),
        (None, None) => return None,
    };
    let asked = match asked {
        "comment" => Asked::Comment,
        "comment edit" => Asked::CommentEdit,
        "label" => Asked::Label,
        "role" => Asked::Role,
        "reaction" => Asked::Reaction,
        "closing" => Asked::State,
        _ => return None,
    };
    Some(Deed::Trouble { asked, trouble, times })
}

fn of_person(told: &str, issue: u64, text: String) -> Option<Deed> {
    let (who, does) = told.split_once(' ')?;
    let who = who.to_owned();
    let (verb, rest) = does.split_once(' ').unwrap_or((does, ""));
    let labels = || Some(ticked(rest)).filter(|labels| !labels.is_empty());
    Some(match verb {
        "files" | "opens" => opens(who, does, text)?,
        "comments" if rest.is_empty() => Deed::Comments { who, issue, text },
        // A mail program ends its lines as Windows does.
        "replies" if rest == "by mail" => {
            Deed::Comments { who, issue, text: text.replace('\n', "\r\n") }
        }
        "edits" if rest == "the issue" => Deed::EditsIssue { who, issue, text },
        "edits" => Deed::EditsComment { which: which(rest, &who)?, who, issue, text },
        "deletes" if rest == "the issue" => Deed::DeletesIssue { who, issue },
        "deletes" => Deed::DeletesComment { which: which(rest, &who)?, who, issue },
        "retitles" => {
            let title = quoted(rest.strip_prefix("the issue ")?)?.0.to_owned();
            Deed::Retitles { who, issue, title }
        }
        "labels" if rest.starts_with("the issue `") => {
            Deed::Labels { who, issue, labels: labels()? }
        }
        "unlabels" if rest.starts_with("the issue `") => {
            Deed::Unlabels { who, issue, labels: labels()? }
        }
        "closes" => Deed::Closes { who, issue, reason: reason(rest)? },
        "reopens" if rest == "the issue" => Deed::Reopens { who, issue },
        "assigns" => Deed::Assigns { who, issue, whom: rest.to_owned() },
        "unassigns" => Deed::Unassigns { who, issue, whom: rest.to_owned() },
        "locks" if rest == "the issue" => Deed::Locks { who, issue, is_locked: true },
        "unlocks" if rest == "the issue" => Deed::Locks { who, issue, is_locked: false },
        "transfers" if rest.starts_with("the issue to `") => {
            Deed::Transfers { who, issue, to: ticked(rest).pop()? }
        }
        "pushes" if rest == "the policy" => {
            Deed::Pushes { who, path: ".github/keydesk.toml".to_owned(), text }
        }
        "pushes" if rest.starts_with("the branch `") => {
            let [branch, repository] = ticked(rest).try_into().ok()?;
            Deed::PushesBranch { who, branch, repository }
        }
        "pushes" => Deed::Pushes { who, path: ticked(rest).pop()?, text },
        "makes" => {
            let (whom, role) = rest.split_once(' ')?;
            Deed::GivesRole { who, whom: whom.to_owned(), role: role_of(role)?? }
        }
        "leaves" if rest == "GitHub" => Deed::LeavesGitHub { who, remains: Remains::Ghost },
        "leaves" if rest == "GitHub without a trace" => {
            Deed::LeavesGitHub { who, remains: Remains::Nobody }
        }
        _ => return None,
    })
}

fn reason(rest: &str) -> Option<StateReason> {
    match rest {
        "the issue" | "the issue as completed" => Some(StateReason::Completed),
        "the issue as not planned" => Some(StateReason::NotPlanned),
        "the issue as a duplicate" => Some(StateReason::Duplicate),
        _ => None,
    }
}

fn which(rest: &str, who: &str) -> Option<Which> {
    if rest == "the card" {
        return Some(Which::Card);
    }
    let (whose, rest) = rest.split_once(' ')?;
    let person = match whose {
        "her" | "his" | "their" | "its" => who.to_owned(),
        other => other.strip_suffix("'s")?.to_owned(),
    };
    let place = match rest {
        "comment" | "last comment" => None,
        "first comment" => Some(0),
        "second comment" => Some(1),
        "third comment" => Some(2),
        _ => return None,
    };
    Some(Which::Of(person, place))
}

/// `files a request for …` by the form, or `opens an issue …` as it comes.
fn opens(who: String, does: &str, text: String) -> Option<Deed> {
    let title = "Account recovery request".to_owned();
    if let Some(rest) = does.strip_prefix("files a request ") {
        let (about, unticked) = rest.split_once(", ").unwrap_or((rest, ""));
        let name = match about {
            "without a user name" => "_No response_".to_owned(),
            _ => ticked(about.strip_prefix("for ")?).pop()?,
        };
        let is_agreed = match unticked {
            "" => true,
            "the Code of Conduct unticked" => false,
            _ => return None,
        };
        let body = request(Some(&name), &text, is_agreed);
        return Some(Deed::Opens { who, title, body, labels: vec!["account-recovery".to_owned()] });
    }
    let rest = does.strip_prefix("opens an issue")?.trim_start();
    let (title, rest) = match quoted(rest) {
        Some((title, rest)) => (title.to_owned(), rest),
        None => (title, rest),
    };
    let labels = match rest.trim_start_matches(", ") {
        "" => Vec::new(),
        rest => ticked(rest.strip_prefix("labelled ")?),
    };
    Some(Deed::Opens { who, title, body: text, labels })
}
