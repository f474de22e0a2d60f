//! When a digest goes out: at nine in the morning, on days on which somebody is there to read it.

use jiff::Timestamp;
use jiff::civil::{Date, time};

use super::{Calendar, Every};

/// Dates looked at before giving up, some eleven years: a desk whose people never come back gets
/// no digest and no endless search.
const DATES_MAX: u32 = 4_000;

/// When the next digest goes out after an instant: each working day, or on the first working day
/// of each week, which begins on Monday, at 09:00 by the calendar's own time.
pub fn next_digest_at(every: Every, calendar: &Calendar, after: Timestamp) -> Option<Timestamp> {
    if every == Every::Never {
        return None;
    }
    let mut date = calendar.date_of(after);
    for _ in 0..DATES_MAX {
        if is_digest_day(every, calendar, date) {
            let local = date.to_datetime(time(9, 0, 0, 0));
            let at = calendar.timezone.to_timestamp(local).ok()?;
            if at > after {
                return Some(at);
            }
        }
        date = date.tomorrow().ok()?;
    }
    None
}

fn is_digest_day(every: Every, calendar: &Calendar, date: Date) -> bool {
    match every {
        Every::Never => false,
        Every::Daily => calendar.is_working_day(date),
        Every::Weekly => {
            let earlier = std::iter::successors(date.yesterday().ok(), |day| day.yesterday().ok());
            let days_since_monday = date.weekday().to_monday_zero_offset().unsigned_abs();
            let mut earlier = earlier.take(days_since_monday.into());
            calendar.is_working_day(date) && !earlier.any(|day| calendar.is_working_day(day))
        }
    }
}
