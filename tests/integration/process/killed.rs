//! `kill -9` at any moment, while GitHub has a bad day: nothing is lost and nothing is done twice.
//!
//! Each kill ends a round. `KEYDESK_ROUNDS=100 KEYDESK_TICKETS=1000` plays many of them, and
//! `KEYDESK_TEST_SEED` one again that failed. What is unclear is looked at 15 s later, side by
//! side with the rounds that follow, so that a round need not wait for it.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use keydesk::sandbox::faults::{Fault, FaultKind, Moment};
use keydesk::sandbox::seed::tracker;
use keydesk::sandbox::state::{AccountKind, Actor, Comment, NewIssue};
use rusqlite::Connection;

use super::desk::{Desk, eventually};
use super::stand_in::{BODY, MAINTAINER, StandIn};

const BOT: &str = "keydesk[bot]";
/// GitHub may apply a request so long after its connection broke.
const LATE_MAX: u64 = 10_000;

/// A little generator of our own: a seed replays the moments.
pub(super) struct Chance(pub(super) u64);

impl Chance {
    /// A number below `end`.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.0 >> 33) % end
    }

    pub(super) fn millis(&mut self, end: u64) -> Duration {
        Duration::from_millis(self.below(end))
    }

    /// What GitHub makes of a request on a bad day.
    fn fault(&mut self) -> FaultKind {
        match self.below(7) {
            0 => FaultKind::Close(Moment::After),
            1 => FaultKind::Close(Moment::Before),
            2 => FaultKind::Status(500, Moment::After),
            3 => FaultKind::Status(502, Moment::Before),
            4 => FaultKind::Hang(self.millis(2_000), Moment::Before),
            5 => FaultKind::Hang(self.millis(2_000), Moment::After),
            _ => FaultKind::Late(self.millis(LATE_MAX)),
        }
    }
}

/// What happens to a request after it was filed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tale {
    /// Nothing.
    Quiet,
    /// A maintainer asks.
    Asked,
    /// A maintainer asks and is answered at once.
    Answered,
    /// A maintainer wants to know the commands.
    Helped,
    /// A maintainer gives the turn away.
    Turned,
    /// The requester pastes the card's marker before there is a card, which fares badly.
    Pasted,
}

impl Tale {
    const ALL: [Self; 6] =
        [Self::Quiet, Self::Asked, Self::Answered, Self::Helped, Self::Turned, Self::Pasted];

    /// Whose turn it is in the end, the label that says so, and how many comments are ours.
    pub(super) fn ends(self) -> (&'static str, &'static str, usize) {
        let comments = if self == Self::Helped { 2 } else { 1 };
        match self {
            Self::Asked | Self::Turned => ("requester", "status: awaiting response", comments),
            Self::Quiet | Self::Answered | Self::Helped | Self::Pasted => {
                ("maintainers", "status: awaiting maintainers", comments)
            }
        }
    }

    pub(super) fn go_on(self, github: &StandIn, number: u64) {
        match self {
            Self::Quiet | Self::Pasted => {}
            Self::Asked => drop(github.comment(MAINTAINER, number, "Which projects are yours?")),
            Self::Answered => {
                github.comment(MAINTAINER, number, "Which projects are yours?");
                let author = github.issue(number).author;
                github.comment(&author, number, "left-pad and right-pad are.");
            }
            Self::Helped => drop(github.comment(MAINTAINER, number, "/help")),
            Self::Turned => drop(github.comment(MAINTAINER, number, "/turn requester")),
        }
    }
}

/// Files a request in one moment with what is said at once and with what will go wrong.
fn file(github: &StandIn, (login, tale): (&str, Tale), fault: Option<(&str, FaultKind)>) -> u64 {
    let now = github.sandbox.now();
    github.sandbox.with(|state| {
        state.add_user(login, AccountKind::User);
        let mut ada = state.acting(Actor::Person(login.to_owned()), now);
        let new = NewIssue {
            title: "I am locked out".to_owned(),
            body: Some(BODY.replacen("ada", login, 1)),
            labels: vec!["account-recovery".to_owned()],
            ..NewIssue::default()
        };
        let number = ada.create_issue(&tracker(), new).expect("an issue");
        let place = tracker().issue(number);
        if tale == Tale::Pasted {
            let id = ada.issue(&place).expect("hers").id;
            let pasted = format!("It says: <!-- keydesk:card:{id} -->");
            ada.create_comment(&place, &pasted).expect("a comment");
        }
        if let Some((what, kind)) = fault {
            let route = format!("POST /repos/*/*/issues/{number}/{what}");
            state.faults.add(Fault::once(&route, kind));
        }
        number
    })
}

fn asked_for(name: &str, otherwise: u64) -> u64 {
    match std::env::var(name) {
        Ok(number) => number.parse().expect("a number"),
        Err(_) => otherwise,
    }
}

/// The requests of a round, many of them with a fault if GitHub's day is bad.
pub(super) fn file_some(
    github: &StandIn,
    chance: &mut Chance,
    (count, is_bad): (u64, bool),
) -> Vec<(u64, Tale)> {
    let mut filed = Vec::new();
    for _ in 0..count {
        let tale = Tale::ALL[chance.below(6) as usize];
        let what = if tale == Tale::Pasted { 0 } else { chance.below(6) };
        let fault = match what {
            0 | 1 => Some(("comments", chance.fault())),
            2 => Some(("labels", chance.fault())),
            _ => None,
        };
        // Now and then one person asks twice.
        let login = format!("ada-{}", chance.below(2_000));
        filed.push((file(github, (&login, tale), fault.filter(|_| is_bad)), tale));
    }
    filed
}

#[tokio::test]
async fn killing_it_at_any_moment_loses_nothing_and_doubles_nothing() {
    let now = keydesk::clock::system()().as_millisecond().unsigned_abs();
    let seed = asked_for("KEYDESK_TEST_SEED", now);
    println!("seed {seed}: repeat it with KEYDESK_TEST_SEED={seed}");
    let mut chance = Chance(seed);
    let (rounds, tickets) = (asked_for("KEYDESK_ROUNDS", 5), asked_for("KEYDESK_TICKETS", 150));
    let began = Instant::now();
    let github = StandIn::start().await;
    let mut desk = Desk::new(&github);
    let mut tales: BTreeMap<u64, Tale> = BTreeMap::new();
    let mut filed: Vec<(u64, Tale)> = Vec::new();
    for round in 0..rounds {
        if chance.below(4) == 0 {
            desk.start_in_vain(chance.millis(300)).await;
        }
        desk.start(&github).await;
        github.redeliver(false);
        filed.drain(..).for_each(|(number, tale)| tale.go_on(&github, number));
        let count = tickets * (round + 1) / rounds - tickets * round / rounds;
        // What is unclear near the end would be waited for.
        let is_bad = round + 1 < rounds;
        filed = file_some(&github, &mut chance, (count, is_bad));
        tales.extend(filed.iter().copied());
        // Long enough on the whole for what a round brings, or the backlog would only grow.
        tokio::time::sleep(chance.millis(1_200)).await;
        desk.kill();
        // What was sent to a dead process fails, and is in the log then.
        eventually("all webhooks were tried", Duration::from_secs(30), async || {
            github.sandbox.with(|state| state.events_waiting()) == 0
        })
        .await;
    }
    desk.start(&github).await;
    github.redeliver(false);
    filed.drain(..).for_each(|(number, tale)| tale.go_on(&github, number));
    let patience = Duration::from_secs(60 + tickets / 2);
    desk.settled(&github, patience).await;
    println!("{rounds} kills, {tickets} requests: settled after {:?}", began.elapsed());
    assert!(!github.has_faults_left(), "every fault struck");
    github.redeliver(true);
    desk.settled(&github, patience).await;
    check(&github, &tales, &format!("seed {seed}"));
    check_store(&desk, &tales).await;
    println!("and checked after {:?}: {}", began.elapsed(), unclear(&desk.log()));
}

/// How often it was unclear to the desk what GitHub had done.
fn unclear(log: &str) -> String {
    let lines = log.lines().filter(|line| line.contains("it is unclear whether GitHub"));
    format!("{} unclear answers", lines.count())
}

/// What people see on GitHub is right.
pub(super) fn check(github: &StandIn, tales: &BTreeMap<u64, Tale>, seed: &str) {
    for (&number, &tale) in tales {
        let (_, turn_label, comments) = tale.ends();
        let issue = github.issue(number);
        let place = format!("{seed}, issue {number} ({tale:?})");
        let ours: Vec<&Comment> = issue.comments.iter().filter(|one| one.author == BOT).collect();
        let bodies: Vec<&str> = issue.comments.iter().map(|one| one.body.as_str()).collect();
        let card = format!("<!-- keydesk:card:{} -->", issue.id);
        let cards = ours.iter().filter(|one| one.body.contains(&card)).count();
        assert_eq!(cards, 1, "{place}: {bodies:#?}");
        assert_eq!(ours.len(), comments, "{place}: {bodies:#?}");
        assert_eq!(github.labels(number), ["account-recovery", "lost 2FA", turn_label], "{place}");
        let signs = issue.comments.iter().flat_map(|one| &one.reactions);
        let signs = signs.filter(|one| one.login == BOT && one.content == "+1").count();
        let wanted = usize::from(matches!(tale, Tale::Turned | Tale::Helped));
        assert_eq!(signs, wanted, "{place}: reactions");
    }
}

/// What the desk remembers is right, and nothing was given up.
async fn check_store(desk: &Desk, tales: &BTreeMap<u64, Tale>) {
    let database = Connection::open(desk.path("desk.db")).expect("the database");
    let mut statement =
        database.prepare("SELECT number, turn FROM tickets ORDER BY number").expect("tickets");
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("rows");
    let turns: Vec<(i64, String)> = rows.collect::<Result<_, _>>().expect("turns");
    let wanted: Vec<(i64, String)> = tales
        .iter()
        .map(|(number, tale)| (number.cast_signed(), tale.ends().0.to_owned()))
        .collect();
    assert_eq!(turns, wanted);
    let others: i64 = database
        .query_row("SELECT count(*) FROM actions WHERE state <> 'done'", [], |row| row.get(0))
        .expect("a count");
    assert_eq!(others, 0, "actions that are not done");
    assert_eq!(desk.wire.depths().await.set_aside, 0);
}
