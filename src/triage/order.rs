//! What set each aspect of a ticket last: webhooks come in any order, and what is older than what
//! is known already does not override it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize, Serializer};

use super::event::Stamp;
use super::ticket::{Stage, Ticket, Turn};

/// Words about the turn that are remembered; a late one is rarely older than so many others.
const TURNS_MAX: usize = 24;

/// What set each aspect of a ticket last.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Order {
    /// What gave the turn to whom, oldest first.
    #[serde(serialize_with = "by_initials")]
    turns: Vec<(Stamp, Turn)>,
    /// What set the stage.
    stage: Option<Stamp>,
    /// What stopped the clock, or let it go on.
    snooze: Option<Stamp>,
    /// What started the clock anew within a turn.
    restart: Option<Stamp>,
    /// The last word that answered what was asked for.
    answer: Option<Stamp>,
    /// The last word of the requester that may answer something, whether or not it was asked by then.
    word: Option<Stamp>,
    /// What ended the request, where its closing was told and not only seen, or a comment did.
    closed: Option<Stamp>,
}

/// Most of what is kept of a long conversation are these.
fn by_initials<S: Serializer>(turns: &[(Stamp, Turn)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(turns.iter().map(|(stamp, turn)| (stamp, turn.initial())))
}

impl Ticket {
    /// Remembers that the turn was given, and tells when the turn that holds now began, if what is
    /// remembered reaches back so far.
    pub(super) fn note_turn(&mut self, stamp: Stamp, turn: Turn) -> Option<Stamp> {
        let filing = self.filing();
        let turns = &mut self.order.turns;
        if turns.is_empty() {
            turns.push((self.turn_set, self.turn));
        }
        turns.retain(|(known, _)| *known != stamp);
        let at = turns.partition_point(|(known, _)| *known < stamp);
        turns.insert(at, (stamp, turn));
        if turns.len() > TURNS_MAX {
            turns.remove(0);
        }
        let last = turns.last()?.1;
        let began = match turns.iter().rposition(|(_, turn)| *turn != last) {
            Some(other) => turns.get(other + 1),
            None => turns.first().filter(|(stamp, _)| *stamp == filing),
        };
        began.map(|(stamp, _)| *stamp)
    }

    /// Whether nobody had given the turn since the request was filed, at `stamp`.
    pub(super) fn has_turn_of_filing(&self, stamp: Stamp) -> bool {
        let by_then = self.order.turns.iter().rev().find(|(known, _)| *known <= stamp);
        by_then.map_or(self.turn_set, |(known, _)| *known) == self.filing()
    }

    fn filing(&self) -> Stamp {
        Stamp { at: self.opened_at, id: 0 }
    }

    /// Takes note of an answer. False if one that came later is known: what it answered is settled.
    pub(super) fn note_requested_answer(&mut self, stamp: Stamp) -> bool {
        let is_last = self.order.answer.is_none_or(|known| known <= stamp);
        if is_last {
            self.order.answer = Some(stamp);
        }
        is_last
    }

    /// Takes note of a word of the requester that may answer something.
    pub(super) fn note_word(&mut self, stamp: Stamp) {
        self.order.word = self.order.word.max(Some(stamp));
    }

    /// Whether what was asked at `stamp` was answered before it was heard of, and nothing was asked
    /// since.
    pub(super) fn was_answered_already(&self, stamp: Stamp) -> bool {
        self.order.word.is_some_and(|word| word > stamp) && !self.restarted_after(stamp)
    }

    /// Who had the turn just before `stamp`, as far as is remembered.
    pub(super) fn turn_before(&self, stamp: Stamp) -> Turn {
        let turns = &self.order.turns;
        let before = turns.iter().rev().find(|(known, _)| *known < stamp);
        before.or(turns.first()).map_or(self.turn, |(_, turn)| *turn)
    }

    /// Whether something was asked after `stamp`, or the clock began anew otherwise.
    pub(super) fn restarted_after(&self, stamp: Stamp) -> bool {
        self.order.restart.is_some_and(|restart| restart > stamp)
    }

    /// Moves to `stage`, unless something later moved it.
    pub(super) fn move_to(&mut self, stage: Stage, stamp: Stamp) {
        if self.order.stage.is_none_or(|set| set <= stamp) {
            self.order.stage = Some(stamp);
            self.stage = stage;
        }
    }

    /// Whether this stops the clock or lets it go on, rather than something later.
    pub(super) fn sets_snooze(&mut self, stamp: Stamp) -> bool {
        let is_last = self.order.snooze.is_none_or(|set| set <= stamp);
        if is_last {
            self.order.snooze = Some(stamp);
        }
        is_last
    }

    /// Remembers what starts the clock of a turn anew.
    pub(super) fn note_restart(&mut self, stamp: Stamp) {
        self.order.restart = self.order.restart.max(Some(stamp));
    }

    /// The clock of this turn begins anew.
    pub(super) fn restart_clock(&mut self, stamp: Stamp) {
        self.note_restart(stamp);
        self.turn_since = self.turn_since.max(stamp.at);
    }

    /// Since when the clock of a turn runs that this gave.
    pub(super) fn clock_since(&self, stamp: Stamp) -> Timestamp {
        self.order.restart.map_or(stamp, |restart| restart.max(stamp)).at
    }

    /// Its closing by somebody else was told. Where it was only seen before, in a later snapshot,
    /// the time of that is put right.
    pub(super) fn note_closing(&mut self, stamp: Stamp) {
        if self.is_open || self.closed_by_us || self.order.closed.is_some_and(|known| known > stamp)
        {
            return;
        }
        self.order.closed = Some(stamp);
        self.closed_at = Some(stamp.at);
        if self.turn == Turn::Nobody {
            self.turn_since = stamp.at;
        }
    }

    /// A comment of this time ended the request.
    pub(super) fn note_ending(&mut self, stamp: Stamp) {
        self.order.closed = Some(stamp);
    }

    /// Whether a comment after `stamp` ended the request.
    pub(super) fn was_ended_after(&self, stamp: Stamp) -> bool {
        self.order.closed.is_some_and(|closed| closed > stamp)
    }

    /// It is open again, so that nothing is known of the next closing.
    pub(super) fn forget_closing(&mut self) {
        self.order.closed = None;
        self.closed_at = None;
    }
}
