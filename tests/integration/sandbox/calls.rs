//! The same calls in memory and over the wire, with the same outcome.

use std::sync::Arc;

use jiff::Timestamp;
use keydesk::github::app::{Authority, Credentials};
use keydesk::github::client::Client;
use keydesk::github::payload::CommentRecord;
use keydesk::github::transport::Transport;
use keydesk::github::{CallError, GitHub, IssueAt};
use keydesk::sandbox::github::InMemoryGitHub;
use keydesk::sandbox::state::{Acting, Actor, Comment, RepositoryName, Role};
use keydesk::triage::{
    BranchAt, BranchFacts, CommentId, IssueNumber, Login, Repository, RepositoryId,
};

use super::served::{Served, support};

/// One way to the stand-in.
pub(super) struct Face {
    pub(super) served: Served,
    pub(super) github: Arc<dyn GitHub>,
    pub(super) repository: Repository,
}

impl Face {
    /// Both ways, each with a stand-in of its own.
    pub(super) async fn both() -> [Self; 2] {
        let (near, far) = (Served::start().await, Served::start().await);
        let in_memory = Arc::new(InMemoryGitHub::new(near.sandbox.clone()));
        let client = Arc::new(client(&far));
        [Self::of(near, in_memory), Self::of(far, client)]
    }

    fn of(served: Served, github: Arc<dyn GitHub>) -> Self {
        let repository = Repository {
            id: RepositoryId(1),
            owner: "acme".to_owned(),
            name: "support".to_owned(),
            installation: None,
            default_branch: "main".to_owned(),
            is_private: false,
        };
        Self { served, github, repository }
    }

    pub(super) fn issue(&self) -> IssueAt<'_> {
        IssueAt { repository: &self.repository, number: IssueNumber(1) }
    }

    pub(super) fn act<T>(&self, actor: Actor, act: impl FnOnce(&mut Acting<'_>) -> T) -> T {
        let now = self.served.sandbox.now();
        self.served.sandbox.with(|state| act(&mut state.acting(actor, now)))
    }

    /// Writes a comment and gives its id.
    pub(super) fn comment(&self, login: &str, text: &str) -> CommentId {
        let written = self.act(person(login), |it| it.create_comment(&support().issue(1), text));
        CommentId(written.expect("a comment"))
    }

    /// The comment as the stand-in has it.
    pub(super) fn kept(&self, id: CommentId) -> Comment {
        self.act(Actor::App, |app| app.comment(&support(), id.0).expect("it is there").1.clone())
    }

    async fn node_of(&self, id: CommentId) -> String {
        self.record(id).await.expect("it is there").node_id
    }

    pub(super) async fn record(&self, id: CommentId) -> Option<CommentRecord> {
        self.github.find_comment_by_id(&self.repository, id).await.expect("an answer")
    }

    async fn branch(&self, owner: &str, name: &str, branch: &str) -> Option<BranchFacts> {
        let [owner, name, branch] = [owner, name, branch].map(str::to_owned);
        let at = BranchAt { owner, name, branch };
        self.github.find_branch(&self.repository, &at).await.expect("an answer")
    }
}

pub(super) fn person(login: &str) -> Actor {
    Actor::Person(login.to_owned())
}

fn client(served: &Served) -> Client {
    let clock = served.sandbox.clock().as_function();
    let transport = Transport::new(&format!("{}/api/v3", served.home), clock).expect("an address");
    let credentials = Credentials::Token(served.token.clone().into());
    let authority = Authority::new(credentials, transport.clone());
    Client::new(transport, authority, Arc::new(|_| {}))
}

pub(super) fn status(error: &CallError) -> u16 {
    match error {
        CallError::Refused { status, .. } => *status,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_comment_is_read_hidden_and_shown() {
    for face in Face::both().await {
        face.served.open("locked out");
        let id = face.comment("ben-bystander", "write to my friend");
        let record = face.record(id).await.expect("it is there");
        assert_eq!((record.id, record.body.as_str()), (id, "write to my friend"));
        assert!(record.node_id.starts_with("IC_"), "{}", record.node_id);
        for hidden in [true, true, false, false] {
            let done = face.github.put_comment_hidden(&face.repository, &record.node_id, hidden);
            done.await.expect("done, however often");
            assert_eq!(face.kept(id).is_minimized, hidden);
        }
        let wrong = face.github.put_comment_hidden(&face.repository, "IC_\" } evil {", true).await;
        assert_eq!(status(&wrong.expect_err("no such node")), 404);
        face.act(person("ben-bystander"), |ben| ben.delete_comment(&support(), id.0))
            .expect("authors may");
        assert_eq!(face.record(id).await, None);
        let gone = face.github.put_comment_hidden(&face.repository, &record.node_id, true).await;
        assert_eq!(status(&gone.expect_err("it is gone")), 404);
    }
}

#[tokio::test]
async fn title_and_text_change_alone_and_once() {
    for face in Face::both().await {
        face.served.open("my password is hunter2");
        face.served.events();
        let blank = Some("my password is [removed]");
        for _ in 0..2 {
            face.github.put_issue_text(face.issue(), blank, None).await.expect("done");
        }
        face.github.put_issue_text(face.issue(), None, Some("text")).await.expect("done");
        face.github.put_issue_text(face.issue(), None, None).await.expect("nothing to do");
        let events = face.served.sandbox.with(|state| state.take_events());
        let changes: Vec<String> =
            events.iter().map(|event| event.payload["changes"].to_string()).collect();
        let wanted = [r#"{"title":{"from":"my password is hunter2"}}"#, r#"{"body":{"from":""}}"#];
        assert_eq!(changes, wanted);
        let issue = face.github.find_issue(face.issue()).await.expect("an answer").expect("one");
        assert_eq!((Some(issue.title.as_str()), issue.body.as_str()), (blank, "text"));
    }
}

#[tokio::test]
async fn who_is_not_assigned_is_unassigned_already() {
    for face in Face::both().await {
        face.served.open("locked out");
        face.github.put_assignee(face.issue(), "mira-maintainer").await.expect("assigned");
        for login in ["Mira-Maintainer", "mira-maintainer", "nobody-at-all"] {
            face.github.put_unassigned(face.issue(), login).await.expect(login);
        }
        let issue = face.github.find_issue(face.issue()).await.expect("an answer").expect("one");
        assert!(issue.assignees.is_empty());
    }
}

#[tokio::test]
async fn who_may_not_be_assigned_is_told_from_who_is() {
    for face in Face::both().await {
        face.served.open("locked out");
        for (login, is_assigned) in
            [("Mira-Maintainer", true), ("ada-locked-out", false), ("nobody-at-all", false)]
        {
            let answer = face.github.put_assignee(face.issue(), login).await;
            assert_eq!(answer.expect("no refusal"), is_assigned, "{login}");
        }
    }
}

#[tokio::test]
async fn a_branch_is_found_wherever_it_is_now() {
    let left_pad = RepositoryName::new("ada", "left-pad");
    let committed_at: Timestamp = "2026-11-20T08:00:00Z".parse().expect("a time");
    let made_at: Timestamp = "2019-01-02T03:04:05Z".parse().expect("a time");
    for face in Face::both().await {
        face.act(Actor::App, |app| {
            app.create_personal_repository(&left_pad).created_at = made_at;
        });
        face.act(person("ada"), |ada| {
            ada.push_branch(&left_pad, "proof/of/mine", committed_at).expect("her own");
        });
        let facts = BranchFacts {
            repository: "ada/left-pad".to_owned(),
            owner: Login("ada".to_owned()),
            is_fork: false,
            repository_created_at: made_at,
            committed_at: Some(committed_at),
            author: Some(Login("ada".to_owned())),
        };
        let found = face.branch("Ada", "left-pad", "proof/of/mine").await;
        assert_eq!(found, Some(facts.clone()));
        for (owner, name, branch) in [
            ("ada", "left-pad", "main"),
            ("ada", "right-pad", "proof/of/mine"),
            ("nobody", "left-pad", "proof/of/mine"),
            ("ada", "..", "proof"),
            ("ada", "left-pad", "../../left-pad"),
        ] {
            assert_eq!(face.branch(owner, name, branch).await, None, "{owner}/{name} {branch}");
        }
        face.act(person("ada"), |ada| ada.rename_repository(&left_pad, "padding")).expect("hers");
        let renamed = BranchFacts { repository: "ada/padding".to_owned(), ..facts };
        assert_eq!(face.branch("ada", "left-pad", "proof/of/mine").await, Some(renamed));
        face.act(Actor::App, |app| app.create_personal_repository(&left_pad).is_private = true);
        assert_eq!(face.branch("ada", "left-pad", "main").await, None, "another one, and private");
    }
}

#[tokio::test]
async fn a_renamed_tracker_is_still_reached() {
    for face in Face::both().await {
        face.served.open("locked out");
        face.act(Actor::App, |app| app.give_role(&support(), "root", Role::Admin)).expect("a role");
        face.act(person("root"), |root| root.rename_repository(&support(), "help")).expect("done");
        let id = face.github.create_comment(face.issue(), "hello").await.expect("led on");
        assert!(face.record(id).await.is_some());
        let node_id = face.node_of(id).await;
        face.github.put_comment_hidden(&face.repository, &node_id, true).await.expect("hidden");
    }
}
