//! What a request lacks, and which fields a person should look at.

use super::account::Account;
use super::evidence::{Conclusion, Doubt};
use super::reasons::is_guess;
use super::words::meanings::{Matter, Screen, State, Topic};
use super::{Missing, Reading, Reason, RecoveryCodes, Site};

impl Reading {
    /// Whether it lacks nothing that a request of its kind must have.
    pub fn is_complete(&self) -> bool {
        self.missing.is_empty() && self.missing_fields.is_empty()
    }
}

/// What a request must have and this one lacks.
pub fn missing_in(reading: &Reading) -> Vec<Missing> {
    let knows_name = reading.username.is_some();
    let lacks = [
        (!knows_name && !reading.reasons.contains(&Reason::ForgotUsername), Missing::Username),
        (reading.reasons.is_empty(), Missing::Reason),
        (reading.checkboxes.code_of_conduct == Some(false), Missing::CodeOfConduct),
        (reading.checkboxes.acknowledgement == Some(false), Missing::Acknowledgement),
    ];
    lacks.into_iter().filter(|(is_so, _)| *is_so).map(|(_, missing)| missing).collect()
}

/// Which fields a person should look at, and why.
pub fn doubts_in(
    reading: &Reading,
    account: &Account,
    reasons: &[Conclusion<Reason>],
) -> Vec<Doubt> {
    let of_reading = about_reading(reading, account);
    let of_account = about_account(account);
    let is_guessed = reasons.iter().any(is_guess);
    let guessed = (is_guessed, "reasons", "nothing is said outright, and what is named decided");
    let all = of_reading.into_iter().chain(of_account).chain([guessed]);
    all.filter(|(is_so, _, _)| *is_so).map(|(_, field, why)| Doubt::new(field, why)).collect()
}

/// Whether it is a doubt, about which field, and why.
type Possible = (bool, &'static str, &'static str);

/// Doubts that come of holding one field against another.
fn about_reading(reading: &Reading, account: &Account) -> [Possible; 4] {
    let has_codes = matches!(reading.recovery_codes, RecoveryCodes::Has | RecoveryCodes::Rejected);
    let names_both_sites =
        account.speaks_of(Matter::TestSite) && account.speaks_of(Matter::MainSite);
    [
        (
            has_codes && reading.checkboxes.recovery_codes == Some(true),
            "recovery_codes",
            "the box says that there are no codes and the text says that there are",
        ),
        (
            reading.reasons.is_empty() && account.words > 0,
            "reasons",
            "something is said, and no reason was found in it",
        ),
        (
            reading.site == Site::Testpypi,
            "site",
            "TestPyPI is named: its accounts are separate from those on pypi.org",
        ),
        (names_both_sites, "site", "both sites are named"),
    ]
}

/// Doubts that the text itself brings.
fn about_account(account: &Account) -> [Possible; 6] {
    let says_both =
        |topic: Topic| account.says(topic, State::Have) && account.says(topic, State::Lost);
    let somebody_elses =
        account.speaks_of(Matter::OwnerGone) || account.speaks_of(Matter::Transfer);
    [
        (
            says_both(Topic::Codes),
            "recovery_codes",
            "the text says both that codes are at hand and that they are lost",
        ),
        (
            says_both(Topic::Factor),
            "reasons",
            "the text says both that the second factor is at hand and that it is lost",
        ),
        (
            says_both(Topic::Mailbox),
            "email_access",
            "the text speaks of a mailbox that is lost and of one that can be read",
        ),
        (
            says_both(Topic::Password),
            "password_known",
            "the text says both that the password is known and that it is not",
        ),
        (somebody_elses, "username", "the account may belong to somebody else"),
        (
            account.shows(Screen::BreachedPassword),
            "reasons",
            "the message about a breached password is no sign of a takeover",
        ),
    ]
}
