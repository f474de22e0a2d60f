//! Finds what never came by looking at the issues that changed: their timeline tells what happened.

use jiff::{SignedDuration, Timestamp};

use super::{LOG_KEPT, Looked, OVERLAP, PAGES_MAX, SweepError};
use crate::engine::understand::Reader;
use crate::engine::{AcceptError, Accepted, Engine};
use crate::github::history::{IssueHistory, PastDelivery, TimelineJson};
use crate::github::payload::{Delivery, IssueJson, IssueRecord, What};
use crate::github::{CallError, Fetched, IssueAt, PageAt};
use crate::store::{Desk, KnownTicket};
use crate::triage::{self, EventKey, IssueNumber, Repository};

/// What changed just now is on its way as a webhook.
const GRACE: SignedDuration = SignedDuration::from_mins(1);
/// After so long without a look pushes may have been missed too.
const LONG: SignedDuration = SignedDuration::from_hours(1);

/// A desk at which is looked.
struct Look<'a> {
    desk: &'a Desk,
    reader: Reader<'a>,
    /// What happened before is no concern of ours.
    floor: Timestamp,
    /// Whether issues are looked at whose newest state is known, too: where there is no log of
    /// webhooks, one that was lost before the last shows nowhere else.
    is_thorough: bool,
}

impl Engine {
    /// Takes in what happened to the issues that changed, of every desk, and never came.
    ///
    /// # Errors
    /// [`SweepError`]; what was taken before stays.
    pub async fn sweep_issues(&self) -> Result<Looked, SweepError> {
        let mut looked = Looked::Done;
        for desk in self.parts.store.list_desks().await? {
            match self.sweep_desk(desk).await {
                Ok(Looked::NotYet) => looked = Looked::NotYet,
                Ok(Looked::Done | Looked::NoLog) => {}
                // A repository that is gone is in nobody's way.
                Err(SweepError::Call(CallError::Refused { status, message })) => {
                    tracing::warn!(status, message, "the issues of a repository cannot be listed");
                }
                Err(error) => return Err(error),
            }
        }
        Ok(looked)
    }

    async fn sweep_desk(&self, desk: Desk) -> Result<Looked, SweepError> {
        let store = &self.parts.store;
        let desk = self.with_beginning(desk).await?;
        let known_since = desk.known_since.unwrap_or_else(|| self.now());
        let name = format!("issues:{}", desk.repository.id);
        let swept = store.swept_until(name.clone()).await?;
        let has_no_log = *self.sweeps.has_no_log.borrow();
        if has_no_log && swept.is_some_and(|swept| self.now().duration_since(swept) > LONG) {
            self.look_at_settings(&desk.repository).await?;
        }
        let identity = self.parts.github.get_identity().await?;
        let form = self.forms.of(&desk);
        let look = Look {
            desk: &desk,
            reader: Reader { form: &form, identity: &identity },
            floor: known_since.saturating_sub(GRACE).unwrap_or(known_since),
            is_thorough: has_no_log,
        };
        let since = swept.and_then(|swept| swept.saturating_sub(OVERLAP).ok());
        let since = since.map_or(look.floor, |since| since.max(look.floor));
        self.look_at_issues(&look, &name, since).await
    }

    /// A desk of an earlier version does not know since when it is there.
    async fn with_beginning(&self, desk: Desk) -> Result<Desk, SweepError> {
        if desk.known_since.is_some() {
            return Ok(desk);
        }
        let now = self.now();
        let first = self.parts.store.first_delivery_at().await?.unwrap_or(now);
        let since = first.max(now.saturating_sub(LOG_KEPT).unwrap_or(now));
        let change = move |desk: &mut Desk| desk.known_since = Some(since);
        Ok(self.parts.store.change_desk(desk.repository, change).await?)
    }

    /// Goes through the issues in the order of their last change. Each page begins where the last
    /// ended by time, so that none is passed over that moves while the list is read.
    async fn look_at_issues(
        &self,
        look: &Look<'_>,
        name: &str,
        mut since: Timestamp,
    ) -> Result<Looked, SweepError> {
        let until = self.now().saturating_sub(GRACE).unwrap_or(Timestamp::MIN);
        let mut next: Option<String> = None;
        for _ in 0..PAGES_MAX {
            let at = PageAt { next: next.as_deref(), etag: None };
            let listed =
                self.parts.github.list_issues(&look.desk.repository, Some(since), at).await?;
            let Fetched::Page(page) = listed else {
                return Err(CallError::Unclear("nothing new of nothing known".to_owned()).into());
            };
            let mut newest = since;
            let mut is_over = page.next.is_none();
            for issue in page.items {
                let updated_at = issue.updated_at().unwrap_or(newest);
                if updated_at > until {
                    is_over = true;
                    break;
                }
                self.catch_up(look, issue).await?;
                newest = newest.max(updated_at);
            }
            let swept = if is_over { until.max(newest) } else { newest };
            self.parts.store.note_swept(name.to_owned(), swept).await?;
            if is_over {
                return Ok(Looked::Done);
            }
            next = page.next.filter(|_| newest <= since);
            since = newest;
        }
        Ok(Looked::NotYet)
    }

    /// Tells a ticket what it was not told.
    async fn catch_up(&self, look: &Look<'_>, issue: IssueJson) -> Result<(), SweepError> {
        let Some(record) = issue.record() else { return Ok(()) };
        let known = self.parts.store.find_ticket(record.id).await?;
        let is_up_to_date = |known: &KnownTicket| {
            let is_seen = known.ticket.snapshot_at >= record.updated_at && !look.is_thorough;
            known.ticket.is_gone || is_seen
        };
        if known.as_ref().is_some_and(is_up_to_date) {
            return Ok(());
        }
        if known.is_none() && !self.is_request(look, &record) {
            return Ok(());
        }
        let timeline = self.read_whole_timeline(&look.desk.repository, record.number).await?;
        let Some(history) = IssueHistory::new(issue, Vec::new(), timeline) else { return Ok(()) };
        let missed = self.missed(look, &history, known.as_ref()).await?;
        let snapshot_at = known.map(|known| known.ticket.snapshot_at);
        let newest = missed.iter().map(|past| past.at).chain(snapshot_at).max();
        for past in missed {
            self.take_missed((&past.guid, past.at), &past.delivery).await?;
        }
        if newest.is_none_or(|newest| newest < record.updated_at) {
            let guid = format!("history:seen:{}:{}", record.id, record.updated_at.as_second());
            let seen = about(&look.desk.repository, "edited", What::Issue(record.clone()));
            self.take_missed((&guid, record.updated_at), &seen).await?;
        }
        Ok(())
    }

    /// What happened to an issue and is not known: from when it was a request on, and since the desk
    /// was there. What only shows how the issue looked tells nothing once it was seen later.
    async fn missed(
        &self,
        look: &Look<'_>,
        history: &IssueHistory,
        known: Option<&KnownTicket>,
    ) -> Result<Vec<PastDelivery>, SweepError> {
        let mut past = history.deliveries(&look.desk.repository);
        let shown = |past: &PastDelivery| match &past.delivery.what {
            What::Issue(issue) | What::IssueLabel(issue, _) | What::Comment(issue, _) => {
                self.is_request(look, issue)
            }
            What::Policy | What::Labels => false,
        };
        let first = past.iter().position(shown).unwrap_or_default();
        past.drain(..first);
        past.retain(|past| past.at >= look.floor);
        let keys: Vec<Option<EventKey>> =
            past.iter().map(|past| key_of(look.reader, past)).collect();
        let applied = self.parts.store.applied_events(keys.iter().flatten().cloned().collect());
        let applied = applied.await?;
        let snapshot_at = known.map(|known| known.ticket.snapshot_at);
        let is_missed = |(past, key): (PastDelivery, Option<EventKey>)| {
            let key = key?;
            let shows_only = key.0.starts_with("delivery:");
            let is_old = shows_only && snapshot_at.is_some_and(|seen| past.at <= seen);
            (!is_old && !applied.contains(&key)).then_some(past)
        };
        Ok(past.into_iter().zip(keys).filter_map(is_missed).collect())
    }

    fn is_request(&self, look: &Look<'_>, issue: &IssueRecord) -> bool {
        let policies = &self.parts.rulebook.rules().policies;
        let request = &policies.of(look.desk).policy.labels.request;
        issue.labels.iter().any(|label| label.eq_ignore_ascii_case(request))
            || triage::is_request(&look.reader.snapshot(issue))
    }

    async fn read_whole_timeline(
        &self,
        repository: &Repository,
        number: IssueNumber,
    ) -> Result<Vec<TimelineJson>, SweepError> {
        let issue = IssueAt { repository, number };
        let mut entries = Vec::new();
        let mut next: Option<String> = None;
        for _ in 0..PAGES_MAX {
            let at = PageAt { next: next.as_deref(), etag: None };
            let Fetched::Page(page) = self.parts.github.list_timeline(issue, at).await? else {
                break;
            };
            entries.extend(page.items);
            next = page.next;
            if next.is_none() {
                break;
            }
        }
        Ok(entries)
    }

    /// Pushes and labels of the repository stand in no timeline: both are read anew.
    async fn look_at_settings(&self, repository: &Repository) -> Result<(), SweepError> {
        let now = self.now();
        for (kind, what) in [("push", What::Policy), ("label", What::Labels)] {
            let guid = format!("swept:{kind}:{}:{}", repository.id, now.as_second());
            self.take_missed((&guid, now), &about(repository, "swept", what)).await?;
        }
        Ok(())
    }

    async fn take_missed(
        &self,
        (guid, at): (&str, Timestamp),
        delivery: &Delivery,
    ) -> Result<(), SweepError> {
        let event = match &delivery.what {
            What::Issue(_) | What::IssueLabel(..) => "issues",
            What::Comment(..) => "issue_comment",
            What::Policy => "push",
            What::Labels => "label",
        };
        match self.keep((event, guid), delivery).await {
            Ok(Accepted::Kept) => {
                tracing::info!(delivery.id = guid, event, %at, "found what never came");
                self.parts.metrics.count_swept();
                Ok(())
            }
            Ok(Accepted::SeenBefore | Accepted::NoUse) => Ok(()),
            Err(AcceptError::NotKept(error)) => Err(error.into()),
            Err(AcceptError::Malformed(error)) => Err(SweepError::Store(error.to_string())),
        }
    }
}

fn about(repository: &Repository, action: &str, what: What) -> Delivery {
    Delivery { repository: repository.clone(), action: action.to_owned(), sender: None, what }
}

/// The key the event will have; without its text the issue is read in no time.
fn key_of(reader: Reader<'_>, past: &PastDelivery) -> Option<EventKey> {
    let mut delivery = past.delivery.clone();
    match &mut delivery.what {
        What::Issue(issue) | What::IssueLabel(issue, _) | What::Comment(issue, _) => {
            issue.title.clear();
            issue.body.clear();
        }
        What::Policy | What::Labels => return None,
    }
    Some(reader.event(&delivery, &past.guid)?.key)
}
