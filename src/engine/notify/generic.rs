//! JSON with all fields, signed like GitHub's own webhooks.

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use sha2::Sha256;

use crate::triage::ChatMessage;

/// The message with all its fields.
pub(super) fn body(message: &ChatMessage, id: &str) -> String {
    let mut body =
        json!({ "id": id, "chat": message.chat, "url": message.url, "text": message.text });
    if !message.figures.is_empty() {
        body["figures"] = json!(message.figures);
    }
    body.to_string()
}

/// `sha256=<hex>` of the body.
pub(super) fn signature(secret: &SecretString, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes())
        .expect("HMAC takes keys of any length");
    mac.update(body.as_bytes());
    format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
}
