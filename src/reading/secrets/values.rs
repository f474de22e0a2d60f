//! What stands where a password would: its extent, and whether it looks like one.

use std::ops::{Range, RangeInclusive};

use super::BLANK;
use super::near::{after, begins_with_any, is_ideographic};

/// Names with capitals or digits inside, which are nobody's password.
const KNOWN_NAMES: &[&str] = &[
    "github",
    "gitlab",
    "bitbucket",
    "testpypi",
    "pypi.org",
    "lastpass",
    "keepass",
    "keepassx",
    "keepassxc",
    "1password",
    "bitwarden",
    "dashlane",
    "nordpass",
    "yubikey",
    "yubico",
    "oauth",
    "oauth2",
    "iphone",
    "ipad",
    "icloud",
    "macbook",
    "macos",
    "onepassword",
    "googleauth",
    "whatsapp",
    "linkedin",
    "readthedocs",
    "anaconda3",
    "python2",
    "python3",
    "windows10",
    "windows11",
];

/// Beginnings of what is said about a password but isn't one.
const NO_PASSWORDS: &[&str] = &[
    "http", "pypi-", "2fa", "totp", "sha1", "sha256", "sha512", "md5", "utf-8", "[", "/", "(", "$",
    "{",
];

/// Characters of a password.
const LENGTH: RangeInclusive<usize> = 6..=80;

fn is_opener(letter: char) -> bool {
    matches!(letter, '"' | '\'' | '`' | '“' | '‘' | '„' | '«' | '「' | '『')
}

/// Whether a quotation may end with it.
pub fn is_closer(letter: char) -> bool {
    matches!(letter, '"' | '\'' | '`' | '”' | '“' | '’' | '»' | '」' | '』')
}

/// The unbroken word at a place, without its quotation marks.
pub fn value_at(text: &str, place: usize) -> Range<usize> {
    let lead = after(text, place, 24);
    let opened = lead.trim_start_matches(|letter: char| {
        letter.is_whitespace() || letter == '*' || is_opener(letter)
    });
    let opening = &lead[..lead.len() - opened.len()];
    let start = place + opening.len();
    let value = after(text, start, 2 * LENGTH.end());
    let is_ascii = value.starts_with(|first: char| first.is_ascii());
    let ends = |letter: char| letter.is_whitespace() || is_ascii && is_ideographic(letter);
    let length = value.find(ends).unwrap_or(value.len());
    let mut word = &value[..length];
    if opening.ends_with(is_opener) {
        word = word.find(is_closer).map_or(word, |end| &word[..end]);
    }
    if opening.contains('*') {
        word = word.trim_end_matches(['.', ',', ';']).trim_end_matches('*');
    }
    let word = word
        .trim_end_matches(|letter| matches!(letter, '.' | ',' | ';' | ')') || is_closer(letter));
    start..start + word.len()
}

/// Whether a word is no ordinary one, no placeholder, and of a password's length.
pub fn looks_like_password(word: &str) -> bool {
    LENGTH.contains(&word.chars().count())
        && is_mixed(word)
        && !is_masked(word)
        && !is_address(word)
        && begins_with_any(word, NO_PASSWORDS).is_none()
        && !is_known_name(word)
}

/// Digits, capitals inside or signs inside: what no ordinary word has.
fn is_mixed(word: &str) -> bool {
    let has = |test: fn(char) -> bool| word.chars().any(test);
    let has_capital_inside =
        word.chars().skip(1).any(char::is_uppercase) && has(char::is_lowercase);
    let is_sign = |pair: &[u8]| b"@#$%^&!*~?".contains(&pair[0]) && pair[1].is_ascii_alphanumeric();
    let has_sign_inside = word.as_bytes().get(1..).is_some_and(|rest| rest.windows(2).any(is_sign));
    let is_number = word.bytes().all(|byte| byte.is_ascii_digit());
    let is_all_capitals = !has(char::is_lowercase) && !has(|letter| letter.is_ascii_digit());
    is_number
        || has(char::is_alphabetic)
            && !is_all_capitals
            && (has(|letter| letter.is_ascii_digit()) || has_capital_inside || has_sign_inside)
}

/// Stars and dots instead of letters, a placeholder, a call, a link.
fn is_masked(word: &str) -> bool {
    const MASKS: &[&str] = &["***", "...", "…", "xxx", "•••", "<", "(", BLANK, "://"];
    let may_be = word.contains(['*', '.', '…', 'x', 'X', '•', '<', '(', '[', ':']);
    may_be && {
        let word = word.to_ascii_lowercase();
        MASKS.iter().any(|mask| word.contains(mask))
    }
}

fn is_address(word: &str) -> bool {
    word.rsplit_once('@').is_some_and(|(name, domain)| {
        let ending = domain.rsplit_once('.').map_or("", |(_, ending)| ending);
        !name.is_empty() && ending.len() >= 2 && ending.bytes().all(|it| it.is_ascii_alphabetic())
    })
}

fn is_known_name(word: &str) -> bool {
    let word = word.trim_end_matches("'s").trim_end_matches("’s").trim_end_matches(['!', '?']);
    KNOWN_NAMES.iter().any(|name| name.eq_ignore_ascii_case(word))
}
