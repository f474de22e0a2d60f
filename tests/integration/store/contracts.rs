//! The contracts.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use keydesk::reading::{self, form::Form};
use keydesk::store::{
    ClaimedAction, ClaimedDelivery, Commit, Committed, Cost, Limits, NewDelivery, Session, Store,
    StoreError, TicketChange, Week,
};
use keydesk::triage::{
    Action, Decision, DeskChange, EventKey, IssueId, IssueNumber, Login, Moment, Person,
    PlannedAction, Repository, RepositoryId, Snapshot, Ticket, UserId,
};

use super::{Contract, LEASE, Pair};

/// Each is a sentence about the store.
pub(super) const ALL: &[Contract] = &[
    ("a delivery is taken once", |pair| a_delivery_is_taken_once(pair).boxed()),
    ("one subject is in one hand", |pair| one_subject_is_in_one_hand(pair).boxed()),
    ("what is tried again keeps its place", |pair| it_keeps_its_place(pair).boxed()),
    ("many hands take each delivery once", |pair| many_hands_take_each_once(pair).boxed()),
    ("an outlived claim ends nothing", |pair| an_outlived_claim_ends_nothing(pair).boxed()),
    ("an outlived attempt begins nothing", |pair| an_outlived_attempt_begins_nothing(pair).boxed()),
    ("an event is applied once", |pair| an_event_is_applied_once(pair).boxed()),
    ("of two changes to a ticket one is kept", |pair| of_two_changes_one_is_kept(pair).boxed()),
    ("limits are kept by all together", |pair| limits_are_kept_together(pair).boxed()),
    ("requests of one person find each other", |pair| kin_find_each_other(pair).boxed()),
    ("the rota is turned once", |pair| the_rota_is_turned_once(pair).boxed()),
    ("an alarm rings once", |pair| an_alarm_rings_once(pair).boxed()),
    ("a desk that two change keeps both", |pair| a_desk_keeps_both_changes(pair).boxed()),
    ("what charts and operations ask is told", |pair| pages_are_told(pair).boxed()),
    ("a token is found until it ends", |pair| a_token_is_found_until_it_ends(pair).boxed()),
    ("who is erased is named nowhere", |pair| who_is_erased_is_named_nowhere(pair).boxed()),
];

pub(super) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_795_000_000 + seconds).expect("a time")
}

pub(super) fn repository() -> Repository {
    Repository {
        id: RepositoryId(7),
        owner: "acme".to_owned(),
        name: "support".to_owned(),
        installation: None,
        default_branch: "main".to_owned(),
        is_private: false,
    }
}

pub(super) fn ticket(issue: u64) -> Ticket {
    Ticket::new(&Snapshot {
        id: IssueId(issue),
        number: IssueNumber(issue),
        url: format!("https://github.example/acme/support/issues/{issue}"),
        author: Some(Person { id: UserId(3), login: Login("ada".to_owned()), is_bot: false }),
        title: String::new(),
        body: String::new(),
        labels: Vec::new(),
        is_open: true,
        is_locked: false,
        assignees: Vec::new(),
        opened_at: at(0),
        updated_at: at(0),
        reading: reading::read_request(&Form::built_in(), "", ""),
    })
}

/// Something comes in about an issue.
pub(super) async fn comes(store: &Store, guid: &str, issue: u64) -> bool {
    let delivery = NewDelivery {
        guid: guid.to_owned(),
        event: "issues".to_owned(),
        subject: format!("issue:{issue}"),
        body: "{}".to_owned(),
    };
    store.put_delivery(delivery, at(0)).await.expect("a store")
}

pub(super) async fn claim(store: &Store, seconds: i64) -> Option<ClaimedDelivery> {
    store.claim_delivery(at(seconds), LEASE).await.expect("a store")
}

async fn claim_action(store: &Store, seconds: i64) -> Option<ClaimedAction> {
    store.claim_action(at(seconds), LEASE).await.expect("a store")
}

/// A decision that puts so many actions into the outbox.
async fn commit(
    store: &Store,
    claimed: &ClaimedDelivery,
    (issue, action_count): (u64, u64),
) -> Result<Committed, StoreError> {
    let ticket = ticket(issue);
    let known = store.find_ticket(ticket.id).await.expect("a store");
    let planned = (0..action_count).map(|position| PlannedAction {
        key: format!("{}/{position}", claimed.guid),
        action: Action::Reopen,
    });
    let mut decision = Decision::unchanged(Some(&ticket), "a test");
    decision.actions = planned.collect();
    let change = TicketChange {
        from: known.map(|known| known.row),
        repository: repository(),
        policy: String::new(),
        is_observing: false,
        moments: vec![(at(0), Moment::Opened), (at(1), Moment::Escalated("late".to_owned()))],
    };
    store.commit(of_decision(claimed, (ticket.id, decision), change)).await
}

pub(super) fn of_decision(
    claimed: &ClaimedDelivery,
    (issue, decision): (IssueId, Decision),
    change: TicketChange,
) -> Commit {
    Commit {
        delivery: claimed.claim,
        urgency: claimed.urgency,
        event_key: EventKey(format!("event:{}", claimed.guid)),
        issue,
        change: Some(change),
        decision,
        now: at(0),
    }
}

/// Puts so many actions into the outbox, each of an issue of its own.
async fn with_actions(store: &Store, count: u64) {
    for issue in 1..=count {
        assert!(comes(store, &format!("guid-{issue}"), issue).await);
        let claimed = claim(store, 0).await.expect("a delivery");
        let issue = claimed.subject.trim_start_matches("issue:").parse().expect("a number");
        commit(store, &claimed, (issue, 1)).await.expect("kept");
    }
}

async fn a_delivery_is_taken_once(Pair { here, there }: Pair) {
    let (one, other) = tokio::join!(comes(&here, "a", 1), comes(&there, "a", 1));
    assert_ne!(one, other, "one of them was first");
    let claimed = claim(&there, 0).await.expect("it waits");
    assert!(claim(&here, 0).await.is_none());
    there.finish_delivery(claimed.claim).await.expect("ours");
    assert!(claim(&here, 60).await.is_none());
    assert!(!comes(&here, "a", 1).await, "it is known for good");
}

async fn one_subject_is_in_one_hand(Pair { here, there }: Pair) {
    for (guid, issue) in [("a", 1), ("b", 1), ("c", 2)] {
        assert!(comes(&here, guid, issue).await);
    }
    let first = claim(&here, 0).await.expect("the oldest");
    let second = claim(&there, 0).await.expect("of another issue");
    assert_eq!((first.guid.as_str(), second.guid.as_str()), ("a", "c"));
    assert!(claim(&there, 0).await.is_none(), "the issue is in hand");
    here.finish_delivery(first.claim).await.expect("ours");
    assert_eq!(claim(&there, 0).await.expect("free again").guid, "b");
}

async fn it_keeps_its_place(Pair { here, there }: Pair) {
    for (guid, issue) in [("command", 1), ("answer", 1), ("other", 2)] {
        assert!(comes(&here, guid, issue).await);
    }
    let first = claim(&here, 1).await.expect("a delivery");
    here.put_back_delivery(first.claim, at(4_000), "limited".into()).await.expect("a store");
    let other = claim(&there, 1).await.expect("another issue's goes on");
    assert_eq!((first.guid.as_str(), other.guid.as_str()), ("command", "other"));
    assert!(claim(&there, 3_599).await.is_none_or(|next| next.guid == "other"));
    let second = claim(&there, 3_700).await.expect("an hour is enough");
    assert_eq!(second.guid, "answer");
}

async fn many_hands_take_each_once(Pair { here, there }: Pair) {
    for number in 0..60 {
        assert!(comes(&here, &format!("guid-{number}"), number % 12).await);
    }
    let hand = async |store: Store| {
        let mut taken = Vec::new();
        let mut idle = 0;
        while idle < 20 {
            let Some(claimed) = claim(&store, 0).await else {
                idle += 1;
                tokio::time::sleep(Duration::from_millis(5)).await;
                continue;
            };
            store.finish_delivery(claimed.claim).await.expect("ours");
            taken.push(claimed.guid);
        }
        taken
    };
    let hands = (0..8).map(|index| hand(if index % 2 == 0 { here.clone() } else { there.clone() }));
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    for guid in join_all(hands).await.into_iter().flatten() {
        *counts.entry(guid).or_default() += 1;
    }
    assert_eq!(counts.len(), 60);
    assert!(counts.values().all(|count| *count == 1), "{counts:?}");
}

async fn an_outlived_claim_ends_nothing(Pair { here, there }: Pair) {
    assert!(comes(&here, "a", 1).await);
    let stopped = claim(&here, 0).await.expect("a delivery");
    assert!(claim(&there, 29).await.is_none(), "it is still claimed");
    let taken_over = claim(&there, 31).await.expect("claimed anew");
    assert!(taken_over.claim.number > stopped.claim.number);
    let late = commit(&here, &stopped, (1, 1)).await;
    assert!(matches!(late, Err(StoreError::Conflict)), "{late:?}");
    let late = here.finish_delivery(stopped.claim).await;
    assert!(matches!(late, Err(StoreError::Conflict)), "{late:?}");
    here.put_back_delivery(stopped.claim, at(0), "late".to_owned()).await.expect("a store");
    assert!(claim(&here, 32).await.is_none(), "it stays in the other's hand");
    assert_eq!(commit(&there, &taken_over, (1, 1)).await.expect("kept"), Committed::Kept);
    assert!(claim_action(&here, 32).await.is_some() && claim_action(&here, 32).await.is_none());
}

async fn an_outlived_attempt_begins_nothing(Pair { here, there }: Pair) {
    with_actions(&here, 1).await;
    let off = Limits { per_minute: None, per_hour: None };
    let when = |seconds| (at(seconds), Duration::from_secs(15), off);
    let stopped = claim_action(&here, 0).await.expect("an action");
    let begun = here.begin_attempt(&stopped, Cost::Write, when(20)).await;
    begun.expect("ours").expect("room");
    assert!(claim_action(&there, 49).await.is_none(), "the attempt renewed the claim");
    let taken_over = claim_action(&there, 51).await.expect("claimed anew");
    assert!(taken_over.must_look, "the first may have done it");
    let late = here.begin_attempt(&stopped, Cost::Write, when(52)).await;
    assert!(matches!(late, Err(StoreError::Conflict)), "{late:?}");
    here.finish_action(&stopped, "late".into(), at(52)).await.expect("a store");
    let begun = there.begin_attempt(&taken_over, Cost::Write, when(53)).await;
    begun.expect("it is still the second's").expect("room");
    there.finish_action(&taken_over, "done".into(), at(54)).await.expect("a store");
    assert!(claim_action(&here, 1_000).await.is_none());
}

async fn an_event_is_applied_once(Pair { here, there }: Pair) {
    assert!(comes(&here, "a", 1).await);
    let claimed = claim(&here, 0).await.expect("a delivery");
    assert_eq!(commit(&here, &claimed, (1, 1)).await.expect("kept"), Committed::Kept);
    // The same happened, told by another delivery.
    assert!(comes(&there, "b", 1).await);
    let again =
        ClaimedDelivery { guid: "a".to_owned(), ..claim(&there, 0).await.expect("it waits") };
    assert_eq!(commit(&there, &again, (1, 1)).await.expect("known"), Committed::SeenBefore);
    assert!(claim(&there, 60).await.is_none(), "the delivery is over");
    assert!(claim_action(&there, 0).await.is_some() && claim_action(&here, 0).await.is_none());
}

async fn of_two_changes_one_is_kept(Pair { here, there }: Pair) {
    with_actions(&here, 1).await;
    let known = here.find_ticket(IssueId(1)).await.expect("a store").expect("a ticket");
    let mut kept = Vec::new();
    for (store, guid) in [(&here, "x"), (&there, "y")] {
        assert!(comes(store, guid, 1).await);
        let claimed = claim(store, 0).await.expect("a delivery");
        let change = TicketChange {
            from: Some(known.row.clone()),
            repository: repository(),
            policy: String::new(),
            is_observing: false,
            moments: Vec::new(),
        };
        let decision = Decision::unchanged(Some(&known.ticket), "a test");
        let committed = store.commit(of_decision(&claimed, (known.ticket.id, decision), change));
        kept.push(committed.await);
    }
    assert!(matches!(kept[0], Ok(Committed::Kept)), "{kept:?}");
    assert!(matches!(kept[1], Err(StoreError::Conflict)), "{kept:?}");
}

async fn limits_are_kept_together(Pair { here, there }: Pair) {
    with_actions(&here, 12).await;
    let limits = Limits { per_minute: Some(5), per_hour: Some(100) };
    let mut claimed = Vec::new();
    while let Some(action) = claim_action(&here, 0).await {
        claimed.push(action);
    }
    assert_eq!(claimed.len(), 12);
    let when = (at(1), Duration::from_secs(15), limits);
    let attempts = claimed.iter().enumerate().map(|(index, action)| {
        let store = if index % 2 == 0 { &here } else { &there };
        store.begin_attempt(action, Cost::Content, when)
    });
    let begun = join_all(attempts).await;
    let admitted = begun.iter().filter(|one| matches!(one, Ok(Ok(())))).count();
    assert_eq!(admitted, 5, "{begun:?}");
}

async fn kin_find_each_other(Pair { here, there }: Pair) {
    assert!(comes(&here, "a", 1).await && comes(&there, "b", 2).await);
    let (one, other) = tokio::join!(claim(&here, 0), claim(&there, 0));
    let (one, other) = (one.expect("a delivery"), other.expect("a delivery"));
    let number = |claimed: &ClaimedDelivery| u64::from(claimed.guid == "b") + 1;
    let (first, second) = tokio::join!(
        commit(&here, &one, (number(&one), 0)),
        commit(&there, &other, (number(&other), 0))
    );
    assert!(first.is_ok() && second.is_ok(), "{first:?} {second:?}");
    let mut told = Vec::new();
    while let Some(claimed) = claim(&here, 0).await {
        told.push((claimed.event, claimed.subject, claimed.body));
        here.finish_delivery(claimed.claim).await.expect("ours");
    }
    told.sort();
    let related =
        |subject: &str, body: &str| ("related".to_owned(), subject.to_owned(), body.to_owned());
    assert_eq!(told, [related("issue:1", "[2]"), related("issue:2", "[1]")]);
}

async fn the_rota_is_turned_once(Pair { here, there }: Pair) {
    here.change_desk(repository(), |_| {}).await.expect("a desk");
    let turn = async |store: Store, guid: &'static str, issue: u64| {
        assert!(comes(&store, guid, issue).await);
        let claimed = claim(&store, 0).await.expect("a delivery");
        let mut decision = Decision::unchanged(Some(&ticket(issue)), "a test");
        decision.desk_changes = vec![DeskChange::RotaTurned { from: 0, to: 1 }];
        let change = TicketChange {
            from: None,
            repository: repository(),
            policy: String::new(),
            is_observing: false,
            moments: Vec::new(),
        };
        store.commit(of_decision(&claimed, (IssueId(issue), decision), change)).await
    };
    assert!(turn(here.clone(), "a", 1).await.is_ok());
    let second = turn(there, "b", 2).await;
    assert!(matches!(second, Err(StoreError::Conflict)), "{second:?}");
    let desk = here.find_desk(RepositoryId(7)).await.expect("a store").expect("a desk");
    assert_eq!(desk.rota_turn, 1);
}

async fn an_alarm_rings_once(Pair { here, there }: Pair) {
    assert!(comes(&here, "a", 1).await);
    let claimed = claim(&here, 0).await.expect("a delivery");
    let mut decision = Decision::unchanged(Some(&ticket(1)), "a test");
    decision.wake_at = Some(at(100));
    let change = TicketChange {
        from: None,
        repository: repository(),
        policy: String::new(),
        is_observing: false,
        moments: Vec::new(),
    };
    here.commit(of_decision(&claimed, (IssueId(1), decision), change)).await.expect("kept");
    assert_eq!(there.next_due_at(at(0)).await.expect("a store"), Some(at(100)));
    let now = at(100) + SignedDuration::from_secs(1);
    let (one, other) = tokio::join!(here.ring_alarms(now, 10), there.ring_alarms(now, 10));
    assert!(one.is_ok() && other.is_ok(), "{one:?} {other:?}");
    let rung = claim(&there, 101).await.expect("it rang");
    assert_eq!((rung.event.as_str(), rung.subject.as_str()), ("wake", "issue:1"));
    assert!(claim(&here, 101).await.is_none(), "once");
}

async fn a_desk_keeps_both_changes(Pair { here, there }: Pair) {
    let changes = (0..10).map(|index| {
        let store = if index % 2 == 0 { here.clone() } else { there.clone() };
        async move { store.change_desk(repository(), |desk| desk.rota_turn += 1).await }
    });
    for changed in join_all(changes).await {
        changed.expect("a desk");
    }
    let desk = there.find_desk(RepositoryId(7)).await.expect("a store").expect("a desk");
    assert_eq!(desk.rota_turn, 10);
}

async fn pages_are_told(Pair { here, there }: Pair) {
    with_actions(&here, 2).await;
    assert!(comes(&here, "waits", 9).await);
    let (desk, until) = (repository().id, at(60));
    let week = Week::of(at(0));
    let weeks = there.moments_by_week(desk, (Week(week.0 - 25), until)).await.expect("a store");
    let mut told: Vec<(&str, &str, Week)> = weeks
        .iter()
        .map(|count| (count.kind.as_str(), count.detail.as_str(), count.week))
        .collect();
    told.sort_unstable();
    assert_eq!(told, [("escalated", "late", week), ("opened", "", week)]);
    let open = there.count_open(desk).await.expect("a store");
    assert!(open > 0 && weeks.iter().all(|count| count.count == open), "{open} {weeks:?}");
    let newest = there.newest_requests(desk, 500).await.expect("a store");
    assert!(newest.len() as u64 == open && newest.iter().all(|request| request.is_open));
    assert!(there.near_steps(desk, until).await.expect("a store").is_empty());
    // Beside the one that came, both requests of one person are told of each other.
    assert_eq!(there.inbox().await.expect("a store"), (3, Some(at(0))));
    let (waiting, given_up) = there.outbox(desk).await.expect("a store");
    assert!(!waiting.is_empty() && given_up.is_empty());
    let used = there.budget_use(0, until).await.expect("a store");
    assert_eq!((used.points, used.content_hour, used.pauses.len()), (0, 0, 0));
    here.note_swept("webhooks".to_owned(), at(5)).await.expect("a store");
    let sweeps = there.list_sweeps().await.expect("a store");
    assert_eq!(sweeps, [("webhooks".to_owned(), at(5))]);
    assert!(here.take_duty("sweep", (at(0), LEASE)).await.expect("a store"));
    assert_eq!(there.list_duties().await.expect("a store").len(), 1);
    assert!(there.list_set_aside().await.expect("a store").is_empty());
}

async fn a_token_is_found_until_it_ends(Pair { here, there }: Pair) {
    let id = "ab".repeat(32);
    let maker = Session { id: id.clone(), person: Some(UserId(3)), login: Login("ada".to_owned()) };
    let named = (maker.clone(), "nightly".to_owned());
    assert!(here.put_token(named, at(0)).await.expect("a store"));
    let found = there.find_token(id.clone(), at(60)).await.expect("a store");
    assert_eq!(found, Some(maker.clone()));
    let listed = here.list_tokens(maker.person).await.expect("a store");
    assert_eq!(listed[0].used_at, Some(at(60)));
    assert!(!there.end_token(id.clone(), None).await.expect("a store"), "another's");
    assert!(there.end_token(id.clone(), maker.person).await.expect("a store"));
    assert_eq!(here.find_token(id, at(61)).await.expect("a store"), None);
}

async fn who_is_erased_is_named_nowhere(Pair { here, there }: Pair) {
    here.change_desk(repository(), |_| ()).await.expect("a desk");
    with_actions(&here, 2).await;
    let in_hand = claim_action(&here, 1).await.expect("an action");
    assert!(comes(&here, "late", 1).await);
    let erased = there.erase_person(Login("Ada".to_owned()), at(2)).await.expect("a store");
    assert_eq!(erased.tickets, ["acme/support#1", "acme/support#2"]);
    assert!(claim(&here, 3).await.is_none(), "what waited about it is over");
    assert!(claim_action(&here, 3).await.is_none());
    here.finish_action(&in_hand, "labelled".into(), at(3)).await.expect("a store");
    let report = here.report("acme/support".to_owned(), 1).await.expect("a store");
    let report = report.expect("what is left");
    assert_eq!((report.ticket.requester, report.ticket.is_open), (None, false));
    assert_eq!(report.history.len(), 1);
    assert_eq!(report.actions[0].summary, "erased");
    assert_eq!(report.actions[0].outcome, "", "whoever had it in hand says nothing more");
    let again = here.erase_ticket(("ACME/support".to_owned(), 1), at(4)).await.expect("a store");
    assert_eq!(again.as_deref(), Some("acme/support#1"));
    let unknown = here.erase_ticket(("acme/support".to_owned(), 3), at(4)).await;
    assert_eq!(unknown.expect("a store"), None);
}
