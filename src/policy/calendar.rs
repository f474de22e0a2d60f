//! Working time: which days count, and when a span that began then is over.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::duration::{Span, Unit};

/// No span is looked for further ahead; a calendar that never works again ends here.
const DAYS_AHEAD_MAX: u32 = 40 * 366;

/// When the desk's clock runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calendar {
    /// In which days begin and end.
    #[serde(with = "jiff::fmt::serde::tz::required")]
    pub timezone: TimeZone,
    /// Days on which people work.
    pub working_days: Vec<WorkingDay>,
    /// Days on which nobody works.
    pub holidays: Vec<Date>,
    /// Times when the desk is away: every clock stands still.
    pub away: Vec<Away>,
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WorkingDay {
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

impl WorkingDay {
    fn of(date: Date) -> Self {
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

/// A time when the desk is away, both ends included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Away {
    /// First day.
    pub from: Date,
    /// Last day.
    pub until: Date,
    /// Why, for those who wait.
    #[serde(default)]
    pub why: String,
}

impl Calendar {
    /// When `span` is over that begins at `start`.
    ///
    /// Working days: a start on a day that does not count moves to the beginning of the next one
    /// that does; then so many on, at the same local time of day. Days and weeks likewise, where
    /// only away days do not count. Hours, minutes and seconds are elapsed time outside of away
    /// days.
    pub fn after(&self, start: Timestamp, span: &Span) -> Timestamp {
        let count = span.count;
        match span.unit {
            Unit::Second => self.elapsed_after(start, i64::from(count)),
            Unit::Minute => self.elapsed_after(start, i64::from(count) * 60),
            Unit::Hour => self.elapsed_after(start, i64::from(count) * 3_600),
            Unit::Day => self.days_after(start, count, |date| !self.is_away(date)),
            Unit::Week => {
                self.days_after(start, count.saturating_mul(7), |date| !self.is_away(date))
            }
            Unit::WorkingDay => self.days_after(start, count, |date| self.is_working_day(date)),
        }
    }

    /// Whether people work on that day.
    pub fn is_working_day(&self, date: Date) -> bool {
        self.working_days.contains(&WorkingDay::of(date))
            && !self.holidays.contains(&date)
            && !self.is_away(date)
    }

    fn is_away(&self, date: Date) -> bool {
        self.away.iter().any(|away| away.from <= date && date <= away.until)
    }

    fn days_after(&self, start: Timestamp, count: u32, counts: impl Fn(Date) -> bool) -> Timestamp {
        let local = start.to_zoned(self.timezone.clone());
        let mut date = local.date();
        let mut time = local.time();
        let mut days_left = DAYS_AHEAD_MAX;
        if !counts(date) {
            time = Time::midnight();
            date = next_counting(date, &mut days_left, &counts);
        }
        for _ in 0..count {
            date = next_counting(date, &mut days_left, &counts);
        }
        self.instant(date, time, start)
    }

    fn elapsed_after(&self, start: Timestamp, seconds: i64) -> Timestamp {
        let mut at = start;
        let mut left = SignedDuration::from_secs(seconds);
        // Each turn of the loop passes an away time, so there are no more turns than those.
        for _ in 0..=self.away.len() {
            at = self.back_from_away(at);
            let end = at.checked_add(left).unwrap_or(Timestamp::MAX);
            let next_away =
                self.away.iter().map(|away| self.instant(away.from, Time::midnight(), start));
            match next_away.filter(|begin| *begin >= at && *begin < end).min() {
                None => return end,
                Some(begin) => {
                    left -= begin.duration_since(at);
                    at = begin;
                }
            }
        }
        at.checked_add(left).unwrap_or(Timestamp::MAX)
    }

    /// The moment the desk is back, if it is away.
    fn back_from_away(&self, at: Timestamp) -> Timestamp {
        let date = at.to_zoned(self.timezone.clone()).date();
        if !self.is_away(date) {
            return at;
        }
        let mut days_left = DAYS_AHEAD_MAX;
        let back = next_counting(date, &mut days_left, &|date| !self.is_away(date));
        self.instant(back, Time::midnight(), at)
    }

    fn instant(&self, date: Date, time: Time, fallback: Timestamp) -> Timestamp {
        let zoned = date.to_datetime(time).to_zoned(self.timezone.clone());
        zoned.map_or(fallback, |zoned| zoned.timestamp())
    }
}

/// The next day that counts, as far ahead as is looked.
fn next_counting(mut date: Date, days_left: &mut u32, counts: &impl Fn(Date) -> bool) -> Date {
    while *days_left > 0 {
        *days_left -= 1;
        date = date.tomorrow().unwrap_or(Date::MAX);
        if counts(date) {
            break;
        }
    }
    date
}
