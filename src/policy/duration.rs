//! Spans of time as people write them: `5 working days`, `36 hours`, `2 weeks`.
//!
//! A span keeps the words it was written in; what it means on a calendar is for
//! [`Calendar::after`](super::Calendar::after) to say.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// So many units of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Span {
    count: u32,
    unit: Unit,
}

/// What a span counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Passed on any clock.
    Second,
    /// 60 seconds.
    Minute,
    /// 3,600 seconds.
    Hour,
    /// Calendar days: the same local time so many dates later.
    Day,
    /// Like days, and only working days count.
    WorkingDay,
    /// Seven days each.
    Week,
}

/// Why words are no span, as a sentence for people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SpanError(String);

const DAYS_MAX: u64 = 3_652;
const SECONDS_A_DAY: u64 = 86_400;

impl Unit {
    const ALL: [Self; 6] =
        [Self::Second, Self::Minute, Self::Hour, Self::Day, Self::WorkingDay, Self::Week];

    fn singular(self) -> &'static str {
        match self {
            Self::Second => "second",
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
            Self::WorkingDay => "working day",
            Self::Week => "week",
        }
    }

    /// How long one is; a working day counts as a day here.
    fn seconds(self) -> u64 {
        match self {
            Self::Second => 1,
            Self::Minute => 60,
            Self::Hour => 3_600,
            Self::Day | Self::WorkingDay => SECONDS_A_DAY,
            Self::Week => 7 * SECONDS_A_DAY,
        }
    }

    fn find(words: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| {
            words == unit.singular() || words.strip_suffix('s') == Some(unit.singular())
        })
    }
}

impl Span {
    /// So many of a unit; none, and more than ten years, are refused.
    pub fn new(count: u32, unit: Unit) -> Result<Self, SpanError> {
        if count == 0 {
            return Err(SpanError("it is at least one unit".to_owned()));
        }
        if u64::from(count) * unit.seconds() > DAYS_MAX * SECONDS_A_DAY {
            return Err(SpanError("it is longer than ten years".to_owned()));
        }
        Ok(Self { count, unit })
    }

    /// How many units.
    pub fn count(self) -> u32 {
        self.count
    }

    /// What is counted.
    pub fn unit(self) -> Unit {
        self.unit
    }

    /// Its length where every day has 24 hours: for comparing, not for reckoning.
    pub fn approximate_seconds(self) -> u64 {
        u64::from(self.count) * self.unit.seconds()
    }
}

impl fmt::Display for Span {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.count == 1 { "" } else { "s" };
        write!(formatter, "{} {}{plural}", self.count, self.unit.singular())
    }
}

impl FromStr for Span {
    type Err = SpanError;

    fn from_str(text: &str) -> Result<Self, SpanError> {
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        let digits = words.chars().take_while(char::is_ascii_digit).count();
        let (number, unit) = words.split_at(digits);
        let unit = unit.trim_start();
        if number.is_empty() || unit.is_empty() {
            return Err(SpanError("it is not a whole number and a unit".to_owned()));
        }
        let Some(unit) = Unit::find(unit) else {
            return Err(SpanError("its unit of time is not known here".to_owned()));
        };
        // A number too long for 32 bits is longer than ten years in every unit.
        Self::new(number.parse().unwrap_or(u32::MAX), unit)
    }
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A span that may be switched off: `None` is written `never`.
pub mod or_never {
    use serde::{Deserialize, Deserializer, Serializer};

    use super::Span;

    /// The word for "not at all".
    pub const NEVER: &str = "never";

    /// Writes the span's words, or `never`.
    pub fn serialize<S: Serializer>(span: &Option<Span>, serializer: S) -> Result<S::Ok, S::Error> {
        match span {
            Some(span) => serializer.collect_str(span),
            None => serializer.serialize_str(NEVER),
        }
    }

    /// Reads a span's words, or `never`.
    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Span>, D::Error> {
        match Option::<String>::deserialize(deserializer)?.as_deref() {
            None | Some(NEVER) => Ok(None),
            Some(words) => words.parse().map(Some).map_err(serde::de::Error::custom),
        }
    }
}
