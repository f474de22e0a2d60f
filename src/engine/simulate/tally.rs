//! What the bot's deeds come to, and which of its closings people would have been angry about.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::{Tracker, role_of};
use crate::github::history::{IssueHistory, PastDelivery};
use crate::github::payload::{CommentRecord, What};
use crate::policy::Role;
use crate::reading::{self, AuthorRole, Intent};
use crate::triage::{Action, IssueNumber, Login, PlannedAction, Stage, Ticket, card_key};

/// How often the bot would have done what.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Issues that became tickets.
    pub tickets: usize,
    /// New comments, first cards among them.
    pub comments: usize,
    /// Changes of a card, which notify nobody.
    pub card_changes: usize,
    /// Labels put on.
    pub labels_put: usize,
    /// Labels taken off.
    pub labels_taken: usize,
    /// Steps of the ladder, by name.
    pub escalations: BTreeMap<String, usize>,
    /// Reminders of silent requesters.
    pub reminders: usize,
    /// Issues closed, for whatever reason.
    pub closings: usize,
    /// Those that were closed because nobody answered.
    pub closings_for_silence: usize,
    /// Requesters who got in without staff.
    pub deflections: usize,
}

/// A closing by silence after which somebody spoke, under an issue that in truth was still open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Regret {
    /// The repository's full name.
    pub repository: String,
    /// The issue.
    pub issue: IssueNumber,
    /// When the bot would have closed it.
    pub closed_at: Timestamp,
    /// When somebody spoke all the same.
    pub spoken_at: Timestamp,
    /// Who.
    pub speaker: Login,
}

impl Tally {
    /// Counts what one decision did.
    pub(super) fn count(
        &mut self,
        (before, after): (Option<&Ticket>, &Ticket),
        actions: &[PlannedAction],
    ) {
        self.tickets += usize::from(before.is_none());
        let was_resolved = before.is_some_and(|ticket| ticket.stage == Stage::Resolved);
        self.deflections += usize::from(after.stage == Stage::Resolved && !was_resolved);
        for step in new_steps(before, after) {
            *self.escalations.entry(step.clone()).or_default() += 1;
        }
        let reminded_before = before.and_then(|ticket| ticket.reminded_at);
        let is_reminded = after.reminded_at.is_some() && after.reminded_at != reminded_before;
        self.reminders += usize::from(is_reminded);
        let first_card = card_key(after.id);
        for planned in actions {
            match &planned.action {
                Action::AddLabels(labels) => self.labels_put += labels.len(),
                Action::RemoveLabel(_) => self.labels_taken += 1,
                Action::PutCard(_) if planned.key != first_card => self.card_changes += 1,
                Action::PutCard(_) | Action::Comment(_) => self.comments += 1,
                Action::Close(_) => self.closings += 1,
                Action::Assign(_)
                | Action::Unassign(_)
                | Action::BlankIssue
                | Action::BlankComment(_)
                | Action::HideComment(_)
                | Action::UnhideComment(_)
                | Action::Reopen
                | Action::React(..)
                | Action::Notify(_) => {}
            }
        }
    }
}

/// Steps climbed by this decision; with another turn the ladder begins anew.
fn new_steps<'a>(
    before: Option<&'a Ticket>,
    after: &'a Ticket,
) -> impl Iterator<Item = &'a String> {
    let same_turn = before.filter(|ticket| ticket.turn_since == after.turn_since);
    let known = same_turn.map_or(&[][..], |ticket| &ticket.climbed);
    after.climbed.iter().filter(|step| !known.contains(step))
}

/// Staff who close within this time after their own words said goodbye.
const GOODBYE: SignedDuration = SignedDuration::from_secs(60);

/// Whether somebody who matters, requester or staff, had still something to say after the bot
/// closed it for silence. Mere thanks, programs and staff who close it themselves are content.
pub(super) fn find_regret(
    past: &IssueHistory,
    closed_at: Timestamp,
    tracker: &Tracker,
) -> Option<Regret> {
    let deliveries = past.deliveries(&tracker.desk.repository);
    let later = deliveries.iter().enumerate().filter(|(_, past)| past.at > closed_at);
    for (place, said) in later {
        let What::Comment(issue, comment) = &said.delivery.what else { continue };
        let Some(author) = comment.author.as_ref().filter(|author| !author.is_bot) else {
            continue;
        };
        let requester = issue.author.as_ref();
        let is_requester = requester.is_some_and(|requester| requester.id == author.id);
        let is_staff = role_of(tracker, &author.login, said.association) >= Role::Triage;
        let is_content = is_thanks(comment, is_requester)
            || (!is_requester && is_goodbye(said, &deliveries[place..]));
        if issue.is_open && (is_requester || is_staff) && !is_content {
            return Some(Regret {
                repository: tracker.desk.repository.full_name(),
                issue: issue.number,
                closed_at,
                spoken_at: said.at,
                speaker: author.login.clone(),
            });
        }
    }
    None
}

fn is_thanks(comment: &CommentRecord, is_requester: bool) -> bool {
    let role = if is_requester { AuthorRole::Requester } else { AuthorRole::Maintainer };
    reading::read_comment(role, &comment.body).intent == Intent::Thanks
}

fn is_goodbye(said: &PastDelivery, after: &[PastDelivery]) -> bool {
    let speaker = said.delivery.sender.as_ref().map(|person| person.id);
    let mut soon = after.iter().take_while(|past| past.at.duration_since(said.at) <= GOODBYE);
    soon.any(|past| {
        let sender = past.delivery.sender.as_ref().map(|person| person.id);
        past.delivery.action == "closed" && sender == speaker
    })
}
