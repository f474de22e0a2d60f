//! One world in which a history is played: a desk, its people, the post between GitHub and the
//! bot, and what goes wrong.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};
use keydesk::engine::Accepted;
use keydesk::sandbox::seed::tracker;
use keydesk::sandbox::state::{
    AccountKind, Acting, Actor, IssueChange, NewIssue, OutgoingEvent, Refusal, RepositoryName, Role,
};
use keydesk::store::{Limits, Store};
use rusqlite::Connection;

use super::dice::Dice;
use super::people::{CLEO, Deed, History, POLICY, PROGRAM, SECRET, What};
use super::trouble::Trouble;
use crate::desk::{BOT, Desk, ROOT, issue};

/// How many worlds there were.
static WORLDS: AtomicU64 = AtomicU64::new(0);
/// Where issues are moved to.
const ELSEWHERE: (&str, &str) = ("acme", "elsewhere");
/// Longer GitHub does not take to deliver what it delivers, nor the bot to look for the rest.
const PATIENCE: SignedDuration = SignedDuration::from_mins(10);
/// More than any history needs: beyond them the bot talks to itself.
const ROUNDS_MAX: usize = 3_000;
/// More than any work needs.
pub(super) const STEPS_MAX: usize = 100_000;

/// What is looked at in the bot's memory beside its own tables: which actions ended, in order.
const WATCH: &str = "CREATE TABLE ends (id INTEGER PRIMARY KEY, action BIGINT, issue BIGINT);
    CREATE TRIGGER watch AFTER UPDATE OF state ON actions
    WHEN NEW.state <> OLD.state AND NEW.issue <> 0 BEGIN
        INSERT INTO ends (action, issue) VALUES (NEW.id, NEW.issue);
    END;";

/// Notes whenever the planted secret comes into a column, however short it stays; a delivery not
/// yet decided on may hold it.
fn watch_for_secrets(eye: &Connection) {
    eye.execute_batch("CREATE TABLE leaks (place TEXT)").expect("a table to note leaks in");
    let sql = "SELECT t.name, group_concat('ifnull(NEW.' || c.name || ', \"\")', ' || ')
               FROM sqlite_master t, pragma_table_info(t.name) c
               WHERE t.type = 'table' AND t.name NOT IN ('delivery_texts', 'leaks', 'ends')
               GROUP BY t.name";
    let mut statement = eye.prepare(sql).expect("SQL");
    let tables: Vec<(String, String)> = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .and_then(Iterator::collect)
        .expect("the tables");
    for (table, columns) in tables {
        let columns = columns.replace('"', "'");
        for when in ["INSERT", "UPDATE"] {
            let watch = format!(
                "CREATE TRIGGER leak_{table}_{when} AFTER {when} ON {table}
                 WHEN instr({columns}, '{SECRET}') > 0
                 BEGIN INSERT INTO leaks VALUES ('{table}'); END"
            );
            eye.execute_batch(&watch).expect("a watch");
        }
    }
}

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
    /// Whether those who opened or closed by hand found it otherwise.
    pub(super) clicks: Vec<bool>,
    pub(super) transcript: Vec<String>,
    /// Everything that was logged.
    pub(super) log: Arc<Mutex<Vec<u8>>>,
    pub(super) trouble: Trouble,
    /// How many worked side by side while things went wrong.
    pub(super) worker_count: usize,
    pub(super) dice: Dice,
    /// What GitHub has to deliver yet.
    pub(super) late: Vec<OutgoingEvent>,
    /// What GitHub gave up delivering.
    pub(super) lost: Vec<OutgoingEvent>,
    /// What the bot did not find though it looked for it.
    pub(super) not_found: Vec<String>,
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
        watch_for_secrets(&eye);
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
            clicks: Vec::new(),
            transcript: Vec::new(),
            log: Arc::default(),
            trouble,
            worker_count: trouble.worker_count,
            dice: Dice::of(seed, 2),
            late: Vec::new(),
            lost: Vec::new(),
            not_found: Vec::new(),
        }
    }

    /// Plays a history to its end, with all the trouble there is.
    pub(super) fn play(&mut self, history: &History) {
        let mut time = self.desk.sandbox.now();
        for deed in &history.deeds {
            let after = SignedDuration::from_secs(deed.after);
            if self.trouble.is_any() && !self.trouble.is_very_late && after > PATIENCE {
                self.pass_until(time + PATIENCE / 2);
                self.post_comes_at_last();
            }
            time += after;
            self.pass_until(time);
            self.act(deed);
            if self.trouble.is_any() {
                self.plan_fault();
                self.post_comes();
                self.sweep();
            } else {
                self.settle();
            }
        }
    }

    /// Everything that still goes wrong ends, and what is late or was lost arrives.
    pub(super) fn let_go(&mut self) {
        self.note("from here on nothing goes wrong".to_owned());
        let is_swept = self.trouble.is_swept;
        self.trouble = Trouble { is_swept, ..Trouble::none() };
        self.desk.github.heal();
        self.desk.start_again();
        self.sweep();
        self.trouble = Trouble::none();
        for event in std::mem::take(&mut self.lost) {
            if self.deliver(&event) == Some(Accepted::Kept) && is_swept {
                self.not_found.push(told(&event));
            }
        }
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
            let due = [self.desk.next_due_at(), self.desk.github.next_late_at()];
            let next = due.into_iter().flatten().min().filter(|next| *next <= time);
            self.desk.moves_clock_to(next.unwrap_or(time));
            self.desk.github.catch_up();
            if next.is_none() {
                return;
            }
            if self.trouble.has_crashes && self.dice.once_in(10) {
                self.crash_at_work();
            } else if self.trouble.is_any() {
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

    pub(super) fn work(&mut self) {
        let workers = self.trouble.worker_count;
        let dice = &mut self.dice;
        let is_done =
            self.desk.work_side_by_side((workers, STEPS_MAX), |among| Some(dice.below(among)));
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
    pub(super) fn collect(&mut self) {
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
                let was_open = self.desk.issue_at(deed.issue).is_open();
                self.clicks.push(was_open != *is_open);
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
}

/// A delivery in a word.
pub(super) fn told(event: &OutgoingEvent) -> String {
    let action = event.action.as_deref().unwrap_or_default();
    let number = &event.payload["issue"]["number"];
    let sender = event.payload["sender"]["login"].as_str().unwrap_or_default();
    format!("{} {action} of #{number} by {sender} [{}]", event.event, &event.guid[..4])
}
