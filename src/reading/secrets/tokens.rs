//! API tokens, known by how they begin.

use super::spotting::{Marked, Meaning};
use super::{Found, Sensitive};

/// How tokens begin, exactly so; [`LENGTHS`] has their lengths.
pub const STARTS: &[&str] =
    &["pypi-", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-"];

/// How many characters must follow a beginning at least.
const LENGTHS: &[(&str, usize)] = &[("pypi-", 40), ("github_pat_", 40), ("glpat-", 20), ("gh", 36)];

/// Different characters that a real token has at least; placeholders repeat a few.
const VARIETY_MIN: usize = 8;

/// Adds the tokens of a text.
pub fn add(marked: &Marked<'_>, found: &mut Found) {
    let mut tried_to = 0;
    for word in marked.words_of(Meaning::Token) {
        if word.start < tried_to {
            continue;
        }
        let start = &marked.text[word.start..word.end];
        let rest = &marked.text.as_bytes()[word.end..];
        let length_min = LENGTHS
            .iter()
            .find(|(known, _)| start.starts_with(known))
            .map_or(usize::MAX, |it| it.1);
        let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        let length = rest.iter().take_while(is_part).count();
        tried_to = word.end + length;
        if length >= length_min && looks_random(start, &rest[..length]) {
            found.add(Sensitive::ApiToken, word.start, tried_to);
        }
    }
}

/// A file name such as `pypi-recovery-codes-…` is no token, nor is a row of `x`.
fn looks_random(start: &str, token: &[u8]) -> bool {
    let has = |test: fn(&u8) -> bool| token.iter().any(test);
    let mut seen = [false; 256];
    token.iter().for_each(|&byte| seen[usize::from(byte)] = true);
    let variety = seen.iter().filter(|&&is_seen| is_seen).count();
    let is_mixed =
        has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase) && has(u8::is_ascii_digit);
    variety >= VARIETY_MIN && (is_mixed || !start.starts_with("pypi") || token.starts_with(b"Ag"))
}
