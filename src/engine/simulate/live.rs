//! Reads the past of a live tracker, to be played. Nothing is written, neither there nor here.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use jiff::Timestamp;

use super::Tracker;
use crate::engine::Engine;
use crate::github::history::{IssueHistory, TimelineJson};
use crate::github::payload::{CommentJson, IssueJson, POLICY_PATH, What};
use crate::github::{CallError, Fetched, GitHub, Identity, IssueAt, Page, PageAt};
use crate::policy::Role;
use crate::reading::commands::find_commands;
use crate::store::Desk;
use crate::triage::{IssueNumber, Login, Repository};

/// Timelines cost a request each: those of open issues are read, and of so many closed ones, the
/// newest. The others are played without, as `history.rs` says.
const CLOSED_TIMELINES_MAX: usize = 1_000;

/// Attempts of a request that does not come through, and what lies between them.
const ATTEMPTS_MAX: u32 = 4;
const PAUSE: Duration = Duration::from_secs(2);

/// Told how many things of a kind were read.
pub type Progress<'a> = &'a (dyn Fn(&str, u64) + Sync);

/// Asks until there is an answer.
struct Asker<'a> {
    github: &'a dyn GitHub,
    progress: Progress<'a>,
}

impl Engine {
    /// Who we are on GitHub, and everything that happened in a tracker.
    ///
    /// # Errors
    /// Where GitHub refuses, or cannot be reached again and again.
    pub async fn read_past(
        &self,
        full_name: &str,
        progress: Progress<'_>,
    ) -> Result<(Identity, Tracker), CallError> {
        let asker = Asker { github: &*self.parts.github, progress };
        let identity = asker.insist(async || asker.github.get_identity().await).await?;
        let found = asker.page(async || asker.github.get_repository(full_name, None).await).await?;
        let no_repository = || CallError::Refused { status: 404, message: "Not Found".to_owned() };
        let repository = found.items.into_iter().next().ok_or_else(no_repository)?;
        let mut desk = Desk::new(repository.clone());
        let own_policy = async || asker.github.find_file(&repository, POLICY_PATH).await;
        desk.policy_text = match asker.insist(own_policy).await {
            Err(CallError::Refused { .. }) => None,
            other => other?,
        };
        desk.forms = Some(asker.insist(async || self.read_forms(&repository).await).await?);
        let issues = asker.histories(&repository).await?;
        let roles = asker.roles(&repository, &issues).await?;
        Ok((identity, Tracker { desk, issues, roles: Some(roles) }))
    }
}

impl Asker<'_> {
    async fn histories(&self, repository: &Repository) -> Result<Vec<IssueHistory>, CallError> {
        let issues: Vec<IssueJson> = self
            .all("issues", async |at| self.github.list_issues(repository, None, at).await)
            .await?
            .into_iter()
            .filter(|issue| !issue.is_pull_request())
            .collect();
        let since = Timestamp::UNIX_EPOCH;
        let comments =
            self.all("comments", async |at| self.github.list_comments(repository, since, at).await);
        let mut by_issue: HashMap<IssueNumber, Vec<CommentJson>> = HashMap::new();
        for comment in comments.await? {
            if let Some(number) = comment.issue_number() {
                by_issue.entry(number).or_default().push(comment);
            }
        }
        let wanted = with_timeline(&issues);
        let mut histories = Vec::with_capacity(issues.len());
        let mut count = 0;
        for issue in issues {
            let (_, number) = issue.numbers();
            let mut timeline = Vec::new();
            if wanted.contains(&number) {
                timeline = self.timeline(IssueAt { repository, number }).await?;
                count += 1;
                (self.progress)("timelines", count);
            }
            let comments = by_issue.remove(&number).unwrap_or_default();
            histories.extend(IssueHistory::new(issue, comments, timeline));
        }
        Ok(histories)
    }

    async fn timeline(&self, issue: IssueAt<'_>) -> Result<Vec<TimelineJson>, CallError> {
        let mut entries = Vec::new();
        let mut next: Option<String> = None;
        loop {
            let at = PageAt { next: next.as_deref(), etag: None };
            let page = self.page(async || self.github.list_timeline(issue, at).await).await?;
            entries.extend(page.items);
            next = page.next;
            if next.is_none() {
                return Ok(entries);
            }
        }
    }

    /// A whole list.
    async fn all<T>(
        &self,
        name: &str,
        list: impl AsyncFn(PageAt<'_>) -> Result<Fetched<T>, CallError>,
    ) -> Result<Vec<T>, CallError> {
        let mut items = Vec::new();
        let mut next: Option<String> = None;
        loop {
            let at = PageAt { next: next.as_deref(), etag: None };
            let page = self.page(async || list(at).await).await?;
            items.extend(page.items);
            (self.progress)(name, items.len() as u64);
            next = page.next;
            if next.is_none() {
                return Ok(items);
            }
        }
    }

    async fn page<T>(
        &self,
        ask: impl AsyncFn() -> Result<Fetched<T>, CallError>,
    ) -> Result<Page<T>, CallError> {
        match self.insist(ask).await? {
            Fetched::Page(page) => Ok(page),
            // Only who names a mark is told so.
            Fetched::Unchanged => Ok(Page { items: Vec::new(), etag: None, next: None }),
        }
    }

    /// Asks again where GitHub asks to wait, or does not come through.
    async fn insist<T>(&self, ask: impl AsyncFn() -> Result<T, CallError>) -> Result<T, CallError> {
        let mut attempt = 1;
        loop {
            match ask().await {
                Err(CallError::Limited { after }) => {
                    (self.progress)("seconds that GitHub asks to wait", after.as_secs());
                    tokio::time::sleep(after).await;
                }
                Err(CallError::Unreachable(_) | CallError::Unclear(_))
                    if attempt < ATTEMPTS_MAX =>
                {
                    tokio::time::sleep(PAUSE * attempt).await;
                    attempt += 1;
                }
                answer => return answer,
            }
        }
    }

    /// The roles of everybody whose role a decision may ask for. One that may not be seen is none.
    async fn roles(
        &self,
        repository: &Repository,
        issues: &[IssueHistory],
    ) -> Result<BTreeMap<Login, Role>, CallError> {
        let mut roles = BTreeMap::new();
        for login in speakers(repository, issues) {
            let asked = self.insist(async || self.github.get_role(repository, &login).await).await;
            let role = match asked {
                Err(CallError::Refused { .. }) => Role::None,
                other => other?,
            };
            roles.insert(login, role);
            (self.progress)("roles", roles.len() as u64);
        }
        Ok(roles)
    }
}

fn with_timeline(issues: &[IssueJson]) -> BTreeSet<IssueNumber> {
    let (open, closed): (Vec<&IssueJson>, Vec<&IssueJson>) =
        issues.iter().partition(|issue| issue.is_open());
    let newest = closed.into_iter().rev().take(CLOSED_TIMELINES_MAX);
    open.into_iter().chain(newest).map(|issue| issue.numbers().1).collect()
}

/// Who spoke under somebody else's issue, or gave a command under the own one.
fn speakers(repository: &Repository, issues: &[IssueHistory]) -> BTreeSet<Login> {
    let mut speakers = BTreeSet::new();
    for past in issues.iter().flat_map(|issue| issue.deliveries(repository)) {
        let What::Comment(issue, comment) = past.delivery.what else { continue };
        let Some(speaker) = comment.author.filter(|author| !author.is_bot) else { continue };
        let is_own = issue.author.is_some_and(|author| author.id == speaker.id);
        if !is_own || !find_commands(&comment.body).is_empty() {
            speakers.insert(speaker.login);
        }
    }
    speakers
}
