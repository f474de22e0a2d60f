//! When a digest goes out: examples, and a reckoning that looks at every quarter of an hour.

use jiff::civil::{Date, time};
use jiff::{SignedDuration, Timestamp, ToSpan};
use keydesk::policy::{Calendar, Every, next_digest_at};
use proptest::prelude::*;

use super::calendar::{calendars, is_working};
use super::{policy, refusal};

fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

fn next(clock: &str, every: Every, after: &str) -> Option<Timestamp> {
    next_digest_at(every, &policy(&[&format!("[clock]\n{clock}\n")]).clock, at(after))
}

#[test]
fn a_digest_goes_out_at_nine_on_working_days() {
    let rows = [
        // Monday.
        ("2026-11-23T08:59:59Z", "2026-11-23T09:00:00Z", "2026-11-23T09:00:00Z"),
        ("2026-11-23T09:00:00Z", "2026-11-24T09:00:00Z", "2026-11-30T09:00:00Z"),
        // Friday evening, before a Monday that is a holiday.
        ("2026-12-11T18:00:00Z", "2026-12-15T09:00:00Z", "2026-12-15T09:00:00Z"),
        // Before a week in which nobody is there.
        ("2027-01-01T18:00:00Z", "2027-01-13T09:00:00Z", "2027-01-13T09:00:00Z"),
    ];
    let clock =
        "holidays = [\"2026-12-14\"]\naway = [{ from = \"2027-01-04\", until = \"2027-01-12\" }]";
    for (after, daily, weekly) in rows {
        assert_eq!(next(clock, Every::Daily, after), Some(at(daily)), "daily after {after}");
        assert_eq!(next(clock, Every::Weekly, after), Some(at(weekly)), "weekly after {after}");
        assert_eq!(next(clock, Every::Never, after), None);
    }
}

#[test]
fn nine_is_nine_by_the_clock_on_the_wall() {
    let berlin = "timezone = \"Europe/Berlin\"\nworking_days = [\"sat\", \"sun\", \"mon\"]";
    // 2027-03-28 and 2027-10-31 are the Sundays on which clocks are changed.
    for (after, expected) in [
        ("2027-03-27T12:00:00+01:00", "2027-03-28T09:00:00+02:00"),
        ("2027-10-30T12:00:00+02:00", "2027-10-31T09:00:00+01:00"),
    ] {
        assert_eq!(next(berlin, Every::Daily, after), Some(at(expected)));
    }
    // Monday belongs to the week that begins, Saturday and Sunday to the one that ends.
    let weekly = next(berlin, Every::Weekly, "2027-03-27T12:00:00+01:00");
    assert_eq!(weekly, Some(at("2027-03-29T09:00:00+02:00")));
}

#[test]
fn who_never_comes_back_gets_no_digest() {
    let away = "away = [{ from = \"2026-01-01\", until = \"9999-12-31\" }]";
    assert_eq!(next(away, Every::Daily, "2026-11-23T09:00:00Z"), None);
}

#[test]
fn a_digest_tells_a_chat_that_is_there() {
    insta::assert_snapshot!(refusal("[digest]\nnotify = \"chart\"\n[notify.chat]\nstyle = \"slack\"\n"), @"
    policy.toml:2:10: unknown chat `chart`
    help: did you mean `chat`? Or add a table [notify.chart] with its style
    ");
    let digest =
        policy(&["[digest]\nnotify = \"chat\"\n[notify.chat]\nstyle = \"slack\"\n"]).digest;
    assert_eq!((digest.every, digest.notify.as_deref()), (Every::Never, Some("chat")));
}

/// Whether a digest goes out on a date, by a look at each day of its week.
fn is_digest_day(every: Every, calendar: &Calendar, date: Date) -> bool {
    let monday = date.iso_week_date().first_of_week().expect("far from the end").date();
    let week = (0..7i64).map(|days| monday.saturating_add(days.days()));
    match every {
        Every::Never => false,
        Every::Daily => is_working(calendar, date),
        Every::Weekly => week.into_iter().find(|day| is_working(calendar, *day)) == Some(date),
    }
}

/// The first quarter of an hour, of those that begin after an instant, at which it is nine.
fn slowly(every: Every, calendar: &Calendar, after: Timestamp) -> Timestamp {
    let quarter = SignedDuration::from_mins(15);
    let mut now =
        after + (quarter - SignedDuration::from_secs(after.as_second() % quarter.as_secs()));
    loop {
        let local = now.to_zoned(calendar.timezone.clone());
        if local.time() == time(9, 0, 0, 0) && is_digest_day(every, calendar, local.date()) {
            return now;
        }
        now += quarter;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_schedule_agrees_with_a_slow_reckoning(
        calendar in calendars(),
        every in prop::sample::select(vec![Every::Daily, Every::Weekly]),
        second in 0..86_400 * 60i64,
    ) {
        let start = at("2027-03-01T00:00:00Z") + SignedDuration::from_secs(second);
        let next = next_digest_at(every, &calendar, start);
        prop_assert_eq!(next, Some(slowly(every, &calendar, start)));
    }
}
