//! What a decision must know from outside, asked for as values before it is made.

use std::collections::BTreeMap;

use super::event::{Event, EventKind, Snapshot};
use super::ids::Login;
use super::ticket::Ticket;
use crate::policy::Role;
use crate::reading;

/// Something only GitHub knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// What may this person do in the repository?
    Role(Login),
    /// What does the issue look like now? Two snapshots of the same second disagree.
    Issue,
}

/// The answers.
#[derive(Debug, Clone, Default)]
pub struct Findings {
    /// Role by login.
    pub roles: BTreeMap<Login, Role>,
    /// The issue as it is now.
    pub issue: Option<Snapshot>,
    /// What is wrong with the repository's policy file, if its maintainers were not told yet.
    pub policy_problem: Option<String>,
}

/// What [`super::decide`] must know about `event`. Empty for most events.
pub fn questions(ticket: Option<&Ticket>, event: &Event) -> Vec<Question> {
    let mut questions = Vec::new();
    if let (Some(ticket), Some(snapshot)) = (ticket, &event.issue)
        && ticket.is_tied_with(snapshot, event)
    {
        questions.push(Question::Issue);
    }
    if let Some(login) = speaker_in_question(ticket, event) {
        questions.push(Question::Role(login));
    }
    questions
}

/// The speaker whose role matters: anybody but the requester, and the requester only when
/// commanding, since a maintainer may open a request too.
fn speaker_in_question(ticket: Option<&Ticket>, event: &Event) -> Option<Login> {
    let (EventKind::CommentWritten(comment) | EventKind::CommentEdited(comment)) = &event.kind
    else {
        return None;
    };
    let speaker = event.actor.human()?;
    let snapshot = event.issue.as_ref()?;
    if ticket.is_none() && !super::intake::is_request(snapshot) {
        return None;
    }
    let is_requester = snapshot.author.as_ref().is_some_and(|author| author.id == speaker.id);
    let matters = !is_requester || !reading::commands::find_commands(&comment.body).is_empty();
    matters.then(|| speaker.login.clone())
}
