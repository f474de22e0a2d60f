//! The keys of second factors: as links and as letters.

use std::ops::Range;

use super::near::{after, end_of_word, length_at};
use super::spotting::Spotted;
use super::{Found, Sensitive};

/// Words for the key that an authenticator app is set up with.
pub const KEYS: &[&str] = &[
    "secret",
    "setup key",
    "set up key",
    "seed",
    "totp key",
    "2fa key",
    "otp key",
    "authenticator key",
    "manual entry key",
    "密钥",
    "密鑰",
    "секретный ключ",
    "clave secreta",
    "chave secreta",
    "clé secrète",
    "chiave segreta",
    "geheimer schlüssel",
    "シークレット",
    "비밀 키",
    "gizli anahtar",
    "kunci rahasia",
];

/// How a link that sets up an authenticator app begins.
pub const LINKS: &[&str] = &["otpauth"];

/// Adds the link at its beginning, if it holds a key, and tells what was tried.
pub fn add_link(text: &str, word: &Spotted, found: &mut Found) -> Range<usize> {
    let rest = &text[word.end..];
    let is_link = rest.starts_with("://") || length_at(rest, "-migration://").is_some();
    let ends = |letter: char| letter.is_whitespace() || "<>\"'`)".contains(letter);
    let end = if is_link { word.end + rest.find(ends).unwrap_or(rest.len()) } else { word.end };
    if text[word.end..end].contains(['=', '%']) {
        found.add(Sensitive::Password, word.start, end);
    }
    word.start..end
}

/// Adds base32 after its name: a run of sixteen or more, or groups of four.
pub fn add_key(text: &str, name_end: usize, found: &mut Found) {
    let lead = after(text, end_of_word(text, name_end), 24);
    let is_gap = |letter: char| letter.is_whitespace() || ":=：`*\"'()是".contains(letter);
    let mut rest = lead.trim_start_matches(is_gap);
    for word in ["key", "code", "is", "was"] {
        rest = rest.strip_prefix(word).map_or(rest, |rest| rest.trim_start_matches(is_gap));
    }
    let start = end_of_word(text, name_end) + lead.len() - rest.len();
    let is_apart = text[..start].ends_with(is_gap);
    let key = after(text, start, 100).as_bytes();
    let is_digit = |byte: &u8| byte.is_ascii_alphabetic() || matches!(byte, b'2'..=b'7');
    let run = key.iter().take_while(|byte| is_digit(byte)).count();
    let length = if run == 4 { grouped_length(key, is_digit) } else { run };
    let digits = key[..length].iter().filter(|byte| byte.is_ascii_digit()).count();
    let is_capital = key[..run].iter().all(|byte| !byte.is_ascii_lowercase()) && run >= 16;
    let goes_on = key.get(length).is_some_and(|&next| next == b'_' || next.is_ascii_alphanumeric());
    if is_apart && (16..=80).contains(&length) && !goes_on && (is_capital || digits >= 2) {
        found.add(Sensitive::Password, start, start + length);
    }
}

/// The length of groups of four with blanks or hyphens between.
fn grouped_length(key: &[u8], is_digit: impl Fn(&u8) -> bool) -> usize {
    let is_group = |group: &&[u8]| {
        group.len() == 5 && matches!(group[0], b' ' | b'-') && group[1..].iter().all(&is_digit)
    };
    4 + 5 * key[4..].chunks(5).take_while(is_group).count()
}
