//! What a decision is.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::action::Action;
use super::ids::IssueId;
use super::ticket::Ticket;
use crate::policy::calendar::Away;

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
    /// What changes for the whole desk.
    pub desk_changes: Vec<DeskChange>,
    /// Whether a command was refused for want of a role, so that an old answer about the role
    /// must be asked for anew.
    pub was_role_too_low: bool,
}

/// What a command changes for all tickets of a desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeskChange {
    /// Nobody is there from one day to another.
    Away(Away),
    /// Somebody is there again from this day on.
    Back(Date),
    /// Its maintainers were told what is wrong with its settings.
    ProblemTold,
    /// The rota stood here and stands there now, each a count of all turns taken.
    RotaTurned {
        /// Where it stood when this was decided.
        from: u64,
        /// Where it stands afterwards.
        to: u64,
    },
}

/// What is wrong with a repository's settings, for its maintainers to hear once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeskProblem {
    /// Its policy file has a mistake.
    Policy(String),
    /// The App may not read its files.
    MayNotRead(String),
    /// The App may not write to its issues.
    MayNotWrite(String),
}

impl DeskProblem {
    /// The text that tells it.
    pub fn template(&self) -> &'static str {
        match self {
            Self::Policy(_) => "policy-problem",
            Self::MayNotRead(_) | Self::MayNotWrite(_) => "no-permission",
        }
    }

    /// What is wrong, where, and what to do now.
    pub fn words(&self) -> &str {
        match self {
            Self::Policy(words) | Self::MayNotRead(words) | Self::MayNotWrite(words) => words,
        }
    }
}

impl Decision {
    /// Nothing changes.
    pub fn unchanged(ticket: Option<&Ticket>, why: &str) -> Self {
        Self {
            ticket: ticket.cloned(),
            actions: Vec::new(),
            reasons: vec![why.to_owned()],
            wake_at: None,
            desk_changes: Vec::new(),
            was_role_too_low: false,
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
