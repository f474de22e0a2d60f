//! Whether the App asks for what the bot needs, and for no more.

use std::collections::BTreeMap;

use super::finding::Finding;
use crate::github::checkup::{AppFacts, EVENTS_NEEDED, PERMISSIONS_NEEDED};

const CHECK: &str = "permissions";
const EVENTS: &str = "events";

/// Judges the App's own settings.
pub(super) fn judge(app: &AppFacts) -> Vec<Finding> {
    let mut findings: Vec<Finding> = lacking(&app.permissions)
        .into_iter()
        .map(|lack| {
            let help = "add it on the App's settings page under Permissions & events, and accept it \
                        where the App is installed";
            Finding::fault(CHECK, format!("the App lacks {lack}"), help)
        })
        .collect();
    if findings.is_empty() {
        findings.push(Finding::ok(CHECK, "all that are needed"));
    }
    let spare: Vec<String> = app
        .permissions
        .iter()
        .filter(|(name, _)| !PERMISSIONS_NEEDED.iter().any(|(needed, _)| needed == name))
        .map(|(name, level)| format!("`{name}: {level}`"))
        .collect();
    if !spare.is_empty() {
        findings.push(Finding::note(CHECK, format!("not needed: {}", spare.join(", "))));
    }
    findings.push(judge_events(&app.events));
    findings
}

fn judge_events(events: &[String]) -> Finding {
    let lacking =
        EVENTS_NEEDED.iter().filter(|needed| !events.iter().any(|event| event == *needed));
    let lacking: Vec<String> = lacking.map(|event| format!("`{event}`")).collect();
    if lacking.is_empty() {
        return Finding::ok(EVENTS, "all that are needed");
    }
    let what = format!("the App is not told of {}", lacking.join(", "));
    let help =
        "tick them on the App's settings page under Permissions & events, Subscribe to events";
    Finding::fault(EVENTS, what, help)
}

/// What is needed and not there, in words.
pub(super) fn lacking(permissions: &BTreeMap<String, String>) -> Vec<String> {
    let lack = |(name, level): &(&str, &str)| {
        let given = permissions.get(*name).map(String::as_str);
        let has = given.map(|given| format!(", it has `{given}`")).unwrap_or_default();
        (rank(given) < rank(Some(level))).then(|| format!("the permission `{name}: {level}`{has}"))
    };
    PERMISSIONS_NEEDED.iter().filter_map(lack).collect()
}

fn rank(level: Option<&str>) -> u8 {
    match level {
        Some("read") => 1,
        Some("write") => 2,
        Some("admin") => 3,
        Some(_) | None => 0,
    }
}
