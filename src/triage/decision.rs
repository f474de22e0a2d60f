//! What a decision is, and the draft it grows from.

use jiff::Timestamp;

use super::action::{Action, ChatMessage, Reaction};
use super::event::{Event, Stamp};
use super::ids::{CommentId, IssueId};
use super::text::{Facts, Text};
use super::ticket::{Stage, Ticket, Turn};
use crate::policy::{CloseAs, Policy};

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
            Action::Comment(text) => text.template == super::conversation::POLICY_PROBLEM,
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

/// What a decision is made with. Passed around as one.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// The rules.
    pub policy: &'a Policy,
    /// What happened.
    pub event: &'a Event,
    /// The time the decision is made at.
    pub now: Timestamp,
}

/// A decision in the making: the ticket as it will be, and what is to be done and why.
#[derive(Debug)]
pub struct Draft<'a> {
    /// Rules, event and time.
    pub case: Case<'a>,
    /// The ticket as it will be.
    pub ticket: Ticket,
    actions: Vec<Action>,
    reasons: Vec<String>,
}

impl<'a> Draft<'a> {
    /// A draft that changes nothing yet.
    pub fn new(case: Case<'a>, ticket: Ticket) -> Self {
        Self { case, ticket, actions: Vec::new(), reasons: Vec::new() }
    }

    /// Notes why.
    pub fn because(&mut self, why: impl Into<String>) {
        self.reasons.push(why.into());
    }

    /// Adds an action.
    pub fn act(&mut self, action: Action) {
        self.actions.push(action);
    }

    /// Posts a new comment from `template`.
    pub fn say(&mut self, template: &str, facts: Facts) {
        self.act(Action::Comment(Text { template: template.to_owned(), facts }));
    }

    /// Answers a comment with a sign.
    pub fn react(&mut self, comment: CommentId, reaction: Reaction) {
        self.act(Action::React(comment, reaction));
    }

    /// Tells a chat.
    pub fn notify(&mut self, chat: &str, text: String) {
        let url = self.ticket.url.clone();
        self.act(Action::Notify(ChatMessage { chat: chat.to_owned(), url, text }));
    }

    /// What every text may say about this ticket.
    pub fn facts(&self) -> Facts {
        let mut facts = self.ticket.facts();
        facts.speaker =
            self.case.event.actor.human().map(|person| person.login.0.clone()).unwrap_or_default();
        facts
    }

    /// Gives the turn, unless something later gave it already. A turn that changes hands starts
    /// the clock, and every step of the ladder, anew.
    pub fn give_turn(&mut self, turn: Turn, why: &str) {
        self.give_turn_at(self.case.event.stamp(), turn, why);
    }

    /// Gives the turn whatever came before: what follows from a state that is plain to see.
    pub fn give_turn_now(&mut self, turn: Turn, why: &str) {
        let stamp = self.case.event.stamp().max(self.ticket.turn_set);
        self.give_turn_at(stamp, turn, why);
    }

    /// Gives the turn as of `stamp`. While the issue is closed it is nobody's.
    pub fn give_turn_at(&mut self, stamp: Stamp, turn: Turn, why: &str) {
        let is_over = !self.ticket.is_open && turn != Turn::Nobody;
        if is_over || stamp < self.ticket.turn_set {
            return;
        }
        self.ticket.turn_set = stamp;
        if self.ticket.turn != turn {
            self.ticket.turn = turn;
            self.ticket.turn_since = stamp.at;
            self.ticket.climbed.clear();
            self.ticket.reminded_at = None;
        }
        self.because(why);
    }

    /// Moves the ticket to `stage`.
    pub fn move_to(&mut self, stage: Stage) {
        self.ticket.stage = stage;
    }

    /// Closes the issue; it is nobody's turn then.
    pub fn close(&mut self, close_as: CloseAs, why: &str) {
        self.give_turn_now(Turn::Nobody, why);
        if self.ticket.is_open {
            self.ticket.is_open = false;
            self.ticket.awaited_state = Some(false);
            self.ticket.closed_by_us = true;
            self.act(Action::Close(close_as));
        }
    }

    /// Opens the issue again, for the desk to look at.
    pub fn reopen(&mut self, why: &str) {
        self.ticket.is_open = true;
        self.ticket.awaited_state = Some(true);
        self.ticket.closed_by_us = false;
        self.act(Action::Reopen);
        self.give_turn_now(Turn::Maintainers, why);
    }

    /// The finished decision: labels follow the state, the card follows the facts, and the
    /// next waking is derived.
    pub fn finish(mut self) -> Decision {
        let label_actions = self.ticket.settle_labels(self.case.policy);
        let card = self.ticket.settle_card();
        let wake_at = super::wake_at(&self.ticket, self.case.policy);
        let mut actions = label_actions;
        actions.extend(card.map(Action::PutCard));
        actions.append(&mut self.actions);
        Decision {
            actions: plan(actions, self.case.event, &self.ticket),
            reasons: self.reasons,
            wake_at,
            ticket: Some(self.ticket),
        }
    }
}

/// Gives each action its key. The first card has a key of its own, so that it can't be posted
/// twice whichever event led to it.
fn plan(actions: Vec<Action>, event: &Event, ticket: &Ticket) -> Vec<PlannedAction> {
    let first_card = card_key(ticket.id);
    let event_key = &event.key.0;
    let keyed = actions.into_iter().enumerate().map(|(position, action)| {
        let is_first_card = matches!(action, Action::PutCard(_)) && ticket.card_version == 1;
        let key =
            if is_first_card { first_card.clone() } else { format!("{event_key}/{position}") };
        PlannedAction { key, action }
    });
    keyed.collect()
}

/// The key of a ticket's card, which its hidden marker carries through every edit.
pub fn card_key(issue: IssueId) -> String {
    format!("card:{issue}")
}
