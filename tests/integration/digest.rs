//! The digest: what it says, when it goes out, and that it does so once.

use jiff::SignedDuration;
use keydesk::sandbox::seed::tracker;
use keydesk::store::KeptDigest;

use crate::desk::{ADA, BEN, Desk, MIRA, ROOT, issue, lost_phone, request};

const WEEKLY: &str = "[digest]\nevery = \"weekly\"\n[notify.chat]\nstyle = \"generic\"\n\
    [[escalation]]\nname = \"nobody answers\"\nafter = \"2 working days\"\n";

/// Later than any repetition.
const LONG_ENOUGH: SignedDuration = SignedDuration::from_mins(12);

fn digests(desk: &Desk) -> Vec<KeptDigest> {
    let repository = desk.sandbox.with(|state| {
        keydesk::triage::RepositoryId(state.find_repository(&tracker()).expect("the tracker").id)
    });
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(desk.store.list_digests(repository)).expect("a store that answers")
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
    insta::assert_snapshot!(heard[0]["figures"], @"");
    desk.wait_days(7);
    insta::assert_snapshot!(digests(&desk)[0].text, @"");
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
