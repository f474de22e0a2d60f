//! Long lists for the bot within the process: pages of a hundred with marks and links, as the REST
//! face gives them.

use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::github::InMemoryGitHub;
use super::payload;
use super::state::{Acting, IssueFilter, IssuePlace, Refusal, RepositoryName, ShownState};
use crate::github::{CallError, Fetched, Page, PageAt};
use crate::triage::{InstallationId, Repository, RepositoryId};

/// As long as GitHub allows.
const PAGE_LENGTH: usize = 100;

/// The mark of an answer.
pub(super) fn etag(body: &[u8]) -> String {
    format!("W/\"{}\"", hex::encode(&Sha256::digest(body)[..16]))
}

/// A page of a long list that was asked for and given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedPage {
    /// Where it is.
    pub path: String,
    /// Whether it was asked for by its mark.
    pub is_conditional: bool,
    /// Whether it was as that mark says.
    pub is_unchanged: bool,
}

/// Which list.
#[derive(Clone, Debug)]
pub(super) enum List {
    /// Webhooks that were sent to the App, newest first.
    SentWebhooks,
    /// All issues, pull requests among them; those changed since then, or all.
    Issues(RepositoryName, Option<jiff::Timestamp>),
    /// What happened to an issue.
    Timeline(IssuePlace),
    /// The comments under all issues, changed since then.
    Comments(RepositoryName, jiff::Timestamp),
}

impl List {
    /// The path of its first page.
    fn path(&self) -> String {
        let repository = |name: &RepositoryName| format!("/repos/{}/{}", name.owner, name.name);
        match self {
            Self::SentWebhooks => "/app/hook/deliveries".to_owned(),
            Self::Issues(name, _) => format!("{}/issues", repository(name)),
            Self::Timeline(place) => {
                format!("{}/issues/{}/timeline", repository(&place.repository), place.number)
            }
            Self::Comments(name, _) => format!("{}/issues/comments", repository(name)),
        }
    }

    /// The number of the page a link of ours leads to, counted from 0.
    fn index_of(&self, page: PageAt<'_>) -> Option<usize> {
        let Some(link) = page.next else { return Some(0) };
        let number = link.strip_prefix(&self.path())?.strip_prefix("?page=")?;
        number.parse::<usize>().ok()?.checked_sub(1)
    }

    /// What stands at one of its pages, counted from 0, and whether there is another.
    fn page(&self, acting: &Acting<'_>, index: usize) -> Result<(Vec<Value>, bool), Refusal> {
        match self {
            Self::SentWebhooks => {
                let shown = |sent| Some(payload::delivery(acting.state(), sent));
                Ok(cut(acting.state().deliveries(acting.now), index, shown))
            }
            Self::Issues(name, since) => {
                let repository = acting.repository(name)?;
                let filter = IssueFilter {
                    state: ShownState::All,
                    since: *since,
                    by_update: since.is_some(),
                    ascending: true,
                    ..IssueFilter::default()
                };
                let shown = |issue| Some(payload::issue(acting.state(), repository, issue));
                Ok(cut(acting.issues(name, &filter)?, index, shown))
            }
            Self::Timeline(place) => {
                let (repository, issue) =
                    (acting.repository(&place.repository)?, acting.issue(place)?);
                let at = (repository, issue);
                let shown = |entry| payload::timeline_entry(acting.state(), at, entry);
                Ok(cut(issue.timeline.iter().collect(), index, shown))
            }
            Self::Comments(name, since) => {
                let repository = acting.repository(name)?;
                let shown = |(issue, comment)| {
                    Some(payload::comment(acting.state(), (repository, issue), comment))
                };
                Ok(cut(acting.comments(name, Some(*since))?, index, shown))
            }
        }
    }
}

impl InMemoryGitHub {
    /// A page of a list, under the name of the call that asks for it.
    pub(super) async fn list<T: DeserializeOwned>(
        &self,
        (name, list): (&'static str, List),
        page: PageAt<'_>,
    ) -> Result<Fetched<T>, CallError> {
        let index = list.index_of(page);
        let shown =
            self.call(name, |acting| list.page(acting, index.ok_or_else(Refusal::not_found)?));
        let shown = shown.await?;
        let fetched = fetched((&list, index.unwrap_or_default()), shown, page.etag)?;
        self.note_page(AskedPage {
            path: page.next.map_or_else(|| list.path(), str::to_owned),
            is_conditional: page.etag.is_some(),
            is_unchanged: fetched.is_unchanged(),
        });
        Ok(fetched)
    }
}

/// A hundred of all, as they are shown, and whether there are more.
fn cut<T>(all: Vec<T>, index: usize, shown: impl Fn(T) -> Option<Value>) -> (Vec<Value>, bool) {
    let first = index.saturating_mul(PAGE_LENGTH);
    let is_more = all.len() > first.saturating_add(PAGE_LENGTH);
    (all.into_iter().skip(first).take(PAGE_LENGTH).filter_map(shown).collect(), is_more)
}

/// What a conditional request for this page brings.
fn fetched<T: DeserializeOwned>(
    (list, index): (&List, usize),
    (shown, is_more): (Vec<Value>, bool),
    known: Option<&str>,
) -> Result<Fetched<T>, CallError> {
    let body = Value::from(shown);
    let etag = etag(body.to_string().as_bytes());
    if known == Some(etag.as_str()) {
        return Ok(Fetched::Unchanged);
    }
    let next = is_more.then(|| format!("{}?page={}", list.path(), index + 2));
    Ok(Fetched::Page(Page { items: parsed(body)?, etag: Some(etag), next }))
}

/// The repository of this name as a page of one.
pub(super) fn repository(
    acting: &Acting<'_>,
    name: &RepositoryName,
    known: Option<&str>,
) -> Result<Fetched<Repository>, Refusal> {
    let found = acting.repository(name)?;
    let shown = payload::repository(acting.state(), found);
    let etag = etag(shown.to_string().as_bytes());
    if known == Some(etag.as_str()) {
        return Ok(Fetched::Unchanged);
    }
    let installation = InstallationId(acting.state().settings.installation_id);
    let repository = Repository {
        id: RepositoryId(found.id),
        owner: found.name.owner.clone(),
        name: found.name.name.clone(),
        installation: found.has_app.then_some(installation),
        default_branch: found.default_branch.clone(),
        is_private: found.is_private,
    };
    Ok(Fetched::Page(Page { items: vec![repository], etag: Some(etag), next: None }))
}

/// What was sent in one attempt.
pub(super) fn sent_text(acting: &Acting<'_>, id: u64) -> Result<Value, Refusal> {
    let log = acting.state().deliveries(acting.now);
    let found = log.into_iter().find(|sent| sent.id == id).ok_or_else(Refusal::not_found)?;
    Ok(payload::delivery_in_full(acting.state(), found))
}

pub(super) fn parsed<T: DeserializeOwned>(body: Value) -> Result<T, CallError> {
    serde_json::from_value(body)
        .map_err(|error| CallError::Refused { status: 200, message: error.to_string() })
}
