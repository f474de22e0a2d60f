//! [`GitHub`] over the wire, REST version 2022-11-28.

use std::sync::Arc;

use async_trait::async_trait;
use base64::Engine as _;
use http::{Method, StatusCode};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tokio::sync::OnceCell;

use super::app::Authority;
use super::graphql::{self, GRAPHQL};
use super::history::TimelineJson;
use super::listing::{self, Fetched, PageAt};
use super::pace::{Pace, Unpaced};
use super::payload::{CommentJson, CommentRecord, IssueJson, IssueRecord};
use super::permission::PermissionJson;
use super::transport::{Answer, Call, Transport};
use super::wanted::{Wanted, comment_path, contents, encoded, expect_success, issue_path};
use super::{CallError, FileEntry, GitHub, Identity, IssueAt, SentText, SentWebhook};
use crate::policy::{CloseAs, LabelLooks, Role};
use crate::triage::{BranchAt, BranchFacts, CommentId, Login, Reaction, Repository};

/// Told about every request.
pub type OnRequest = Arc<dyn Fn(&Exchange) + Send + Sync>;

/// A request that was made, and what came of it.
pub struct Exchange {
    /// The route, its parts that vary left out.
    pub route: &'static str,
    /// HTTP status, or why there is none.
    pub outcome: Result<u16, CallError>,
    /// Requests GitHub still allows in this hour, where it said so.
    pub remaining: Option<i64>,
}

/// GitHub over the wire.
pub struct Client {
    pub(super) transport: Transport,
    pub(super) authority: Authority,
    identity: OnceCell<Identity>,
    on_request: OnRequest,
    pub(super) pace: Arc<dyn Pace>,
}

#[derive(Deserialize)]
struct NameJson {
    name: String,
}

#[derive(Deserialize)]
struct AssignedJson {
    assignees: Vec<AssigneeJson>,
}

#[derive(Deserialize)]
struct AssigneeJson {
    login: String,
}

#[derive(Deserialize)]
struct FileJson {
    content: Option<String>,
}

impl Client {
    /// A client with these credentials.
    pub fn new(transport: Transport, authority: Authority, on_request: OnRequest) -> Self {
        let pace = Arc::new(Unpaced);
        Self { transport, authority, identity: OnceCell::new(), on_request, pace }
    }

    /// The same within limits.
    #[must_use]
    pub fn paced(self, pace: Arc<dyn Pace>) -> Self {
        Self { pace, ..self }
    }

    pub(super) async fn ask(
        &self,
        repository: &Repository,
        wanted: Wanted,
    ) -> Result<Answer, CallError> {
        self.ask_unless(repository, wanted, None).await
    }

    /// Asks for what is not known by this mark.
    pub(super) async fn ask_unless(
        &self,
        repository: &Repository,
        wanted: Wanted,
        etag: Option<&str>,
    ) -> Result<Answer, CallError> {
        let full_name = repository.full_name();
        if wanted.method == Method::GET {
            let installation = repository.installation.map_or(0, |installation| installation.0);
            self.pace.before_read(installation).await?;
        }
        let credential = self.authority.credential(&full_name, repository.installation).await?;
        let answer = self.send(&wanted, &credential, etag).await?;
        if answer.status != StatusCode::UNAUTHORIZED {
            return Ok(answer);
        }
        // The token ended early (or our clock is wrong): one more try with a fresh one. A 401
        // did nothing, so repeating is safe.
        self.authority.forget_tokens();
        let credential = self.authority.credential(&full_name, repository.installation).await?;
        self.send(&wanted, &credential, etag).await
    }

    pub(super) async fn send(
        &self,
        wanted: &Wanted,
        credential: &secrecy::SecretString,
        etag: Option<&str>,
    ) -> Result<Answer, CallError> {
        let body = wanted.body.clone();
        let result = match wanted.route {
            GRAPHQL => self.transport.send_graphql(credential, body.unwrap_or_default()).await,
            _ => {
                let (method, path) = (wanted.method.clone(), wanted.path.clone());
                self.transport.send(&Call { method, path, credential, body, etag }).await
            }
        };
        let outcome = result.as_ref().map(|answer| answer.status.as_u16()).map_err(Clone::clone);
        let remaining = result.as_ref().ok().and_then(|answer| {
            answer.headers.get("x-ratelimit-remaining")?.to_str().ok()?.trim().parse().ok()
        });
        (self.on_request)(&Exchange { route: wanted.route, outcome, remaining });
        result
    }

    async fn ask_for<T: serde::de::DeserializeOwned>(
        &self,
        repository: &Repository,
        wanted: Wanted,
    ) -> Result<T, CallError> {
        expect_success(self.ask(repository, wanted).await?)?.json()
    }
}

#[async_trait]
impl GitHub for Client {
    async fn get_identity(&self) -> Result<Identity, CallError> {
        self.identity.get_or_try_init(|| self.ask_who_we_are()).await.cloned()
    }

    async fn get_role(&self, repository: &Repository, login: &Login) -> Result<Role, CallError> {
        let path = format!(
            "/repos/{}/collaborators/{}/permission",
            repository.full_name(),
            encoded(&login.0)
        );
        let answer = self
            .ask(repository, Wanted::get("/repos/{repo}/collaborators/{user}/permission", path))
            .await?;
        if answer.status == StatusCode::NOT_FOUND {
            return Ok(Role::None);
        }
        Ok(expect_success(answer)?.json::<PermissionJson>()?.role())
    }

    async fn find_issue(&self, issue: IssueAt<'_>) -> Result<Option<IssueRecord>, CallError> {
        let wanted = Wanted::get("/repos/{repo}/issues/{number}", issue_path(issue, ""));
        let answer = self.ask(issue.repository, wanted).await?;
        if matches!(answer.status.as_u16(), 301 | 404 | 410) {
            return Ok(None);
        }
        Ok(expect_success(answer)?.json::<IssueJson>()?.record())
    }

    async fn find_comment(
        &self,
        issue: IssueAt<'_>,
        marker: &str,
        since: Timestamp,
    ) -> Result<Option<CommentId>, CallError> {
        let identity = self.get_identity().await?;
        // Clocks differ, and `since` asks for what was updated: an hour of grace costs nothing.
        let since = (since - SignedDuration::from_hours(1)).strftime("%Y-%m-%dT%H:%M:%SZ");
        let path = issue_path(issue, &format!("/comments?per_page=100&since={since}"));
        let mut found = None;
        let take = |comments: Vec<CommentJson>| {
            let ours = comments.iter().map(CommentJson::record).find(|comment| {
                let is_ours = comment
                    .author
                    .as_ref()
                    .is_some_and(|author| identity.is_us(&author.login.0, comment.app));
                is_ours && comment.body.contains(marker)
            });
            found = ours.map(|comment| comment.id);
            found.is_some()
        };
        self.read_pages(
            issue.repository,
            Wanted::get("/repos/{repo}/issues/{number}/comments", path),
            take,
        )
        .await?;
        Ok(found)
    }

    async fn find_comment_by_id(
        &self,
        repository: &Repository,
        comment: CommentId,
    ) -> Result<Option<CommentRecord>, CallError> {
        let path = comment_path(repository, comment, "");
        let wanted = Wanted::get("/repos/{repo}/issues/comments/{comment}", path);
        let answer = self.ask(repository, wanted).await?;
        if matches!(answer.status.as_u16(), 404 | 410) {
            return Ok(None);
        }
        Ok(Some(expect_success(answer)?.json::<CommentJson>()?.record()))
    }

    async fn find_branch(
        &self,
        repository: &Repository,
        branch: &BranchAt,
    ) -> Result<Option<BranchFacts>, CallError> {
        self.look_up_branch(repository, branch).await
    }

    async fn get_repository(
        &self,
        full_name: &str,
        etag: Option<&str>,
    ) -> Result<Fetched<Repository>, CallError> {
        self.read_repository(full_name, etag).await
    }

    async fn list_sent_webhooks(
        &self,
        page: PageAt<'_>,
    ) -> Result<Fetched<SentWebhook>, CallError> {
        self.read_sent_webhooks(page).await
    }

    async fn find_sent_webhook(&self, id: u64) -> Result<Option<SentText>, CallError> {
        self.read_sent_text(id).await
    }

    async fn list_issues(
        &self,
        repository: &Repository,
        since: Option<Timestamp>,
        page: PageAt<'_>,
    ) -> Result<Fetched<IssueJson>, CallError> {
        self.read_page(repository, listing::issues(repository, since), page).await
    }

    async fn list_timeline(
        &self,
        issue: IssueAt<'_>,
        page: PageAt<'_>,
    ) -> Result<Fetched<TimelineJson>, CallError> {
        self.read_page(issue.repository, listing::timeline(issue), page).await
    }

    async fn list_comments(
        &self,
        repository: &Repository,
        since: Timestamp,
        page: PageAt<'_>,
    ) -> Result<Fetched<CommentJson>, CallError> {
        self.read_page(repository, listing::comments(repository, since), page).await
    }

    async fn find_file(
        &self,
        repository: &Repository,
        path: &str,
    ) -> Result<Option<String>, CallError> {
        let answer = self.ask(repository, contents(repository, path)).await?;
        if answer.status == StatusCode::NOT_FOUND {
            return Ok(None);
        }
        let json: FileJson = expect_success(answer)?.json()?;
        let compact: String = json.content.unwrap_or_default().split_whitespace().collect();
        let bytes =
            base64::prelude::BASE64_STANDARD.decode(compact).map_err(|_| CallError::Refused {
                status: 200,
                message: "the file did not come as base64".to_owned(),
            })?;
        Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
    }

    async fn get_folder(
        &self,
        repository: &Repository,
        path: &str,
    ) -> Result<Vec<FileEntry>, CallError> {
        let answer = self.ask(repository, contents(repository, path)).await?;
        if answer.status == StatusCode::NOT_FOUND {
            return Ok(Vec::new());
        }
        // A file of that name comes as an object, and is no folder.
        let json: serde_json::Value = expect_success(answer)?.json()?;
        let entries = json.as_array().into_iter().flatten();
        let files = entries.filter(|entry| entry["type"] == "file");
        let named = files.filter_map(|file| {
            let path = file["path"].as_str()?.to_owned();
            Some(FileEntry { path, bytes: file["size"].as_u64().unwrap_or_default() })
        });
        Ok(named.collect())
    }

    async fn get_labels(&self, repository: &Repository) -> Result<Vec<String>, CallError> {
        let path = format!("/repos/{}/labels?per_page=100", repository.full_name());
        let mut names = Vec::new();
        let take = |labels: Vec<NameJson>| {
            names.extend(labels.into_iter().map(|label| label.name));
            false
        };
        self.read_pages(repository, Wanted::get("/repos/{repo}/labels", path), take).await?;
        Ok(names)
    }

    async fn put_label(
        &self,
        repository: &Repository,
        name: &str,
        looks: &LabelLooks,
    ) -> Result<(), CallError> {
        let answer = self
            .ask(repository, Wanted {
                route: "/repos/{repo}/labels",
                method: Method::POST,
                path: format!("/repos/{}/labels", repository.full_name()),
                body: Some(json!({"name": name, "color": looks.color, "description": looks.description})),
            })
            .await?;
        let exists = answer.status == StatusCode::UNPROCESSABLE_ENTITY
            && String::from_utf8_lossy(&answer.body).contains("already_exists");
        if exists { Ok(()) } else { expect_success(answer).map(drop) }
    }

    async fn create_comment(&self, issue: IssueAt<'_>, body: &str) -> Result<CommentId, CallError> {
        let wanted = Wanted {
            route: "/repos/{repo}/issues/{number}/comments",
            method: Method::POST,
            path: issue_path(issue, "/comments"),
            body: Some(json!({"body": body})),
        };
        Ok(self.ask_for::<CommentJson>(issue.repository, wanted).await?.id)
    }

    async fn put_comment(
        &self,
        repository: &Repository,
        comment: CommentId,
        body: &str,
    ) -> Result<bool, CallError> {
        let wanted = Wanted {
            route: "/repos/{repo}/issues/comments/{comment}",
            method: Method::PATCH,
            path: comment_path(repository, comment, ""),
            body: Some(json!({"body": body})),
        };
        let answer = self.ask(repository, wanted).await?;
        if matches!(answer.status.as_u16(), 404 | 410) {
            return Ok(false);
        }
        expect_success(answer).map(|_| true)
    }

    async fn put_comment_hidden(
        &self,
        repository: &Repository,
        node_id: &str,
        hidden: bool,
    ) -> Result<(), CallError> {
        let answer = self.ask(repository, graphql::hiding(node_id, hidden)).await?;
        graphql::check_hidden(&self.transport, answer, hidden)
    }

    async fn put_issue_text(
        &self,
        issue: IssueAt<'_>,
        title: Option<&str>,
        body: Option<&str>,
    ) -> Result<(), CallError> {
        let texts = [("title", title), ("body", body)].into_iter();
        let change: Map<String, Value> =
            texts.filter_map(|(name, text)| Some((name.to_owned(), Value::from(text?)))).collect();
        if change.is_empty() {
            return Ok(());
        }
        let wanted = Wanted {
            route: "/repos/{repo}/issues/{number}",
            method: Method::PATCH,
            path: issue_path(issue, ""),
            body: Some(change.into()),
        };
        expect_success(self.ask(issue.repository, wanted).await?).map(drop)
    }

    async fn put_issue_labels(
        &self,
        issue: IssueAt<'_>,
        labels: &[String],
    ) -> Result<(), CallError> {
        let wanted = Wanted {
            route: "/repos/{repo}/issues/{number}/labels",
            method: Method::POST,
            path: issue_path(issue, "/labels"),
            body: Some(json!({"labels": labels})),
        };
        expect_success(self.ask(issue.repository, wanted).await?).map(drop)
    }

    async fn put_issue_unlabelled(&self, issue: IssueAt<'_>, label: &str) -> Result<(), CallError> {
        let wanted = Wanted {
            route: "/repos/{repo}/issues/{number}/labels/{label}",
            method: Method::DELETE,
            path: issue_path(issue, &format!("/labels/{}", encoded(label))),
            body: None,
        };
        let answer = self.ask(issue.repository, wanted).await?;
        if answer.status == StatusCode::NOT_FOUND {
            Ok(())
        } else {
            expect_success(answer).map(drop)
        }
    }

    async fn put_assignee(&self, issue: IssueAt<'_>, login: &str) -> Result<bool, CallError> {
        let wanted = Wanted {
            route: "/repos/{repo}/issues/{number}/assignees",
            method: Method::POST,
            path: issue_path(issue, "/assignees"),
            body: Some(json!({"assignees": [login]})),
        };
        let assigned: AssignedJson = self.ask_for(issue.repository, wanted).await?;
        Ok(assigned.assignees.iter().any(|one| one.login.eq_ignore_ascii_case(login)))
    }

    async fn put_unassigned(&self, issue: IssueAt<'_>, login: &str) -> Result<(), CallError> {
        let wanted = Wanted {
            route: "/repos/{repo}/issues/{number}/assignees",
            method: Method::DELETE,
            path: issue_path(issue, "/assignees"),
            body: Some(json!({"assignees": [login]})),
        };
        expect_success(self.ask(issue.repository, wanted).await?).map(drop)
    }

    async fn put_issue_state(
        &self,
        issue: IssueAt<'_>,
        close_as: Option<CloseAs>,
    ) -> Result<(), CallError> {
        let body = match close_as {
            Some(CloseAs::Completed) => json!({"state": "closed", "state_reason": "completed"}),
            Some(CloseAs::NotPlanned) => json!({"state": "closed", "state_reason": "not_planned"}),
            Some(CloseAs::Duplicate) => json!({"state": "closed", "state_reason": "duplicate"}),
            None => json!({"state": "open"}),
        };
        let wanted = Wanted {
            route: "/repos/{repo}/issues/{number}",
            method: Method::PATCH,
            path: issue_path(issue, ""),
            body: Some(body),
        };
        expect_success(self.ask(issue.repository, wanted).await?).map(drop)
    }

    async fn put_reaction(
        &self,
        repository: &Repository,
        comment: CommentId,
        reaction: Reaction,
    ) -> Result<(), CallError> {
        let wanted = Wanted {
            route: "/repos/{repo}/issues/comments/{comment}/reactions",
            method: Method::POST,
            path: comment_path(repository, comment, "/reactions"),
            body: Some(json!({"content": reaction.name()})),
        };
        expect_success(self.ask(repository, wanted).await?).map(drop)
    }
}
