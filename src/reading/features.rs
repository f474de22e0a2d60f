//! What a text offers to be weighed: its words and pairs of words, and what the rules found in it.

use super::account::Account;
use super::span::{Source, Span};
use super::words::vocabulary::WordId;
use super::words::{LEXICON, Token, folded};

/// The name of a feature as the files of weights write it, and where it stands.
pub struct Named {
    /// `lost`, `lost phone`, `@factor=lost`, `#transfer`, `!breached-password`.
    pub name: String,
    /// Where it stands.
    pub span: Span,
}

/// Every feature of an account and its words.
pub fn named_features(source: &Source, own: &[Token], account: &Account) -> Vec<Named> {
    let names: Vec<String> = own.iter().map(|token| name_of(source, token)).collect();
    let mut features = Vec::new();
    for (at, name) in names.iter().enumerate() {
        features.push(Named { name: name.clone(), span: own[at].span });
        if at > 0 && own[at].before == super::words::Break::Nothing {
            let pair = format!("{} {name}", names[at - 1]);
            features.push(Named { name: pair, span: own[at - 1].span.to(own[at].span) });
        }
    }
    for said in &account.statements {
        let state = said.state.map_or("", |state| state.section());
        let name = format!("@{}={state}", said.topic.section());
        features.push(Named { name, span: said.topic_at });
    }
    for shown in &account.screens {
        features.push(Named { name: format!("!{}", shown.meaning.section()), span: shown.span });
    }
    for spoken in &account.matters {
        features.push(Named { name: format!("#{}", spoken.meaning.section()), span: spoken.span });
    }
    features
}

fn name_of(source: &Source, token: &Token) -> String {
    if token.word == WordId::UNKNOWN || !LEXICON.is_mark(token) {
        return folded(source.slice(token.span));
    }
    "@".to_owned()
}
