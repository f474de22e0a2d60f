//! What never came is found: the end is the same as if every webhook had come.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use keydesk::engine::sweep::Looked;
use keydesk::sandbox::github::{CallFault, CallFaultKind};
use keydesk::sandbox::seed::tracker;
use keydesk::sandbox::state::{Acting, IssueChange, NewIssue, Refusal};
use serde_json::Value;

use super::desk::{ADA, BEN, Desk, MIRA, issue, lost_phone, request};

/// Steps that come due, but not within the week told here.
const PATIENT: &str = "[[escalation]]\nname = \"first\"\nafter = \"60 days\"\nlabels = [\"escalated\"]\n\
    [silence]\nremind_after = \"90 days\"\nclose_after = \"7 days\"\n";

/// What a bot has to find what never came by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    ByLog,
    ByIssues,
}

/// How the post goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Post {
    Comes,
    /// Nothing for three days.
    Stops,
    /// One in three is lost, by this seed.
    IsLost(u64),
}

type Deed = fn(&mut Acting<'_>) -> Result<(), Refusal>;

fn opens(acting: &mut Acting<'_>, body: String) -> Result<(), Refusal> {
    let new = NewIssue {
        title: "Account recovery request".to_owned(),
        body: Some(body),
        labels: vec!["account-recovery".to_owned()],
        ..NewIssue::default()
    };
    acting.create_issue(&tracker(), new).map(drop)
}

fn says(acting: &mut Acting<'_>, number: u64, text: &str) -> Result<(), Refusal> {
    acting.create_comment(&issue(number), text).map(drop)
}

fn closes(acting: &mut Acting<'_>, number: u64) -> Result<(), Refusal> {
    let change = IssueChange { open: Some(false), ..IssueChange::default() };
    acting.edit_issue(&issue(number), change).map(drop)
}

/// A week: hours after its beginning, who, and what.
const WEEK: &[(i64, &str, Deed)] = &[
    (0, ADA, |ada| opens(ada, lost_phone())),
    (2, MIRA, |mira| says(mira, 1, "Which projects do you own?")),
    (5, ADA, |ada| says(ada, 1, "left-pad and right-pad.")),
    (10, BEN, |ben| opens(ben, request(None, "I lost my phone.", true))),
    (20, BEN, |ben| says(ben, 2, "My user name is ben.")),
    (26, MIRA, |mira| says(mira, 1, "/initiated")),
    (30, MIRA, |mira| mira.add_labels(&issue(2), &["escalated".to_owned()])),
    (40, ADA, |ada| says(ada, 1, "I have sent the email to support@pypi.org.")),
    (45, MIRA, |mira| says(mira, 2, "Do you still read the mailbox of that account?")),
    (50, BEN, |ben| says(ben, 2, "Yes, I do.")),
    (55, ADA, |ada| opens(ada, request(Some("ada3"), "I lost my phone.", true))),
    (60, ADA, |ada| closes(ada, 3)),
    (65, MIRA, |mira| says(mira, 2, "/snooze 3 days\n/username ben2")),
    (80, ADA, |ada| says(ada, 1, "Thank you!")),
    (90, MIRA, |mira| says(mira, 1, "/recovered")),
    (100, BEN, |ben| says(ben, 2, "Is there any news?")),
];

/// While nothing comes.
const DOWN: std::ops::Range<i64> = 3..76;

fn plays(post: Post, found: Found) -> Desk {
    let mut desk = Desk::under(PATIENT);
    if found == Found::ByIssues {
        forget_log(&desk);
    }
    desk.hold();
    let start: Timestamp = desk.sandbox.now();
    let mut dice = if let Post::IsLost(seed) = post { seed * 2 + 1 } else { 0 };
    let mut is_lost = move || {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (dice >> 33).is_multiple_of(3)
    };
    let mut was_down = false;
    for (hour, person, deed) in WEEK {
        let is_down = post == Post::Stops && DOWN.contains(hour);
        if was_down && !is_down {
            desk.goes_to(start + SignedDuration::from_hours(DOWN.end), false);
            desk.start_again();
            desk.sweeps();
        }
        was_down = is_down;
        desk.goes_to(start + SignedDuration::from_hours(*hour), !is_down);
        match post {
            Post::Comes => desk.does(person, deed, || false),
            Post::Stops => desk.does(person, deed, || is_down),
            Post::IsLost(_) => {
                desk.does(person, deed, &mut is_lost);
                desk.does(person, |_| Ok(()), &mut is_lost);
                desk.goes_to(desk.sandbox.now() + SignedDuration::from_mins(16), true);
                desk.sweeps();
            }
        }
        while !is_down && !desk.held().is_empty() {
            desk.does(person, |_| Ok(()), || false);
        }
    }
    desk.goes_to(start + SignedDuration::from_hours(110), true);
    desk.sweeps();
    desk.release(|held| held);
    desk
}

/// The bot is given no log, as with a person's token.
fn forget_log(desk: &Desk) {
    let kind = CallFaultKind::Refused(403);
    desk.github.fail(CallFault { call: Some("list_sent_webhooks"), skip: 0, times: 9_999, kind });
}

/// What must be the same: all of a ticket but ids of comments, what was measured, and the card.
fn ends(desk: &Desk, number: u64) -> Value {
    let report = desk.report(number).expect("a ticket");
    let ticket = serde_json::to_value(&report.ticket).expect("JSON");
    let fields = [
        "turn",
        "turn_since",
        "stage",
        "is_open",
        "answered_at",
        "joined_late_at",
        "closed_at",
        "mailed_at",
        "snoozed_until",
        "reading",
        "title",
        "body",
        "related",
        "is_locked",
        "assignees",
        "commanded_labels",
        "is_gone",
        "opened_at",
        "climbed",
    ];
    let mut kept: serde_json::Map<String, Value> =
        fields.iter().map(|field| ((*field).to_owned(), ticket[*field].clone())).collect();
    kept.insert("labels".to_owned(), desk.labels_of(&desk.issue_at(number)).into());
    let ran = report.ticket.commands_seen.len();
    kept.insert("commands".to_owned(), ran.into());
    Value::from(kept)
}

fn assert_same(post: Post, found: Found) {
    let (complete, swept) = (plays(Post::Comes, found), plays(post, found));
    for number in 1..=3 {
        let (complete, swept) = (ends(&complete, number), ends(&swept, number));
        let fields = complete.as_object().expect("an object");
        let differ: Vec<String> = fields
            .iter()
            .filter(|(name, value)| swept[name.as_str()] != **value)
            .map(|(name, value)| format!("{name}: {value} / {}", swept[name.as_str()]))
            .collect();
        assert!(differ.is_empty(), "{post:?} {found:?} #{number}: {differ:#?}");
    }
    for number in 1..=3 {
        let issue = swept.issue_at(number);
        let ours = issue.comments.iter().filter_map(|one| one.body.split("<!-- keydesk:").nth(1));
        let mut seen = std::collections::BTreeSet::new();
        assert!(ours.clone().all(|marker| seen.insert(marker)), "twice: {}", swept.shows());
    }
}

#[test]
fn three_days_down_end_as_none_by_the_log() {
    assert_same(Post::Stops, Found::ByLog);
}

#[test]
fn three_days_down_end_as_none_by_the_issues() {
    assert_same(Post::Stops, Found::ByIssues);
}

#[test]
fn webhooks_lost_at_random_are_found_by_the_log() {
    (0..8).for_each(|seed| assert_same(Post::IsLost(seed), Found::ByLog));
}

#[test]
fn webhooks_lost_at_random_are_found_by_the_issues() {
    (0..8).for_each(|seed| assert_same(Post::IsLost(seed), Found::ByIssues));
}

#[test]
fn a_look_that_is_cut_short_goes_on_where_it_was() {
    let desk = Desk::under(PATIENT);
    desk.hold();
    desk.does(ADA, |ada| opens(ada, lost_phone()), || false);
    for number in 0..5 {
        desk.does(ADA, |ada| says(ada, 1, &format!("left-pad {number}")), || true);
    }
    for kind in [CallFaultKind::Unreachable, CallFaultKind::Limited(Duration::from_secs(60))] {
        let call = Some("find_sent_webhook");
        desk.github.fail(CallFault { call, skip: 1, times: 1, kind });
        desk.fails_to_sweep();
    }
    assert_eq!(desk.sweeps().0, Looked::Done);
    let fetched =
        || desk.github.calls().iter().filter(|call| **call == "find_sent_webhook").count();
    let count = fetched();
    assert!(desk.reasons().lines().count() > 0);
    assert_eq!(desk.sweeps().0, Looked::Done);
    assert_eq!(fetched(), count, "nothing is fetched twice");
}

#[test]
fn old_issues_nobody_speaks_of_stay_out() {
    let desk = Desk::under(PATIENT);
    desk.hold();
    // Before the first contact.
    desk.act_alone(BEN, |ben| opens(ben, lost_phone()));
    desk.take_held();
    desk.goes_to(desk.sandbox.now() + SignedDuration::from_hours(5), false);
    desk.does(ADA, |ada| opens(ada, request(Some("ada"), "I lost my phone.", true)), || false);
    desk.goes_to(desk.sandbox.now() + SignedDuration::from_hours(1), false);
    forget_log(&desk);
    desk.sweeps();
    assert!(desk.report(1).is_none() && desk.report(2).is_some());
    desk.does(BEN, |ben| says(ben, 1, "Is there any news?"), || true);
    desk.goes_to(desk.sandbox.now() + SignedDuration::from_mins(5), true);
    desk.sweeps();
    assert!(desk.report(1).is_some(), "it was spoken of");
}
