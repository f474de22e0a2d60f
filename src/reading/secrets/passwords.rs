//! Passwords, remembered ones, and the keys of second factors.

use std::ops::{Range, RangeInclusive};

use super::spotting::{
    Marked, Meaning, Spotted, after, before, begins_with_any, is_ideographic, length_at,
};
use super::{BLANK, Found, Sensitive};

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

/// Words for the key that an authenticator app is set up with.
pub const FACTOR_KEYS: &[&str] = &[
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
pub const FACTOR_LINKS: &[&str] = &["otpauth"];

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
    "http", "pypi-", "2fa", "totp", "sha1", "sha256", "sha512", "md5", "utf-8", "[", "(", "$", "{",
];

/// Characters of a password.
const LENGTH: RangeInclusive<usize> = 6..=80;

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
            Meaning::FactorKey => add_factor_key(marked.text, word.end, found),
            Meaning::FactorLink => tried = add_factor_link(marked.text, word, found),
            Meaning::Token
            | Meaning::Link
            | Meaning::Code
            | Meaning::Hash
            | Meaning::Phone
            | Meaning::Document => {}
        }
    }
}

/// The end of the word that a place stands in or right after.
fn end_of_word(text: &str, place: usize) -> usize {
    let rest = after(text, place, 24);
    let is_letter = |letter: char| letter.is_alphabetic() && !is_ideographic(letter);
    place + rest.len() - rest.trim_start_matches(is_letter).len()
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

fn is_opener(letter: char) -> bool {
    matches!(letter, '"' | '\'' | '`' | '“' | '‘' | '„' | '«' | '「' | '『')
}

fn is_closer(letter: char) -> bool {
    matches!(letter, '"' | '\'' | '`' | '”' | '“' | '’' | '»' | '」' | '』')
}

/// The unbroken word at a place, without its quotation marks.
fn value_at(text: &str, place: usize) -> Range<usize> {
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

fn looks_like_password(word: &str) -> bool {
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
    const MASKS: &[&str] = &["***", "...", "…", "xxx", "XXX", "•••", "<", "(", BLANK, "://"];
    let may_be = word.contains(['*', '.', '…', 'x', 'X', '•', '<', '(', '[', ':']);
    may_be && MASKS.iter().any(|mask| word.contains(mask))
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

fn add_factor_link(text: &str, word: &Spotted, found: &mut Found) -> Range<usize> {
    let rest = &text[word.end..];
    let is_link = rest.starts_with("://") || length_at(rest, "-migration://").is_some();
    let ends = |letter: char| letter.is_whitespace() || "<>\"'`)".contains(letter);
    let end = if is_link { word.end + rest.find(ends).unwrap_or(rest.len()) } else { word.end };
    if text[word.end..end].contains(['=', '%']) {
        found.add(Sensitive::Password, word.start, end);
    }
    word.start..end
}

/// Base32 after its name: a run of sixteen or more, or groups of four.
fn add_factor_key(text: &str, name_end: usize, found: &mut Found) {
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
