//! Spans of time as people write them: `5 working days`, `36 hours`, `2 seconds`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Nobody waits longer; a number beyond it is a slip.
const YEARS_MAX: u64 = 10;
const DAY_SECONDS: u64 = 86_400;

/// A number of units, as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Span {
    /// How many, at least one.
    pub count: u32,
    /// Of what.
    pub unit: Unit,
}

/// What a span counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Elapsed seconds.
    Second,
    /// Elapsed minutes.
    Minute,
    /// Elapsed hours.
    Hour,
    /// Days of the calendar.
    Day,
    /// Days on which people work.
    WorkingDay,
    /// Seven days of the calendar.
    Week,
}

impl Unit {
    const ALL: [(Self, &'static str); 6] = [
        (Self::Second, "second"),
        (Self::Minute, "minute"),
        (Self::Hour, "hour"),
        (Self::Day, "day"),
        (Self::WorkingDay, "working day"),
        (Self::Week, "week"),
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Second => "second",
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
            Self::WorkingDay => "working day",
            Self::Week => "week",
        }
    }

    fn seconds(self) -> u64 {
        match self {
            Self::Second => 1,
            Self::Minute => 60,
            Self::Hour => 3_600,
            Self::Day | Self::WorkingDay => DAY_SECONDS,
            Self::Week => 7 * DAY_SECONDS,
        }
    }
}

impl FromStr for Span {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let help = || {
            format!(
                "`{text}` is no span of time; write it like \"5 working days\", \"30 days\" or \"36 hours\""
            )
        };
        let (count, unit) = text.trim().split_once(char::is_whitespace).ok_or_else(help)?;
        let unit = unit.trim().to_lowercase();
        let unit = unit.strip_suffix('s').unwrap_or(&unit);
        let (unit, _) = *Unit::ALL.iter().find(|(_, name)| *name == unit).ok_or_else(help)?;
        let count: u64 = count.parse().map_err(|_| help())?;
        if count == 0 {
            return Err("a span of 0 would be over before it began; leave the key out to switch the step off".to_owned());
        }
        if count.saturating_mul(unit.seconds()) > YEARS_MAX * 366 * DAY_SECONDS {
            return Err(format!(
                "`{text}` is longer than {YEARS_MAX} years; leave the key out to switch the step off"
            ));
        }
        let count = u32::try_from(count).map_err(|_| help())?;
        Ok(Self { count, unit })
    }
}

impl fmt::Display for Span {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.count == 1 { "" } else { "s" };
        write!(formatter, "{} {}{plural}", self.count, self.unit.name())
    }
}

impl From<Span> for String {
    fn from(span: Span) -> Self {
        span.to_string()
    }
}

impl TryFrom<String> for Span {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}
