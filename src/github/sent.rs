//! GitHub's log of the webhooks it sent to the App. It goes back three days, is asked as the App
//! itself, and holds what was sent, so that nothing need be sent again.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::client::Client;
use super::listing::{self, Fetched, PageAt};
use super::transport::Answer;
use super::wanted::{Wanted, expect_success};
use super::{CallError, NO_LOG};

/// One attempt to deliver a webhook.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SentWebhook {
    /// The number of the attempt.
    pub id: u64,
    /// GitHub's id of what was delivered, the same in all attempts.
    pub guid: String,
    /// When it was attempted.
    pub delivered_at: Timestamp,
    /// GitHub's name of the event.
    pub event: String,
    /// What was done, where the event says so.
    pub action: Option<String>,
    /// The status that came back, or GitHub's stand-in for none.
    #[serde(default)]
    pub status_code: u16,
    /// The installation it was about.
    pub installation_id: Option<u64>,
    /// The repository it was about.
    pub repository_id: Option<u64>,
}

/// What was sent.
#[derive(Debug, Clone, Deserialize)]
pub struct SentText {
    /// GitHub's id of it.
    pub guid: String,
    /// GitHub's name of the event.
    pub event: String,
    request: RequestJson,
}

#[derive(Debug, Clone, Deserialize)]
struct RequestJson {
    payload: Value,
}

impl SentText {
    /// The body as it was sent.
    pub fn body(&self) -> Vec<u8> {
        self.request.payload.to_string().into_bytes()
    }
}

impl Client {
    pub(super) async fn read_sent_webhooks(
        &self,
        page: PageAt<'_>,
    ) -> Result<Fetched<SentWebhook>, CallError> {
        let path = "/app/hook/deliveries?per_page=100".to_owned();
        let wanted = listing::at_page(Wanted::get("/app/hook/deliveries", path), page)?;
        self.fetched(self.ask_as_app(wanted).await?)
    }

    pub(super) async fn read_sent_text(&self, id: u64) -> Result<Option<SentText>, CallError> {
        let path = format!("/app/hook/deliveries/{id}");
        let answer = self.ask_as_app(Wanted::get("/app/hook/deliveries/{id}", path)).await?;
        if matches!(answer.status.as_u16(), 404 | 410) {
            return Ok(None);
        }
        Ok(Some(expect_success(answer)?.json()?))
    }

    /// A request as the App itself: no installation's limits are touched by it.
    async fn ask_as_app(&self, wanted: Wanted) -> Result<Answer, CallError> {
        if self.authority.app_id().is_none() {
            let message = "only an App has a log of its webhooks".to_owned();
            return Err(CallError::Refused { status: NO_LOG, message });
        }
        self.pace.before_read(0).await?;
        let credential = self.authority.own_credential()?;
        self.send(&wanted, &credential, None).await
    }
}
