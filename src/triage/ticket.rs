//! A ticket: one request, whose turn it is, and what was done about it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::corrections::Corrections;
use super::event::{Actor, Event, EventKind, Snapshot, Stamp};
use super::ids::{CommentId, IssueId, IssueNumber, Person};
use super::kept::{self, is_default};
use super::order::Order;
use super::proof::BranchCheck;
use super::question::{Kinship, closed_lately};
use super::shield::Shield;
use super::text::{Facts, Text, WaitingTimes};
use crate::policy::calendar::Rest;
use crate::policy::{Mode, Policy};
use crate::reading::{Reading, Sensitive};

/// What comes in of a request within this time after its opening is no sign that the desk missed
/// anything: labels come seconds after it, and deliveries in any order.
const JOINED_LATE_AFTER: SignedDuration = SignedDuration::from_mins(10);

/// One request of one person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ticket {
    /// The issue it is.
    pub id: IssueId,
    /// Its number in the repository.
    pub number: IssueNumber,
    /// Its address in a browser.
    pub url: String,
    /// Who asked; none where the account is gone.
    pub requester: Option<Person>,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// Title, secrets blanked.
    pub title: String,
    /// Body, secrets blanked; emptied at the end of its retention.
    pub body: String,
    /// What it says.
    #[serde(serialize_with = "kept::news")]
    pub reading: Reading,
    /// Whether the issue is open.
    pub is_open: bool,
    /// Whether the issue left this repository.
    #[serde(default, skip_serializing_if = "is_default")]
    pub is_gone: bool,
    /// Whether only collaborators may comment.
    #[serde(default, skip_serializing_if = "is_default")]
    pub is_locked: bool,
    /// Logins of its assignees.
    #[serde(default, skip_serializing_if = "is_default")]
    pub assignees: Vec<String>,
    /// `updated_at` of the newest snapshot.
    pub snapshot_at: Timestamp,
    /// Whose turn it is.
    pub turn: Turn,
    /// Since when, by GitHub's clock.
    pub turn_since: Timestamp,
    /// What gave the turn last; older events do not override it.
    pub turn_set: Stamp,
    /// What set the other aspects last.
    #[serde(default, skip_serializing_if = "is_default", serialize_with = "kept::news")]
    pub order: Order,
    /// How far it has come.
    #[serde(default, skip_serializing_if = "is_default")]
    pub stage: Stage,
    /// When the requester said the mail was sent.
    #[serde(default, skip_serializing_if = "is_default")]
    pub mailed_at: Option<Timestamp>,
    /// What was said after the request was filed, which counts more than what it says.
    #[serde(default, skip_serializing_if = "is_default", serialize_with = "kept::news")]
    pub corrections: Corrections,
    /// Until when neither the ladder nor silence takes a step.
    #[serde(default, skip_serializing_if = "is_default")]
    pub snoozed_until: Option<Timestamp>,
    /// When its clock stood still in this turn, because somebody snoozed it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub rests: Vec<Rest>,
    /// How long others waited, as measured when the requester was greeted.
    #[serde(default, skip_serializing_if = "is_default")]
    pub waiting: Option<WaitingTimes>,
    /// Other requests of the same account or person, by number.
    #[serde(default, skip_serializing_if = "is_default")]
    pub related: BTreeSet<IssueNumber>,
    /// Branches that the requester linked, as they were found.
    #[serde(default, skip_serializing_if = "is_default")]
    pub branches: Vec<BranchCheck>,
    /// What was posted that should not be public, where, and what was hidden.
    #[serde(default, skip_serializing_if = "is_default", serialize_with = "kept::news")]
    pub shield: Shield,
    /// When a human of the desk first spoke.
    #[serde(default, skip_serializing_if = "is_default")]
    pub answered_at: Option<Timestamp>,
    /// When the desk joined a conversation that was going on already, so that somebody may have
    /// answered before; none if it was there from the opening on.
    #[serde(default, skip_serializing_if = "is_default")]
    pub joined_late_at: Option<Timestamp>,
    /// When it was closed last; none while it is open.
    #[serde(default, skip_serializing_if = "is_default")]
    pub closed_at: Option<Timestamp>,
    /// Whether the bot closed it, by itself or by a command, so that an answer opens it again.
    #[serde(default, skip_serializing_if = "is_default")]
    pub closed_by_us: bool,
    /// Open (`true`) or closed, as we asked for and have not seen yet.
    #[serde(default, skip_serializing_if = "is_default")]
    pub awaited_state: Option<bool>,
    /// Steps of the ladder climbed in this turn.
    #[serde(default, skip_serializing_if = "is_default")]
    pub climbed: Vec<String>,
    /// Steps that were overdue already when the ticket was taken in from history, and are told of
    /// rather than done in this turn.
    #[serde(default, skip_serializing_if = "is_default")]
    pub withheld: Vec<String>,
    /// Whether it was taken in from history and nothing has happened to it since: until then
    /// nothing is written to it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub is_imported: bool,
    /// When the requester was reminded in this turn.
    #[serde(default, skip_serializing_if = "is_default")]
    pub reminded_at: Option<Timestamp>,
    /// What became of each label the desk cares for, by lower-case name.
    #[serde(default, skip_serializing_if = "is_default")]
    pub labels: BTreeMap<String, LabelState>,
    /// Labels a command put on or took off, against what the state alone would say.
    #[serde(default, skip_serializing_if = "is_default")]
    pub commanded_labels: BTreeMap<String, bool>,
    /// Whether it was last decided on without acting, so that what was asked for was not done.
    #[serde(default, skip_serializing_if = "is_default")]
    pub is_only_observed: bool,
    /// Whether the requester was greeted: a card is there or on its way.
    #[serde(default, skip_serializing_if = "is_default")]
    pub is_greeted: bool,
    /// The card as last asked for.
    #[serde(default, skip_serializing_if = "is_default", serialize_with = "kept::news_of_some")]
    pub card: Option<Facts>,
    /// How often the card was asked for.
    #[serde(default, skip_serializing_if = "is_default")]
    pub card_version: u32,
    /// Whether the card was ever asked for other than to be shown.
    #[serde(default, skip_serializing_if = "is_default")]
    pub is_card_asked_for: bool,
    /// Whether a person changed or deleted the card, so that it stays as they left it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub is_card_taken: bool,
    /// Commands carried out or refused, by comment, so that an edit runs only what is new.
    #[serde(default, skip_serializing_if = "is_default")]
    pub commands_seen: BTreeMap<CommentId, Vec<String>>,
}

/// Whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Turn {
    /// The people who run the desk.
    #[serde(alias = "m")]
    Maintainers,
    /// The person who asked.
    #[serde(alias = "r")]
    Requester,
    /// Nobody: it is over.
    #[serde(alias = "n")]
    Nobody,
}

impl Turn {
    /// Its name in tables, labels of metrics and texts.
    pub fn name(self) -> &'static str {
        match self {
            Self::Maintainers => "maintainers",
            Self::Requester => "requester",
            Self::Nobody => "nobody",
        }
    }

    /// The first letter of its name, for where many are kept.
    pub(super) fn initial(self) -> char {
        match self {
            Self::Maintainers => 'm',
            Self::Requester => 'r',
            Self::Nobody => 'n',
        }
    }
}

/// What became of one label on one issue. A label without a state is absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LabelState {
    /// We asked for it and have not seen it yet.
    Adding,
    /// We asked for its removal and then for it again. What a snapshot shows may be older than
    /// either, and so may our own event of an earlier putting on; a person's event ends it.
    PuttingBack,
    /// It is there, by our doing.
    Present,
    /// We asked for its removal, which has not come back as an event yet.
    Removing,
    /// A person put it on; it stays.
    PinnedPresent,
    /// A person took it off; it stays off.
    PinnedAbsent,
    /// GitHub refused to put it on; asked for again when something else happens.
    RefusedAdding,
    /// GitHub refused to take it off; likewise.
    RefusedRemoving,
}

/// How far a ticket has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Nobody has looked into it.
    #[default]
    Filed,
    /// Staff look into it.
    Reviewing,
    /// A recovery was started.
    Recovering,
    /// Staff gave the account back.
    Recovered,
    /// The requester got in without staff: a deflection.
    Resolved,
}

impl Stage {
    /// Its name in tables and texts.
    pub fn name(self) -> &'static str {
        match self {
            Self::Filed => "filed",
            Self::Reviewing => "reviewing",
            Self::Recovering => "recovering",
            Self::Recovered => "recovered",
            Self::Resolved => "resolved",
        }
    }
}

impl Ticket {
    /// A ticket for an issue seen for the first time: nobody was greeted, nothing was done.
    pub fn new(snapshot: &Snapshot) -> Self {
        Self {
            id: snapshot.id,
            number: snapshot.number,
            url: snapshot.url.clone(),
            requester: snapshot.author.clone(),
            opened_at: snapshot.opened_at,
            title: snapshot.title.clone(),
            body: snapshot.body.clone(),
            reading: snapshot.reading.clone(),
            is_open: snapshot.is_open,
            is_gone: false,
            is_locked: snapshot.is_locked,
            assignees: snapshot.assignees.clone(),
            snapshot_at: snapshot.updated_at,
            turn: if snapshot.is_open { Turn::Maintainers } else { Turn::Nobody },
            turn_since: snapshot.opened_at,
            turn_set: Stamp { at: snapshot.opened_at, id: 0 },
            order: Order::default(),
            stage: Stage::Filed,
            mailed_at: None,
            corrections: Corrections::default(),
            snoozed_until: None,
            rests: Vec::new(),
            waiting: None,
            related: BTreeSet::new(),
            branches: Vec::new(),
            shield: Shield::default(),
            answered_at: None,
            joined_late_at: None,
            closed_at: (!snapshot.is_open).then_some(snapshot.updated_at),
            closed_by_us: false,
            awaited_state: None,
            climbed: Vec::new(),
            withheld: Vec::new(),
            is_imported: false,
            reminded_at: None,
            labels: BTreeMap::new(),
            commanded_labels: BTreeMap::new(),
            is_only_observed: false,
            is_greeted: false,
            card: None,
            card_version: 0,
            is_card_asked_for: false,
            is_card_taken: false,
            commands_seen: BTreeMap::new(),
        }
    }

    /// The account's name as requests are compared by it; none where none was named.
    pub fn account(&self) -> Option<String> {
        account_of(self.reading.username.as_deref())
    }

    /// When a human of the desk first spoke, if that can be known for sure.
    pub fn measured_answer_at(&self) -> Option<Timestamp> {
        self.answered_at.filter(|_| self.joined_late_at.is_none())
    }

    /// Takes note of a word of a human of the desk. Deliveries may come in any order, and the first
    /// word counts.
    pub(super) fn note_answer(&mut self, at: Timestamp) {
        self.answered_at = Some(self.answered_at.map_or(at, |known| known.min(at)));
    }

    /// Takes note of whether the desk is there from the opening on. Deliveries may come in any
    /// order, so the opening may be heard of after something else.
    pub(super) fn note_joining(&mut self, event: &Event, is_new: bool) {
        let is_opening = matches!(event.kind, EventKind::Opened);
        if is_new && event.at.duration_since(self.opened_at) > JOINED_LATE_AFTER {
            self.joined_late_at = Some(event.at);
        }
        self.joined_late_at.take_if(|_| is_opening);
    }

    /// By what other requests are told to be of the same account or person.
    pub fn kinship(&self, now: Timestamp) -> Kinship {
        let author = self.requester.as_ref().map(|person| person.id);
        Kinship { account: self.account(), author, closed_since: closed_lately(now) }
    }

    /// Whether the requester was told already that something of this kind is public.
    pub(super) fn was_warned_of(&self, kind: Sensitive) -> bool {
        self.reading.sensitive.contains(&kind)
            || self.shield.in_comments.values().any(|kinds| kinds.contains(&kind))
    }

    /// Lays over the reading what was said after the request was filed.
    pub(super) fn correct_reading(&mut self) {
        self.corrections.apply(&mut self.reading);
    }

    /// Whether this person opened the request.
    pub fn is_requester(&self, person: &Person) -> bool {
        self.requester.as_ref().is_some_and(|requester| requester.id == person.id)
    }

    /// Whether anything of what was written is still kept.
    pub fn has_text(&self) -> bool {
        !self.title.is_empty() || !self.body.is_empty()
    }

    /// Keeps title and text no longer. Nothing brings them back while the issue is closed.
    pub fn forget_text(&mut self) {
        self.title.clear();
        self.body.clear();
        self.reading.evidence.clear();
        self.forget_fields();
    }

    /// Whether title and text were forgotten; an issue always has a title.
    pub(super) fn is_text_forgotten(&self) -> bool {
        self.title.is_empty()
    }

    /// Whether somebody else's snapshot of the very second of the newest one disagrees with it,
    /// so that only the issue itself can tell. Our own echoes do not count: what we wrote we know.
    pub fn is_tied_with(&self, snapshot: &Snapshot, event: &Event) -> bool {
        let is_echo = matches!(event.actor, Actor::Ourselves);
        !is_echo && snapshot.updated_at == self.snapshot_at && !self.agrees_with(snapshot)
    }

    fn agrees_with(&self, snapshot: &Snapshot) -> bool {
        self.is_open == snapshot.is_open
            && self.title == snapshot.title
            && self.body == snapshot.body
            && self.assignees == snapshot.assignees
            && self.sees_labels_of(snapshot)
    }

    /// Takes note of whether decisions are acted on. When acting begins after observing, what was
    /// asked for meanwhile was never done: labels are asked for again, and the issue is as it was.
    pub(super) fn enter(&mut self, mode: Mode) {
        if mode == Mode::Act && self.is_only_observed {
            if !self.is_card_asked_for {
                self.is_greeted = false;
                self.card = None;
            }
            self.labels.retain(|_, state| *state != LabelState::Adding);
            for state in self.labels.values_mut() {
                if matches!(state, LabelState::Removing | LabelState::PuttingBack) {
                    *state = LabelState::Present;
                }
            }
            if let Some(is_open) = self.awaited_state.take() {
                self.is_open = !is_open;
                self.closed_at = (!self.is_open).then_some(self.snapshot_at);
                self.turn = if self.is_open { Turn::Maintainers } else { Turn::Nobody };
            }
        }
        self.is_only_observed = mode == Mode::Observe;
    }

    /// What every text may say about this ticket.
    pub fn facts(&self, policy: &Policy) -> Facts {
        let requester = self.requester.as_ref();
        Facts {
            requester: requester.map(|person| person.login.0.clone()).unwrap_or_default(),
            url: self.url.clone(),
            language: self.reading.language.clone(),
            reasons: self.reading.reasons.clone(),
            email_access: self.reading.email_access,
            password_known: self.reading.password_known,
            recovery_codes: self.reading.recovery_codes,
            site: self.reading.site,
            session: self.corrections.session.unwrap_or_default(),
            missing: self.reading.missing.clone(),
            kind: self.reading.kind.clone().unwrap_or_default(),
            fields: self.reading.fields.clone(),
            missing_fields: self.missing_fields(policy),
            exposed: self.shield.exposed_in_text(&self.reading),
            place: self.url.clone(),
            stage: self.stage,
            mailed_on: self.mailed_at.map(date_of).unwrap_or_default(),
            waiting: self.waiting,
            related: self.related.iter().map(|number| number.0).collect(),
            ..Facts::default()
        }
    }

    /// Our own closing or opening came back as an event, however late: from now on snapshots count.
    pub(super) fn confirm_state(&mut self, event: &Event) {
        let is_ours = matches!(event.actor, Actor::Ourselves);
        let came = match event.kind {
            EventKind::Closed if is_ours => Some(false),
            EventKind::Reopened if is_ours => Some(true),
            _ => None,
        };
        if came.is_some() && came == self.awaited_state {
            self.awaited_state = None;
        }
    }

    /// The card to put, if the requester is greeted and what it says has changed. A card is not
    /// touched after the end: edits notify nobody, and the reader has gone. Nor is one that a
    /// person changed or deleted.
    pub(super) fn settle_card(&mut self, policy: &Policy) -> Option<Text> {
        if !self.is_greeted || !self.is_open || self.is_gone || self.is_card_taken {
            return None;
        }
        let facts = self.facts(policy);
        if self.card.as_ref() == Some(&facts) {
            return None;
        }
        self.is_card_asked_for |= !self.is_only_observed;
        self.card = Some(facts.clone());
        self.card_version += 1;
        Some(Text { template: self.text("card", policy).to_owned(), facts })
    }
}

/// PyPI takes names that differ in case only for one.
pub(super) fn account_of(username: Option<&str>) -> Option<String> {
    username.map(str::trim).filter(|name| !name.is_empty()).map(str::to_lowercase)
}

/// The date by the world's clock, as people write it in the year-first order.
fn date_of(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}
