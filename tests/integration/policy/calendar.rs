//! The clock, against examples and against a reckoning that goes second by second or day by day.

use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp, ToSpan};
use keydesk::policy::calendar::{Away, Rest};
use keydesk::policy::{Calendar, Span, layers};
use proptest::prelude::*;

use super::policy;

fn calendar(zone: &str, rest: &str) -> Calendar {
    policy(&[&format!("[clock]\ntimezone = \"{zone}\"\n{rest}\n")]).clock
}

fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

fn span(words: &str) -> Span {
    words.parse().expect("a span")
}

/// Each line: when, how long after, when that is; in the calendar's own zone.
fn check(calendar: &Calendar, rows: &[(&str, &str, &str)]) {
    for (start, words, expected) in rows {
        let after = calendar.after(at(start), &span(words));
        assert_eq!(after, at(expected), "{words} after {start}");
    }
}

#[test]
fn working_days_skip_weekends_and_holidays() {
    let calendar = calendar("UTC", "holidays = [\"2026-12-25\"]");
    check(
        &calendar,
        &[
            ("2026-12-21T10:30:00Z", "1 working day", "2026-12-22T10:30:00Z"),
            ("2026-12-24T10:30:00Z", "1 working day", "2026-12-28T10:30:00Z"),
            ("2026-12-18T10:30:00Z", "5 working days", "2026-12-28T10:30:00Z"),
            // Saturday: the clock starts on Monday morning.
            ("2026-12-19T15:00:00Z", "1 working day", "2026-12-22T00:00:00Z"),
            ("2026-12-25T15:00:00Z", "2 working days", "2026-12-30T00:00:00Z"),
        ],
    );
    assert!(!calendar.is_working_day(date(2026, 12, 25)));
    assert!(calendar.is_working_day(date(2026, 12, 24)));
}

#[test]
fn away_times_stop_every_clock_and_include_both_ends() {
    let calendar = calendar("UTC", "away = [{ from = \"2027-05-12\", until = \"2027-05-20\" }]");
    check(
        &calendar,
        &[
            ("2027-05-11T10:00:00Z", "1 day", "2027-05-21T10:00:00Z"),
            ("2027-05-11T10:00:00Z", "1 working day", "2027-05-21T10:00:00Z"),
            ("2027-05-11T10:00:00Z", "36 hours", "2027-05-21T22:00:00Z"),
            ("2027-05-11T10:00:00Z", "14 hours", "2027-05-12T00:00:00Z"),
            ("2027-05-15T10:00:00Z", "2 seconds", "2027-05-21T00:00:02Z"),
            ("2027-05-15T10:00:00Z", "1 day", "2027-05-22T00:00:00Z"),
            ("2027-05-15T10:00:00Z", "1 week", "2027-05-28T00:00:00Z"),
            ("2027-05-21T10:00:00Z", "90 minutes", "2027-05-21T11:30:00Z"),
        ],
    );
}

#[test]
fn days_keep_the_time_of_day_where_clocks_are_changed() {
    let calendar = calendar("Europe/Berlin", "");
    check(
        &calendar,
        &[
            // 2027-03-28: from 02:00 to 03:00. 2027-10-31: from 03:00 back to 02:00.
            ("2027-03-27T12:00:00+01:00", "1 day", "2027-03-28T12:00:00+02:00"),
            ("2027-03-27T12:00:00+01:00", "24 hours", "2027-03-28T13:00:00+02:00"),
            ("2027-03-27T02:30:00+01:00", "1 day", "2027-03-28T03:30:00+02:00"),
            ("2027-10-30T12:00:00+02:00", "1 day", "2027-10-31T12:00:00+01:00"),
            ("2027-10-30T12:00:00+02:00", "24 hours", "2027-10-31T11:00:00+01:00"),
            ("2027-01-29T12:00:00+01:00", "30 days", "2027-02-28T12:00:00+01:00"),
        ],
    );
}

#[test]
fn the_zone_decides_which_day_it_is() {
    let calendar = calendar("Pacific/Auckland", "");
    // Friday evening in UTC is Saturday morning there.
    check(&calendar, &[("2026-11-20T20:00:00Z", "1 working day", "2026-11-24T00:00:00+13:00")]);
}

#[test]
fn a_calendar_without_end_of_absence_ends_all_the_same() {
    let away = Away { from: date(2026, 1, 1), until: Date::MAX, why: String::new() };
    let calendar = Calendar { away: vec![away], ..layers::built_in().clock };
    let start = at("2026-11-20T20:00:00Z");
    for words in ["10 years", "3652 days", "520 weeks", "2 seconds", "5 working days"] {
        let Ok(span) = words.parse::<Span>() else { continue };
        assert!(calendar.after(start, &span) > at("2100-01-01T00:00:00Z"), "{words}");
    }
    let late = Timestamp::MAX - SignedDuration::from_hours(1);
    assert!(layers::built_in().clock.after(late, &span("30 days")) >= late);
}

#[test]
fn a_rest_takes_as_long_as_it_lasts() {
    let calendar = calendar("UTC", "");
    let rest = Rest { from: at("2027-03-03T10:00:00Z"), until: at("2027-03-06T10:00:00Z") };
    for (words, expected) in [
        ("36 hours", "2027-03-02T20:00:00Z"),
        ("3 days", "2027-03-07T08:00:00Z"),
        // Wednesday to Saturday, so Thursday and Friday are missing.
        ("5 working days", "2027-03-10T08:00:00Z"),
        ("60 hours", "2027-03-06T20:00:00Z"),
    ] {
        let after = calendar.after_resting(at("2027-03-01T08:00:00Z"), &span(words), &[rest]);
        assert_eq!(after, at(expected), "{words}");
    }
    // Due later on the very day it was put to rest: as late on the day it wakes.
    let after = calendar.after_resting(at("2027-03-02T15:00:00Z"), &span("1 day"), &[rest]);
    assert_eq!(after, at("2027-03-06T15:00:00Z"));
    let after = calendar.after_resting(at("2027-03-02T15:00:00Z"), &span("1 working day"), &[rest]);
    assert_eq!(after, at("2027-03-08T00:00:00Z"));
}

#[test]
fn a_span_says_its_words_again() {
    for words in [
        "5 working days",
        "36 hours",
        "30 days",
        "2 seconds",
        "1 minute",
        "2 weeks",
        "1 working day",
    ] {
        assert_eq!(span(words).to_string(), words);
    }
    assert_eq!(span(" 1  Working   days ").to_string(), "1 working day");
    assert_eq!(span("90minutes").to_string(), "90 minutes");
}

fn calendars() -> impl Strategy<Value = Calendar> {
    let zones = prop::sample::select(vec![
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
        "Asia/Kolkata",
    ]);
    let working =
        prop::sample::subsequence(vec!["mon", "tue", "wed", "thu", "fri", "sat", "sun"], 1..=7);
    let holidays = prop::collection::vec(0..60i64, 0..8);
    let away = prop::collection::vec((0..60i64, 0..9i64), 0..4);
    (zones, working, holidays, away).prop_map(|(zone, working, holidays, away)| {
        let day = |offset: i64| date(2027, 3, 1).saturating_add(offset.days());
        let mut calendar = calendar(zone, &format!("working_days = {working:?}"));
        calendar.holidays = holidays.into_iter().map(day).collect();
        calendar.away = away
            .into_iter()
            .map(|(from, length)| Away {
                from: day(from),
                until: day(from + length),
                why: String::new(),
            })
            .collect();
        calendar
    })
}

fn is_away(calendar: &Calendar, date: Date) -> bool {
    calendar.away.iter().any(|away| away.from <= date && date <= away.until)
}

fn is_working(calendar: &Calendar, date: Date) -> bool {
    let day = format!("{:?}", date.weekday()).to_lowercase();
    let names = calendar.working_days.iter().map(|day| format!("{day:?}").to_lowercase());
    names.into_iter().any(|name| day.starts_with(&name))
        && !calendar.holidays.contains(&date)
        && !is_away(calendar, date)
}

/// Days by the words of the manual, one by one.
fn days_after(
    calendar: &Calendar,
    start: Timestamp,
    count: u32,
    counts: impl Fn(Date) -> bool,
) -> Timestamp {
    let zoned = start.to_zoned(calendar.timezone.clone());
    let (mut day, mut time) = (zoned.date(), zoned.time());
    while !counts(day) {
        day = day.tomorrow().expect("far from the end");
        time = jiff::civil::Time::midnight();
    }
    for _ in 0..count {
        day = day.tomorrow().expect("far from the end");
        while !counts(day) {
            day = day.tomorrow().expect("far from the end");
        }
    }
    day.to_datetime(time).to_zoned(calendar.timezone.clone()).expect("a time").timestamp()
}

/// Minutes that pass, one by one, unless the desk is away or the request rests.
fn minutes_after(
    calendar: &Calendar,
    (start, rests): (Timestamp, &[Rest]),
    minutes: u32,
) -> Timestamp {
    let (mut now, mut left) = (start, minutes);
    while left > 0 {
        let date = now.to_zoned(calendar.timezone.clone()).date();
        let is_rest = rests.iter().any(|rest| rest.from <= now && now < rest.until);
        left -= u32::from(!is_rest && !is_away(calendar, date));
        now += SignedDuration::from_mins(1);
    }
    now
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_clock_agrees_with_a_slow_reckoning(
        calendar in calendars(),
        minute in 0..60 * 24 * 60i64,
        count in 1..25u32,
    ) {
        let start = at("2027-03-01T00:00:00Z") + SignedDuration::from_mins(minute);
        let after = |unit: &str, count: u32| calendar.after(start, &span(&format!("{count} {unit}")));
        prop_assert_eq!(after("working days", count), days_after(&calendar, start, count, |day| is_working(&calendar, day)));
        prop_assert_eq!(after("days", count), days_after(&calendar, start, count, |day| !is_away(&calendar, day)));
        prop_assert_eq!(after("weeks", 2), after("days", 14));
        prop_assert_eq!(after("minutes", count * 97), minutes_after(&calendar, (start, &[]), count * 97));
        prop_assert_eq!(after("hours", count), minutes_after(&calendar, (start, &[]), count * 60));
    }

    #[test]
    fn a_resting_clock_agrees_with_a_slow_reckoning(
        calendar in calendars(),
        minute in 0..60 * 24 * 30i64,
        count in 1..25u32,
        rests in prop::collection::vec((0..60 * 24 * 40i64, 1..60 * 24 * 6i64), 0..4),
    ) {
        let begin = at("2027-03-01T00:00:00Z");
        let start = begin + SignedDuration::from_mins(minute);
        let instant = |minute: i64| begin + SignedDuration::from_mins(minute);
        let rests: Vec<Rest> =
            rests.iter().map(|(from, length)| Rest { from: instant(*from), until: instant(from + length) }).collect();
        let after = |unit: &str, count: u32| calendar.after_resting(start, &span(&format!("{count} {unit}")), &rests);
        prop_assert_eq!(after("minutes", count * 97), minutes_after(&calendar, (start, &rests), count * 97));
        let date = |instant: Timestamp| instant.to_zoned(calendar.timezone.clone()).date();
        let rested = |day: Date| rests.iter().any(|rest| date(rest.from) < day && day <= date(rest.until));
        for unit in ["days", "working days"] {
            let counts = |day: Date| if unit == "days" { !is_away(&calendar, day) } else { is_working(&calendar, day) };
            let slow = days_after(&calendar, start, count, |day| counts(day) && !rested(day));
            let due_at = after(unit, count);
            let is_touched = rests.iter().any(|rest| rest.from < slow && slow < rest.until);
            if is_touched { prop_assert!(due_at > slow); } else { prop_assert_eq!(due_at, slow); }
            let unrested = calendar.after(start, &span(&format!("{count} {unit}")));
            prop_assert!(due_at >= unrested);
            let is_within = rests.iter().any(|rest| rest.from < due_at && due_at < rest.until);
            prop_assert!(!is_within, "{} lies within a rest", due_at);
        }
    }

    #[test]
    fn a_later_start_never_ends_sooner(
        calendar in calendars(),
        minutes in (0..60 * 24 * 60i64, 0..2_000i64),
        words in prop::sample::select(vec!["1 working day", "3 working days", "2 days", "36 hours", "1 week"]),
    ) {
        let start = at("2027-03-01T00:00:00Z") + SignedDuration::from_mins(minutes.0);
        let later = start + SignedDuration::from_mins(minutes.1);
        let hour = SignedDuration::from_hours(1);
        // Where a clock is set back an hour of the day comes twice, and the first is meant.
        prop_assert!(calendar.after(start, &span(words)) <= calendar.after(later, &span(words)) + hour);
        prop_assert!(calendar.after(start, &span(words)) > start);
    }
}
