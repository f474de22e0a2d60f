//! A decision in the making.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::action::{Action, ChatMessage, Reaction};
use super::decision::DeskChange;
use super::event::{Event, EventKind, Stamp};
use super::ids::CommentId;
use super::intake;
use super::question::Findings;
use super::text::{Facts, Text};
use super::ticket::{Stage, Ticket, Turn};
use crate::policy::{CloseAs, Policy};
use crate::reading::Answers;

/// What a decision is made with. Passed around as one.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// The rules.
    pub policy: &'a Policy,
    /// What happened.
    pub event: &'a Event,
    /// What was found out about it.
    pub findings: &'a Findings,
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
    urgent: Vec<Action>,
    actions: Vec<Action>,
    reasons: Vec<String>,
    desk_changes: Vec<DeskChange>,
    was_role_too_low: bool,
}

/// A draft taken apart: the ticket and the rest of the decision in the making.
pub(super) struct Drafted {
    /// The ticket as it will be.
    pub ticket: Ticket,
    /// What cannot wait for labels and card.
    pub urgent: Vec<Action>,
    /// What comes after them.
    pub actions: Vec<Action>,
    /// Why.
    pub reasons: Vec<String>,
    /// What changes for the whole desk.
    pub desk_changes: Vec<DeskChange>,
    /// Whether a command was refused for want of a role.
    pub was_role_too_low: bool,
}

impl<'a> Draft<'a> {
    /// A draft that changes nothing yet.
    pub fn new(case: Case<'a>, ticket: Ticket) -> Self {
        Self {
            case,
            ticket,
            urgent: Vec::new(),
            actions: Vec::new(),
            reasons: Vec::new(),
            desk_changes: Vec::new(),
            was_role_too_low: false,
        }
    }

    /// Notes why.
    pub fn because(&mut self, why: impl Into<String>) {
        self.reasons.push(why.into());
    }

    /// Adds an action.
    pub fn act(&mut self, action: Action) {
        self.actions.push(action);
    }

    /// Whether somebody is made responsible by what was decided so far.
    pub(super) fn assigns(&self) -> bool {
        self.actions.iter().any(|action| matches!(action, Action::Assign(_)))
    }

    /// Adds an action that goes before all others: what it is about is public meanwhile.
    pub(super) fn act_at_once(&mut self, action: Action) {
        self.urgent.push(action);
    }

    /// Changes something for the whole desk.
    pub(super) fn change_desk(&mut self, change: DeskChange) {
        self.desk_changes.push(change);
    }

    /// Notes that somebody's role did not suffice for a command.
    pub(super) fn note_role_too_low(&mut self) {
        self.was_role_too_low = true;
    }

    /// Posts a new comment from `template`, or from what the kind of this request says instead.
    pub fn say(&mut self, template: &str, facts: Facts) {
        let template = self.ticket.text(template, self.case.policy).to_owned();
        self.act(Action::Comment(Text { template, facts }));
    }

    /// Answers a comment with a sign.
    pub fn react(&mut self, comment: CommentId, reaction: Reaction) {
        self.act(Action::React(comment, reaction));
    }

    /// Tells a chat.
    pub fn notify(&mut self, chat: &str, text: String) {
        let url = self.ticket.url.clone();
        self.act(Action::Notify(ChatMessage {
            chat: chat.to_owned(),
            url,
            text,
            figures: BTreeMap::new(),
        }));
    }

    /// What every text may say about this ticket.
    pub fn facts(&self) -> Facts {
        let mut facts = self.ticket.facts(self.case.policy);
        facts.speaker =
            self.case.event.actor.human().map(|person| person.login.0.clone()).unwrap_or_default();
        facts
    }

    /// Gives the turn, unless something later gave it already. A turn that changes hands starts
    /// the clock, and every step of the ladder, anew.
    pub fn give_turn(&mut self, turn: Turn, why: &str) {
        self.give_turn_at(self.case.event.stamp(), turn, why);
    }

    /// Gives the requester the turn by asking something. Silence counts from the last question.
    pub fn ask_requester(&mut self, why: &str) {
        let stamp = self.case.event.stamp();
        let is_asked_again = self.ticket.turn == Turn::Requester && stamp >= self.ticket.turn_set;
        self.ticket.note_restart(stamp);
        self.give_turn_at(stamp, Turn::Requester, why);
        if is_asked_again {
            self.ticket.turn_since = stamp.at;
            self.ticket.reminded_at = None;
        }
        if self.ticket.turn_set == stamp {
            self.ticket.mailed_at = None;
        }
    }

    /// Gives the turn whatever came before: what follows from a state that is plain to see.
    pub fn give_turn_now(&mut self, turn: Turn, why: &str) {
        let stamp = self.case.event.stamp().max(self.ticket.turn_set);
        self.give_turn_at(stamp, turn, why);
    }

    /// Gives the turn as of `stamp`. While the issue is closed it is nobody's.
    pub fn give_turn_at(&mut self, stamp: Stamp, turn: Turn, why: &str) {
        if !self.ticket.is_open && turn != Turn::Nobody {
            return;
        }
        let began = self.ticket.note_turn(stamp, turn);
        if stamp < self.ticket.turn_set {
            self.because("What came later says whose turn it is.");
            // It may have gone to and fro before that, or begun earlier than was known.
            if let Some(began) = began {
                let since = self.ticket.clock_since(began);
                if since > self.ticket.turn_since {
                    self.ticket.start_clock(began);
                } else {
                    self.ticket.end_earlier_snooze(began);
                }
                self.ticket.turn_since = since;
            }
            return;
        }
        self.ticket.turn_set = stamp;
        if self.ticket.turn != turn {
            self.ticket.turn = turn;
            self.ticket.start_clock(stamp);
        }
        self.because(why);
    }

    /// Whether what happened was heard of after the clock of its turn ended.
    pub(super) fn is_of_earlier_turn(&self) -> bool {
        self.case.event.at < self.ticket.turn_since
    }

    /// Takes in what somebody says of the request beside its text: reading, labels, card and turn
    /// follow.
    pub(super) fn correct(&mut self, answers: Answers) {
        let was_missing = !self.ticket.reading.is_complete();
        self.ticket.corrections.hear(answers);
        self.ticket.correct_reading();
        if was_missing {
            intake::take_back_turn(self);
        }
    }

    /// Moves the ticket to `stage`, unless something later moved it.
    pub fn move_to(&mut self, stage: Stage) {
        self.ticket.move_to(stage, self.case.event.stamp());
    }

    /// Staff have looked at the request, whoever comes first.
    pub(super) fn begin_review(&mut self) {
        if self.ticket.stage == Stage::Filed {
            self.ticket.stage = Stage::Reviewing;
        }
    }

    /// Closes the issue; it is nobody's turn then.
    pub fn close(&mut self, close_as: CloseAs, why: &str) {
        self.give_turn_now(Turn::Nobody, why);
        if self.ticket.is_open {
            self.ticket.is_open = false;
            self.ticket.closed_at = Some(self.case.event.at);
            self.ticket.awaited_state = Some(false);
            self.ticket.closed_by_us = true;
            // What answers silence does so however late it is heard of.
            if let EventKind::CommentWritten(_) | EventKind::CommentEdited(_) = self.case.event.kind
            {
                self.ticket.note_ending(self.case.event.stamp());
            }
            self.act(Action::Close(close_as));
        }
    }

    /// Opens the issue again, for the desk to look at.
    pub fn reopen(&mut self, why: &str) {
        self.ticket.is_open = true;
        self.ticket.forget_closing();
        self.ticket.awaited_state = Some(true);
        self.ticket.closed_by_us = false;
        self.act(Action::Reopen);
        self.give_turn_now(Turn::Maintainers, why);
    }

    /// Closes the issue as done, without staff: the best way a request can end.
    pub(super) fn resolve(&mut self, why: &str) {
        self.move_to(Stage::Resolved);
        let facts = self.facts();
        self.say("resolved", facts);
        self.close(CloseAs::Completed, why);
    }

    /// Everything as it is now.
    pub(super) fn into_drafted(self) -> Drafted {
        let Self { ticket, urgent, actions, reasons, desk_changes, was_role_too_low, .. } = self;
        Drafted { ticket, urgent, actions, reasons, desk_changes, was_role_too_low }
    }
}
