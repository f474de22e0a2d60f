//! Finds what should not be public: codes, tokens, passwords, addresses, phones, documents.
//!
//! Masked values, staff's own addresses, placeholders, commit hashes and documentation examples
//! are left alone. Only codes, tokens, passwords and `otpauth:` links are ever blanked.
//!
//! One file per kind says what it looks like and has the table of its words. The text is read once
//! for all the words ([`spotting`]); then each kind looks only around its words, its digits or its
//! `@`, and never further than a few hundred bytes. So the time grows with the text and no faster.

mod addresses;
mod codes;
mod documents;
mod factors;
mod familiar;
mod index;
mod near;
mod passwords;
mod phones;
mod spotting;
mod tokens;
mod values;

use super::Sensitive;
use super::span::Span;

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

/// Every secret in a text, in order and without overlaps.
pub fn find_secrets(text: &str) -> Vec<SecretSpan> {
    find_secrets_beside(text, &[])
}

/// The same, and told in order which lines hold boxes of the form: those need no looking through.
pub fn find_secrets_beside(text: &str, boxes: &[Span]) -> Vec<SecretSpan> {
    let marked = spotting::Marked::new(text, boxes);
    let mut found = Found::default();
    tokens::add(&marked, &mut found);
    codes::add(&marked, &mut found);
    passwords::add(&marked, &mut found);
    addresses::add(&marked, &mut found);
    phones::add(&marked, &mut found);
    documents::add(&marked, &mut found);
    in_order(found.spans)
}

/// The text with codes, tokens, passwords and `otpauth:` links blanked, and nothing else changed.
pub fn blank_secrets(text: &str) -> String {
    let mut blanked = text.to_owned();
    // A blank is shorter than what it hides, so one more secret may come into a label's reach.
    while let Some(next) = blank_once(&blanked) {
        blanked = next;
    }
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

/// Secrets in the order of their finding.
#[derive(Default)]
struct Found {
    spans: Vec<SecretSpan>,
}

impl Found {
    fn add(&mut self, kind: Sensitive, start: usize, end: usize) {
        self.spans.push(SecretSpan { kind, start, end });
    }

    fn extend(&mut self, spans: Vec<SecretSpan>) {
        self.spans.extend(spans);
    }
}

/// The text with its secrets blanked, or `None` where there are none.
fn blank_once(text: &str) -> Option<String> {
    let secrets = find_secrets(text);
    let mut blanked = String::with_capacity(text.len());
    let mut copied_to = 0;
    for secret in secrets.into_iter().filter(|secret| is_blanked(secret.kind)) {
        blanked.push_str(&text[copied_to..secret.start]);
        blanked.push_str(BLANK);
        copied_to = secret.end;
    }
    blanked.push_str(&text[copied_to..]);
    (copied_to > 0).then_some(blanked)
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
