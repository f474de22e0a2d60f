//! Handles a delivery again because a person says so: what was set aside from its own text, what was
//! erased or never came from GitHub's log. Nothing is done twice: what happened is known by its key.

use super::Engine;
use crate::github::payload::parse_delivery;
use crate::github::{CallError, Fetched, PageAt, SentWebhook};
use crate::store::{DeliveryRow, NewDelivery, Store, StoreError};

/// Pages of the log that are gone through.
const PAGES_MAX: usize = 1_000;

/// What becomes of a delivery that is to be handled again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Replayed {
    /// It waits already.
    WaitsAlready(DeliveryRow),
    /// It was set aside, and waits again.
    TakenUp(DeliveryRow),
    /// Its text was fetched, and it waits again.
    Fetched(String),
    /// It must be asked for at GitHub.
    NotHere(Option<DeliveryRow>),
}

/// Why a delivery cannot be handled again.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// GitHub shows no log, or does not answer.
    #[error(transparent)]
    Call(#[from] CallError),
    /// The store did not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Nobody knows it.
    #[error("neither the store nor GitHub's log of the last three days knows the delivery {0}")]
    Unknown(String),
    /// It was no webhook.
    #[error("{0} was handled, and came by no webhook, so its text is nowhere any more")]
    Ours(String),
    /// It is nothing the bot can read.
    #[error("the bot has no use for the event `{0}`")]
    NoUse(String),
}

/// Has a delivery wait again whose text is in the store.
///
/// # Errors
/// Where the store does not answer.
pub async fn replay_from_store(
    store: &Store,
    named: &str,
    now: jiff::Timestamp,
) -> Result<Replayed, StoreError> {
    let Some(row) = store.find_delivery(named.to_owned()).await? else {
        return Ok(Replayed::NotHere(None));
    };
    Ok(match row.state.as_str() {
        "set_aside" if store.take_up_delivery(row.id, now).await? => Replayed::TakenUp(row),
        "set_aside" | "waiting" => Replayed::WaitsAlready(row),
        _ => Replayed::NotHere(Some(row)),
    })
}

impl Engine {
    /// Fetches a delivery from GitHub's log and has it wait again.
    ///
    /// # Errors
    /// [`ReplayError`].
    pub async fn replay_from_log(
        &self,
        named: &str,
        row: Option<DeliveryRow>,
    ) -> Result<Replayed, ReplayError> {
        let guid = row.map_or_else(|| named.to_owned(), |row| row.guid);
        if guid.contains(':') {
            return Err(ReplayError::Ours(guid));
        }
        let unknown = || ReplayError::Unknown(named.to_owned());
        let sent = self.find_in_log(&guid).await?.ok_or_else(unknown)?;
        let text = self.parts.github.find_sent_webhook(sent.id).await?.ok_or_else(unknown)?;
        let parsed = parse_delivery(&text.event, &text.body());
        let Some(delivery) = parsed.ok().flatten() else {
            return Err(ReplayError::NoUse(text.event));
        };
        let again = NewDelivery {
            guid: text.guid.clone(),
            event: text.event,
            subject: delivery.subject(),
            body: serde_json::to_string(&delivery).map_err(StoreError::from)?,
        };
        self.parts.store.put_delivery_again(again, self.now()).await?;
        Ok(Replayed::Fetched(text.guid))
    }

    async fn find_in_log(&self, guid: &str) -> Result<Option<SentWebhook>, CallError> {
        let mut next: Option<String> = None;
        for _ in 0..PAGES_MAX {
            let at = PageAt { next: next.as_deref(), etag: None };
            let Fetched::Page(page) = self.parts.github.list_sent_webhooks(at).await? else {
                return Ok(None);
            };
            let found = page.items.into_iter().find(|sent| sent.guid == guid);
            next = page.next;
            if found.is_some() || next.is_none() {
                return Ok(found);
            }
        }
        Ok(None)
    }
}
