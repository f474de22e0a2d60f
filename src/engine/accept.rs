//! Takes a verified webhook in: kept before it is acknowledged.

use super::Engine;
use crate::github::payload::{Delivery, parse_delivery};
use crate::store::{NewDelivery, StoreError};

/// What became of a webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accepted {
    /// It is on the disk.
    Kept,
    /// It was seen before.
    SeenBefore,
    /// The bot has no use for it.
    NoUse,
}

/// Why a webhook was not taken.
#[derive(Debug, thiserror::Error)]
pub enum AcceptError {
    /// It is no JSON, or lacks what such an event must have.
    #[error("the body is not as GitHub sends it: {0}")]
    Malformed(#[from] serde_json::Error),
    /// It could not be kept; GitHub must not believe that it was.
    #[error(transparent)]
    NotKept(#[from] StoreError),
}

impl Engine {
    /// Keeps a webhook whose signature was checked. `guid` is GitHub's id of the delivery.
    ///
    /// # Errors
    /// [`AcceptError`]; after one of them nothing was kept.
    pub async fn accept(
        &self,
        event: &str,
        guid: &str,
        body: &[u8],
    ) -> Result<Accepted, AcceptError> {
        let Some(delivery) = parse_delivery(event, body)? else {
            self.sweeps.note_no_use(guid);
            return Ok(Accepted::NoUse);
        };
        self.keep((event, guid), &delivery).await
    }

    /// Keeps what was made of a webhook, or what would have come as one.
    pub(super) async fn keep(
        &self,
        (event, guid): (&str, &str),
        delivery: &Delivery,
    ) -> Result<Accepted, AcceptError> {
        let _waiting = self.crowd.join();
        let kept = NewDelivery {
            guid: guid.to_owned(),
            event: event.to_owned(),
            subject: delivery.subject(),
            body: serde_json::to_string(delivery)?,
        };
        if self.parts.store.put_delivery(kept, self.now()).await? {
            self.inbox.notify_one();
            Ok(Accepted::Kept)
        } else {
            Ok(Accepted::SeenBefore)
        }
    }
}
