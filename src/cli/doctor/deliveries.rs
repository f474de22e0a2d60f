//! What became of the webhooks GitHub sent last.

use std::collections::BTreeMap;

use super::finding::Finding;
use crate::github::SentWebhook;

const CHECK: &str = "deliveries";

/// Judges GitHub's log, newest first. A failure that was made good by a later attempt is none.
pub(super) fn judge(log: &[SentWebhook]) -> Finding {
    let mut last: BTreeMap<&str, &SentWebhook> = BTreeMap::new();
    for attempt in log {
        last.entry(&attempt.guid).or_insert(attempt);
    }
    let failed: Vec<&&SentWebhook> = last.values().filter(|attempt| !is_good(attempt)).collect();
    let Some(newest) = log.first() else {
        return Finding::note(CHECK, "GitHub has sent nothing in the last three days");
    };
    if failed.is_empty() {
        return Finding::ok(CHECK, format!("the last {} arrived", last.len()));
    }
    let so_many = format!("{} of the last {} did not arrive", failed.len(), last.len());
    if is_good(newest) {
        let what = format!("{so_many}, but the newest did; the sweep takes in what they told");
        return Finding::note(CHECK, what);
    }
    let status = newest.status_code;
    let what = format!("{so_many}; the newest, {}, ended with {status}", newest.event);
    Finding::fault(CHECK, what, cure(status))
}

fn is_good(attempt: &SentWebhook) -> bool {
    (200..300).contains(&attempt.status_code)
}

fn cure(status: u16) -> &'static str {
    match status {
        401 => "set the App's webhook secret and GITHUB_WEBHOOK_SECRET to the same text",
        404 | 405 => "the App's webhook must lead to /webhooks/github of the desk",
        400 => "set the webhook's content type to application/json",
        503 => "the desk could not store it: see what is said of the database",
        300..=399 => "GitHub does not follow a redirection: set the webhook to where it leads",
        0 | 500.. => {
            "is `keydesk serve` running, and can GitHub reach it (name, certificate, port)? What did \
             not arrive is taken in by the sweep once it can"
        }
        _ => "look at the delivery on the App's settings page under Advanced",
    }
}
