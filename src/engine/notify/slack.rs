//! `{"text": …}`, as Slack and those who copy it take it.

use serde_json::json;

use crate::triage::ChatMessage;

/// The message as Slack takes it; `<`, `>` and `&` have a meaning there.
pub(super) fn body(message: &ChatMessage, id: &str) -> String {
    let text = message.text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    json!({ "text": format!("{text}\n{} ({id})", message.url) }).to_string()
}
