//! What a decision is.

use jiff::Timestamp;

use super::action::Action;
use super::ids::IssueId;
use super::text::POLICY_PROBLEM;
use super::ticket::Ticket;

/// What one event means for one ticket.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// The ticket afterwards; none where the issue is no concern of the desk.
    pub ticket: Option<Ticket>,
    /// What to do on GitHub, in this order.
    pub actions: Vec<PlannedAction>,
    /// Why, in plain sentences a requester may read.
    pub reasons: Vec<String>,
    /// When to look again.
    pub wake_at: Option<Timestamp>,
}

impl Decision {
    /// Whether it tells the maintainers what is wrong with their policy file.
    pub fn tells_policy_problem(&self) -> bool {
        self.actions.iter().any(|planned| match &planned.action {
            Action::Comment(text) => text.template == POLICY_PROBLEM,
            _ => false,
        })
    }

    /// Nothing changes.
    pub fn unchanged(ticket: Option<&Ticket>, why: &str) -> Self {
        Self {
            ticket: ticket.cloned(),
            actions: Vec::new(),
            reasons: vec![why.to_owned()],
            wake_at: None,
        }
    }
}

/// An action and its identity, by which a second attempt finds what the first one did.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedAction {
    /// `<event key>/<position>`, or `card:<issue>/<version>`; letters, digits and `:./-` only.
    pub key: String,
    /// What to do.
    pub action: Action,
}

/// The key of a ticket's card, which its hidden marker carries through every edit.
pub fn card_key(issue: IssueId) -> String {
    format!("card:{issue}")
}
