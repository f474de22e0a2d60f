//! One issue with everything that happened to it, told again as webhooks would have told it.
//!
//! REST gives an issue as it is now and a timeline of what was done to it. [`IssueHistory`] walks
//! the timeline back to find how the issue looked when it was opened, and then forward, so that
//! every [`PastDelivery`] shows the issue as it was at its moment. Texts are the exception: of an
//! edited title, body or comment the API keeps what stands there now (a title also what it was).

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::Deserialize;
use serde::de::Error as _;

use super::payload::{
    Association, CommentJson, CommentRecord, Delivery, IssueJson, IssueLabelJson, IssueRecord,
    PersonJson, What,
};
use crate::triage::{Person, Repository};

/// One issue with everything that happened to it.
#[derive(Debug, Clone)]
pub struct IssueHistory {
    /// As it is now.
    issue: IssueRecord,
    /// From its opening on, oldest first.
    steps: Vec<Step>,
}

/// What a webhook would have told, had there been one.
#[derive(Debug, Clone)]
pub struct PastDelivery {
    /// When it happened.
    pub at: Timestamp,
    /// Its identity: `history:<kind>:<id>`.
    pub guid: String,
    /// What the writer of the request or comment is to the repository, where GitHub said it.
    pub association: Option<Association>,
    /// What happened, with the issue as it was then.
    pub delivery: Delivery,
}

/// One thing that happened.
#[derive(Debug, Clone)]
struct Step {
    at: Timestamp,
    id: u64,
    sender: Option<Person>,
    association: Option<Association>,
    happening: Happening,
}

#[derive(Debug, Clone)]
enum Happening {
    Opened,
    Labeled(String),
    Unlabeled(String),
    Renamed(RenameJson),
    Assigned(String),
    Unassigned(String),
    Locked,
    Unlocked,
    Transferred,
    Commented(Box<CommentRecord>),
    Closed,
    Reopened,
}

/// One entry of an issue's timeline, as GitHub describes it.
#[derive(Debug, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum TimelineJson {
    /// A comment, whole.
    Commented(Box<CommentJson>),
    /// A label was put on.
    Labeled(ChangeJson),
    /// A label was taken off.
    Unlabeled(ChangeJson),
    /// The title was changed.
    Renamed(ChangeJson),
    /// Somebody was made responsible.
    Assigned(ChangeJson),
    /// Somebody is responsible no more.
    Unassigned(ChangeJson),
    /// Only collaborators may comment from now on.
    Locked(ChangeJson),
    /// Everybody may comment again.
    Unlocked(ChangeJson),
    /// It moved between repositories.
    Transferred(ChangeJson),
    /// It was closed.
    Closed(ChangeJson),
    /// It was opened again.
    Reopened(ChangeJson),
    /// Anything else: mentions, references, projects, and what GitHub will think of.
    #[serde(other)]
    Other,
}

/// What is said of a change in the timeline.
#[derive(Debug, Deserialize)]
pub struct ChangeJson {
    id: Option<u64>,
    actor: Option<PersonJson>,
    created_at: Timestamp,
    label: Option<IssueLabelJson>,
    assignee: Option<PersonJson>,
    rename: Option<RenameJson>,
}

#[derive(Debug, Clone, Deserialize)]
struct RenameJson {
    from: String,
    to: String,
}

/// One line of an export.
#[derive(Deserialize)]
struct LineJson {
    issue: IssueJson,
    comments: Option<Vec<CommentJson>>,
    timeline: Option<Vec<TimelineJson>>,
}

impl IssueHistory {
    /// From one line of an export, `{"issue","comments","timeline"}`; none for a pull request.
    ///
    /// # Errors
    /// Where the line is no JSON, or lacks what an issue must have.
    pub fn parse(line: &[u8]) -> Result<Option<Self>, serde_json::Error> {
        let LineJson { issue, comments, timeline } = serde_json::from_slice(line)?;
        if issue.is_pull_request() {
            return Ok(None);
        }
        let history = Self::new(issue, comments.unwrap_or_default(), timeline.unwrap_or_default());
        let lacking = || serde_json::Error::custom("the issue has no `state` or no `created_at`");
        history.ok_or_else(lacking).map(Some)
    }

    /// From what the calls returned; a comment in both lists counts once. None for a pull request,
    /// or where half of the issue is missing.
    pub fn new(
        json: IssueJson,
        comments: Vec<CommentJson>,
        timeline: Vec<TimelineJson>,
    ) -> Option<Self> {
        let issue = json.record()?;
        let mut steps = vec![opening(&issue, json.author_association)];
        let timeline = timeline.into_iter().enumerate();
        steps.extend(timeline.filter_map(|(place, entry)| entry.into_step(place)));
        steps.extend(comments.into_iter().map(comment_step));
        let mut seen = BTreeSet::new();
        steps.retain(|step| seen.insert((step.happening.kind(), step.id)));
        let is_closing_known = steps.iter().any(|step| matches!(step.happening, Happening::Closed));
        if !issue.is_open && !is_closing_known {
            steps.push(Step {
                at: json.closed_at.unwrap_or(issue.updated_at),
                id: issue.id.0,
                sender: json.closed_by.map(PersonJson::into_person),
                association: None,
                happening: Happening::Closed,
            });
        }
        for step in &mut steps {
            // Nothing happens to an issue before it is there.
            step.at = step.at.max(issue.opened_at);
        }
        steps.sort_by_key(|step| (step.at, step.happening.rank(), step.comment_id()));
        Some(Self { issue, steps })
    }

    /// The issue as it is now.
    pub fn issue(&self) -> &IssueRecord {
        &self.issue
    }

    /// What webhooks would have told, oldest first. The last shows the issue as it is now, though
    /// as of its own moment.
    pub fn deliveries(&self, repository: &Repository) -> Vec<PastDelivery> {
        let mut state = self.at_opening();
        let mut deliveries = Vec::with_capacity(self.steps.len());
        // A timeline has a transfer where the issue came to, which is no news beside its opening;
        // only of an issue that is elsewhere by now it tells the end.
        let is_here = is_in(repository, &self.issue.url);
        let is_told = |step: &&Step| !(is_here && matches!(step.happening, Happening::Transferred));
        let last = self.steps.iter().rfind(is_told);
        for step in self.steps.iter().filter(is_told) {
            step.happening.apply(&mut state);
            let is_last = last.is_some_and(|last| std::ptr::eq(last, step));
            let shown = if is_last { &self.issue } else { &state };
            let shown = IssueRecord { updated_at: step.at, ..shown.clone() };
            deliveries.push(step.told(shown, repository));
        }
        deliveries
    }

    /// The issue as it was opened: everything later undone. Labels and assignees that came with
    /// the opening, by the form or its author, were there at once.
    fn at_opening(&self) -> IssueRecord {
        let mut state = self.issue.clone();
        if !self.steps.iter().any(|step| matches!(step.happening, Happening::Locked)) {
            // Nobody knows since when; mostly what is over is locked.
            state.is_locked = false;
        }
        let author = self.issue.author.as_ref().map(|author| author.id);
        for step in self.steps.iter().rev() {
            let sender = step.sender.as_ref().map(|sender| sender.id);
            let is_by_author = sender.is_some() && sender == author;
            let is_given = matches!(step.happening, Happening::Labeled(_) | Happening::Assigned(_));
            if !(is_given && is_by_author && step.at == self.issue.opened_at) {
                step.happening.undo(&mut state);
            }
        }
        state
    }
}

impl Step {
    fn comment_id(&self) -> Option<u64> {
        matches!(self.happening, Happening::Commented(_)).then_some(self.id)
    }

    /// The webhook, with the issue as it was then.
    fn told(&self, issue: IssueRecord, repository: &Repository) -> PastDelivery {
        let kind = self.happening.kind();
        let (action, what) = match &self.happening {
            Happening::Commented(comment) => ("created", What::Comment(issue, (**comment).clone())),
            Happening::Labeled(label) | Happening::Unlabeled(label) => {
                (kind, What::IssueLabel(issue, label.clone()))
            }
            Happening::Renamed(_) => ("edited", What::Issue(issue)),
            Happening::Opened
            | Happening::Assigned(_)
            | Happening::Unassigned(_)
            | Happening::Locked
            | Happening::Unlocked
            | Happening::Transferred
            | Happening::Closed
            | Happening::Reopened => (kind, What::Issue(issue)),
        };
        PastDelivery {
            at: self.at,
            guid: format!("history:{kind}:{}", self.id),
            association: self.association,
            delivery: Delivery {
                repository: repository.clone(),
                action: action.to_owned(),
                sender: self.sender.clone(),
                what,
            },
        }
    }
}

fn opening(issue: &IssueRecord, association: Option<Association>) -> Step {
    Step {
        at: issue.opened_at,
        id: issue.id.0,
        sender: issue.author.clone(),
        association,
        happening: Happening::Opened,
    }
}

fn comment_step(comment: CommentJson) -> Step {
    let record = comment.record();
    Step {
        at: record.created_at,
        id: record.id.0,
        sender: record.author.clone(),
        association: comment.author_association,
        happening: Happening::Commented(Box::new(record)),
    }
}

impl TimelineJson {
    /// In our words; none for what tells us nothing, or half of it.
    fn into_step(self, place: usize) -> Option<Step> {
        let label = |change: &mut ChangeJson| change.label.take()?.into_name();
        let person = |change: &mut ChangeJson| Some(change.assignee.take()?.into_person().login.0);
        let (happening, change) = match self {
            Self::Commented(comment) => return Some(comment_step(*comment)),
            Self::Labeled(mut change) => (Happening::Labeled(label(&mut change)?), change),
            Self::Unlabeled(mut change) => (Happening::Unlabeled(label(&mut change)?), change),
            Self::Renamed(mut change) => (Happening::Renamed(change.rename.take()?), change),
            Self::Assigned(mut change) => (Happening::Assigned(person(&mut change)?), change),
            Self::Unassigned(mut change) => (Happening::Unassigned(person(&mut change)?), change),
            Self::Locked(change) => (Happening::Locked, change),
            Self::Unlocked(change) => (Happening::Unlocked, change),
            Self::Transferred(change) => (Happening::Transferred, change),
            Self::Closed(change) => (Happening::Closed, change),
            Self::Reopened(change) => (Happening::Reopened, change),
            Self::Other => return None,
        };
        Some(Step {
            at: change.created_at,
            id: change.id.unwrap_or(place as u64),
            sender: change.actor.map(PersonJson::into_person),
            association: None,
            happening,
        })
    }
}

impl Happening {
    /// GitHub's name of it.
    fn kind(&self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Labeled(_) => "labeled",
            Self::Unlabeled(_) => "unlabeled",
            Self::Renamed(_) => "renamed",
            Self::Assigned(_) => "assigned",
            Self::Unassigned(_) => "unassigned",
            Self::Locked => "locked",
            Self::Unlocked => "unlocked",
            Self::Transferred => "transferred",
            Self::Commented(_) => "commented",
            Self::Closed => "closed",
            Self::Reopened => "reopened",
        }
    }

    /// Which of two things of one second came first; of the same rank the timeline's order counts.
    fn rank(&self) -> u8 {
        match self {
            Self::Opened => 0,
            Self::Labeled(_)
            | Self::Unlabeled(_)
            | Self::Renamed(_)
            | Self::Assigned(_)
            | Self::Unassigned(_)
            | Self::Locked
            | Self::Unlocked
            | Self::Transferred => 1,
            Self::Commented(_) => 2,
            Self::Closed | Self::Reopened => 3,
        }
    }

    fn apply(&self, issue: &mut IssueRecord) {
        match self {
            Self::Labeled(label) => put(&mut issue.labels, label),
            Self::Unlabeled(label) => take(&mut issue.labels, label),
            Self::Renamed(rename) => issue.title.clone_from(&rename.to),
            Self::Assigned(login) => put(&mut issue.assignees, login),
            Self::Unassigned(login) => take(&mut issue.assignees, login),
            Self::Locked => issue.is_locked = true,
            Self::Unlocked => issue.is_locked = false,
            Self::Closed => issue.is_open = false,
            Self::Reopened => issue.is_open = true,
            Self::Opened | Self::Transferred | Self::Commented(_) => {}
        }
    }

    fn undo(&self, issue: &mut IssueRecord) {
        match self {
            Self::Labeled(label) => take(&mut issue.labels, label),
            Self::Unlabeled(label) => put(&mut issue.labels, label),
            Self::Renamed(rename) => issue.title.clone_from(&rename.from),
            Self::Assigned(login) => take(&mut issue.assignees, login),
            Self::Unassigned(login) => put(&mut issue.assignees, login),
            Self::Locked => issue.is_locked = false,
            Self::Unlocked => issue.is_locked = true,
            Self::Closed => issue.is_open = true,
            Self::Reopened => issue.is_open = false,
            Self::Opened | Self::Transferred | Self::Commented(_) => {}
        }
    }
}

/// Whether an issue of this address is one of the repository.
fn is_in(repository: &Repository, url: &str) -> bool {
    let place = format!("/{}/issues/", repository.full_name()).to_lowercase();
    url.to_lowercase().contains(&place)
}

fn put(names: &mut Vec<String>, name: &str) {
    if !names.iter().any(|known| known.eq_ignore_ascii_case(name)) {
        names.push(name.to_owned());
    }
}

fn take(names: &mut Vec<String>, name: &str) {
    names.retain(|known| !known.eq_ignore_ascii_case(name));
}
