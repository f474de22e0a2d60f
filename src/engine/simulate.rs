//! Plays a tracker's past through rules, to see what the bot would have said and done. Pure: no
//! store, no network, no clock; nothing is posted. Only `live.rs` asks GitHub, for the past.
//!
//! Start reading at [`play`]. All issues stand in one queue by time. Each thing that happened is
//! understood and decided on as it would have been live, with what a decision asks for answered
//! from the play's own memory; tickets' alarms ring in between. What the bot would have done is
//! taken as done (see `done.rs`), and the history goes on as it really was.

mod difference;
mod done;
mod live;
mod memory;
mod tally;
mod thread;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, VecDeque};
use std::sync::Arc;

use jiff::Timestamp;

use super::forms::Forms;
use super::understand::{self, Reader};
use super::{InForce, Rules};
use crate::github::Identity;
use crate::github::history::{IssueHistory, PastDelivery};
use crate::github::payload::Association;
use crate::policy::Role;
use crate::reading::form::Form;
use crate::store::Desk;
use crate::triage::{
    self, Action, Decision, Event, EventKind, Findings, IssueNumber, Login, Question,
};

pub use difference::{Difference, Side, Texts, Wording, differences};
pub use live::Progress;
pub use tally::{Regret, Tally};

use memory::Memory;
use thread::Thread;

/// The past of one tracker.
pub struct Tracker {
    /// Its desk, with what it has of its own: policy and times away.
    pub desk: Desk,
    /// Its issues.
    pub issues: Vec<IssueHistory>,
    /// Roles as GitHub knows them; none where what comments say of their writers must do.
    pub roles: Option<BTreeMap<Login, Role>>,
}

/// With what a past is played.
#[derive(Clone, Copy)]
pub struct Terms<'a> {
    /// Texts and policies.
    pub rules: &'a Rules,
    /// The form requests are filed with, before a repository's own.
    pub form: &'a Form,
    /// Who we are.
    pub identity: &'a Identity,
    /// Whether the rules are in the place of what repositories have of their own.
    pub are_instead_of_own: bool,
    /// What happened later is not looked at.
    pub until: Timestamp,
}

/// One thing the bot would have done.
#[derive(Debug, Clone)]
pub struct Deed {
    /// When.
    pub at: Timestamp,
    /// The repository's full name.
    pub repository: Arc<str>,
    /// Where.
    pub issue: IssueNumber,
    /// What.
    pub action: Action,
    /// Why, in plain sentences.
    pub why: Arc<str>,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Played {
    /// What the bot would have done, in order.
    pub deeds: Vec<Deed>,
    /// Counted.
    pub tally: Tally,
    /// Closings by silence that somebody would have been angry about.
    pub regrets: Vec<Regret>,
}

/// Why a thread has its turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Cue {
    /// Something happened.
    Told,
    /// Its alarm rings.
    Rings,
}

/// A place in the queue: by time, what happened before what rings, then by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    at: Timestamp,
    cue: Cue,
    number: IssueNumber,
    thread: usize,
}

/// A desk in the play.
struct Seat<'a> {
    tracker: &'a Tracker,
    name: Arc<str>,
    form: Arc<Form>,
    desk: Desk,
    in_force: Arc<InForce>,
    memory: Memory,
}

struct Play<'a> {
    terms: Terms<'a>,
    seats: Vec<Seat<'a>>,
    threads: Vec<Thread<'a>>,
    queue: BinaryHeap<Reverse<Entry>>,
    /// What tickets are told by each other and by their desk, at once.
    errands: VecDeque<(usize, EventKind)>,
    silent_closings: Vec<(usize, Timestamp)>,
    played: Played,
}

/// Plays everything that happened until then.
pub fn play(trackers: &[Tracker], terms: Terms<'_>) -> Played {
    let mut play = Play::new(trackers, terms);
    while let Some(Reverse(entry)) = play.queue.pop() {
        if entry.at > terms.until {
            break;
        }
        match entry.cue {
            Cue::Told => play.tell(entry.thread),
            Cue::Rings => play.ring(entry.thread, entry.at),
        }
        while let Some((thread, kind)) = play.errands.pop_front() {
            play.run_errand(thread, kind, entry.at);
        }
    }
    play.end()
}

impl<'a> Play<'a> {
    fn new(trackers: &'a [Tracker], terms: Terms<'a>) -> Self {
        let forms = Forms::new(terms.form.clone());
        let seat = |tracker: &'a Tracker| {
            let mut desk = tracker.desk.clone();
            desk.policy_text.take_if(|_| terms.are_instead_of_own);
            Seat {
                tracker,
                name: desk.repository.full_name().into(),
                form: forms.of(&desk),
                in_force: terms.rules.policies.of(&desk),
                memory: Memory::default(),
                desk,
            }
        };
        let seats: Vec<Seat> = trackers.iter().map(seat).collect();
        let threads: Vec<Thread> = trackers
            .iter()
            .enumerate()
            .flat_map(|(seat, tracker)| {
                tracker.issues.iter().map(move |past| Thread::new(past, seat))
            })
            .collect();
        let mut play = Self {
            terms,
            seats,
            threads,
            queue: BinaryHeap::new(),
            errands: VecDeque::new(),
            silent_closings: Vec::new(),
            played: Played::default(),
        };
        for thread in 0..play.threads.len() {
            let opened_at = play.threads[thread].past.issue().opened_at;
            play.enqueue(thread, Cue::Told, opened_at);
        }
        play
    }

    fn enqueue(&mut self, thread: usize, cue: Cue, at: Timestamp) {
        let number = self.threads[thread].past.issue().number;
        self.queue.push(Reverse(Entry { at, cue, number, thread }));
    }

    /// The next thing that happened to an issue.
    fn tell(&mut self, index: usize) {
        let thread = &mut self.threads[index];
        let seat = &self.seats[thread.seat];
        let Some(past) = thread.next(&seat.desk.repository) else {
            return;
        };
        let next_at = thread.next_at();
        let reader = Reader { form: &seat.form, identity: self.terms.identity };
        let PastDelivery { at, association, .. } = past;
        let event = thread.understand(reader, past);
        if let Some(next_at) = next_at {
            self.enqueue(index, Cue::Told, next_at);
        }
        let Some(event) = event.filter(|event| self.may_concern(index, event)) else {
            return;
        };
        let findings = self.gather(index, &event, association);
        self.decide(index, (&event, findings), at);
    }

    /// Most issues of a busy repository are none of the desk's business.
    fn may_concern(&self, index: usize, event: &Event) -> bool {
        let snapshot = event.issue.as_ref();
        self.threads[index].ticket.is_some()
            || snapshot.is_some_and(|issue| !issue.labels.is_empty() || triage::is_request(issue))
    }

    /// A ticket's own alarm, if it still stands.
    fn ring(&mut self, index: usize, at: Timestamp) {
        if self.threads[index].rings_at == Some(at) {
            self.threads[index].rings_at = None;
            self.run_errand(index, EventKind::Woken, at);
        }
    }

    fn run_errand(&mut self, index: usize, kind: EventKind, at: Timestamp) {
        if self.threads[index].ticket.is_some() {
            let event = understand::own("simulated", kind, at);
            self.decide(index, (&event, Findings::default()), at);
        }
    }

    /// Answers the questions of a decision from memory.
    fn gather(&self, index: usize, event: &Event, association: Option<Association>) -> Findings {
        let mut findings = Findings::default();
        let thread = &self.threads[index];
        let seat = &self.seats[thread.seat];
        for question in triage::questions(thread.ticket.as_ref(), event) {
            match question {
                Question::Role(login) => {
                    let role = role_of(seat.tracker, &login, association);
                    findings.roles.insert(login, role);
                }
                Question::Issue => findings.issue.clone_from(&event.issue),
                Question::Related(kinship) => {
                    let found = seat.memory.find_related(index, &kinship, &self.threads);
                    findings.related = found.iter().map(|(_, number)| *number).collect();
                }
                Question::WaitingTimes => findings.waiting = seat.memory.waiting_times(),
                Question::IsThere(number) => {
                    if seat.memory.has_seen(number) {
                        findings.there.insert(number);
                    }
                }
                // Neither what other repositories looked like nor comments of ours are known.
                Question::Branch(_) | Question::IsCard(_) => {}
            }
        }
        findings
    }

    fn decide(&mut self, index: usize, (event, mut findings): (&Event, Findings), at: Timestamp) {
        let thread = &self.threads[index];
        let seat = &self.seats[thread.seat];
        findings.rota_turn = seat.desk.rota_turn;
        let policy = &seat.in_force.policy;
        let decision = triage::decide(thread.ticket.as_ref(), event, &findings, (policy, at));
        let is_idle = decision.reasons.is_empty() && decision.actions.is_empty();
        let wake_at = decision.wake_at;
        self.commit(index, (event, decision), at);
        // An alarm that changed nothing and is due all the same would ring for ever.
        let wake_at = wake_at.filter(|wake_at| !is_idle || *wake_at > at).map(|due| due.max(at));
        let before = std::mem::replace(&mut self.threads[index].rings_at, wake_at);
        if let Some(wake_at) = wake_at.filter(|_| wake_at != before) {
            self.enqueue(index, Cue::Rings, wake_at);
        }
    }

    /// Takes what was decided as done.
    fn commit(&mut self, index: usize, (event, decision): (&Event, Decision), at: Timestamp) {
        let Decision { ticket: Some(after), actions, reasons, desk_changes, .. } = decision else {
            return;
        };
        let thread = &mut self.threads[index];
        let seat = &mut self.seats[thread.seat];
        let before = thread.ticket.take();
        let is_woken = matches!(event.kind, EventKind::Woken);
        self.played.tally.count((before.as_ref(), &after), &actions);
        let why: Arc<str> = reasons.join(" ").into();
        for planned in actions {
            thread.done.note(&planned.action);
            if is_woken && matches!(planned.action, Action::Close(_)) {
                self.played.tally.closings_for_silence += 1;
                self.silent_closings.push((index, at));
            }
            self.played.deeds.push(Deed {
                at,
                repository: seat.name.clone(),
                issue: after.number,
                action: planned.action,
                why: why.clone(),
            });
        }
        seat.memory.note_answer(before.as_ref(), &after);
        let account_before = before.as_ref().map(triage::Ticket::account);
        let is_kin_new = account_before.as_ref() != Some(&after.account());
        let kinship = after.kinship(at);
        if is_kin_new {
            seat.memory.note_kin(index, account_before.flatten(), &after);
        }
        let related = after.related.clone();
        thread.ticket = Some(after);
        if is_kin_new {
            self.tell_kin(index, &kinship, &related);
        }
        self.change_desk(index, &desk_changes);
    }

    /// Tells the others of a ticket that is new or names another account than before.
    fn tell_kin(&mut self, index: usize, kinship: &triage::Kinship, known: &BTreeSet<IssueNumber>) {
        let own = self.threads[index].past.issue().number;
        let memory = &self.seats[self.threads[index].seat].memory;
        for (other, number) in memory.find_related(index, kinship, &self.threads) {
            self.errands.push_back((other, EventKind::Related(vec![own])));
            if !known.contains(&number) {
                self.errands.push_back((index, EventKind::Related(vec![number])));
            }
        }
    }

    /// Other clocks for all: every open ticket of the desk is told.
    fn change_desk(&mut self, index: usize, changes: &[triage::DeskChange]) {
        let seat_index = self.threads[index].seat;
        let seat = &mut self.seats[seat_index];
        let away_before = seat.desk.away.clone();
        for change in changes {
            // Nobody else turns the rota between question and answer.
            let _ = seat.desk.apply(change);
        }
        if seat.desk.away == away_before {
            return;
        }
        seat.in_force = self.terms.rules.policies.of(&seat.desk);
        let is_open = |thread: &Thread| {
            thread.seat == seat_index && thread.ticket.as_ref().is_some_and(|ticket| ticket.is_open)
        };
        let open = self.threads.iter().enumerate().filter(|(_, thread)| is_open(thread));
        self.errands.extend(open.map(|(thread, _)| (thread, EventKind::RulesChanged)));
    }

    fn end(self) -> Played {
        let mut played = self.played;
        for (index, closed_at) in self.silent_closings {
            let thread = &self.threads[index];
            let seat = &self.seats[thread.seat];
            let regret = tally::find_regret(thread.past, closed_at, seat.tracker);
            played.regrets.extend(regret);
        }
        played
    }
}

/// What somebody may do: as GitHub said, or as their tie to the repository lets one guess.
fn role_of(tracker: &Tracker, login: &Login, association: Option<Association>) -> Role {
    let Some(roles) = &tracker.roles else {
        return match association {
            Some(Association::Owner | Association::Member | Association::Collaborator) => {
                Role::Write
            }
            Some(Association::Outsider) | None => Role::None,
        };
    };
    roles.get(login).copied().unwrap_or(Role::None)
}
