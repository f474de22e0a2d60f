//! A desk with its pages, a tracker on the stand-in GitHub, and a clock moved by hand.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use keydesk::engine::notify::Notifier;
use keydesk::engine::{Engine, Parts, Rulebook};
use keydesk::github::sign_in::SignIn;
use keydesk::metrics::Metrics;
use keydesk::sandbox::github::InMemoryGitHub;
use keydesk::sandbox::seed::tracker;
use keydesk::sandbox::state::{Acting, Actor, NewIssue, Refusal, RepositoryName, Role};
use keydesk::sandbox::{Sandbox, SandboxSettings};
use keydesk::settings::ShownSetting;
use keydesk::store::{Limits, Store, TicketReport};
use keydesk::web::sign_in::{Entrance, OneTimeLink, Seal, system_chance};
use keydesk::web::{self, Layout, Pages, Web};
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::browser::Browser;
use crate::desk::folder::rules_and_form;

pub(crate) const ADA: &str = "ada-locked-out";
pub(crate) const MIRA: &str = "mira-maintainer";
pub(super) const BEN: &str = "ben-bystander";
/// The ticket page of the first issue.
pub(crate) const FIRST: &str = "/tickets/acme/support/1";

const SECRET: &str = "a-webhook-secret";

/// How one comes in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Door {
    GitHub,
    /// The same, as browsers see it that come over HTTPS.
    GitHubOverHttps,
    Link,
    Closed,
}

pub(crate) struct Desk {
    pub(crate) sandbox: Sandbox,
    pub(crate) github: InMemoryGitHub,
    pub(super) store: Store,
    pub(crate) home: String,
    /// The path of the one-time link.
    pub(super) link: String,
    pub(super) engine: Arc<Engine>,
    _stopper: watch::Sender<bool>,
}

/// A request that lacks nothing.
pub(crate) fn request(username: &str, reason: &str) -> String {
    format!(
        "### PyPI Username\n\n{username}\n\n### Reason for request\n\n{reason}\n\n### Recovery Codes\n\n\
         - [x] I never generated or have lost access to the recovery codes for my account\n\n\
         ### Code of Conduct\n\n- [x] I agree to follow the PSF Code of Conduct\n\n\
         ### Acknowledgement\n\n- [x] I understand that it may take a significant amount of time \
         to process my account recovery request.\n"
    )
}

impl Desk {
    pub(crate) async fn open() -> Self {
        Self::open_with(Door::GitHub).await
    }

    pub(super) async fn open_with(door: Door) -> Self {
        Self::configured(door, "").await
    }

    /// The same with an operator's configuration folder; with what is built in where it is empty.
    pub(super) async fn configured(door: Door, folder: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let home = format!("http://{}", listener.local_addr().expect("an address"));
        let start: Timestamp = "2026-11-23T09:00:00Z".parse().expect("a Monday");
        let sandbox = Sandbox::new(SandboxSettings {
            webhook_url: Some(format!("{home}/webhooks/github")),
            webhook_secret: SECRET.to_owned(),
            api_url: format!("{home}/api/v3"),
            pages_url: home.clone(),
            desk_url: Some(home.clone()),
            ..SandboxSettings::starting_at(start)
        });
        sandbox.with(|state| state.seed_demo(start, None)).expect("a tracker");
        let store = Store::in_memory().expect("a store");
        let github = InMemoryGitHub::new(sandbox.clone());
        let engine = Arc::new(engine((&sandbox, &github), &store, folder));
        let (stopper, stop) = watch::channel(false);
        let (pages, link) = pages((&sandbox, &home), door, stop.clone());
        let web = Web::new(engine.clone(), vec![SECRET.into()], pages);
        let router = web::router(web).merge(sandbox.tracker()).merge(sandbox.sign_in());
        let router = router.merge(sandbox.api_at("/api/v3"));
        tokio::spawn(async move { axum::serve(listener, router).await });
        tokio::spawn(engine.clone().run(stop));
        let delivering = sandbox.clone();
        tokio::spawn(async move { delivering.keep_delivering().await });
        Self { sandbox, github, store, home, link, engine, _stopper: stopper }
    }

    /// Somebody with a browser who has not signed in.
    pub(super) fn browser(&self) -> Browser {
        Browser::new(&self.home)
    }

    /// Somebody with a browser who has.
    pub(super) async fn signed_in(&self, login: &str) -> Browser {
        let mut browser = self.browser();
        let answer = browser.sign_in(login).await;
        assert!(matches!(answer.status, 200 | 403), "{}", answer.text);
        browser
    }

    /// Time goes by.
    pub(crate) fn wait(&self, time: SignedDuration) {
        self.sandbox.move_clock(time);
        self.engine.clock_moved();
    }

    /// Somebody does something on GitHub, a minute later than the last; the bot works until all
    /// is quiet.
    pub(crate) async fn act<T>(
        &self,
        login: &str,
        act: impl FnOnce(&mut Acting<'_>) -> Result<T, Refusal>,
    ) -> T {
        self.wait(SignedDuration::from_mins(1));
        let now = self.sandbox.now();
        let actor = Actor::Person(login.to_owned());
        let done = self.sandbox.with(|state| act(&mut state.acting(actor, now)));
        self.settled().await;
        done.expect("GitHub lets them")
    }

    /// Ada files a request.
    pub(crate) async fn file(&self, title: &str, body: &str) -> u64 {
        self.file_at(&tracker(), title, body).await
    }

    pub(super) async fn file_at(&self, at: &RepositoryName, title: &str, body: &str) -> u64 {
        let new = NewIssue {
            title: title.to_owned(),
            body: Some(body.to_owned()),
            labels: vec!["account-recovery".to_owned()],
            ..NewIssue::default()
        };
        self.act(ADA, |ada| ada.create_issue(at, new)).await
    }

    pub(crate) async fn says(&self, login: &str, number: u64, text: &str) -> u64 {
        self.act(login, |acting| acting.create_comment(&tracker().issue(number), text)).await
    }

    /// Gives somebody a role at the tracker.
    pub(crate) fn give_role(&self, login: &str, role: Role) {
        let now = self.sandbox.now();
        let given = self
            .sandbox
            .with(|state| state.acting(Actor::App, now).give_role(&tracker(), login, role));
        given.expect("a role");
    }

    /// Waits until nothing waits any more.
    pub(crate) async fn settled(&self) {
        let mut in_a_row = 0;
        for _ in 0..3_000 {
            let depths = self.store.depths(self.sandbox.now()).await.expect("a store that answers");
            let events = self.sandbox.with(|state| state.events_waiting());
            let is_idle =
                events == 0 && depths.deliveries_waiting == 0 && depths.actions_waiting == 0;
            in_a_row = if is_idle { in_a_row + 1 } else { 0 };
            if in_a_row >= 5 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        panic!("the bot does not come to rest");
    }

    /// What the bot knows of an issue.
    pub(crate) async fn report(&self, number: u64) -> TicketReport {
        let report = self.store.report("acme/support".to_owned(), number).await;
        report.expect("a store that answers").expect("a ticket")
    }

    /// Whether an issue is open, its labels and its assignees, as GitHub shows them.
    pub(super) fn seen(&self, number: u64) -> (bool, Vec<u64>, Vec<String>) {
        let (now, actor) = (self.sandbox.now(), Actor::Person(MIRA.to_owned()));
        self.sandbox.with(|state| {
            let acting = state.acting(actor, now);
            let issue = acting.issue(&tracker().issue(number)).expect("an issue");
            let mut labels = issue.labels.clone();
            labels.sort_unstable();
            (issue.is_open(), labels, issue.assignees.clone())
        })
    }

    /// Texts of the bot's comments under an issue.
    pub(crate) fn told(&self, number: u64) -> Vec<String> {
        let (now, actor) = (self.sandbox.now(), Actor::Person(MIRA.to_owned()));
        self.sandbox.with(|state| {
            let acting = state.acting(actor, now);
            let issue = acting.issue(&tracker().issue(number)).expect("an issue");
            let ours = issue.comments.iter().filter(|comment| comment.author == "keydesk[bot]");
            ours.map(|comment| comment.body.clone()).collect()
        })
    }
}

fn engine((sandbox, github): (&Sandbox, &InMemoryGitHub), store: &Store, folder: &str) -> Engine {
    let (rules, form) = rules_and_form(folder);
    Engine::new(Parts {
        store: store.clone(),
        github: Arc::new(github.clone()),
        rulebook: Rulebook::new(rules),
        form,
        clock: sandbox.clock().as_function(),
        limits: Limits { per_minute: None, per_hour: None },
        notifier: Notifier::new(std::iter::empty().collect()),
        public_url: None,
        metrics: Arc::new(Metrics::default()),
    })
}

fn pages(
    (sandbox, home): (&Sandbox, &str),
    door: Door,
    stop: watch::Receiver<bool>,
) -> (Pages, String) {
    let chance = system_chance();
    let (link, path) = OneTimeLink::new(&chance, sandbox.now());
    let (id, secret) = sandbox.with(|state| state.settings.oauth_client.clone());
    let entrance = match door {
        Door::GitHub | Door::GitHubOverHttps => {
            let sign_in = SignIn::new(id, secret.into(), &format!("{home}/api/v3"));
            Entrance::GitHub(Box::new(sign_in))
        }
        Door::Link => Entrance::Link(Arc::new(link)),
        Door::Closed => Entrance::Closed,
    };
    let pages = Pages {
        entrance,
        seal: Seal::new(b"a key for tests, and long enough"),
        clock: sandbox.clock().as_function(),
        chance,
        is_https: door == Door::GitHubOverHttps,
        public_url: None,
        tracker: None,
        layout: Layout::load(None).expect("the templates"),
        settings: vec![ShownSetting {
            name: "GITHUB_TOKEN".to_owned(),
            value: None,
            source: "the environment".to_owned(),
        }],
        stop,
    };
    (pages, path)
}
