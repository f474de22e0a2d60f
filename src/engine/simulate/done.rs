//! What the bot did to an issue in the play, laid over what really was.

use crate::github::payload::IssueRecord;
use crate::triage::{Action, Event, EventKind};

/// What the bot changed and nobody changed back.
#[derive(Default)]
pub(super) struct Done {
    put: Vec<String>,
    taken: Vec<String>,
    assigned: Vec<String>,
    unassigned: Vec<String>,
    /// Open or closed by the bot; none where it is as it really was.
    is_open: Option<bool>,
    /// Whether the secrets of title and body were taken out.
    pub is_blanked: bool,
}

impl Done {
    /// Takes an action as done.
    pub(super) fn note(&mut self, action: &Action) {
        match action {
            Action::AddLabels(labels) => {
                for label in labels {
                    take(&mut self.taken, label);
                    put(&mut self.put, label);
                }
            }
            Action::RemoveLabel(label) => {
                take(&mut self.put, label);
                put(&mut self.taken, label);
            }
            Action::Assign(login) => {
                take(&mut self.unassigned, login);
                put(&mut self.assigned, login);
            }
            Action::Unassign(login) => {
                take(&mut self.assigned, login);
                put(&mut self.unassigned, login);
            }
            Action::Close(_) => self.is_open = Some(false),
            Action::Reopen => self.is_open = Some(true),
            Action::BlankIssue => self.is_blanked = true,
            Action::PutCard(_)
            | Action::Comment(_)
            | Action::BlankComment(_)
            | Action::HideComment(_)
            | Action::UnhideComment(_)
            | Action::React(..)
            | Action::Notify(_) => {}
        }
    }

    /// The issue as it would have looked. Who really closed it or opened it again has the last
    /// word on that.
    pub(super) fn lay_over(&mut self, issue: &mut IssueRecord, action: &str) {
        if matches!(action, "closed" | "reopened") {
            self.is_open = None;
        }
        issue.is_open = self.is_open.unwrap_or(issue.is_open);
        for label in &self.put {
            put(&mut issue.labels, label);
        }
        issue.labels.retain(|label| !has(&self.taken, label));
        for login in &self.assigned {
            put(&mut issue.assignees, login);
        }
        issue.assignees.retain(|login| !has(&self.unassigned, login));
    }

    /// A label cannot be put on that is there, nor taken off where there is none: what people
    /// really did by hand, and the bot did before them, they would have found done.
    pub(super) fn leave_out_repetition(&mut self, event: &mut Event) {
        let is_done = match &event.kind {
            EventKind::LabelAdded(label) => {
                take(&mut self.taken, label);
                take(&mut self.put, label)
            }
            EventKind::LabelRemoved(label) => {
                take(&mut self.put, label);
                take(&mut self.taken, label)
            }
            EventKind::Opened
            | EventKind::Changed
            | EventKind::Closed
            | EventKind::Reopened
            | EventKind::Gone(_)
            | EventKind::CommentWritten(_)
            | EventKind::CommentEdited(_)
            | EventKind::CommentDeleted(_)
            | EventKind::Woken
            | EventKind::RulesChanged
            | EventKind::LabelsRefused(_)
            | EventKind::Related(_)
            | EventKind::ButtonPressed(_) => false,
        };
        if is_done {
            event.kind = EventKind::Changed;
        }
    }
}

fn has(names: &[String], name: &str) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

fn put(names: &mut Vec<String>, name: &str) {
    if !has(names, name) {
        names.push(name.to_owned());
    }
}

/// Whether it was there.
fn take(names: &mut Vec<String>, name: &str) -> bool {
    let count = names.len();
    names.retain(|known| !known.eq_ignore_ascii_case(name));
    names.len() < count
}
