//! What a request lacks, and which fields a person should look at.

use super::account::Account;
use super::evidence::{Conclusion, Doubt};
use super::reasons::is_guess;
use super::words::meanings::{Matter, Screen, State, Topic};
use super::{Missing, Reading, Reason, RecoveryCodes, Site};

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
    let has_codes = matches!(reading.recovery_codes, RecoveryCodes::Has | RecoveryCodes::Rejected);
    let says_both =
        |topic: Topic| account.says(topic, State::Have) && account.says(topic, State::Lost);
    let somebody_elses =
        account.speaks_of(Matter::OwnerGone) || account.speaks_of(Matter::Transfer);
    let names_both_sites =
        account.speaks_of(Matter::TestSite) && account.speaks_of(Matter::MainSite);
    let doubts = [
        (
            has_codes && reading.checkboxes.recovery_codes == Some(true),
            "recovery_codes",
            "the box says that there are no codes and the text says that there are",
        ),
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
        (
            reading.reasons.is_empty() && account.words > 0,
            "reasons",
            "something is said, and no reason was found in it",
        ),
        (
            reasons.iter().any(is_guess),
            "reasons",
            "nothing is said outright, and what is named decided",
        ),
        (
            reading.site == Site::Testpypi,
            "site",
            "TestPyPI is named: its accounts are separate from those on pypi.org",
        ),
        (names_both_sites, "site", "both sites are named"),
    ];
    let so = doubts.into_iter().filter(|(is_so, _, _)| *is_so);
    so.map(|(_, field, why)| Doubt::new(field, why)).collect()
}
