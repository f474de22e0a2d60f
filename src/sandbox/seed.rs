//! What the demo begins with: one tracker, three people, a few labels.

use jiff::Timestamp;

use super::state::{Actor, LabelText, Refusal, RepositoryName, Role, State};

/// Who can be played on the demo's pages, and as what.
pub const PEOPLE: [(&str, &str); 3] = [
    ("ada-locked-out", "the requester"),
    ("mira-maintainer", "a maintainer"),
    ("ben-bystander", "a bystander"),
];

/// The label the request form sets, so GitHub must know it before the first request.
pub const REQUEST_LABEL: &str = "account-recovery";

/// Where the request form lies.
const FORM_PATH: &str = ".github/ISSUE_TEMPLATE/account-recovery.yml";

/// The request form.
const FORM: &str = include_str!("../../config/demo/account-recovery.yml");

/// The demo's tracker.
#[must_use]
pub fn tracker() -> RepositoryName {
    RepositoryName::new("acme", "support")
}

impl State {
    /// Sets up the demo's tracker with its request form; the policy file, if given, lies in it as
    /// `.github/keydesk.toml`.
    pub fn seed_demo(&mut self, now: Timestamp, policy: Option<&str>) -> Result<(), Refusal> {
        let tracker = tracker();
        let mut acting = self.acting(Actor::App, now);
        acting.create_repository(&tracker).description =
            "Help for people who are locked out of their account".to_owned();
        for (login, title) in PEOPLE {
            let role = if title == "a maintainer" { Role::Triage } else { Role::Read };
            acting.give_role(&tracker, login, role)?;
        }
        acting.create_label(
            &tracker,
            LabelText {
                name: Some(REQUEST_LABEL.to_owned()),
                color: Some("5b5bd6".to_owned()),
                description: Some("Somebody asks for an account back".to_owned()),
            },
        )?;
        acting.push_file(&tracker, FORM_PATH, Some(FORM.as_bytes()))?;
        if let Some(policy) = policy {
            acting.push_file(&tracker, ".github/keydesk.toml", Some(policy.as_bytes()))?;
        }
        acting.announce_installation();
        self.take_events();
        Ok(())
    }
}
