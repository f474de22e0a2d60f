//! The stand-in GitHub, served over HTTP in the test's own process, on a clock that flows.

use std::collections::{BTreeMap, HashSet};

use http::Uri;
use keydesk::sandbox::clock::Flow;
use keydesk::sandbox::faults::{Fault, FaultKind};
use keydesk::sandbox::seed::tracker;
use keydesk::sandbox::state::{Acting, Actor, Comment, Issue, NewIssue};
use keydesk::sandbox::{Sandbox, SandboxSettings};
use ring::signature::{KeyPair, RsaKeyPair};

/// What webhooks are signed with.
pub(super) const SECRET: &str = "a-webhook-secret-for-tests";
/// Where the App's private key lies.
pub(super) const KEY_PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/keys/app.pem");
pub(super) const REQUESTER: &str = "ada-locked-out";
pub(super) const MAINTAINER: &str = "mira-maintainer";
/// A request that lacks nothing.
pub(super) const BODY: &str = "### PyPI Username\n\nada\n\n### Reason for request\n\nI lost my \
    phone with the authenticator app and I have no recovery codes.\n\n### Recovery Codes\n\n\
    - [x] I never generated or have lost access to the recovery codes for my account\n\n\
    ### Code of Conduct\n\n- [x] I agree to follow the PSF Code of Conduct\n\n\
    ### Acknowledgement\n\n- [x] I understand that it may take a significant amount of time to \
    process my account recovery request.";

/// A served stand-in with the demo's tracker.
pub(crate) struct StandIn {
    pub(crate) sandbox: Sandbox,
    pub(super) api_url: String,
    delivering: tokio::task::JoinHandle<()>,
}

impl StandIn {
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let home = format!("http://{}", listener.local_addr().expect("an address"));
        let api_url = format!("{home}/api/v3");
        let start = keydesk::clock::system()();
        let sandbox = Sandbox::new(SandboxSettings {
            flow: Flow::Flowing,
            app_public_key: Some(public_key()),
            app_private_key: std::fs::read_to_string(KEY_PATH).expect("the key"),
            webhook_secret: SECRET.to_owned(),
            api_url: api_url.clone(),
            pages_url: home,
            requests_per_hour: 1_000_000,
            content_limits: (1_000_000, 1_000_000),
            ..SandboxSettings::starting_at(start)
        });
        sandbox.with(|state| state.seed_demo(start, None)).expect("a seeded tracker");
        let service = sandbox
            .api_at("/api/v3")
            .merge(sandbox.tracker())
            .merge(sandbox.sign_in())
            .merge(sandbox.app_making());
        tokio::spawn(async move { axum::serve(listener, service).await });
        let delivering = sandbox.clone();
        let delivering = tokio::spawn(async move { delivering.keep_delivering().await });
        Self { sandbox, api_url, delivering }
    }

    /// Where its pages are.
    pub(super) fn home(&self) -> &str {
        self.api_url.trim_end_matches("/api/v3")
    }

    /// Where webhooks go from now on.
    pub(super) fn send_webhooks_to(&self, address: &Uri) {
        let url = Some(format!("{address}webhooks/github"));
        self.sandbox.with(|state| state.settings.webhook_url = url);
    }

    /// Does something as a person.
    pub(super) fn as_person<T>(&self, login: &str, act: impl FnOnce(&mut Acting<'_>) -> T) -> T {
        let now = self.sandbox.now();
        let actor = Actor::Person(login.to_owned());
        self.sandbox.with(|state| act(&mut state.acting(actor, now)))
    }

    /// Files a request by the form, which sets the label.
    pub(super) fn file(&self, title: &str, body: &str) -> u64 {
        self.open(title, body, &["account-recovery"])
    }

    pub(super) fn open(&self, title: &str, body: &str, labels: &[&str]) -> u64 {
        let new = NewIssue {
            title: title.to_owned(),
            body: Some(body.to_owned()),
            labels: labels.iter().map(|&label| label.to_owned()).collect(),
            ..NewIssue::default()
        };
        self.as_person(REQUESTER, |ada| ada.create_issue(&tracker(), new)).expect("an issue")
    }

    pub(super) fn comment(&self, login: &str, number: u64, body: &str) -> u64 {
        let place = tracker().issue(number);
        self.as_person(login, |person| person.create_comment(&place, body)).expect("a comment")
    }

    pub(super) fn issue(&self, number: u64) -> Issue {
        let place = tracker().issue(number);
        self.as_person(MAINTAINER, |mira| mira.issue(&place).cloned()).expect("an issue")
    }

    /// Names of the labels on an issue, in order of the alphabet.
    pub(super) fn labels(&self, number: u64) -> Vec<String> {
        let ids = self.issue(number).labels;
        let mut names: Vec<String> = self.sandbox.with(|state| {
            let repository = state.find_repository(&tracker()).expect("the tracker");
            ids.iter().filter_map(|id| Some(repository.label(*id)?.name.clone())).collect()
        });
        names.sort();
        names
    }

    /// Comments of an issue that carry the bot's marker.
    pub(super) fn marked(&self, number: u64) -> Vec<Comment> {
        let mut comments = self.issue(number).comments;
        comments.retain(|comment| comment.body.contains("<!-- keydesk:"));
        comments
    }

    /// Plans that a request goes wrong, so many times.
    pub(super) fn spoil(&self, route: &str, (kind, times): (FaultKind, u32)) {
        let fault = Fault { times, ..Fault::once(route, kind) };
        self.sandbox.with(|state| state.faults.add(fault));
    }

    pub(super) fn has_faults_left(&self) -> bool {
        self.sandbox.with(|state| !state.faults.is_over())
    }

    /// Sends everything again that was not acknowledged, as people do on GitHub's page of
    /// deliveries; with `all` everything that was ever sent.
    pub(super) fn redeliver(&self, all: bool) {
        let now = self.sandbox.now();
        self.sandbox.with(|state| {
            let log = state.deliveries(now);
            let kept: HashSet<&str> = log
                .iter()
                .filter(|one| one.outcome.status == "OK")
                .map(|one| one.event.guid.as_str())
                .collect();
            // Each once, however often it was tried.
            let again: BTreeMap<&str, u64> = log
                .iter()
                .filter(|one| all || !kept.contains(one.event.guid.as_str()))
                .map(|one| (one.event.guid.as_str(), one.id))
                .collect();
            let mut ids: Vec<u64> = again.into_values().collect();
            ids.sort_unstable();
            ids.into_iter().for_each(|id| state.redeliver(id, now).expect("a delivery"));
        });
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        self.delivering.abort();
    }
}

/// The public half of the App's key.
fn public_key() -> Vec<u8> {
    use base64::Engine as _;
    let pem = std::fs::read_to_string(KEY_PATH).expect("tests/keys/app.pem");
    let body: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    let der = base64::prelude::BASE64_STANDARD.decode(body).expect("base64");
    RsaKeyPair::from_der(&der).expect("an RSA key").public_key().as_ref().to_vec()
}
