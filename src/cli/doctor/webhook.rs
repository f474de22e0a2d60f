//! Where the App's webhooks go, and how.

use serde_json::Value;

use super::finding::Finding;
use crate::github::checkup::HookConfig;

const CHECK: &str = "webhook";

/// Where the receiver is, below the public address.
const PATH: &str = "/webhooks/github";

/// Judges the App's webhook, given where people reach this service from outside.
pub(super) fn judge(hook: &HookConfig, public_url: Option<&str>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut fault =
        |what: String, help: &str| findings.push(Finding::fault(CHECK, what, in_settings(help)));
    let url = hook.url.as_deref().unwrap_or_default();
    let wanted = public_url.map(|public| format!("{public}{PATH}"));
    match &wanted {
        _ if url.is_empty() => {
            let place = wanted.clone().unwrap_or_else(|| format!("https://…{PATH}"));
            fault(
                "the App has no webhook".to_owned(),
                &format!("tick Active and set its URL to {place}"),
            );
        }
        Some(wanted) if url != wanted.as_str() => {
            let what = format!("GitHub sends to {url}, and this desk is at {wanted}");
            fault(what, &format!("set its URL to {wanted}; or is KEYDESK_PUBLIC_URL wrong?"));
        }
        None if !url.ends_with(PATH) => {
            let what = format!("GitHub sends to {url}, and the desk listens at {PATH}");
            fault(what, &format!("set its URL to the desk's address and {PATH}"));
        }
        Some(_) | None => {}
    }
    let content_type = hook.content_type.as_deref().unwrap_or("form");
    if content_type != "json" {
        let what = format!("GitHub sends it as `{content_type}`");
        fault(what, "set its content type to application/json");
    }
    let is_insecure = match &hook.insecure_ssl {
        Value::String(text) => text != "0",
        Value::Number(number) => number.as_u64() != Some(0),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => false,
    };
    if is_insecure {
        let what = "GitHub does not look at the desk's certificate";
        fault(what.to_owned(), "enable SSL verification");
    }
    if hook.secret.as_deref().unwrap_or_default().is_empty() {
        let what = "the webhook has no secret, so every delivery is refused";
        fault(what.to_owned(), "set its secret to what GITHUB_WEBHOOK_SECRET is");
    }
    if findings.is_empty() {
        findings.push(Finding::ok(CHECK, format!("GitHub sends JSON to {url}")));
    }
    findings
}

fn in_settings(help: &str) -> String {
    format!("on the App's settings page under Webhook: {help}")
}
