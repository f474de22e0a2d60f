//! What other kinds of requests ask for and say differently, by the policy's word.
//!
//! The reading says which kind a request is; here is what follows from it for a ticket. A kind that
//! the operator took away leaves its tickets as they are, without labels and texts of their own.

use std::collections::BTreeMap;

use super::text::MissingField;
use super::ticket::{Ticket, Turn};
use crate::policy::{Policy, RequestKind, TurnAfter};
use crate::reading::Reading;

impl Ticket {
    fn kind<'p>(&self, policy: &'p Policy) -> Option<&'p RequestKind> {
        policy.kind(self.reading.kind.as_deref())
    }

    /// The text that is said to this request in the place of that one.
    pub(super) fn text<'t>(&self, template: &'t str, policy: &'t Policy) -> &'t str {
        self.kind(policy).map_or(template, |kind| kind.text(template))
    }

    /// The labels that say what is asked for.
    pub(super) fn request_labels(&self, policy: &Policy) -> Vec<String> {
        let Some(kind) = self.kind(policy) else {
            return vec![policy.labels.request.clone()];
        };
        let mut labels = kind.answer.labels.clone();
        for field in &kind.fields {
            let said = self.reading.fields.get(&field.name).map(String::as_str).unwrap_or_default();
            let is_chosen =
                |option: &str| said.split(',').any(|one| one.trim().eq_ignore_ascii_case(option));
            let chosen = field.labels.iter().filter(|(option, _)| is_chosen(option));
            labels.extend(chosen.map(|(_, label)| label.clone()));
        }
        labels
    }

    /// Whether somebody who puts this label on says that the desk is asked for something.
    pub(super) fn is_asked_by(&self, label: &str, policy: &Policy) -> bool {
        let by_kind = self.kind(policy).map(|kind| &kind.recognised.labels);
        let labels = std::iter::once(&policy.labels.request).chain(by_kind.into_iter().flatten());
        labels.into_iter().any(|known| known.eq_ignore_ascii_case(label))
    }

    /// Whose turn it is where nothing is missing, and why.
    pub(super) fn complete_turn(&self, policy: &Policy) -> (Turn, &'static str) {
        match self.kind(policy).map(|kind| kind.answer.turn) {
            Some(TurnAfter::Requester) => {
                (Turn::Requester, "The request is complete, and its kind waits for the requester.")
            }
            Some(TurnAfter::Maintainers | TurnAfter::Nobody) | None => {
                (Turn::Maintainers, "The request is complete, so it is the desk's turn.")
            }
        }
    }

    /// What is missing, as people are asked for it.
    pub(super) fn missing_fields(&self, policy: &Policy) -> Vec<MissingField> {
        let kind = self.kind(policy);
        let missing = self.reading.missing_fields.iter().map(|name| {
            let field = kind.and_then(|kind| kind.field(name));
            let heading = field.and_then(|field| field.headings.first()).unwrap_or(name);
            let asks = field.and_then(|field| field.asks.as_ref()).unwrap_or(heading);
            MissingField { name: name.clone(), heading: heading.clone(), asks: asks.clone() }
        });
        missing.collect()
    }

    /// Takes in what the text says now. A request stays of its kind though its headings are gone:
    /// what its fields said last then counts, and the sentence says so.
    pub(super) fn read_anew(&mut self, reading: &Reading) -> Option<String> {
        let before = std::mem::replace(&mut self.reading, reading.clone());
        let kind = before
            .kind
            .filter(|_| self.reading.kind.is_none() && !self.reading.is_account_recovery)?;
        let why = format!("The headings of the kind {kind} are gone; what stood there counts.");
        let sensitive = std::mem::take(&mut self.reading.sensitive);
        self.reading = Reading {
            form: before.form,
            language: before.language,
            kind: Some(kind),
            fields: before.fields,
            missing_fields: before.missing_fields,
            sensitive,
            ..Reading::default()
        };
        Some(why)
    }

    /// Keeps what people wrote into fields no longer, in the card neither.
    pub(super) fn forget_fields(&mut self) {
        let cards = self.card.iter_mut().map(|card| &mut card.fields);
        let all: Vec<&mut BTreeMap<String, String>> =
            cards.chain([&mut self.reading.fields]).collect();
        for value in all.into_iter().flat_map(BTreeMap::values_mut) {
            value.clear();
        }
    }
}
