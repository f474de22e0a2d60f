//! The digest of a desk: what it tells people who do not look at every ticket, made when its time
//! has come, told to chats and kept.

mod text;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::Engine;
use super::handle::NotHandled;
use crate::policy::{Every, Mode, Policy, next_digest_at};
use crate::store::{ClaimedDelivery, DIGEST, Desk, DigestCommit, DigestFacts, Store, StoreError};
use crate::triage::{Action, ChatMessage, PlannedAction, RepositoryId};

/// A digest as it is told and printed.
#[derive(Debug, Clone, Serialize)]
pub struct Digest {
    /// `owner/name` of the repository.
    pub repository: String,
    /// When it was made.
    pub at: Timestamp,
    /// Whether the desk only observes.
    pub is_observing: bool,
    /// By whose days it speaks.
    #[serde(skip)]
    pub timezone: TimeZone,
    /// What is wrong with the desk's settings; none if all is well.
    pub problem: Option<String>,
    /// What it tells.
    #[serde(flatten)]
    pub facts: DigestFacts,
}

impl Digest {
    /// The digest of a desk as of now; none for a desk that never had a ticket.
    ///
    /// # Errors
    /// Where the store does not answer or a row cannot be read.
    pub async fn compose(
        store: &Store,
        desk: &Desk,
        policy: &Policy,
        now: Timestamp,
    ) -> Result<Option<Self>, StoreError> {
        let days = if policy.digest.every == Every::Daily { 1 } else { 7 };
        let otherwise = now.checked_sub(SignedDuration::from_hours(24 * days));
        let otherwise = otherwise.unwrap_or(Timestamp::MIN);
        let facts = store.digest_facts(desk.repository.id, otherwise, now).await?;
        Ok(facts.map(|facts| Self {
            repository: desk.repository.full_name(),
            at: now,
            timezone: policy.clock.timezone.clone(),
            is_observing: policy.desk.mode == Mode::Observe,
            problem: desk.problem.as_ref().map(|problem| problem.words().to_owned()),
            facts,
        }))
    }

    /// What people read: lines of plain text.
    pub fn text(&self) -> String {
        text::lines(self).join("\n")
    }

    /// The numbers alone, by their names.
    pub fn figures(&self) -> BTreeMap<String, u64> {
        let facts = &self.facts;
        let mut figures = BTreeMap::new();
        for (turn, count) in &facts.open {
            figures.insert(format!("open_{turn}"), *count);
        }
        for counted in &facts.happened {
            *figures.entry(counted.kind.clone()).or_default() += counted.count;
        }
        for (measure, waits) in
            [("first_reply", facts.first_reply), ("resolution", facts.resolution)]
        {
            if let Some(waits) = waits {
                figures.insert(format!("{measure}_count"), waits.count);
                figures.insert(format!("{measure}_half_hours"), waits.half_hours.into());
                figures.insert(format!("{measure}_most_hours"), waits.most_hours.into());
            }
        }
        let given_up = facts.given_up.iter().map(|given_up| given_up.count).sum();
        figures.insert("given_up".to_owned(), given_up);
        figures.insert("set_aside".to_owned(), facts.set_aside);
        figures.insert("late".to_owned(), facts.late);
        figures.insert("withheld_open".to_owned(), facts.withheld);
        figures
    }
}

impl Engine {
    /// Derives anew when a desk's next digest is due, from the policy now in force.
    pub(super) async fn schedule_digest(&self, desk: &Desk) -> Result<(), StoreError> {
        let now = self.now();
        let policy = &self.parts.rulebook.rules().policies.of(desk).policy;
        let next_at = next_digest_at(policy.digest.every, &policy.clock, now);
        self.parts.store.schedule_digest(desk.repository.id, next_at, now).await?;
        self.alarm.notify_one();
        Ok(())
    }

    /// Makes the digest that rang, if its time is still right under the policy now in force, and
    /// notes when the next is due.
    pub(super) async fn make_digest(&self, claimed: &ClaimedDelivery) -> Result<(), NotHandled> {
        let (repository, due_at) = place_and_time(claimed).ok_or_else(|| {
            NotHandled::Failed("a digest without its repository or time".to_owned())
        })?;
        let store = &self.parts.store;
        let found = store.find_desk(repository).await.map_err(|error| self.not_stored(&error))?;
        let Some(desk) = found else {
            return self.end(claimed).await;
        };
        let in_force = self.parts.rulebook.rules().policies.of(&desk);
        let policy = &in_force.policy;
        let now = self.now();
        let next_after = |after| next_digest_at(policy.digest.every, &policy.clock, after);
        let just_before = due_at.checked_sub(SignedDuration::from_micros(1)).unwrap_or(due_at);
        let digest = if next_after(just_before) == Some(due_at) {
            let composed = Digest::compose(store, &desk, policy, now).await;
            composed.map_err(|error| self.not_stored(&error))?
        } else {
            None
        };
        let key = format!("{DIGEST}:{repository}:{}", due_at.as_microsecond());
        let told = catch_unwind(AssertUnwindSafe(|| {
            digest.map(|digest| {
                let text = digest.text();
                let told = told((&digest, &text), policy, &key);
                (text, told)
            })
        }));
        let told = told.map_err(|_| NotHandled::Failed("writing the digest failed".to_owned()))?;
        let next_at = next_after(due_at.max(now));
        let commit = DigestCommit {
            delivery: claimed.claim,
            key,
            repository: desk.repository,
            told,
            next_at,
            now,
        };
        store.keep_digest(commit).await.map_err(|error| self.not_stored(&error))?;
        self.outbox.notify_one();
        self.alarm.notify_one();
        Ok(())
    }
}

/// A message for each chat that the policy has told; for none while the desk only observes.
fn told((digest, text): (&Digest, &str), policy: &Policy, key: &str) -> Vec<PlannedAction> {
    if digest.is_observing {
        return Vec::new();
    }
    let chats = match &policy.digest.notify {
        Some(chat) => vec![chat],
        None => policy.notify.keys().collect(),
    };
    let message = |chat: &String| ChatMessage {
        chat: chat.clone(),
        url: digest.facts.issues_url.clone(),
        text: text.to_owned(),
        figures: digest.figures(),
    };
    let planned = chats.into_iter().map(|chat| PlannedAction {
        key: format!("{key}/{chat}"),
        action: Action::Notify(message(chat)),
    });
    planned.collect()
}

fn place_and_time(claimed: &ClaimedDelivery) -> Option<(RepositoryId, Timestamp)> {
    let repository = claimed.subject.strip_prefix("repository:")?.parse().ok()?;
    let due_at = Timestamp::from_microsecond(claimed.body.parse().ok()?).ok()?;
    Some((RepositoryId(repository), due_at))
}
