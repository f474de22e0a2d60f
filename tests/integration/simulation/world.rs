//! One world in which a history is played: a desk, its people, the post between GitHub and the
//! bot, and what goes wrong.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use keydesk::engine::Accepted;
use keydesk::sandbox::github::{CallFault, CallFaultKind};
use keydesk::sandbox::seed::tracker;
use keydesk::sandbox::state::{
    AccountKind, Acting, Actor, IssueChange, NewIssue, OutgoingEvent, Refusal, RepositoryName, Role,
};
use keydesk::store::{Limits, Store};
use rusqlite::Connection;

use super::dice::Dice;
use super::people::{CLEO, Deed, History, POLICY, PROGRAM, What};
use super::trouble::Trouble;
use crate::desk::{BOT, Desk, ROOT, issue};

/// How many worlds there were.
static WORLDS: AtomicU64 = AtomicU64::new(0);
/// Where issues are moved to.
const ELSEWHERE: (&str, &str) = ("acme", "elsewhere");
/// More than any history needs: beyond them the bot talks to itself.
const ROUNDS_MAX: usize = 3_000;
/// More than any work needs.
const STEPS_MAX: usize = 100_000;

/// What is looked at in the bot's memory beside its own tables: which actions ended, in order.
const WATCH: &str = "CREATE TABLE ends (id INTEGER PRIMARY KEY, action BIGINT, issue BIGINT);
    CREATE TRIGGER watch AFTER UPDATE OF state ON actions
    WHEN NEW.state <> OLD.state AND NEW.issue <> 0 BEGIN
        INSERT INTO ends (action, issue) VALUES (NEW.id, NEW.issue);
    END;";

/// When the bot said that it has a delivery.
#[derive(Clone, Copy, Debug)]
pub(super) struct Taken {
    /// How many calls GitHub had seen by then.
    pub(super) call_count: usize,
    /// Whether it was decided on before anything else could happen.
    pub(super) is_handled_at_once: bool,
}

/// A world.
pub(super) struct World {
    pub(super) desk: Desk,
    /// A second look into the bot's memory.
    pub(super) eye: Connection,
    pub(super) limits: Limits,
    /// Everything GitHub sent, oldest first.
    pub(super) sent: Vec<OutgoingEvent>,
    /// What the bot acknowledged, by GUID.
    pub(super) taken: BTreeMap<String, Taken>,
    /// GUIDs of what the bot kept more than once.
    pub(super) kept_twice: Vec<String>,
    /// How many calls GitHub had seen at each crash.
    pub(super) crashes: Vec<usize>,
    pub(super) transcript: Vec<String>,
    /// Everything that was logged.
    pub(super) log: Arc<Mutex<Vec<u8>>>,
    trouble: Trouble,
    dice: Dice,
    /// What GitHub has to deliver yet.
    late: Vec<OutgoingEvent>,
    /// What GitHub gave up delivering.
    lost: Vec<OutgoingEvent>,
}

impl World {
    /// A world in which nothing has happened yet.
    pub(super) fn new(seed: u64, trouble: Trouble) -> Self {
        // Two tests may play the same seed at once.
        let count = WORLDS.fetch_add(1, Ordering::Relaxed);
        let name = format!("simulation-{count}");
        let store = Store::in_memory_named(&name).expect("a store");
        let eye = Connection::open(format!("file:{name}?mode=memory&cache=shared"));
        let eye = eye.expect("the same store");
        eye.execute_batch(WATCH).expect("a table to watch by");
        let limits = Limits {
            per_minute: Some(if trouble.is_narrow { 5 } else { 80 }),
            per_hour: Some(if trouble.is_narrow { 40 } else { 500 }),
        };
        let desk = Desk::under(POLICY).on(store, limits);
        desk.sandbox.with(|state| {
            state.add_user(PROGRAM, AccountKind::Bot);
            let now = "2026-11-23T09:00:00Z".parse().expect("the beginning");
            let elsewhere = RepositoryName::new(ELSEWHERE.0, ELSEWHERE.1);
            let mut app = state.acting(Actor::App, now);
            app.create_repository(&elsewhere);
            app.give_role(&elsewhere, ROOT, Role::Admin).expect("an owner");
            app.give_role(&tracker(), CLEO, Role::Read).expect("a second requester");
            state.take_events();
        });
        desk.hold();
        Self {
            desk,
            eye,
            limits,
            sent: Vec::new(),
            taken: BTreeMap::new(),
            kept_twice: Vec::new(),
            crashes: Vec::new(),
            transcript: Vec::new(),
            log: Arc::default(),
            trouble,
            dice: Dice::of(seed, 2),
            late: Vec::new(),
            lost: Vec::new(),
        }
    }

    /// Plays a history to its end, with all the trouble there is.
    pub(super) fn play(&mut self, history: &History) {
        let mut time = self.desk.sandbox.now();
        for deed in &history.deeds {
            time += SignedDuration::from_secs(deed.after);
            self.pass_until(time);
            self.act(deed);
            if self.trouble.is_any() {
                self.plan_fault();
                self.post_comes();
            } else {
                self.settle();
            }
        }
    }

    /// Everything that still goes wrong ends, and what is late or was lost arrives.
    pub(super) fn let_go(&mut self) {
        self.note("from here on nothing goes wrong".to_owned());
        self.trouble = Trouble::none();
        self.desk.github.heal();
        self.desk.start_again();
        self.late.append(&mut self.lost);
        self.settle();
    }

    /// Time passes; what comes due on the way is done on the way.
    pub(super) fn pass(&mut self, span: SignedDuration) {
        self.pass_until(self.desk.sandbox.now() + span);
    }

    pub(super) fn note(&mut self, line: String) {
        self.transcript.push(format!("{} {line}", self.desk.sandbox.now()));
    }

    fn pass_until(&mut self, time: Timestamp) {
        for _ in 0..ROUNDS_MAX {
            let Some(next) = self.desk.next_due_at().filter(|next| *next <= time) else {
                self.desk.moves_clock_to(time);
                return;
            };
            self.desk.moves_clock_to(next);
            if self.trouble.is_any() {
                self.work();
                self.collect();
            } else {
                self.settle();
            }
        }
        panic!("time does not pass");
    }

    /// Works, and delivers what comes of it, until nothing is left to deliver.
    fn settle(&mut self) {
        for _ in 0..ROUNDS_MAX {
            self.work();
            self.collect();
            if self.late.is_empty() {
                return;
            }
            for event in std::mem::take(&mut self.late) {
                self.deliver(&event);
            }
        }
        panic!("the bot talks to itself");
    }

    fn work(&mut self) {
        let workers = self.trouble.worker_count;
        let dice = &mut self.dice;
        let is_done = self.desk.work_side_by_side((workers, STEPS_MAX), |among| dice.below(among));
        let waiting =
            "SELECT action_key, kind, outcome, attempts, due_at, leased_until FROM actions
                       WHERE state = 'waiting' UNION ALL
                       SELECT guid, event, problem, attempts, due_at, leased_until FROM deliveries
                       WHERE state = 'waiting'";
        assert!(
            is_done,
            "at {} the bot does not come to an end: {:?}",
            self.desk.sandbox.now().as_microsecond(),
            super::laws::rows(self, waiting)
        );
    }

    /// Takes over what GitHub has to tell.
    fn collect(&mut self) {
        let fresh = self.desk.take_held();
        self.sent.extend(fresh.iter().cloned());
        self.late.extend(fresh);
    }

    // What people do.

    fn act(&mut self, deed: &Deed) {
        let place = issue(deed.issue);
        let who = deed.who;
        let done = match &deed.what {
            What::Files { body } => {
                let new = NewIssue {
                    title: "Account recovery request".to_owned(),
                    body: Some(body.clone()),
                    labels: vec!["account-recovery".to_owned()],
                    ..NewIssue::default()
                };
                self.lets(who, |acting| acting.create_issue(&tracker(), new).map(drop))
            }
            What::Says { text, .. } => {
                self.lets(who, |acting| acting.create_comment(&place, text).map(drop))
            }
            What::EditsComment { nth, text } => self.on_comment(deed, *nth, |acting, comment| {
                acting.edit_comment(&tracker(), comment, text)
            }),
            What::DeletesComment { nth } => self.on_comment(deed, *nth, |acting, comment| {
                acting.delete_comment(&tracker(), comment)
            }),
            What::EditsRequest { body } => {
                let change = IssueChange { body: Some(body.clone()), ..IssueChange::default() };
                self.lets(who, |acting| acting.edit_issue(&place, change))
            }
            What::Labels(label) => {
                self.lets(who, |acting| acting.add_labels(&place, &[(*label).to_owned()]))
            }
            What::Unlabels(label) => self.lets(who, |acting| acting.remove_label(&place, label)),
            What::SetsOpen(is_open) => {
                let change = IssueChange { open: Some(*is_open), ..IssueChange::default() };
                self.lets(who, |acting| acting.edit_issue(&place, change))
            }
            What::SetsLocked(is_locked) => {
                self.lets(who, |acting| acting.lock_issue(&place, *is_locked))
            }
            What::Deletes => self.lets(who, |acting| acting.delete_issue(&place)),
            What::Transfers => {
                let to = RepositoryName::new(ELSEWHERE.0, ELSEWHERE.1);
                self.lets(who, |acting| acting.transfer_issue(&place, &to).map(drop))
            }
            What::Pushes(policy) => self.lets(who, |acting| {
                acting.push_file(&tracker(), ".github/keydesk.toml", Some(policy.as_bytes()))
            }),
        };
        let ending = done.err().map(|refusal| format!(" ({refusal})")).unwrap_or_default();
        self.note(format!("{who} on #{}: {:?}{ending}", deed.issue, deed.what));
        self.collect();
    }

    fn lets(
        &self,
        who: &str,
        act: impl FnOnce(&mut Acting<'_>) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        self.desk.try_act_alone(who, act)
    }

    /// Comments of people only: the bot's may be there or not yet.
    fn on_comment(
        &self,
        deed: &Deed,
        nth: usize,
        act: impl FnOnce(&mut Acting<'_>, u64) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        let comments = self.desk.issue_at(deed.issue).comments;
        let ids: Vec<u64> =
            comments.iter().filter(|comment| comment.author != BOT).map(|one| one.id).collect();
        let Some(comment) = ids.get(nth % ids.len().max(1)) else {
            return Err(Refusal::not_found());
        };
        self.lets(deed.who, |acting| act(acting, *comment))
    }

    // What goes wrong.

    fn plan_fault(&mut self) {
        if !self.trouble.has_faults || self.dice.below(3) > 0 {
            return;
        }
        let mut kinds = vec![
            CallFaultKind::Unreachable,
            CallFaultKind::Limited(Duration::from_secs(60)),
            CallFaultKind::UnclearBefore,
            CallFaultKind::UnclearAfter,
            CallFaultKind::UnclearAfter,
        ];
        let mut call = self.dice.once_in(2).then_some("create_comment");
        if self.trouble.has_refusals && self.dice.once_in(3) {
            kinds = vec![CallFaultKind::Refused(403), CallFaultKind::Refused(422)];
            let writes = ["create_comment", "put_issue_labels", "put_issue_state", "put_comment"];
            call = Some(self.dice.one_of(&writes));
        }
        let kind = self.dice.one_of(&kinds);
        let fault =
            CallFault { call, skip: self.dice.below(4), times: 1 + self.dice.below(2), kind };
        self.note(format!("GitHub will fail: {fault:?}"));
        self.desk.github.fail(fault);
    }

    /// Some of the post arrives, some of it stays with GitHub a while longer.
    fn post_comes(&mut self) {
        let count = self.late.len();
        for _ in 0..count {
            if self.late.is_empty() || self.trouble.is_late && self.dice.once_in(3) {
                continue;
            }
            let is_out_of_order = self.trouble.is_disordered && self.dice.once_in(4);
            let at = if is_out_of_order { self.dice.below(self.late.len()) } else { 0 };
            let event = self.late.remove(at);
            if self.trouble.is_disordered && self.dice.once_in(10) {
                self.note(format!("{} is lost", told(&event)));
                self.lost.push(event);
                continue;
            }
            if self.trouble.has_crashes && self.dice.once_in(6) {
                self.crash_over(event, at);
                continue;
            }
            self.deliver(&event);
            self.send_again(&event);
        }
    }

    /// GitHub delivers again what it had delivered; or somebody finds it who looks for what was
    /// missed, under a name of his own.
    fn send_again(&mut self, event: &OutgoingEvent) {
        if !self.trouble.has_doubles || !self.dice.once_in(5) {
            return;
        }
        let mut again = event.clone();
        let has_own_key =
            event.event == "issue_comment" || event.action.as_deref() == Some("opened");
        if has_own_key && self.dice.once_in(2) {
            again.guid = format!("{}-found", event.guid);
        }
        if self.dice.once_in(2) {
            self.late.push(again);
        } else {
            self.deliver(&again);
        }
    }

    fn deliver(&mut self, event: &OutgoingEvent) {
        let call_count = self.desk.github.seen_calls().len();
        let accepted = self.desk.accepts_within(event, STEPS_MAX);
        self.note(format!("{} arrives: {accepted:?}", told(event)));
        if accepted == Some(Accepted::Kept) && self.taken.contains_key(&event.guid) {
            self.kept_twice.push(event.guid.clone());
        }
        self.work();
        let is_handled_at_once = self.state_of(&event.guid).as_deref() == Some("done");
        let taken = Taken { call_count, is_handled_at_once };
        self.taken.entry(event.guid.clone()).or_insert(taken);
        self.collect();
    }

    /// The process dies while it takes a delivery in or works on it, and begins anew.
    fn crash_over(&mut self, event: OutgoingEvent, at: usize) {
        let call_count = self.desk.github.seen_calls().len();
        let steps = if self.dice.once_in(4) { self.dice.below(3) } else { STEPS_MAX };
        let accepted = self.desk.accepts_within(&event, steps);
        self.note(format!("{} arrives: {accepted:?}, and then a crash", told(&event)));
        if accepted.is_some() {
            let taken = Taken { call_count, is_handled_at_once: false };
            self.taken.entry(event.guid.clone()).or_insert(taken);
            let steps = self.dice.below(90);
            let workers = self.trouble.worker_count;
            let dice = &mut self.dice;
            self.desk.work_side_by_side((workers, steps), |among| dice.below(among));
        } else {
            let at = at.min(self.late.len());
            self.late.insert(at, event);
        }
        self.desk.start_again();
        self.crashes.push(self.desk.github.seen_calls().len());
        self.work();
        self.collect();
    }

    fn state_of(&self, guid: &str) -> Option<String> {
        let mut statement =
            self.eye.prepare_cached("SELECT state FROM deliveries WHERE guid = ?1").expect("SQL");
        statement.query_row([guid], |row| row.get(0)).ok()
    }
}

/// A delivery in a word.
pub(super) fn told(event: &OutgoingEvent) -> String {
    let action = event.action.as_deref().unwrap_or_default();
    let number = &event.payload["issue"]["number"];
    let sender = event.payload["sender"]["login"].as_str().unwrap_or_default();
    format!("{} {action} of #{number} by {sender} [{}]", event.event, &event.guid[..4])
}
