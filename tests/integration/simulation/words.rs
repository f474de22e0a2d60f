//! What was said in a world, as GitHub told it.

use super::people::STAFF;
use super::world::World;

/// A comment that was written or changed.
#[derive(Clone, Debug)]
pub(super) struct Word {
    /// Its place among everything GitHub sent.
    pub(super) at: usize,
    /// GUID of the delivery.
    pub(super) guid: String,
    pub(super) issue: u64,
    pub(super) comment: u64,
    pub(super) author: String,
    /// Who wrote or changed it.
    pub(super) speaker: String,
    pub(super) body: String,
    /// Who opened the issue.
    pub(super) requester: String,
}

impl Word {
    /// Whether staff speak for themselves.
    pub(super) fn is_of_staff(&self) -> bool {
        self.author == self.speaker && STAFF.contains(&self.speaker.as_str())
    }
}

/// Every comment of the tracker that was written or changed, in order.
pub(super) fn words(world: &World) -> Vec<Word> {
    let mut words = Vec::new();
    for (at, event) in world.sent.iter().enumerate() {
        let is_said = matches!(event.action.as_deref(), Some("created" | "edited"));
        let payload = &event.payload;
        let is_here = payload["repository"]["name"] == "support";
        if event.event != "issue_comment" || !is_said || !is_here {
            continue;
        }
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        words.push(Word {
            at,
            guid: event.guid.clone(),
            issue: payload["issue"]["number"].as_u64().unwrap_or_default(),
            comment: payload["comment"]["id"].as_u64().unwrap_or_default(),
            author: text(&payload["comment"]["user"]["login"]),
            speaker: text(&payload["sender"]["login"]),
            body: text(&payload["comment"]["body"]),
            requester: text(&payload["issue"]["user"]["login"]),
        });
    }
    words
}
