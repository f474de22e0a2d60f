//! The whole desk in one task: stand-in GitHub, store in memory, engine, and a clock moved by
//! hand. Stories are told on it, and what it shows is a transcript.

pub(super) mod chats;
mod crashing;
pub(super) mod folder;
mod importing;
mod served;
mod steps;
mod sweeping;
mod time;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::fmt::Write as _;
use std::sync::Arc;

use crate::postgres::server::{self, Server};
use jiff::{SignedDuration, Timestamp};
use keydesk::engine::{Engine, Parts, Rulebook};
use keydesk::github::GitHub;
use keydesk::metrics::Metrics;
use keydesk::sandbox::github::InMemoryGitHub;
use keydesk::sandbox::seed::tracker;
use keydesk::sandbox::state::{
    Acting, Actor, Comment, Issue, IssueChange, IssuePlace, NewIssue, OutgoingEvent, Refusal, Role,
};
use keydesk::sandbox::{Sandbox, SandboxSettings};
use keydesk::store::{Erased, Limits, Store, TicketReport};
use keydesk::triage::Login;
use tokio::runtime::Runtime;

/// The requester.
pub(super) const ADA: &str = "ada-locked-out";
/// A maintainer, of the role triage.
pub(super) const MIRA: &str = "mira-maintainer";
/// Somebody else.
pub(super) const BEN: &str = "ben-bystander";
/// The owner of the tracker.
pub(super) const ROOT: &str = "root";

/// The bot.
pub(super) const BOT: &str = "keydesk[bot]";
const POLICY: &str = ".github/keydesk.toml";
/// GitHub's own limits.
const LIMITS: Limits = Limits { per_minute: Some(80), per_hour: Some(500) };
/// A person says nothing twice within this time, unless a story wants it so.
const MINUTE: SignedDuration = SignedDuration::from_secs(60);
/// More rounds than any story needs: beyond them the bot talks to itself.
const ROUNDS_MAX: usize = 200;

/// A request as the form files it; `None` leaves the name out, `false` a box unticked.
pub(super) fn request(username: Option<&str>, reason: &str, is_agreed: bool) -> String {
    let name = username.unwrap_or("_No response_");
    let tick = if is_agreed { "x" } else { " " };
    format!(
        "### PyPI Username\n\n{name}\n\n### Reason for request\n\n{reason}\n\n### Recovery Codes\n\n\
         - [x] I never generated or have lost access to the recovery codes for my account\n\n\
         ### Code of Conduct\n\n- [{tick}] I agree to follow the PSF Code of Conduct\n\n\
         ### Acknowledgement\n\n- [x] I understand that it may take a significant amount of time \
         to process my account recovery request.\n"
    )
}

/// A complete request.
pub(super) fn lost_phone() -> String {
    request(Some("ada"), "I lost my phone with the authenticator app.", true)
}

pub(super) fn issue(number: u64) -> IssuePlace {
    tracker().issue(number)
}

/// How the bot reaches the stand-in GitHub.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// By calls within the process.
    InMemory,
    /// By the client of `serve`, over a port of this machine.
    OverHttp,
    /// By calls within the process, with the store on this server.
    OnPostgres(&'static Server),
}

/// The desk and the people around it.
pub(super) struct Desk {
    runtime: Runtime,
    pub(super) sandbox: Sandbox,
    pub(super) github: InMemoryGitHub,
    /// What the bot asks, which need not be [`github`](Self::github).
    hub: Arc<dyn GitHub>,
    pub(super) store: Store,
    engine: Engine,
    /// Addresses of chats by their names.
    chats: BTreeMap<String, String>,
    /// The operator's folder; empty where there is none.
    folder: String,
    /// Events GitHub sent that the bot has not taken yet.
    mail: RefCell<VecDeque<OutgoingEvent>>,
    /// GitHub's limits on writing, as the bot knows them.
    limits: Limits,
    pace: Cell<SignedDuration>,
    is_held: Cell<bool>,
}

impl Desk {
    /// A desk under the built-in policy.
    pub(super) fn open() -> Self {
        Self::under("")
    }

    /// A desk whose repository has this policy of its own.
    pub(super) fn under(policy: &str) -> Self {
        Self::under_way(policy, Way::InMemory)
    }

    /// A desk whose repository has this policy, and which reaches GitHub this way.
    pub(super) fn under_way(policy: &str, way: Way) -> Self {
        Self::configured((policy, ""), way)
    }

    /// The same, and its operator has this configuration folder; none where it is empty.
    pub(super) fn configured((policy, folder): (&str, &str), way: Way) -> Self {
        let start: Timestamp = "2026-11-23T09:00:00Z".parse().expect("a Monday");
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let mut settings = SandboxSettings::starting_at(start);
        let listener = (way == Way::OverHttp).then(|| served::listen(&mut settings));
        let sandbox = Sandbox::new(settings);
        sandbox.with(|state| {
            let policy = (!policy.is_empty()).then_some(policy);
            state.seed_demo(start, policy).expect("a tracker");
            let mut app = state.acting(Actor::App, start);
            app.give_role(&tracker(), ROOT, Role::Admin).expect("an owner");
            state.take_events();
        });
        let store = match way {
            Way::InMemory | Way::OverHttp => new_store(),
            Way::OnPostgres(server) => server::open(&server.new_database()),
        };
        let github = InMemoryGitHub::new(sandbox.clone());
        let hub: Arc<dyn GitHub> = match listener {
            None => Arc::new(github.clone()),
            Some(listener) => {
                let _inside = runtime.enter();
                served::serve(&sandbox, listener);
                Arc::new(served::connect(&sandbox))
            }
        };
        let telling = (&BTreeMap::new(), LIMITS, folder);
        let engine = build((&sandbox, &hub), &store, telling);
        Self {
            runtime,
            sandbox,
            github,
            hub,
            store,
            engine,
            chats: BTreeMap::new(),
            folder: folder.to_owned(),
            mail: RefCell::default(),
            limits: LIMITS,
            pace: Cell::new(MINUTE),
            is_held: Cell::new(false),
        }
    }

    /// The process ends here and another begins, on the same store, and works until all is quiet.
    pub(super) fn restart(&mut self) {
        self.start_again();
        self.settle();
    }

    /// The process ends here and another begins, which has done nothing yet.
    pub(super) fn start_again(&mut self) {
        let telling = (&self.chats, self.limits, self.folder.as_str());
        self.engine = build((&self.sandbox, &self.hub), &self.store, telling);
        self.runtime.block_on(self.store.release_leases()).expect("a store that answers");
        self.runtime.block_on(self.engine.renew_policies()).expect("a store that answers");
    }

    /// From now on everything happens within one second.
    pub(super) fn all_at_once(self) -> Self {
        self.pace.set(SignedDuration::ZERO);
        self
    }

    // What people do.

    /// Ada files a request.
    pub(super) fn ada_asks(&self, body: &str) {
        self.opens(ADA, body, &["account-recovery"]);
    }

    pub(super) fn opens(&self, person: &str, body: &str, labels: &[&str]) {
        let new = NewIssue {
            title: "Account recovery request".to_owned(),
            body: Some(body.to_owned()),
            labels: labels.iter().map(|label| (*label).to_owned()).collect(),
            ..NewIssue::default()
        };
        self.act(person, |acting| acting.create_issue(&tracker(), new));
    }

    /// Somebody comments on the first issue.
    pub(super) fn says(&self, person: &str, text: &str) -> u64 {
        self.act(person, |acting| acting.create_comment(&issue(1), text))
    }

    /// Somebody comments on any issue.
    pub(super) fn says_at(&self, number: u64, person: &str, text: &str) -> u64 {
        self.act(person, |acting| acting.create_comment(&issue(number), text))
    }

    /// The operator has somebody forgotten.
    pub(super) fn erases(&self, login: &str) -> Erased {
        let login = Login(login.to_owned());
        let erased = self.store.erase_person(login, self.sandbox.now());
        self.runtime.block_on(erased).expect("a store that answers")
    }

    pub(super) fn edits(&self, person: &str, comment: u64, text: &str) {
        self.act(person, |acting| acting.edit_comment(&tracker(), comment, text));
    }

    /// Somebody changes the first issue.
    pub(super) fn changes(&self, person: &str, change: IssueChange) {
        self.act(person, |acting| acting.edit_issue(&issue(1), change));
    }

    pub(super) fn rewrites(&self, person: &str, body: &str) {
        self.changes(person, IssueChange { body: Some(body.to_owned()), ..IssueChange::default() });
    }

    pub(super) fn closes(&self, person: &str) {
        self.changes(person, IssueChange { open: Some(false), ..IssueChange::default() });
    }

    pub(super) fn labels(&self, person: &str, label: &str) {
        self.act(person, |acting| acting.add_labels(&issue(1), &[label.to_owned()]));
    }

    pub(super) fn unlabels(&self, person: &str, label: &str) {
        self.act(person, |acting| acting.remove_label(&issue(1), label));
    }

    pub(super) fn pushes_policy(&self, policy: &str) {
        self.act(ROOT, |acting| acting.push_file(&tracker(), POLICY, Some(policy.as_bytes())));
    }

    /// Somebody does something, a minute later than the last; then the bot works until all is quiet.
    pub(super) fn act<T>(
        &self,
        person: &str,
        act: impl FnOnce(&mut Acting<'_>) -> Result<T, Refusal>,
    ) -> T {
        self.wait(self.pace.get());
        let done = self.act_alone(person, act);
        self.settle();
        done
    }

    /// Somebody does something while the bot is away.
    pub(super) fn act_alone<T>(
        &self,
        person: &str,
        act: impl FnOnce(&mut Acting<'_>) -> Result<T, Refusal>,
    ) -> T {
        self.try_act_alone(person, act).expect("GitHub lets them")
    }

    /// The same, where GitHub may not let them.
    pub(super) fn try_act_alone<T>(
        &self,
        person: &str,
        act: impl FnOnce(&mut Acting<'_>) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let now = self.sandbox.now();
        let actor = Actor::Person(person.to_owned());
        self.sandbox.with(|state| act(&mut state.acting(actor, now)))
    }

    // How the post and the clock go.

    /// Events stay with GitHub until [`release`](Self::release).
    pub(super) fn hold(&self) {
        self.is_held.set(true);
    }

    /// What is held arrives, in the order `arrange` gives it; then the post goes again.
    pub(super) fn release(&self, arrange: impl FnOnce(Vec<OutgoingEvent>) -> Vec<OutgoingEvent>) {
        self.collect();
        let held = self.mail.take().into();
        self.mail.replace(arrange(held).into());
        self.is_held.set(false);
        self.settle();
    }

    /// Takes what is held out of GitHub's hands, for a test to deliver.
    pub(super) fn take_held(&self) -> Vec<OutgoingEvent> {
        self.collect();
        self.mail.take().into()
    }

    /// Events that are held.
    pub(super) fn held(&self) -> Vec<OutgoingEvent> {
        self.collect();
        self.mail.borrow().iter().cloned().collect()
    }

    fn collect(&self) {
        self.mail.borrow_mut().extend(self.sandbox.with(|state| state.take_events()));
    }

    /// One event arrives, now.
    pub(super) fn deliver(&self, event: &OutgoingEvent) {
        self.runtime.block_on(self.take_in(event));
        self.settle();
    }

    /// One event is kept, and nothing is made of it yet.
    pub(super) fn keeps(&self, event: &OutgoingEvent) {
        self.runtime.block_on(self.take_in(event));
    }

    async fn take_in(&self, event: &OutgoingEvent) {
        let body = event.payload.to_string();
        let accepted = self.engine.accept(&event.event, &event.guid, body.as_bytes()).await;
        accepted.expect("GitHub's own events are understood");
    }

    /// Everything that is on its way arrives, and the bot works until all is quiet.
    pub(super) async fn work(&self) {
        for _ in 0..ROUNDS_MAX {
            self.collect();
            if !self.is_held.get() {
                // Only what was acknowledged leaves GitHub's hands.
                let next = || self.mail.borrow().front().cloned();
                while let Some(event) = next() {
                    self.take_in(&event).await;
                    self.mail.borrow_mut().pop_front();
                }
            }
            self.engine.settle().await.expect("a store that answers");
            self.collect();
            let is_quiet = self.is_held.get() || self.mail.borrow().is_empty();
            if is_quiet && !self.let_a_second_pass().await {
                return;
            }
        }
        panic!("the bot talks to itself:\n{}", self.shows());
    }

    pub(super) fn settle(&self) {
        self.runtime.block_on(self.work());
    }

    // What is to be seen.

    /// The first issue as GitHub has it, wherever it went.
    pub(super) fn issue(&self) -> Issue {
        self.issue_at(1)
    }

    pub(super) fn issue_at(&self, number: u64) -> Issue {
        self.sandbox.with(|state| {
            let repository = state.find_repository(&tracker()).expect("the tracker");
            let found = repository.issues.iter().find(|issue| issue.number == number);
            found.expect("an issue").clone()
        })
    }

    pub(super) fn labels_of(&self, issue: &Issue) -> Vec<String> {
        self.sandbox.with(|state| {
            let repository = state.find_repository(&tracker()).expect("the tracker");
            let labels = issue.labels.iter().filter_map(|id| repository.label(*id));
            let mut names: Vec<String> = labels.map(|label| label.name.clone()).collect();
            names.sort();
            names
        })
    }

    /// The ticket with its history, as `explain` tells it.
    pub(super) fn report(&self, number: u64) -> Option<TicketReport> {
        self.report_of(&format!("{}/{}", tracker().owner, tracker().name), number)
    }

    /// The same, of any repository.
    pub(super) fn report_of(&self, repository: &str, number: u64) -> Option<TicketReport> {
        let report = self.store.report(repository.to_owned(), number);
        self.runtime.block_on(report).expect("a store that answers")
    }

    /// What each comment of ours on an issue was made from.
    pub(super) fn names_of_comments(&self, number: u64) -> BTreeMap<u64, String> {
        names_of_comments(self.report(number).as_ref(), &self.issue_at(number).comments)
    }

    /// The first issue and its ticket, as a person would tell it.
    pub(super) fn shows(&self) -> String {
        self.shows_issue(1)
    }

    pub(super) fn shows_issue(&self, number: u64) -> String {
        let issue = self.issue_at(number);
        let report = self.report(number);
        let state = match (&issue.gone, issue.is_open(), issue.state_reason) {
            (Some(_), ..) => "gone".to_owned(),
            (None, true, _) => "open".to_owned(),
            (None, false, reason) => {
                format!("closed as {}", reason.map_or("nothing", |reason| reason.name()))
            }
        };
        let turn = report.as_ref().map_or("no ticket".to_owned(), |report| {
            format!("turn: {}, {}", report.ticket.turn.name(), report.ticket.stage.name())
        });
        let mut shown = format!("{state}; {turn}\n[{}]\n", self.labels_of(&issue).join("] ["));
        if !issue.assignees.is_empty() {
            let _ = writeln!(shown, "assigned to {}", issue.assignees.join(", "));
        }
        let names = names_of_comments(report.as_ref(), &issue.comments);
        for comment in &issue.comments {
            let _ = writeln!(shown, "{}", line_of(comment, &names));
        }
        shown
    }

    /// What was written to GitHub so far, by the names of the calls.
    pub(super) fn writes(&self) -> Vec<&'static str> {
        let is_write = |call: &&str| call.starts_with("put_") || call.starts_with("create_");
        self.github.calls().into_iter().filter(is_write).collect()
    }

    /// Why the bot did what it did, in its own words.
    pub(super) fn reasons(&self) -> String {
        let report = self.report(1).expect("a ticket");
        report.history.iter().map(|row| format!("{}\n", row.reason)).collect()
    }
}

/// A store in memory, or a new database of the server that `KEYDESK_TEST_SERVER` names: so
/// everything that holds for the one can be tried with the other.
pub(super) fn new_store() -> Store {
    match std::env::var("KEYDESK_TEST_SERVER") {
        Ok(server) => server::open(&server::new_database_at(&server)),
        Err(_) => Store::in_memory().expect("a store"),
    }
}

fn build(
    (sandbox, hub): (&Sandbox, &Arc<dyn GitHub>),
    store: &Store,
    (chats, limits, folder): (&BTreeMap<String, String>, Limits, &str),
) -> Engine {
    let (rules, form) = folder::rules_and_form(folder);
    Engine::new(Parts {
        store: store.clone(),
        github: hub.clone(),
        rulebook: Rulebook::new(rules),
        form,
        clock: sandbox.clock().as_function(),
        limits,
        notifier: chats::notifier(chats),
        public_url: None,
        metrics: Arc::new(Metrics::default()),
    })
}

/// What each comment of ours was made from, by the comment's id.
pub(super) fn names_of_comments(
    report: Option<&TicketReport>,
    comments: &[Comment],
) -> BTreeMap<u64, String> {
    let actions = report.iter().flat_map(|report| &report.actions);
    let made: BTreeMap<&str, String> = actions
        .map(|action| {
            let name = action.summary.trim_start_matches("comment ");
            (action.key.as_str(), name.replace("put the card", "card"))
        })
        .collect();
    let ours = comments.iter().filter(|comment| comment.author == BOT);
    ours.filter_map(|comment| {
        let key = comment.body.split("<!-- keydesk:").nth(1)?.split(" -->").next()?;
        Some((comment.id, made.get(key)?.clone()))
    })
    .collect()
}

/// One comment: who, what, and the signs under it. Of ours only the template is told.
fn line_of(comment: &Comment, names: &BTreeMap<u64, String>) -> String {
    let said = if comment.author == BOT {
        format!("<{}>", names.get(&comment.id).map_or("unknown", String::as_str))
    } else {
        comment.body.replace('\r', "").replace('\n', " | ")
    };
    let signs: String =
        comment.reactions.iter().map(|reaction| format!(" ({})", reaction.content)).collect();
    format!("{}: {said}{signs}", comment.author)
}
