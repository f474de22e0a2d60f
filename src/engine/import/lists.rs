//! Reads the long lists: all issues, the comments under them, and one issue's timeline.

use std::collections::HashSet;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::{Import, ImportError, News, patience};
use crate::github::history::TimelineJson;
use crate::github::payload::{CommentJson, IssueJson};
use crate::github::{CallError, Fetched, IssueAt, Page, PageAt};
use crate::store::{NotedPage, TextKind, WaitingText};
use crate::triage::IssueNumber;

/// Comments are read this far back: whoever looks at waiting times looks at the last year.
const COMMENTS_SINCE: SignedDuration = SignedDuration::from_hours(400 * 24);
/// As long as a page gets. One that is full to the brim and the last is read again in any case:
/// its mark says nothing about a page that comes after it.
const PAGE_LENGTH: usize = 100;

const ISSUES: &str = "issues";
const COMMENTS: &str = "comments";

/// The next page, and whether it is new.
struct Step<T> {
    noted: NotedPage,
    items: Option<Vec<T>>,
}

impl Import<'_> {
    /// Reads which issues and comments there are, as far as they are new.
    pub(super) async fn read_lists(&mut self) -> Result<(), ImportError> {
        self.since = self.comments_since().await?;
        let (github, since) = (&self.engine.parts.github, self.since);
        let mut count = 0;
        let fetch = async |at: PageAt<'_>| github.list_issues(&self.repository, None, at).await;
        let mut walk = Walk::new(self, ISSUES);
        while let Some(Step { noted, items }) = walk.step(None, &fetch).await? {
            let Some(items) = items else { continue };
            count += items.len() as u64;
            self.note(noted, items.iter().filter_map(issue_text)).await?;
            (self.tell)(News::Read(ISSUES, count));
        }
        count = 0;
        let fetch = async |at: PageAt<'_>| github.list_comments(&self.repository, since, at).await;
        let mut walk = Walk::new(self, COMMENTS);
        while let Some(Step { noted, items }) = walk.step(Some(since), &fetch).await? {
            let Some(items) = items else { continue };
            count += items.len() as u64;
            self.note(noted, items.iter().filter_map(comment_text)).await?;
            (self.tell)(News::Read(COMMENTS, count));
        }
        Ok(())
    }

    /// What happened to an issue, with the pages it was read from. A timeline that has changed
    /// anywhere is read whole, since a page alone tells half a story.
    pub(super) async fn read_timeline(
        &self,
        number: IssueNumber,
    ) -> Result<(Vec<TimelineJson>, Vec<NotedPage>), ImportError> {
        let github = &self.engine.parts.github;
        let issue = IssueAt { repository: &self.repository, number };
        let fetch = async |at: PageAt<'_>| github.list_timeline(issue, at).await;
        let name = format!("timeline:{number}");
        let mut is_whole = true;
        let mut entries = Vec::new();
        let mut pages = Vec::new();
        let mut walk = Walk::new(self, &name);
        while let Some(Step { noted, items }) = walk.step(None, &fetch).await? {
            is_whole &= items.is_some();
            entries.extend(items.into_iter().flatten());
            pages.push(noted);
        }
        if is_whole || entries.is_empty() {
            return Ok((entries, pages));
        }
        let mut walk = Walk { is_anew: true, ..Walk::new(self, &name) };
        (entries, pages) = (Vec::new(), Vec::new());
        while let Some(Step { noted, items }) = walk.step(None, &fetch).await? {
            entries.extend(items.into_iter().flatten());
            pages.push(noted);
        }
        Ok((entries, pages))
    }

    /// Since when comments are read: the same with every import, or else no page would be the same.
    async fn comments_since(&self) -> Result<Timestamp, ImportError> {
        let store = &self.engine.parts.store;
        let first = store.find_page(self.repository.id, COMMENTS.to_owned()).await?;
        let since = first.and_then(|page| page.since);
        let long_ago = || {
            let long_ago = self.engine.now().saturating_sub(COMMENTS_SINCE).unwrap_or_default();
            Timestamp::from_second(long_ago.as_second()).unwrap_or_default()
        };
        Ok(since.unwrap_or_else(long_ago))
    }

    async fn note(
        &self,
        noted: NotedPage,
        texts: impl Iterator<Item = WaitingText>,
    ) -> Result<(), ImportError> {
        let store = &self.engine.parts.store;
        Ok(store.note_page(self.repository.id, noted, texts.collect()).await?)
    }
}

/// A list that is walked from its first page to its last.
struct Walk<'a> {
    import: &'a Import<'a>,
    name: &'a str,
    /// Whether it is read whatever its marks say.
    is_anew: bool,
    next: Option<String>,
    is_over: bool,
    seen: HashSet<String>,
}

impl<'a> Walk<'a> {
    fn new(import: &'a Import<'a>, name: &'a str) -> Self {
        Self { import, name, is_anew: false, next: None, is_over: false, seen: HashSet::new() }
    }

    /// Reads the next page, if it is not as it was noted; none after the last.
    async fn step<T>(
        &mut self,
        since: Option<Timestamp>,
        fetch: &impl AsyncFn(PageAt<'_>) -> Result<Fetched<T>, CallError>,
    ) -> Result<Option<Step<T>>, ImportError> {
        if self.is_over {
            return Ok(None);
        }
        let path = self.next.clone().unwrap_or_else(|| self.name.to_owned());
        if !self.seen.insert(path.clone()) {
            return Err(ImportError::Circle(path));
        }
        let store = &self.import.engine.parts.store;
        let known = store.find_page(self.import.repository.id, path.clone()).await?;
        let known = known.filter(|_| !self.is_anew);
        let etag = known.as_ref().and_then(|page| page.etag.as_deref());
        let at = PageAt { next: self.next.as_deref(), etag };
        let fetched = patience::patiently(&self.import.tell, async || fetch(at).await).await?;
        let step = match (fetched, known) {
            (Fetched::Page(page), _) => new_step((path, since), page),
            (Fetched::Unchanged, Some(noted)) => Step { noted, items: None },
            (Fetched::Unchanged, None) => {
                let why = "a page that was never read is said to be unchanged".to_owned();
                return Err(CallError::Unclear(why).into());
            }
        };
        self.next.clone_from(&step.noted.next);
        self.is_over = self.next.is_none();
        Ok(Some(step))
    }
}

fn new_step<T>((path, since): (String, Option<Timestamp>), page: Page<T>) -> Step<T> {
    let Page { items, etag, next } = page;
    let says_all = next.is_some() || items.len() < PAGE_LENGTH;
    let noted = NotedPage { path, etag: etag.filter(|_| says_all), next, since };
    Step { noted, items: Some(items) }
}

/// Pull requests are no concern of ours.
fn issue_text(issue: &IssueJson) -> Option<WaitingText> {
    let (id, number) = issue.numbers();
    (!issue.is_pull_request()).then_some(())?;
    Some(WaitingText { number, kind: TextKind::Issue, id: id.0, text: json(issue)? })
}

fn comment_text(comment: &CommentJson) -> Option<WaitingText> {
    let number = comment.issue_number()?;
    Some(WaitingText { number, kind: TextKind::Comment, id: comment.id.0, text: json(comment)? })
}

/// What was read from JSON can be written as such.
fn json(value: &impl Serialize) -> Option<String> {
    serde_json::to_string(value).ok()
}
