//! Reads one request: puts form, name, reasons, possessions, secrets and language together.

use super::form::{Form, Sheet, split};
use super::language::language_of;
use super::possessions::{email_access, password_known, recovery_codes};
use super::reasons::reasons_of;
use super::secrets::{find_secrets, kinds_of};
use super::statements::{Account, account_of};
use super::text::{PROSE_BYTES_MAX, first_bytes, prose, with_plain_line_ends, without_quotations};
use super::username::{NameReading, read_name};
use super::words::matters::Matter;
use super::words::screens::Screen;
use super::words::states::State;
use super::words::topics::Topic;
use super::{Doubt, FormKind, Known, Missing, Reading, Reason, RecoveryCodes, Site};

/// Reads an issue: its title and body, in whatever shape they are.
pub fn read_request(form: &Form, title: &str, body: &str) -> Reading {
    let body = with_plain_line_ends(body);
    let title = with_plain_line_ends(title);
    let sheet = split(form, &body);
    let answer = own_answer(form, &sheet);
    let says_title = !form.is_own_title(&title);
    let spoken = if says_title { format!("{title}\n\n{answer}") } else { answer.clone() };
    let with_quotations = prose(&spoken);
    let own = without_quotations(&with_quotations);
    let account = account_of(&own, first_bytes(&spoken, PROSE_BYTES_MAX));
    let name = read_name(sheet.username.as_deref(), &spoken);
    let mut reasons = reasons_of(&account);
    if name.is_unknown_to_writer && !reasons.contains(&Reason::ForgotUsername) {
        reasons.push(Reason::ForgotUsername);
        reasons.sort_unstable();
    }
    let boxes = sheet.checkboxes;
    let codes = recovery_codes(&account, &boxes);
    let whole = format!("{title}\n{body}");
    let mut reading = Reading {
        is_account_recovery: is_recovery(&sheet, &account, &reasons, says_title, &title),
        form: sheet.kind,
        username: name.name.clone(),
        username_candidates: name.candidates.clone(),
        email_access: email_access(&account, &reasons),
        password_known: password_known(&account, &reasons),
        recovery_codes: codes,
        checkboxes: boxes,
        site: site_of(&spoken),
        language: language_of(&spoken_by_writer(form, &own, &with_quotations)),
        sensitive: kinds_of(&find_secrets(&whole)),
        missing: Vec::new(),
        doubts: Vec::new(),
        reasons,
    };
    reading.missing = missing_in(&reading);
    reading.doubts = doubts_in(&reading, &account, name);
    reading
}

/// The answer about the reason, without the lines the form brought.
fn own_answer(form: &Form, sheet: &Sheet) -> String {
    let mut answer = String::with_capacity(sheet.reason.len());
    for line in sheet.reason.lines() {
        if !form.is_noise(line) {
            answer.push_str(line);
        }
        answer.push('\n');
    }
    answer
}

/// What tells the language: not the form's own lines, and quotations only where nothing else is said.
fn spoken_by_writer(form: &Form, own: &str, with_quotations: &str) -> String {
    let without_menu = |text: &str| {
        text.lines().filter(|line| !form.is_menu_option(line)).collect::<Vec<_>>().join("\n")
    };
    let chosen = without_menu(own);
    if chosen.chars().any(char::is_alphabetic) { chosen } else { with_quotations.to_owned() }
}

fn is_recovery(
    sheet: &Sheet,
    account: &Account,
    reasons: &[Reason],
    says_title: bool,
    title: &str,
) -> bool {
    let has_reason = reasons.iter().any(|&reason| reason != Reason::Other);
    let is_elsewhere =
        account.speaks_of(Matter::Organization) || account.speaks_of(Matter::NoRecovery);
    match sheet.kind {
        FormKind::OtherForm => {
            has_reason
                && !reasons.contains(&Reason::Other)
                && account.speaks_of(Matter::WantsBackIn)
        }
        FormKind::Form2024 | FormKind::Form2021 | FormKind::Markdown2020 => {
            has_reason || !is_elsewhere
        }
        FormKind::Freeform => {
            let own_title = !says_title && !title.trim().is_empty();
            (own_title || has_reason || account.speaks_of(Matter::WantsBackIn))
                && (has_reason || !is_elsewhere)
        }
    }
}

fn site_of(spoken: &str) -> Site {
    let spoken = spoken.to_lowercase();
    let names_test = ["test.pypi", "testpypi", "test pypi", "pypi test", "test-pypi", "test,pypi"]
        .iter()
        .any(|name| spoken.contains(name));
    if names_test {
        return Site::Testpypi;
    }
    if spoken.contains("pypi.org") { Site::Pypi } else { Site::Unknown }
}

fn missing_in(reading: &Reading) -> Vec<Missing> {
    let mut missing = Vec::new();
    if reading.username.is_none() && !reading.reasons.contains(&Reason::ForgotUsername) {
        missing.push(Missing::Username);
    }
    if reading.reasons.is_empty() {
        missing.push(Missing::Reason);
    }
    if reading.checkboxes.code_of_conduct == Some(false) {
        missing.push(Missing::CodeOfConduct);
    }
    if reading.checkboxes.acknowledgement == Some(false) {
        missing.push(Missing::Acknowledgement);
    }
    missing
}

fn doubts_in(reading: &Reading, account: &Account, name: NameReading) -> Vec<Doubt> {
    let mut doubts = Vec::new();
    let mut doubt = |field: &str, why: &str| {
        doubts.push(Doubt { field: field.to_owned(), why: why.to_owned() })
    };
    if let Some(why) = name.doubt {
        doubt("username", &why);
    }
    let has_codes = matches!(reading.recovery_codes, RecoveryCodes::Has | RecoveryCodes::Rejected);
    if has_codes && reading.checkboxes.recovery_codes == Some(true) {
        doubt(
            "recovery_codes",
            "the box says that there are no codes and the text says that there are",
        );
    }
    if account.says(Topic::Codes, State::Have) && account.says(Topic::Codes, State::Lost) {
        doubt("recovery_codes", "the text says both that codes are at hand and that they are lost");
    }
    if account.says(Topic::Factor, State::Have) && reading.reasons.contains(&Reason::Lost2fa) {
        doubt(
            "reasons",
            "the text says both that the second factor is at hand and that it is lost",
        );
    }
    if account.says(Topic::Mailbox, State::Have) && reading.email_access == Known::No {
        doubt(
            "email_access",
            "the text speaks of a mailbox that is lost and of one that can be read",
        );
    }
    if account.speaks_of(Matter::OwnerGone) || account.speaks_of(Matter::Transfer) {
        doubt("username", "the account may belong to somebody else");
    }
    if account.shows(Screen::BreachedPassword) {
        doubt("reasons", "the message about a breached password is no sign of a takeover");
    }
    if reading.reasons.is_empty() && account.words > 0 {
        doubt("reasons", "something is said, and no reason was found in it");
    }
    if reading.site == Site::Testpypi {
        doubt("site", "TestPyPI is named: its accounts are separate from those on pypi.org");
    }
    doubts
}
