//! An issue's past as events.

use crate::engine::understand::Reader;
use crate::github::history::{IssueHistory, TimelineJson};
use crate::github::payload::{CommentJson, Delivery, IssueJson, IssueRecord, What};
use crate::triage::{Event, Repository, Snapshot};

/// What happened to an issue, and how it is now.
pub(super) struct History {
    /// As it is now.
    pub record: IssueRecord,
    /// What happened, in order.
    pub events: Vec<Event>,
    /// How it looks now, for where no event tells that.
    pub seen: Option<Event>,
}

impl History {
    /// From what GitHub's calls returned. None where half of the issue is missing.
    pub(super) fn read(
        json: IssueJson,
        (comments, timeline): (Vec<CommentJson>, Vec<TimelineJson>),
        (reader, repository): (Reader<'_>, &Repository),
    ) -> Option<Self> {
        let past = IssueHistory::new(json, comments, timeline)?;
        let record = past.issue().clone();
        let mut words = Words { title: String::new(), body: String::new(), read: None };
        let deliveries = past.deliveries(repository).into_iter();
        let events = deliveries
            .filter_map(|past| words.event(reader, (past.delivery, &past.guid)))
            .collect();
        let guid = format!("history:seen:{}:{}", record.id, record.updated_at.as_second());
        let what = What::Issue(record.clone());
        let (repository, action) = (repository.clone(), "edited".to_owned());
        let seen =
            words.event(reader, (Delivery { repository, action, sender: None, what }, &guid));
        Some(Self { record, events, seen })
    }
}

/// What an issue says, and how it was read: the text hardly ever changes, and to read it takes
/// longer than all the rest.
struct Words {
    title: String,
    body: String,
    read: Option<Snapshot>,
}

impl Words {
    fn event(
        &mut self,
        reader: Reader<'_>,
        (mut delivery, guid): (Delivery, &str),
    ) -> Option<Event> {
        let (What::Issue(issue) | What::IssueLabel(issue, _) | What::Comment(issue, _)) =
            &mut delivery.what
        else {
            return None;
        };
        if self.read.is_none() || issue.title != self.title || issue.body != self.body {
            self.read = Some(reader.snapshot(issue));
            self.title.clone_from(&issue.title);
            self.body.clone_from(&issue.body);
        }
        // Without its text the issue is read in no time.
        issue.title.clear();
        issue.body.clear();
        let mut event = reader.event(&delivery, guid)?;
        if let (Some(snapshot), Some(read)) = (&mut event.issue, &self.read) {
            snapshot.title.clone_from(&read.title);
            snapshot.body.clone_from(&read.body);
            snapshot.reading.clone_from(&read.reading);
        }
        Some(event)
    }
}
