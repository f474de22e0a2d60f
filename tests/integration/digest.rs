//! The digest: what it says, when it goes out, and that it does so once.

use jiff::{SignedDuration, Timestamp};
use keydesk::sandbox::seed::tracker;
use keydesk::store::{KeptDigest, NewDelivery, StoreError};
use keydesk::triage::RepositoryId;

use crate::desk::{ADA, BEN, Desk, MIRA, ROOT, issue, lost_phone, request};

const WEEKLY: &str = "[digest]\nevery = \"weekly\"\n[notify.chat]\nstyle = \"generic\"\n\
    [[escalation]]\nname = \"nobody answers\"\nafter = \"2 working days\"\n";

/// Later than any repetition.
const LONG_ENOUGH: SignedDuration = SignedDuration::from_mins(12);

fn repository(desk: &Desk) -> RepositoryId {
    let id = desk.sandbox.with(|state| state.find_repository(&tracker()).expect("the tracker").id);
    RepositoryId(id)
}

fn ask<T>(question: impl Future<Output = Result<T, StoreError>>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(question).expect("a store that answers")
}

fn digests(desk: &Desk) -> Vec<KeptDigest> {
    ask(desk.store.list_digests(repository(desk)))
}

/// What ever happened at the desk, and how often.
fn happened(desk: &Desk) -> String {
    let times = (Timestamp::UNIX_EPOCH, desk.sandbox.now());
    let facts = ask(desk.store.digest_facts(repository(desk), times.0, times.1));
    let counts = facts.expect("some tickets").happened.into_iter();
    counts.map(|counted| format!("{} {}; ", counted.kind, counted.count)).collect()
}

fn times(desk: &Desk) -> Vec<String> {
    digests(desk).iter().map(|digest| digest.at.to_string()).collect()
}

/// A week of a desk: Monday 09:00 to the next.
fn week(desk: &Desk) {
    desk.ada_asks(&lost_phone());
    desk.opens(BEN, &request(Some("ben"), "I lost my phone.", true), &["account-recovery"]);
    desk.opens(ROOT, &request(Some("root"), "I lost my codes.", true), &["account-recovery"]);
    desk.ada_asks(&request(Some("ada2"), "I lost my phone.", true));
    desk.act(MIRA, |mira| mira.create_comment(&issue(2), "Which projects do you own?"));
    desk.act(ROOT, |root| root.create_comment(&issue(3), "/resolved"));
    desk.act(MIRA, |mira| mira.create_comment(&issue(4), "/snooze 30 days"));
    desk.wait_days(7);
}

#[test]
fn a_week_is_told_to_the_chat_and_kept() {
    let mut desk = Desk::under(WEEKLY);
    let chat = desk.opens_chat("chat");
    week(&desk);
    let kept = digests(&desk);
    assert_eq!(times(&desk), ["2026-11-30T09:00:00Z"]);
    insta::assert_snapshot!(kept[0].text, @r"
    acme/support: digest of 2026-11-30, since 2026-11-23
    Open: 2 wait for maintainers, 1 for the requester.
    Waiting longest for maintainers:
    - #1, 6 days, escalated (nobody answers): http://127.0.0.1/acme/support/issues/1
    - #4, 6 days, snoozed until 2026-12-23: http://127.0.0.1/acme/support/issues/4
    Since then: 4 opened, 1 answered for the first time, 1 escalated (nobody answers: 1), 1 closed (1 solved without staff).
    First reply, over the last 90 days: half within 1 hour, nine in ten within 1 hour (1 request).
    Until it was closed, over the last 90 days: half within 1 hour, nine in ten within 1 hour (1 request).
    ");
    let heard = chat.heard();
    assert_eq!(heard.len(), 1, "{heard:?}");
    assert_eq!(heard[0]["text"], kept[0].text);
    assert_eq!(heard[0]["url"], "http://127.0.0.1/acme/support/issues");
    assert!(heard[0]["id"].as_str().is_some_and(|id| id.ends_with(":1796029200000000/chat")));
    insta::assert_snapshot!(heard[0]["figures"], @r#"{"answered":1,"closed":1,"deflected":1,"escalated":1,"first_reply_count":1,"first_reply_half_hours":1,"first_reply_most_hours":1,"given_up":0,"late":0,"open_maintainers":2,"open_requester":1,"opened":4,"resolution_count":1,"resolution_half_hours":1,"resolution_most_hours":1,"set_aside":0,"withheld_open":0}"#);
    desk.wait_days(7);
    insta::assert_snapshot!(digests(&desk)[0].text, @r"
    acme/support: digest of 2026-12-07, since 2026-11-30
    Open: 2 wait for maintainers, 1 for the requester.
    Waiting longest for maintainers:
    - #1, 13 days, escalated (nobody answers): http://127.0.0.1/acme/support/issues/1
    - #4, 13 days, snoozed until 2026-12-23: http://127.0.0.1/acme/support/issues/4
    Since then nothing happened.
    First reply, over the last 90 days: half within 1 hour, nine in ten within 1 hour (1 request).
    Until it was closed, over the last 90 days: half within 1 hour, nine in ten within 1 hour (1 request).
    ");
}

#[test]
fn a_desk_without_requests_gets_none() {
    let desk = Desk::under("[digest]\nevery = \"daily\"\n");
    desk.opens(ADA, "How do I install this?", &["question"]);
    desk.wait_days(10);
    assert!(times(&desk).is_empty());
}

#[test]
fn a_desk_that_observes_keeps_it_and_tells_nobody() {
    let mut desk = Desk::under(&format!("{WEEKLY}[desk]\nmode = \"observe\"\n"));
    let chat = desk.opens_chat("chat");
    desk.ada_asks(&lost_phone());
    desk.wait_days(7);
    assert!(digests(&desk)[0].text.contains("only observes"), "{:?}", digests(&desk));
    assert!(chat.heard().is_empty());
}

#[test]
fn one_chat_that_is_away_keeps_no_other_waiting() {
    let policy = format!("{WEEKLY}[notify.other]\nstyle = \"generic\"\n");
    let mut desk = Desk::under(&policy);
    let (away, other) = (desk.opens_chat("chat"), desk.opens_chat("other"));
    away.be_deaf_for(6);
    desk.ada_asks(&lost_phone());
    desk.wait_days(7);
    assert_eq!((away.heard().len(), other.heard().len()), (0, 1));
    desk.wait(LONG_ENOUGH);
    assert_eq!((away.heard().len(), other.heard().len()), (1, 1));
    // What a chat did not hear for a week it need not hear together with the next.
    away.be_deaf_for(u32::MAX);
    for _ in 0..2 {
        desk.sandbox.move_clock(SignedDuration::from_hours(24 * 7));
        desk.settle();
    }
    away.be_deaf_for(0);
    desk.wait(LONG_ENOUGH);
    assert_eq!((away.heard().len(), other.heard().len()), (2, 3));
    assert_eq!(away.heard()[1]["text"], digests(&desk)[0].text);
}

#[test]
fn one_chat_can_be_chosen_and_one_without_an_address_is_named_the_next_time() {
    let policy = "[digest]\nevery = \"daily\"\nnotify = \"other\"\n\
        [notify.chat]\nstyle = \"slack\"\n[notify.other]\nstyle = \"slack\"\n";
    let mut desk = Desk::under(policy);
    let chat = desk.opens_chat("chat");
    desk.ada_asks(&lost_phone());
    desk.wait_days(2);
    assert!(chat.heard().is_empty());
    let text = &digests(&desk)[0].text;
    assert!(text.contains("Given up: 1 × notify"), "{text}");
    assert!(text.contains("set NOTIFY_OTHER_URL"), "{text}");
}

#[test]
fn a_change_of_policy_changes_the_time() {
    let desk = Desk::under("[digest]\nevery = \"weekly\"\n");
    desk.ada_asks(&lost_phone());
    desk.pushes_policy("[digest]\nevery = \"daily\"\n[clock]\ntimezone = \"Europe/Berlin\"\n");
    desk.wait_days(2);
    assert_eq!(times(&desk), ["2026-11-25T08:00:00Z", "2026-11-24T08:00:00Z"]);
    desk.pushes_policy("[digest]\nevery = \"never\"\n");
    desk.wait_days(10);
    assert_eq!(times(&desk).len(), 2);
}

#[test]
fn who_is_away_gets_none_until_they_are_back() {
    let desk = Desk::under("[digest]\nevery = \"daily\"\n");
    desk.ada_asks(&lost_phone());
    desk.says(MIRA, "/away 2026-11-24..2026-12-10 conference");
    desk.wait_days(3);
    assert!(times(&desk).is_empty(), "{:?}", times(&desk));
    desk.says(MIRA, "/back");
    desk.wait_days(1);
    assert_eq!(times(&desk), ["2026-11-27T09:00:00Z"]);
}

#[test]
fn what_was_due_while_the_bot_was_down_is_told_once() {
    let mut desk = Desk::under("[digest]\nevery = \"daily\"\n");
    desk.ada_asks(&lost_phone());
    desk.sandbox.move_clock(SignedDuration::from_hours(24 * 3 + 5));
    desk.restart();
    assert_eq!(times(&desk), ["2026-11-26T14:01:00Z"]);
    desk.wait_days(1);
    assert_eq!(times(&desk).len(), 2);
}

const SILENCE: &str = "[silence]\nremind_after = \"1 day\"\nclose_after = \"1 day\"\n";

/// How a request ends.
type End = fn(&Desk);

/// Each ending is told for what it was, and a closed request that comes back is told too.
#[test]
fn endings_are_told_apart() {
    let closed = "answered 1; closed 1; ";
    let ends: [(End, &str); 5] = [
        (|desk| desk.wait_days(2), "closed_for_silence 1; opened 1; reminded 1; "),
        (
            |desk| {
                desk.says(ADA, "Please close this issue.");
            },
            "opened 1; reminded 1; ",
        ),
        (
            |desk| {
                desk.says(MIRA, "/close-silent");
            },
            "opened 1; reminded 1; ",
        ),
        (|desk| desk.closes(MIRA), "opened 1; reminded 1; "),
        (
            |desk| {
                desk.says(MIRA, "/recovered");
            },
            "opened 1; recovered 1; reminded 1; ",
        ),
    ];
    for (end, told) in ends {
        let desk = Desk::under(SILENCE);
        desk.ada_asks(&lost_phone());
        desk.says(MIRA, "Which projects do you own?");
        desk.wait(SignedDuration::from_hours(25));
        end(&desk);
        assert_eq!(happened(&desk), format!("{closed}{told}"), "{}", desk.shows());
    }
    let desk = Desk::open();
    desk.ada_asks(&lost_phone());
    desk.closes(ADA);
    desk.says(MIRA, "/reopen");
    desk.act(ROOT, |root| root.delete_issue(&issue(1)));
    assert_eq!(happened(&desk), "closed 1; left 1; opened 1; reopened 1; ");
}

#[test]
fn what_went_wrong_is_told_with_what_to_do() {
    let desk = Desk::under("[digest]\nevery = \"daily\"\n");
    desk.ada_asks(&lost_phone());
    desk.pushes_policy("[digest]\nevery = \"dayly\"\n");
    let issue = desk.report(1).expect("a ticket").ticket.id;
    for (guid, subject) in [("one", format!("issue:{issue}")), ("two", "issue:1".to_owned())] {
        let delivery = NewDelivery {
            guid: guid.to_owned(),
            event: "issues".to_owned(),
            subject,
            body: "{\"a secret\"".to_owned(),
        };
        ask(desk.store.put_delivery(delivery, desk.sandbox.now()));
    }
    desk.settle();
    desk.wait_days(1);
    let text = &digests(&desk)[0].text;
    assert!(text.contains("1 delivery could not be handled and is set aside."), "{text}");
    assert!(text.contains("did you mean `daily`?"), "{text}");
    assert!(!text.contains("secret"), "{text}");
}

#[test]
fn what_waits_for_its_turn_after_an_outage_is_told() {
    let mut desk = Desk::under(&format!("[desk]\noverdue_per_hour = 1\n{WEEKLY}"));
    for _ in 0..3 {
        desk.ada_asks(&lost_phone());
    }
    desk.sandbox.move_clock(SignedDuration::from_hours(24 * 7));
    desk.restart();
    let text = &digests(&desk)[0].text;
    assert!(text.contains("Overdue, waiting to be taken up: 2 requests"), "{text}");
}

/// Kills the process after every number of steps, up to where the chat is spoken to.
#[test]
fn a_digest_survives_every_crash() {
    let mut was_kept = false;
    for step_count in 0..60 {
        let mut desk = Desk::under(WEEKLY);
        let chat = desk.opens_chat("chat");
        desk.ada_asks(&lost_phone());
        desk.sandbox.move_clock(SignedDuration::from_hours(24 * 7));
        assert!(!desk.work_steps(step_count), "nobody waits for the chat");
        was_kept = !times(&desk).is_empty();
        desk.start_again();
        desk.settle();
        desk.wait(LONG_ENOUGH);
        assert_eq!(times(&desk).len(), 1, "after {step_count} steps");
        let heard = chat.heard();
        let text = &digests(&desk)[0].text;
        assert!(!heard.is_empty(), "after {step_count} steps nobody was told");
        assert!(heard.iter().all(|message| message["text"] == *text), "{heard:?}");
    }
    assert!(was_kept, "the process was killed after the digest was kept, too");
}
