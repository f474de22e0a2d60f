//! Everything a text offers to be weighed: its words, pairs of them, and what the rules found.

use super::account::Account;
use super::evidence::Conclusion;
use super::span::{Source, Span};
use super::weights::Offer;
use super::words::feature::Feature;
use super::words::meanings::Remark;
use super::words::phrases::Found;
use super::words::{Break, LEXICON, Token, folded};
use super::{Intent, Known, Reason, RecoveryCodes};

/// Receives what is offered: the feature, its place, and a way to spell its name.
pub trait Scale {
    /// Takes one more feature.
    fn put(&mut self, feature: Feature, span: Option<Span>, name: impl Fn() -> String);
}

impl Scale for Vec<Offer> {
    fn put(&mut self, feature: Feature, span: Option<Span>, _name: impl Fn() -> String) {
        self.push(Offer { feature, span });
    }
}

/// The names of what is offered, for training.
impl Scale for Vec<String> {
    fn put(&mut self, _feature: Feature, _span: Option<Span>, name: impl Fn() -> String) {
        self.push(name());
    }
}

/// What the rules conclude from a request, before anything is weighed.
pub struct Concluded<'a> {
    /// The reasons.
    pub reasons: &'a [Conclusion<Reason>],
    /// The mailbox.
    pub email_access: Option<&'a Conclusion<Known>>,
    /// The password.
    pub password_known: Option<&'a Conclusion<Known>>,
    /// The recovery codes.
    pub recovery_codes: Option<&'a Conclusion<RecoveryCodes>>,
}

/// Puts a request on the scale.
pub fn offer_request(
    source: &Source,
    account: &Account,
    concluded: &Concluded<'_>,
    scale: &mut impl Scale,
) {
    offer_words(source, &account.own, scale);
    for said in &account.statements {
        let state = said.state.map_or("", |state| state.section());
        found(scale, ('@', said.topic.section(), state), Some(said.topic_at));
    }
    for shown in &account.screens {
        found(scale, ('!', shown.meaning.section(), ""), Some(shown.span));
    }
    for spoken in &account.matters {
        found(scale, ('#', spoken.meaning.section(), ""), Some(spoken.span));
    }
    for reason in concluded.reasons {
        found(scale, ('>', "reasons", reason.value.name()), None);
        found(scale, ('>', "rule", reason.rule), None);
    }
    if concluded.reasons.is_empty() {
        found(scale, ('>', "reasons", "none"), None);
    }
    let known = |one: Option<&Conclusion<Known>>| one.map_or("unknown", |one| one.value.name());
    found(scale, ('>', "email_access", known(concluded.email_access)), None);
    found(scale, ('>', "password_known", known(concluded.password_known)), None);
    let codes = concluded.recovery_codes.map_or("unknown", |codes| codes.value.name());
    found(scale, ('>', "recovery_codes", codes), None);
}

/// What is put on the scale of a comment.
pub struct Remarked<'a> {
    /// The intents whose phrases are there.
    pub phrases: &'a [Found<Intent>],
    /// What changes its meaning.
    pub remarks: &'a [Found<Remark>],
    /// The intent the rules conclude.
    pub intent: Intent,
    /// Whether it asks something.
    pub asks: bool,
}

/// Puts a comment on the scale.
pub fn offer_comment(
    source: &Source,
    words: &[Token],
    remarked: &Remarked<'_>,
    scale: &mut impl Scale,
) {
    offer_words(source, words, scale);
    let span = |start: usize, end: usize| Some(words[start].span.to(words[end - 1].span));
    for phrase in remarked.phrases {
        let at = span(phrase.start, phrase.end);
        found(scale, ('@', "phrase", phrase.meaning.name()), at);
    }
    for remark in remarked.remarks {
        found(scale, ('#', remark.meaning.section(), ""), span(remark.start, remark.end));
    }
    found(scale, ('>', "intent", remarked.intent.name()), None);
    found(scale, ('>', "asks", if remarked.asks { "yes" } else { "no" }), None);
    let length = match words.len() {
        0..=3 => "few",
        4..=12 => "some",
        13..=30 => "many",
        _ => "most",
    };
    found(scale, ('>', "words", length), None);
}

fn found(scale: &mut impl Scale, (sign, what, value): (char, &str, &str), span: Option<Span>) {
    let name = || match value {
        "" => format!("{sign}{what}"),
        value => format!("{sign}{what}={value}"),
    };
    scale.put(Feature::found(sign, what, value), span, name);
}

/// Every word once with its neighbour; marks and what is beyond the end of a clause are none.
fn offer_words(source: &Source, words: &[Token], scale: &mut impl Scale) {
    let spell = |token: &Token| {
        folded(&source.slice(token.span).replace(['’', '‘', '´', '`', '-', '‑'], ""))
    };
    let mut last: Option<&Token> = None;
    for token in words {
        if LEXICON.is_mark(token) {
            last = None;
            continue;
        }
        scale.put(token.feature, Some(token.span), || spell(token));
        if let Some(last) = last.filter(|_| token.before == Break::Nothing) {
            let span = Some(last.span.to(token.span));
            let name = || format!("{} {}", spell(last), spell(token));
            scale.put(last.feature.before(token.feature), span, name);
        }
        last = Some(token);
    }
}
