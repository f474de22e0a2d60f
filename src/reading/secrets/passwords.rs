//! Passwords: named, remembered, or in a link. The keys of second factors are looked for on the way.

use std::ops::Range;

use super::near::{after, before, begins_with_any, end_of_word, is_ideographic};
use super::spotting::{Marked, Meaning, Spotted};
use super::values::{is_closer, looks_like_password, value_at};
use super::{Found, Sensitive, factors};

/// Words for a password, with the misspellings that people make.
pub const NAMES: &[&str] = &[
    // English, German, Dutch
    "passw",
    "paswo",
    "paswd",
    "passowr",
    "passcode",
    "pass phrase",
    "pass word",
    "pass",
    "pwd",
    "pw:",
    "kennwort",
    "wachtwoord",
    // Spanish, Portuguese, French, Italian
    "contraseña",
    "contrasena",
    "clave",
    "senha",
    "mot de passe",
    "mdp",
    "parola d'ordine",
    // Russian, Turkish, Indonesian
    "парол",
    "şifre",
    "sifre",
    "parola",
    "kata sandi",
    "sandi",
    "mật khẩu",
    // Chinese, Japanese, Korean
    "密码",
    "密碼",
    "口令",
    "パスワード",
    "パスコード",
    "비밀번호",
    "패스워드",
    "암호",
];

/// Words before a password that somebody tries to remember.
pub const GUESSES: &[&str] = &[
    "it is",
    "it was",
    "it were",
    "it might be",
    "it could be",
    "it may be",
    "it should be",
    "it might have been",
    "it could have been",
    "it may have been",
    "maybe is",
    "maybe was",
    "maybe it's",
    "perhaps was",
    "believe that is",
    "believe that was",
    "think that was",
    "es war",
];

/// Words that may stand between the word for a password and what joins it to the password.
const FILLERS: &[&str] = &[
    "for",
    "to",
    "of",
    "on",
    "at",
    "in",
    "my",
    "the",
    "this",
    "that",
    "account",
    "pypi",
    "pypi.org",
    "testpypi",
    "test.pypi.org",
    "login",
    "i",
    "use",
    "used",
    "had",
    "have",
    "has",
    "then",
    "there",
    "would",
    "might",
    "could",
    "may",
    "should",
    "must",
    "für",
    "mein",
    "pour",
    "mon",
    "compte",
    "para",
    "mi",
    "cuenta",
    "от",
    "для",
    "на",
];

/// Words that join it to the password.
const JOINTS: &[&str] = &[
    "is", "was", "were", "are", "be", "been", "ist", "war", "waren", "lautet", "es", "era", "est",
    "était", "é", "è", "был", "была", "это", "adalah", "yaitu",
];

/// Signs that do, and words of scripts that put no blanks between words.
const JOINT_SIGNS: &[&str] =
    &[":", "=", "：", "＝", "->", "→", "是", "为", "為", "は", "が", "는", "은", "가", "이"];

/// Words that may stand right before the password.
const HEDGES: &[&str] = &[
    "probably",
    "still",
    "maybe",
    "perhaps",
    "likely",
    "either",
    "something like",
    "i think",
    "i guess",
    "always",
    "just",
    "simply",
];

/// Words between one password and the next.
const ALTERNATIVES: &[&str] = &[
    "or",
    "and",
    "oder",
    "und",
    "ou",
    "o",
    "y",
    "или",
    "veya",
    "atau",
    "或者",
    "或",
    "和",
    "または",
];

/// How far before a guess the word for a password may stand.
const GUESS_BYTES_MAX: usize = 120;

/// Passwords in a row, such as "this or that or that".
const ROW_MAX: usize = 4;

/// Telling words that are looked around at most; nobody needs so many to ask for help.
const WORDS_MAX: usize = 1000;

/// What such words mean.
const TELLING: [Meaning; 4] =
    [Meaning::Password, Meaning::Guess, Meaning::FactorKey, Meaning::FactorLink];

/// Adds the passwords of a text.
pub fn add(marked: &Marked<'_>, found: &mut Found) {
    add_in_links(marked, found);
    let mut name_end = None;
    let mut tried = 0..0;
    let is_telling = |word: &&Spotted| TELLING.contains(&word.meaning);
    for word in marked.words.iter().filter(is_telling).take(WORDS_MAX) {
        // Inside a value no word is looked at again; one right at its beginning may be a label.
        if tried.contains(&word.start) && word.start > tried.start {
            continue;
        }
        match word.meaning {
            Meaning::Password => {
                let name = end_of_word(marked.text, word.end);
                name_end = Some(name);
                tried = word.start..name;
                if let Some(place) = after_joint(marked.text, word.start, name) {
                    tried = add_row(marked.text, place, found);
                }
            }
            Meaning::Guess => add_guess(marked.text, word, name_end, found),
            Meaning::FactorKey => factors::add_key(marked.text, word.end, found),
            Meaning::FactorLink => tried = factors::add_link(marked.text, word, found),
            Meaning::Token
            | Meaning::Link
            | Meaning::Code
            | Meaning::Hash
            | Meaning::Phone
            | Meaning::Document => {}
        }
    }
}

/// The place after `password for my account is`, if the words say so.
fn after_joint(text: &str, name_start: usize, name_end: usize) -> Option<usize> {
    let window = after(text, name_end, 100);
    let place_of = |rest: &str| name_end + window.len() - rest.len();
    let mut rest = window.trim_start_matches(['"', '\'', '`', '*', ')', ']']);
    for _ in 0..6 {
        let word = rest.trim_start_matches(is_blank);
        if let Some((_, length)) = begins_with_any(word, JOINT_SIGNS) {
            return Some(place_of(second_joint(&word[length..])));
        }
        if let Some(remark) = word.strip_prefix('(') {
            rest = remark.split_once(')').filter(|(inside, _)| !inside.contains('\n'))?.1;
            continue;
        }
        if word.len() == rest.len() {
            return None;
        }
        if text[..name_start].ends_with("--") {
            return Some(place_of(word));
        }
        let end = word.find(ends_word)?;
        if is_among(&word[..end], JOINTS) {
            return Some(place_of(second_joint(&word[end..])));
        }
        rest = is_among(&word[..end], FILLERS).then_some(&word[end..])?;
    }
    None
}

fn is_blank(letter: char) -> bool {
    letter.is_whitespace() && letter != '\n'
}

fn ends_word(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, ':' | '=' | '：')
}

fn is_among(word: &str, words: &[&str]) -> bool {
    words.iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// What follows a second joint, as in `is:`, or a hedge, as in `was probably`.
fn second_joint(text: &str) -> &str {
    let mut rest = text;
    for words in [&[":", "=", "："][..], HEDGES] {
        let next = rest.trim_start_matches(is_blank);
        if let Some((_, length)) = begins_with_any(next, words) {
            rest = &next[length..];
        }
    }
    rest
}

/// Adds the passwords that stand at a place, and tells what was tried as the first of them.
fn add_row(text: &str, place: usize, found: &mut Found) -> Range<usize> {
    let first = value_at(text, place);
    let mut value = first.clone();
    for _ in 0..ROW_MAX {
        if !looks_like_password(&text[value.clone()]) {
            break;
        }
        found.add(Sensitive::Password, value.start, value.end);
        let Some(next) = alternative_after(text, value.end) else { break };
        value = value_at(text, next);
    }
    first
}

/// The place after `, or` and the like.
fn alternative_after(text: &str, place: usize) -> Option<usize> {
    let rest = after(text, place, 24);
    let closed =
        rest.trim_start_matches(|letter| is_closer(letter) || letter == '*' || letter == ',');
    let word = closed.trim_start_matches(is_blank);
    let (joint, length) = begins_with_any(word, ALTERNATIVES)?;
    let is_free = joint.starts_with(is_ideographic)
        || word.len() < closed.len() && word[length..].starts_with(char::is_whitespace);
    is_free.then(|| place + rest.len() - word.len() + length)
}

/// `it was this or that`, where a password was spoken of just before.
fn add_guess(text: &str, word: &Spotted, name_end: Option<usize>, found: &mut Found) {
    let is_near = |name: usize| {
        name <= word.start
            && word.start - name <= GUESS_BYTES_MAX
            && !text[name..word.start].contains("\n\n")
    };
    let is_word = !before(text, word.start, 1).ends_with(|it: char| it.is_ascii_alphabetic());
    if is_word && text[word.end..].starts_with(is_blank) && name_end.is_some_and(is_near) {
        let rest = after(text, word.end, 100);
        let place = word.end + rest.len() - second_joint(rest).len();
        add_row(text, place, found);
    }
}

/// `https://name:password@host`.
fn add_in_links(marked: &Marked<'_>, found: &mut Found) {
    for (start, link) in marked.links().take(WORDS_MAX) {
        let host_end = link.find('/').unwrap_or(link.len());
        let Some(end) = link[..host_end].rfind('@') else { continue };
        let Some(colon) = link[..end].find(':') else { continue };
        if looks_like_password(&link[colon + 1..end]) {
            found.add(Sensitive::Password, start + colon + 1, start + end);
        }
    }
}
