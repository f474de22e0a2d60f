//! Working time: the `[clock]` of a policy, and what a span after an instant is on it.
//!
//! Working days skip weekends, holidays and away times; calendar days and hours skip away times
//! only. A day is a date in the calendar's time zone, so it may last 23 or 25 hours.

use std::collections::BTreeSet;

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::duration::{Span, Unit};

/// When people work.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calendar {
    /// Where a day begins and ends.
    #[serde(with = "zone")]
    pub timezone: TimeZone,
    /// The days of a week on which people work.
    pub working_days: BTreeSet<Weekday>,
    /// Dates on which they do not.
    pub holidays: BTreeSet<Date>,
    /// Stretches of dates on which nobody is there.
    pub away: Vec<Away>,
}

/// A stretch of dates on which nobody is there.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Away {
    /// The first date.
    pub from: Date,
    /// The last date.
    pub until: Date,
    /// What people may be told.
    #[serde(default)]
    pub why: String,
}

/// A stretch of time in which a clock stands still for one request, by the minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rest {
    /// Its first instant.
    pub from: Timestamp,
    /// The first instant after it.
    pub until: Timestamp,
}

/// A day of the week, as a policy writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Weekday {
    /// Monday.
    Mon,
    /// Tuesday.
    Tue,
    /// Wednesday.
    Wed,
    /// Thursday.
    Thu,
    /// Friday.
    Fri,
    /// Saturday.
    Sat,
    /// Sunday.
    Sun,
}

impl Weekday {
    /// The day of the week a date falls on.
    pub fn of(date: Date) -> Self {
        match date.weekday() {
            jiff::civil::Weekday::Monday => Self::Mon,
            jiff::civil::Weekday::Tuesday => Self::Tue,
            jiff::civil::Weekday::Wednesday => Self::Wed,
            jiff::civil::Weekday::Thursday => Self::Thu,
            jiff::civil::Weekday::Friday => Self::Fri,
            jiff::civil::Weekday::Saturday => Self::Sat,
            jiff::civil::Weekday::Sunday => Self::Sun,
        }
    }
}

impl Away {
    /// Whether a date lies in this stretch; both ends do.
    pub fn covers(&self, date: Date) -> bool {
        self.from <= date && date <= self.until
    }
}

/// Dates looked at before giving up, some 150 years: a calendar on which hardly any day counts
/// gives a distant instant and no endless search.
const DATES_MAX: u32 = 55_000;

impl Calendar {
    /// The instant `span` after `start`.
    pub fn after(&self, start: Timestamp, span: &Span) -> Timestamp {
        self.after_resting(start, span, &[])
    }

    /// The instant `span` after `start` on a clock that also stands still in these rests: hours
    /// by the second; days and working days by the date, where a rest takes as many dates as it
    /// lasts.
    pub fn after_resting(&self, start: Timestamp, span: &Span, rests: &[Rest]) -> Timestamp {
        let count = span.count();
        let by_days = |count, counts: &dyn Fn(Date) -> bool| {
            let dates: Vec<_> = rests
                .iter()
                .map(|rest| (self.date_of(rest.from), self.date_of(rest.until)))
                .collect();
            let is_rest = |date| dates.iter().any(|(from, until)| *from < date && date <= *until);
            let due_at = self.after_days(start, count, |date| counts(date) && !is_rest(date))?;
            self.past_rests(due_at, rests, counts)
        };
        match span.unit() {
            Unit::Second | Unit::Minute | Unit::Hour => {
                // At most ten years, so it fits.
                let span = SignedDuration::from_secs(span.approximate_seconds() as i64);
                self.after_seconds(start, span, rests)
            }
            Unit::Day => by_days(count, &|date| !self.is_away(date)),
            Unit::Week => by_days(count * 7, &|date| !self.is_away(date)),
            Unit::WorkingDay => by_days(count, &|date| self.is_working_day(date)),
        }
        // Only past the year 9999.
        .unwrap_or(Timestamp::MAX)
    }

    /// Whether people work on a date.
    pub fn is_working_day(&self, date: Date) -> bool {
        self.working_days.contains(&Weekday::of(date))
            && !self.holidays.contains(&date)
            && !self.is_away(date)
    }

    /// Whether nobody is there on a date.
    pub fn is_away(&self, date: Date) -> bool {
        self.away_on(date).is_some()
    }

    /// The time away a date belongs to.
    pub fn away_on(&self, date: Date) -> Option<&Away> {
        self.away.iter().find(|away| away.covers(date))
    }

    /// The date of an instant on this calendar.
    pub fn date_of(&self, instant: Timestamp) -> Date {
        self.timezone.to_datetime(instant).date()
    }

    fn after_days(
        &self,
        start: Timestamp,
        count: u32,
        counts: impl Fn(Date) -> bool,
    ) -> Result<Timestamp, jiff::Error> {
        let local = self.timezone.to_datetime(start);
        let (mut date, mut time, mut left) = (local.date(), local.time(), count);
        if !counts(date) {
            // The start moves to midnight of the next day that counts; finding it is one step more.
            (time, left) = (Time::midnight(), count.saturating_add(1));
        }
        for _ in 0..DATES_MAX {
            date = date.tomorrow()?;
            if counts(date) {
                left -= 1;
            }
            if left == 0 {
                break;
            }
        }
        self.timezone.to_timestamp(date.to_datetime(time))
    }

    /// An instant that falls into a rest, on the date it began, moves as many dates as the rest.
    fn past_rests(
        &self,
        instant: Timestamp,
        rests: &[Rest],
        counts: &dyn Fn(Date) -> bool,
    ) -> Result<Timestamp, jiff::Error> {
        let mut at = instant;
        // Each rest is left behind once at the most.
        for _ in 0..rests.len() {
            let Some(rest) = rests.iter().find(|rest| rest.from < at && at < rest.until) else {
                break;
            };
            let time = self.timezone.to_datetime(at).time();
            let date = self.date_of(rest.until);
            let moved = if counts(date) {
                self.timezone.to_timestamp(date.to_datetime(time))?
            } else {
                self.after_days(rest.until, 0, counts)?
            };
            at = moved.max(rest.until);
        }
        Ok(at)
    }

    fn after_seconds(
        &self,
        start: Timestamp,
        span: SignedDuration,
        rests: &[Rest],
    ) -> Result<Timestamp, jiff::Error> {
        let mut still: Vec<(Timestamp, Timestamp)> =
            rests.iter().map(|rest| (rest.from, rest.until)).collect();
        for away in &self.away {
            still.push((self.start_of(away.from)?, self.start_of(away.until.tomorrow()?)?));
        }
        still.sort_unstable();
        let (mut at, mut left) = (start, span);
        for (from, until) in still {
            if until <= at {
                continue;
            }
            let room = from.duration_since(at).max(SignedDuration::ZERO);
            if left <= room {
                break;
            }
            (at, left) = (until, left - room);
        }
        at.checked_add(left)
    }

    fn start_of(&self, date: Date) -> Result<Timestamp, jiff::Error> {
        self.timezone.to_timestamp(date.to_datetime(Time::midnight()))
    }
}

/// A time zone as its name in the zone database.
mod zone {
    use jiff::tz::TimeZone;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(
        zone: &TimeZone,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(zone.iana_name().unwrap_or("UTC"))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<TimeZone, D::Error> {
        TimeZone::get(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}
