//! Long lists, page by page: each is asked for by the mark GitHub gave it, so that one that has
//! not changed costs nothing, and the next is found by the link GitHub gave.

use http::StatusCode;
use http::header::ETAG;
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::client::Client;
use super::transport::Answer;
use super::wanted::{Wanted, encoded, expect_success, issue_path};
use super::{CallError, IssueAt};
use crate::triage::{Repository, RepositoryId};

/// A comment of ours is looked for this far back; older ones were settled long ago.
const PAGES_MAX: usize = 100;

/// What a conditional request for a page brought.
#[derive(Debug, Clone)]
pub enum Fetched<T> {
    /// It is as it was when its mark was given.
    Unchanged,
    /// The page.
    Page(Page<T>),
}

impl<T> Fetched<T> {
    /// Whether nothing is new.
    pub fn is_unchanged(&self) -> bool {
        matches!(self, Self::Unchanged)
    }
}

/// One page of a list.
#[derive(Debug, Clone)]
pub struct Page<T> {
    /// What stands on it.
    pub items: Vec<T>,
    /// GitHub's mark of it.
    pub etag: Option<String>,
    /// Path and query of the page after it, as GitHub linked it; none after the last.
    pub next: Option<String>,
}

/// Which page is wanted.
#[derive(Debug, Clone, Copy, Default)]
pub struct PageAt<'a> {
    /// The link to it, as [`Page::next`] gave it; none for the first.
    pub next: Option<&'a str>,
    /// The mark it had when it was read last.
    pub etag: Option<&'a str>,
}

#[derive(Deserialize)]
struct RepositoryJson {
    id: RepositoryId,
    full_name: String,
    #[serde(default)]
    private: bool,
    default_branch: Option<String>,
}

pub(super) fn issues(repository: &Repository, since: Option<Timestamp>) -> Wanted {
    let which = match since {
        None => "sort=created".to_owned(),
        Some(since) => format!("sort=updated&since={}", since.strftime("%Y-%m-%dT%H:%M:%SZ")),
    };
    let path = format!(
        "/repos/{}/issues?state=all&direction=asc&per_page=100&{which}",
        repository.full_name()
    );
    Wanted::get("/repos/{repo}/issues", path)
}

pub(super) fn timeline(issue: IssueAt<'_>) -> Wanted {
    let path = issue_path(issue, "/timeline?per_page=100");
    Wanted::get("/repos/{repo}/issues/{number}/timeline", path)
}

pub(super) fn comments(repository: &Repository, since: Timestamp) -> Wanted {
    let since = since.strftime("%Y-%m-%dT%H:%M:%SZ");
    let path = format!(
        "/repos/{}/issues/comments?sort=created&direction=asc&per_page=100&since={since}",
        repository.full_name()
    );
    Wanted::get("/repos/{repo}/issues/comments", path)
}

/// The request for a page of a list, from that for its first.
pub(super) fn at_page(first: Wanted, page: PageAt<'_>) -> Result<Wanted, CallError> {
    match page.next {
        // A link is a path; anything else might lead to another host.
        Some(path) if !path.starts_with('/') || path.starts_with("//") => {
            let message = "the link to the next page is no path".to_owned();
            Err(CallError::Refused { status: 200, message })
        }
        Some(path) => Ok(Wanted { path: path.to_owned(), ..first }),
        None => Ok(first),
    }
}

impl Client {
    /// Follows the pages of a list until `take` has seen enough.
    pub(super) async fn read_pages<T: DeserializeOwned>(
        &self,
        repository: &Repository,
        wanted: Wanted,
        mut take: impl FnMut(Vec<T>) -> bool + Send,
    ) -> Result<(), CallError> {
        let route = wanted.route;
        let mut next = Some(wanted);
        for _ in 0..PAGES_MAX {
            let Some(wanted) = next else { break };
            let answer = expect_success(self.ask(repository, wanted).await?)?;
            next =
                answer.next_page(self.transport.base_path()).map(|path| Wanted::get(route, path));
            if take(answer.json()?) {
                break;
            }
        }
        Ok(())
    }

    pub(super) async fn read_page<T: DeserializeOwned>(
        &self,
        repository: &Repository,
        first: Wanted,
        page: PageAt<'_>,
    ) -> Result<Fetched<T>, CallError> {
        let wanted = at_page(first, page)?;
        self.fetched(self.ask_unless(repository, wanted, page.etag).await?)
    }

    /// What an answer to a conditional request brought.
    pub(super) fn fetched<T: DeserializeOwned>(
        &self,
        answer: Answer,
    ) -> Result<Fetched<T>, CallError> {
        if answer.status == StatusCode::NOT_MODIFIED {
            return Ok(Fetched::Unchanged);
        }
        let answer = expect_success(answer)?;
        let next = answer.next_page(self.transport.base_path());
        let etag = answer.headers.get(ETAG).and_then(|etag| etag.to_str().ok()).map(str::to_owned);
        Ok(Fetched::Page(Page { items: answer.json()?, etag, next }))
    }

    /// Asks by name, and as an App for the installation too.
    pub(super) async fn read_repository(
        &self,
        full_name: &str,
        etag: Option<&str>,
    ) -> Result<Fetched<Repository>, CallError> {
        let no_name = || CallError::Refused { status: 404, message: "Not Found".to_owned() };
        let (owner, name) = full_name.split_once('/').ok_or_else(no_name)?;
        let installation = self.authority.installation(full_name).await?;
        let asked = Repository {
            id: RepositoryId(0),
            owner: owner.to_owned(),
            name: name.to_owned(),
            installation,
            default_branch: String::new(),
            is_private: false,
        };
        let path = format!("/repos/{}/{}", encoded(owner), encoded(name));
        let answer = self.ask_unless(&asked, Wanted::get("/repos/{repo}", path), etag).await?;
        if answer.status == StatusCode::NOT_MODIFIED {
            return Ok(Fetched::Unchanged);
        }
        let answer = expect_success(answer)?;
        let etag = answer.headers.get(ETAG).and_then(|etag| etag.to_str().ok()).map(str::to_owned);
        let found: RepositoryJson = answer.json()?;
        let (owner, name) = found.full_name.split_once('/').ok_or_else(no_name)?;
        let repository = Repository {
            id: found.id,
            owner: owner.to_owned(),
            name: name.to_owned(),
            default_branch: found.default_branch.unwrap_or_else(|| "main".to_owned()),
            is_private: found.private,
            ..asked
        };
        Ok(Fetched::Page(Page { items: vec![repository], etag, next: None }))
    }
}
