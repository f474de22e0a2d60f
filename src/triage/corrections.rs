//! What was said after the request was filed: it counts more than what the request says.

use serde::{Deserialize, Serialize};

use crate::reading::{Answers, Known, Missing, Reading, Reason, RecoveryCodes, Site};

/// Answers of the requester and corrections by staff; the last word on each thing counts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Corrections {
    /// The account's name.
    pub username: Option<String>,
    /// What is wrong.
    pub reasons: Option<Vec<Reason>>,
    /// Whether recovery codes are at hand.
    pub recovery_codes: Option<RecoveryCodes>,
    /// Whether the mailbox can be read.
    pub email_access: Option<Known>,
    /// Whether somebody is still logged in somewhere.
    pub session: Option<Known>,
    /// Which site it is about.
    pub site: Option<Site>,
}

impl Corrections {
    /// Takes in what a comment answers. Whether it told anything.
    pub(super) fn hear(&mut self, answers: Answers) -> bool {
        let before = self.clone();
        let Answers { username, reasons, recovery_codes, email_access, session, site } = answers;
        self.username = username.or(self.username.take());
        self.reasons = (!reasons.is_empty()).then_some(reasons).or(self.reasons.take());
        self.recovery_codes = recovery_codes.or(self.recovery_codes);
        self.email_access = email_access.or(self.email_access);
        self.session = session.or(self.session);
        self.site = site.or(self.site);
        *self != before
    }

    /// Takes in what a comment tells at length, where nothing is known yet.
    pub(super) fn fill(&mut self, told: Answers, reading: &Reading) -> bool {
        let lacks = |missing: Missing| reading.missing.contains(&missing);
        let is_unknown = reading.recovery_codes == RecoveryCodes::Unknown;
        self.hear(Answers {
            username: told.username.filter(|_| lacks(Missing::Username)),
            reasons: if lacks(Missing::Reason) { told.reasons } else { Vec::new() },
            recovery_codes: told.recovery_codes.filter(|_| is_unknown),
            email_access: told.email_access.filter(|_| reading.email_access == Known::Unknown),
            session: told.session.filter(|_| self.session.is_none()),
            site: told.site.filter(|_| reading.site == Site::Unknown),
        })
    }

    /// Lays them over what the request says.
    pub fn apply(&self, reading: &mut Reading) {
        if let Some(username) = &self.username {
            reading.username = Some(username.clone());
            reading.username_candidates.clear();
            reading.missing.retain(|missing| *missing != Missing::Username);
        }
        if let Some(reasons) = &self.reasons {
            reading.reasons.clone_from(reasons);
            reading.missing.retain(|missing| *missing != Missing::Reason);
        }
        reading.recovery_codes = self.recovery_codes.unwrap_or(reading.recovery_codes);
        reading.email_access = self.email_access.unwrap_or(reading.email_access);
        reading.site = self.site.unwrap_or(reading.site);
    }
}
