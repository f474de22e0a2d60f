//! Why something was concluded: the rule, and the places in the text it rests on.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::account::Spans;
use super::span::{Place, Source};

/// A value of one field, the rule it follows from, and where in the text that stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The field's name as in the reading.
    pub field: Cow<'static, str>,
    /// The value concluded, as in the reading's JSON.
    pub value: Cow<'static, str>,
    /// The rule, as a plain sentence.
    pub rule: Cow<'static, str>,
    /// The places the rule rests on; none where it rests on something that is missing.
    pub places: SmallVec<[Place; 2]>,
}

/// A field a person should look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doubt {
    /// The field's name as in the reading.
    pub field: Cow<'static, str>,
    /// Why, in a plain sentence.
    pub why: Cow<'static, str>,
}

impl Doubt {
    /// A doubt about one field.
    pub fn new(field: &'static str, why: &'static str) -> Self {
        Self { field: Cow::Borrowed(field), why: Cow::Borrowed(why) }
    }
}

/// What a rule concludes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conclusion<T> {
    /// The value.
    pub value: T,
    /// The rule, as a plain sentence.
    pub rule: &'static str,
    /// Where it rests.
    pub spans: Spans,
}

impl<T> Conclusion<T> {
    /// A conclusion from words at some places.
    pub fn new(value: T, rule: &'static str, spans: Spans) -> Self {
        Self { value, rule, spans }
    }

    /// The conclusion as evidence for a field.
    pub fn as_evidence(
        &self,
        source: &Source,
        field: &'static str,
        value: impl Into<Cow<'static, str>>,
    ) -> Evidence {
        Evidence {
            field: Cow::Borrowed(field),
            value: value.into(),
            rule: Cow::Borrowed(self.rule),
            places: self.spans.iter().map(|&span| source.place_of(span)).collect(),
        }
    }
}
