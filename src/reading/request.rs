//! Reads one request: puts form, name, reasons, possessions, secrets and language together.

use std::borrow::Cow;

use super::form::{Answer, Form, Sheet, split};
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
use super::{Doubt, FormKind, Missing, Reading, Reason, RecoveryCodes, Site};

/// Reads an issue: its title and body, in whatever shape they are.
pub fn read_request(form: &Form, title: &str, body: &str) -> Reading {
    let body = with_plain_line_ends(body);
    let title = with_plain_line_ends(title);
    let visible = blanked(&body);
    let sheet = split(form, &visible);
    let answer = own_answer(form, &sheet);
    let says_title = !form.is_own_title(&title);
    let has_form_title = !says_title && !title.trim().is_empty();
    let spoken = if says_title { format!("{title}\n\n{answer}") } else { answer.clone() };
    let with_quotations = prose(&spoken);
    let own = without_quotations(&with_quotations);
    let account = account_of(&own, first_bytes(&spoken, PROSE_BYTES_MAX));
    let name = read_name(sheet.username.as_ref().map(Answer::joined).as_deref(), &spoken);
    let mut reasons = reasons_of(&account);
    if name.is_unknown_to_writer && !reasons.contains(&Reason::ForgotUsername) {
        reasons.push(Reason::ForgotUsername);
        reasons.sort_unstable();
    }
    let boxes = sheet.boxes.checkboxes();
    let codes = recovery_codes(&account, &boxes);
    let whole = format!("{title}\n{body}");
    let mut reading = Reading {
        is_account_recovery: is_recovery(&sheet, &account, &reasons, has_form_title),
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

/// The body with HTML comments blanked, byte by byte, so that every place stays where it is.
fn blanked(body: &str) -> Cow<'_, str> {
    let last_end = body.rfind("-->").unwrap_or(0);
    let mut visible = String::new();
    let mut done = 0;
    while let Some(start) = body[done..].find("<!--").map(|at| done + at) {
        // An open comment hides nothing: rather too much read than a request lost.
        let end = match (start < last_end).then(|| body[start..].find("-->")).flatten() {
            Some(length) => start + length + 3,
            None => start + 4,
        };
        visible.push_str(&body[done..start]);
        let hidden = body[start..end].bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' });
        visible.extend(hidden);
        done = end;
    }
    if done == 0 && !body.contains("-->") {
        return Cow::Borrowed(body);
    }
    visible.push_str(&body[done..]);
    Cow::Owned(visible.replace("-->", "   "))
}

/// The answer about the reason, without the lines the form brought.
fn own_answer(form: &Form, sheet: &Sheet<'_>) -> String {
    let mut answer = String::new();
    for line in sheet.reason.blocks.iter().flat_map(|block| block.lines()) {
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
    sheet: &Sheet<'_>,
    account: &Account,
    reasons: &[Reason],
    has_form_title: bool,
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
            (has_form_title || has_reason || account.speaks_of(Matter::WantsBackIn))
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
    let has_codes = matches!(reading.recovery_codes, RecoveryCodes::Has | RecoveryCodes::Rejected);
    let says_both =
        |topic: Topic| account.says(topic, State::Have) && account.says(topic, State::Lost);
    let somebody_elses =
        account.speaks_of(Matter::OwnerGone) || account.speaks_of(Matter::Transfer);
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
            reading.site == Site::Testpypi,
            "site",
            "TestPyPI is named: its accounts are separate from those on pypi.org",
        ),
    ];
    let of_name = name.doubt.map(|why| Doubt { field: "username".to_owned(), why });
    let of_text = doubts.into_iter().filter(|(is_so, _, _)| *is_so);
    of_name
        .into_iter()
        .chain(
            of_text.map(|(_, field, why)| Doubt { field: field.to_owned(), why: why.to_owned() }),
        )
        .collect()
}
