//! Writes exports as GitHub's REST gives them.

use serde_json::{Value, json};

/// Requesters.
pub(super) const ADA: &str = "ada";
pub(super) const BEN: &str = "ben";
pub(super) const CLEO: &str = "cleo";
/// Staff.
pub(super) const MIRA: &str = "mira";

/// A tracker being written.
#[derive(Default)]
pub(super) struct Export {
    issues: Vec<Issue>,
}

/// An issue and what happened to it.
pub(super) struct Issue {
    line: Value,
}

fn person(login: &str) -> Value {
    let id = login.bytes().fold(7_u64, |id, byte| id * 31 % 1_000_003 + u64::from(byte));
    let kind = if login.ends_with("[bot]") { "Bot" } else { "User" };
    json!({"id": id, "login": login, "type": kind})
}

fn association(login: &str) -> &'static str {
    if login == MIRA { "MEMBER" } else { "NONE" }
}

fn body(login: &str) -> String {
    format!(
        "### PyPI Username\n\n{login}\n\n### Reason for request\n\nI lost my phone with the \
         authenticator app.\n\n### Recovery Codes\n\n- [x] I never generated or have lost access to \
         the recovery codes for my account\n\n### Code of Conduct\n\n- [x] I agree to follow the PSF \
         Code of Conduct\n\n### Acknowledgement\n\n- [x] I understand that it may take a significant \
         amount of time to process my account recovery request.\n"
    )
}

impl Export {
    /// Somebody files a complete request; each number names an account of its own.
    pub(super) fn open(&mut self, number: u64, login: &str, at: &str) -> &mut Issue {
        let issue = json!({
            "id": 1_000 + number, "number": number, "title": "Account recovery request",
            "body": body(&format!("{login}-{number}")), "state": "open", "user": person(login),
            "labels": [], "assignees": [], "locked": false, "author_association": "NONE",
            "html_url": format!("https://github.com/acme/support/issues/{number}"),
            "created_at": at, "updated_at": at,
        });
        self.issues.push(Issue { line: json!({"issue": issue, "comments": [], "timeline": []}) });
        self.issues.last_mut().expect("it was just pushed")
    }

    pub(super) fn issue(&mut self, number: u64) -> &mut Issue {
        let found = self.issues.iter_mut().find(|one| one.line["issue"]["number"] == number);
        found.expect("an issue")
    }

    pub(super) fn pull_request(&mut self, number: u64) {
        self.open(number, MIRA, "2026-03-02T08:00:00Z").line["issue"]["pull_request"] = json!({});
    }

    pub(super) fn reverse(&mut self) {
        self.issues.reverse();
    }

    pub(super) fn lines(&self) -> String {
        self.issues.iter().map(|issue| format!("{}\n", issue.line)).collect()
    }
}

impl Issue {
    pub(super) fn comment(&mut self, login: &str, at: &str, body: &str) -> &mut Self {
        let number = self.line["issue"]["number"].as_u64().expect("a number");
        let timeline = self.line["timeline"].as_array_mut().expect("a list");
        let id = number * 1_000 + timeline.len() as u64;
        timeline.push(json!({
            "event": "commented", "id": id, "node_id": format!("IC_{id}"), "user": person(login),
            "actor": person(login), "body": body, "created_at": at, "updated_at": at,
            "author_association": association(login),
        }));
        self
    }

    pub(super) fn close(&mut self, login: &str, at: &str) -> &mut Self {
        self.line["issue"]["state"] = "closed".into();
        self.line["issue"]["closed_at"] = at.into();
        let timeline = self.line["timeline"].as_array_mut().expect("a list");
        let id = 500 + timeline.len();
        timeline
            .push(json!({"event": "closed", "id": id, "actor": person(login), "created_at": at}));
        self
    }
}
