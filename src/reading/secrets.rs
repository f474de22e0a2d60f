//! Finds what should not be public: codes, tokens, passwords, addresses, phones, documents.
//!
//! Masked values, PyPI's own addresses, placeholders, commit hashes and documentation examples are
//! left alone. Only codes, tokens, passwords and `otpauth:` links are ever blanked.

use std::sync::LazyLock;

use regex::Regex;

use super::Sensitive;

/// One secret and where it stands, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecretSpan {
    /// What it is.
    pub kind: Sensitive,
    /// Its first byte.
    pub start: usize,
    /// The byte after its last.
    pub end: usize,
}

/// What stands where a secret stood.
pub const BLANK: &str = "[removed]";

/// Addresses of PyPI's staff and machinery, which everybody may read.
const PUBLIC_DOMAINS: &[&str] = &[
    "pypi.org",
    "python.org",
    "github.com",
    "users.noreply.github.com",
    "reply.github.com",
    "packaging.python.org",
    "pypa.io",
    "psf.io",
];

/// Names before the `@` that stand for anybody.
const ANYBODY: &[&str] = &[
    "someone",
    "somebody",
    "anyone",
    "you",
    "your",
    "yourname",
    "your.name",
    "name",
    "user",
    "username",
    "email",
    "mail",
    "xxx",
    "xxxx",
    "xx",
    "noreply",
    "no-reply",
    "git",
    "example",
    "youremail",
    "your-email",
    "your_email",
    "firstname.lastname",
    "foo",
    "me",
];

/// Words that tell a hash from a code when they stand on the same line before it.
const HASH_WORDS: &[&str] = &[
    "commit",
    "sha",
    "hash",
    "digest",
    "checksum",
    "revision",
    "md5",
    "blake",
    "request id",
    "trace",
    "uuid",
];

macro_rules! pattern {
    ($name:ident, $text:expr) => {
        static $name: LazyLock<Regex> =
            LazyLock::new(|| Regex::new($text).expect("the pattern is fixed and tested"));
    };
}

pattern!(ADDRESS, r"[A-Za-z0-9._%+*-]+@[A-Za-z0-9*-]+(?:\.[A-Za-z0-9*-]+)+");
pattern!(CODE, r"(?-u:\b)[0-9a-f]{16}(?-u:\b)");
pattern!(SPACED_CODE, r"(?-u:\b)[0-9a-f]{4}(?:[ -][0-9a-f]{4}){3}(?-u:\b)");
pattern!(TOKEN, r"pypi-[A-Za-z0-9_-]{40,}|gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{40}");
pattern!(OTPAUTH, r"(?i)otpauth(?:-migration)?://[^\s<>\x22'`)]+");
pattern!(
    PASSWORD,
    r#"(?i)(?:pass ?word|passwort|pass ?phrase|pasword|passwd|contraseña|senha|mot de passe|пароль|密码|密碼)(?-u:\b)?(?:\s+(?:is|was|would be|used to be)|\s*[:=：]|\s*(?:是|为))\s*["'`*]*([^\s"'`]+)"#
);
pattern!(
    PASSWORD_GUESS,
    r#"(?i)(?:beli?e[iv]*e? (?:it|that)|(?:think|guess|suppose)(?: that)? it|maybe|perhaps it|it) (?:is|was|were) ["'`]?([^\s"'`]+)(?:["'`]? or ["'`]?([^\s"'`]+))?"#
);
pattern!(
    TOTP_SECRET,
    r"(?i:secret|setup key|seed|totp key|2fa key)[^\n]{0,3}[:= ][ `*]*([A-Z2-7]{16,64})(?-u:\b)"
);
pattern!(PHONE, r"\+?\(?\d[\d ().-]{7,20}\d");
pattern!(
    PHONE_LABEL,
    r"(?i)(?:phone|tel|telephone|mobile|cell|whatsapp|my number|call me|téléphone|telefone|telefon|电话|手机|電話|тел)[^\n\d+(]{0,16}$"
);
pattern!(
    DOCUMENT,
    r"(?i)(?:passport|driver'?s? licen[sc]e|driving licen[sc]e|id[ -]?card|identity card|identity document|national id|ausweis|personalausweis|carte d'identité|dni|cédula|身份证|護照|护照|паспорт)"
);
pattern!(
    DOCUMENT_NUMBER,
    r"(?i)^[^\n]{0,20}?(?:no\.?|number|nr\.?|#|:|：|号)[ :]*([A-Z0-9-]{6,18})"
);

/// Every secret in a text, in order and without overlaps.
pub fn find_secrets(text: &str) -> Vec<SecretSpan> {
    let mut found = Vec::new();
    add_tokens_and_links(text, &mut found);
    add_codes(text, &mut found);
    add_passwords(text, &mut found);
    add_addresses(text, &mut found);
    add_phones(text, &mut found);
    add_documents(text, &mut found);
    in_order(found)
}

/// The text with codes, tokens, passwords and `otpauth:` links blanked, and nothing else changed.
pub fn blank_secrets(text: &str) -> String {
    let mut blanked = String::with_capacity(text.len());
    let mut copied_to = 0;
    for secret in find_secrets(text).into_iter().filter(|secret| is_blanked(secret.kind)) {
        blanked.push_str(&text[copied_to..secret.start]);
        blanked.push_str(BLANK);
        copied_to = secret.end;
    }
    blanked.push_str(&text[copied_to..]);
    blanked
}

/// Whether a kind is taken out of public text; the others are only warned of.
pub fn is_blanked(kind: Sensitive) -> bool {
    match kind {
        Sensitive::RecoveryCode | Sensitive::ApiToken | Sensitive::Password => true,
        Sensitive::EmailAddress | Sensitive::Phone | Sensitive::IdDocument => false,
    }
}

/// The kinds among some secrets, each once, in the order of their declaration.
pub fn kinds_of(secrets: &[SecretSpan]) -> Vec<Sensitive> {
    let mut kinds: Vec<Sensitive> = secrets.iter().map(|secret| secret.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

fn in_order(mut found: Vec<SecretSpan>) -> Vec<SecretSpan> {
    // What is blanked wins over what is only warned of, so that no half of a secret stays.
    found.sort_by_key(|secret| (secret.start, !is_blanked(secret.kind), usize::MAX - secret.end));
    let mut kept: Vec<SecretSpan> = Vec::with_capacity(found.len());
    for secret in found {
        match kept.last_mut() {
            Some(last) if secret.start < last.end => {
                if is_blanked(secret.kind) && !is_blanked(last.kind) {
                    last.kind = secret.kind;
                }
                last.end = last.end.max(secret.end);
            }
            _ => kept.push(secret),
        }
    }
    kept
}

fn add_tokens_and_links(text: &str, found: &mut Vec<SecretSpan>) {
    let may_hold_token = ["pypi-", "gh", "github_pat_"].iter().any(|start| text.contains(start));
    for token in TOKEN.find_iter(if may_hold_token { text } else { "" }) {
        found.push(SecretSpan {
            kind: Sensitive::ApiToken,
            start: token.start(),
            end: token.end(),
        });
    }
    for link in OTPAUTH.find_iter(if text.contains("://") { text } else { "" }) {
        found.push(SecretSpan { kind: Sensitive::Password, start: link.start(), end: link.end() });
    }
}

fn add_codes(text: &str, found: &mut Vec<SecretSpan>) {
    let before = found.len();
    for code in CODE.find_iter(text) {
        if is_code(code.as_str())
            && !is_part_of_more(text, code.start(), code.end())
            && !is_called_hash(text, code.start())
        {
            found.push(SecretSpan {
                kind: Sensitive::RecoveryCode,
                start: code.start(),
                end: code.end(),
            });
        }
    }
    let speaks_of_codes = found.len() > before || speaks_of_codes(text);
    if !speaks_of_codes {
        return;
    }
    for code in SPACED_CODE.find_iter(text) {
        let joined: String = code.as_str().chars().filter(char::is_ascii_alphanumeric).collect();
        if is_code(&joined) && !is_part_of_more(text, code.start(), code.end()) {
            found.push(SecretSpan {
                kind: Sensitive::RecoveryCode,
                start: code.start(),
                end: code.end(),
            });
        }
    }
}

fn speaks_of_codes(text: &str) -> bool {
    ["ecovery", "ackup code", "恢复", "восстанов", "récup", "recuper"]
        .iter()
        .any(|word| text.contains(word))
}

/// Letters and digits mixed, and no counting-up example.
fn is_code(code: &str) -> bool {
    let digits = code.bytes().filter(u8::is_ascii_digit).count();
    let mut seen: Vec<u8> = code.bytes().collect();
    let runs = seen.windows(2).filter(|pair| pair[1] == pair[0] + 1 || pair[1] == pair[0]).count();
    seen.sort_unstable();
    seen.dedup();
    (1..16).contains(&digits) && seen.len() >= 5 && runs < 10
}

/// Part of a URL, a UUID, a longer name or a file name.
fn is_part_of_more(text: &str, start: usize, end: usize) -> bool {
    let before = text[..start].chars().next_back().unwrap_or(' ');
    let after = text[end..].chars().next().unwrap_or(' ');
    let joins = |character: char| {
        matches!(character, '/' | '-' | '_' | '=' | '#' | '@' | '&' | '%' | '+')
            || character.is_alphanumeric()
    };
    joins(before)
        || matches!(after, '/' | '_' | '=' | '@' | '%')
        || after.is_ascii_alphanumeric()
        || (after == '-' && !text[end..].starts_with("- "))
}

fn is_called_hash(text: &str, start: usize) -> bool {
    let line = line_before(text, start, 60).to_lowercase();
    HASH_WORDS.iter().any(|word| line.contains(word))
}

/// At most `bytes_max` bytes of the line before a place.
fn line_before(text: &str, place: usize, bytes_max: usize) -> &str {
    let mut from = place.saturating_sub(bytes_max);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let window = &text[from..place];
    window.rfind('\n').map_or(window, |at| &window[at + 1..])
}

fn add_passwords(text: &str, found: &mut Vec<SecretSpan>) {
    for pattern in [&*PASSWORD, &*TOTP_SECRET] {
        for captures in pattern.captures_iter(text) {
            add_password(captures.get(1), found);
        }
    }
    if !text.to_ascii_lowercase().contains("pas") {
        return;
    }
    for captures in PASSWORD_GUESS.captures_iter(text) {
        let place = captures.get(0).map_or(0, |whole| whole.start());
        if line_before(text, place, 120).to_lowercase().contains("pas") {
            add_password(captures.get(1), found);
            add_password(captures.get(2), found);
        }
    }
}

fn add_password(group: Option<regex::Match<'_>>, found: &mut Vec<SecretSpan>) {
    let Some(group) = group else { return };
    let password = group.as_str().trim_end_matches(['.', ',', ';', ')']);
    if looks_like_password(password) {
        found.push(SecretSpan {
            kind: Sensitive::Password,
            start: group.start(),
            end: group.start() + password.len(),
        });
    }
}

fn looks_like_password(word: &str) -> bool {
    let length = word.chars().count();
    let has = |test: fn(char) -> bool| word.chars().any(test);
    let mixed = has(|character| character.is_ascii_digit())
        || (has(char::is_uppercase) && word.chars().skip(1).any(char::is_uppercase));
    let is_masked =
        word.contains("***") || word.contains("...") || word.contains("xxx") || word.contains('<');
    let is_address = word.contains('@') && word.contains('.');
    let is_token = word.starts_with("pypi-");
    (6..=80).contains(&length)
        && mixed
        && has(char::is_alphabetic)
        && !is_masked
        && !is_address
        && !is_token
        && !word.starts_with("http")
        && word != BLANK
        && !word.starts_with(['[', '(', '$', '{'])
}

fn add_addresses(text: &str, found: &mut Vec<SecretSpan>) {
    for address in ADDRESS.find_iter(if text.contains('@') { text } else { "" }) {
        if is_personal(address.as_str()) && !is_in_url(text, address.start()) {
            found.push(SecretSpan {
                kind: Sensitive::EmailAddress,
                start: address.start(),
                end: address.end(),
            });
        }
    }
}

fn is_personal(address: &str) -> bool {
    let Some((name, domain)) = address.rsplit_once('@') else {
        return false;
    };
    let name = name.to_ascii_lowercase();
    let domain = domain.trim_end_matches(['.', '-']).to_ascii_lowercase();
    let ending = domain.rsplit('.').next().unwrap_or_default();
    let is_host = ending.len() >= 2
        && ending.bytes().all(|letter| letter.is_ascii_alphabetic())
        && domain.contains('.');
    is_host
        && !address.contains('*')
        && !PUBLIC_DOMAINS.contains(&domain.as_str())
        && !ANYBODY.contains(&name.trim_matches(['.', '-', '_']))
}

/// An `@` inside a link (`https://host/@name`, `git+https://x@host`) is no address.
fn is_in_url(text: &str, start: usize) -> bool {
    let before = line_before(text, start, 200);
    let word = before
        .rsplit(|character: char| {
            character.is_whitespace() || matches!(character, '(' | '<' | '[' | '`' | '"')
        })
        .next();
    word.is_some_and(|word| word.contains("://"))
}

fn add_phones(text: &str, found: &mut Vec<SecretSpan>) {
    for phone in PHONE.find_iter(text) {
        let number = phone.as_str();
        let before = line_before(text, phone.start(), 40);
        let digits = number.bytes().filter(u8::is_ascii_digit).count();
        let is_glued = before.ends_with(|last: char| {
            last.is_alphanumeric() || matches!(last, '/' | '#' | '-' | '.' | '_' | '=' | ':')
        }) && !before.ends_with(": ");
        let after = text[phone.end()..].chars().next().unwrap_or(' ');
        let is_international = number.starts_with('+') && (9..=15).contains(&digits);
        let is_labelled = PHONE_LABEL.is_match(before) && (7..=15).contains(&digits);
        let is_whole_line = before.trim().is_empty()
            && matches!(after, '\n' | '\r' | ' ')
            && has_phone_groups(number);
        if (is_international || is_whole_line) && !is_glued && !after.is_alphanumeric()
            || is_labelled && !is_date(number)
        {
            found.push(SecretSpan {
                kind: Sensitive::Phone,
                start: phone.start(),
                end: phone.end(),
            });
        }
    }
}

/// Three, three, four digits, as telephone numbers are written in North America.
fn has_phone_groups(number: &str) -> bool {
    let groups: Vec<usize> = number
        .split(|character: char| !character.is_ascii_digit())
        .filter(|group| !group.is_empty())
        .map(str::len)
        .collect();
    groups == [3, 3, 4] || groups == [1, 3, 3, 4]
}

fn is_date(number: &str) -> bool {
    let groups: Vec<&str> = number.split(['-', '.', ' ']).collect();
    groups.len() >= 3
        && groups[0].len() == 4
        && groups[1].len() <= 2
        && groups[0].starts_with(['1', '2'])
}

fn add_documents(text: &str, found: &mut Vec<SecretSpan>) {
    for document in DOCUMENT.find_iter(text) {
        let line_start = line_before(text, document.start(), 120);
        let line_end = text[document.end()..].split('\n').next().unwrap_or_default();
        let is_link_text = line_start.rfind('[').is_some_and(|at| !line_start[at..].contains(']'))
            && line_end.contains("](")
            || line_start.contains("<img") && line_end.contains("src=");
        let has_number = DOCUMENT_NUMBER
            .captures(super::span::first_bytes(line_end, 80))
            .and_then(|captures| captures.get(1))
            .is_some_and(|number| number.as_str().bytes().filter(u8::is_ascii_digit).count() >= 4);
        if is_link_text || has_number {
            found.push(SecretSpan {
                kind: Sensitive::IdDocument,
                start: document.start(),
                end: document.end(),
            });
        }
    }
}
