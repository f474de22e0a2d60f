//! Delivery → Event: what happened, who did it, and what the issue says, by way of reading.

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::github::Identity;
use crate::github::payload::{CommentRecord, Delivery, IssueRecord, What};
use crate::reading::form::Form;
use crate::reading::{self, secrets};
use crate::triage::{
    Actor, Comment, Departure, Event, EventKey, EventKind, IssueId, Person, Snapshot,
};

/// Every comment of ours carries a marker that begins so.
const MARKER: &str = "<!-- keydesk:";

/// With what a delivery is understood.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    /// The form requests are filed with.
    pub form: &'a Form,
    /// Who we are.
    pub identity: &'a Identity,
}

impl Reader<'_> {
    /// The event of a delivery about an issue; none where it means nothing for a ticket.
    pub(super) fn event(&self, delivery: &Delivery, guid: &str) -> Option<Event> {
        match &delivery.what {
            What::Issue(issue) => Some(self.issue_event(delivery, issue, guid)),
            What::IssueLabel(issue, label) => {
                Some(self.label_event(delivery, (issue, label), guid))
            }
            What::Comment(issue, comment) => self.comment_event(delivery, issue, comment),
            What::Policy | What::Labels => None,
        }
    }

    fn issue_event(&self, delivery: &Delivery, issue: &IssueRecord, guid: &str) -> Event {
        let (kind, key, at) = match delivery.action.as_str() {
            "opened" => (EventKind::Opened, format!("issue:{}:opened", issue.id), issue.opened_at),
            "closed" => (EventKind::Closed, delivery_key(guid), issue.updated_at),
            "reopened" => (EventKind::Reopened, delivery_key(guid), issue.updated_at),
            "deleted" => (
                EventKind::Gone(Departure::Deleted),
                format!("issue:{}:deleted", issue.id),
                issue.updated_at,
            ),
            "transferred" => (
                EventKind::Gone(Departure::Transferred),
                format!("issue:{}:transferred", issue.id),
                issue.updated_at,
            ),
            _ => (EventKind::Changed, delivery_key(guid), issue.updated_at),
        };
        let actor = self.actor(delivery.sender.as_ref(), false);
        Event { key: EventKey(key), at, actor, issue: Some(self.snapshot(issue)), kind }
    }

    fn label_event(
        &self,
        delivery: &Delivery,
        (issue, label): (&IssueRecord, &str),
        guid: &str,
    ) -> Event {
        let kind = match delivery.action.as_str() {
            "labeled" => EventKind::LabelAdded(label.to_owned()),
            "unlabeled" => EventKind::LabelRemoved(label.to_owned()),
            _ => EventKind::Changed,
        };
        let actor = self.actor(delivery.sender.as_ref(), false);
        let key = EventKey(delivery_key(guid));
        Event { key, at: issue.updated_at, actor, issue: Some(self.snapshot(issue)), kind }
    }

    fn comment_event(
        &self,
        delivery: &Delivery,
        issue: &IssueRecord,
        comment: &CommentRecord,
    ) -> Option<Event> {
        let id = comment.id;
        let heard = Comment {
            id,
            node_id: comment.node_id.clone(),
            author: comment.author.clone(),
            body: comment.body.clone(),
        };
        let (kind, key, at) = match delivery.action.as_str() {
            "created" => (
                EventKind::CommentWritten(heard),
                format!("comment:{id}:created"),
                comment.created_at,
            ),
            "edited" => {
                let key = format!("comment:{id}:edited:{}", edition(comment));
                (EventKind::CommentEdited(heard), key, comment.updated_at)
            }
            "deleted" => {
                (EventKind::CommentDeleted(id), format!("comment:{id}:deleted"), issue.updated_at)
            }
            _ => return None,
        };
        let actor = self.speaker(delivery, comment);
        Some(Event { key: EventKey(key), at, actor, issue: Some(self.snapshot(issue)), kind })
    }

    /// Who spoke. A comment is ours if our App wrote it, or if it comes from the token's own
    /// account and carries our marker: that account may be a maintainer's.
    fn speaker(&self, delivery: &Delivery, comment: &CommentRecord) -> Actor {
        let is_new = delivery.action == "created";
        let is_from_app = is_new && comment.app.is_some() && comment.app == app_id(self.identity);
        if is_from_app {
            return Actor::Ourselves;
        }
        self.actor(delivery.sender.as_ref(), comment.body.contains(MARKER))
    }

    fn actor(&self, sender: Option<&Person>, is_marked: bool) -> Actor {
        let Some(person) = sender else {
            return Actor::Nobody;
        };
        let is_us = self.identity.is_us(&person.login.0, None);
        match self.identity {
            Identity::App { .. } if is_us => Actor::Ourselves,
            Identity::Token { .. } if is_us && is_marked => Actor::Ourselves,
            Identity::Token { .. } if is_us => Actor::OurAccount(person.clone()),
            Identity::App { .. } | Identity::Token { .. } if person.is_bot => {
                Actor::Bot(person.clone())
            }
            Identity::App { .. } | Identity::Token { .. } => Actor::Human(person.clone()),
        }
    }

    /// The issue as it was described, read, with its secrets blanked.
    pub(super) fn snapshot(&self, issue: &IssueRecord) -> Snapshot {
        let title = secrets::blank_secrets(&issue.title);
        let body = secrets::blank_secrets(&issue.body);
        let text = (issue.title.as_str(), issue.body.as_str());
        let mut reading = reading::read_labelled(self.form, text, &issue.labels);
        if text == (title.as_str(), body.as_str()) {
            // Whoever wants to know reads it again.
            reading.evidence.clear();
        } else {
            // What is blanked cannot be read again, and nothing stands where it stood.
            reading.evidence.iter_mut().for_each(|one| one.places.clear());
        }
        Snapshot {
            id: issue.id,
            number: issue.number,
            url: issue.url.clone(),
            author: issue.author.clone(),
            title,
            body,
            labels: issue.labels.clone(),
            is_open: issue.is_open,
            is_locked: issue.is_locked,
            assignees: issue.assignees.clone(),
            opened_at: issue.opened_at,
            updated_at: issue.updated_at,
            reading,
        }
    }
}

/// What no webhook tells. `guid` tells this one from every other of its kind.
pub(super) fn own(guid: &str, kind: EventKind, now: Timestamp) -> Event {
    Event { key: EventKey(guid.to_owned()), at: now, actor: Actor::Nobody, issue: None, kind }
}

/// The issue a subject names.
pub(super) fn issue_of(subject: &str) -> Option<IssueId> {
    subject.strip_prefix("issue:")?.parse().ok().map(IssueId)
}

fn app_id(identity: &Identity) -> Option<u64> {
    match identity {
        Identity::App { id, .. } => Some(*id),
        Identity::Token { .. } => None,
    }
}

/// What shows only how the issue looks has no identity of its own: taking it in twice is harmless.
fn delivery_key(guid: &str) -> String {
    format!("delivery:{guid}")
}

/// Two edits may fall into one second, so the text tells them apart.
fn edition(comment: &CommentRecord) -> String {
    let digest = Sha256::digest(&comment.body);
    format!("{}-{}", comment.updated_at.as_second(), hex::encode(&digest[..4]))
}
