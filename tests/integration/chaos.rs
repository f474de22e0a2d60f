//! Chaos: random people, late, lost and disordered post, faults and crashes, by a seed. Whatever
//! happens, in the end GitHub shows what the ticket says, and no comment is there twice.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::SignedDuration;
use keydesk::sandbox::github::{CallFault, CallFaultKind};
use keydesk::sandbox::state::{IssueChange, OutgoingEvent};
use keydesk::triage::{LabelState, Turn};

use super::desk::{ADA, BEN, Desk, MIRA, issue, lost_phone, request};

const SEEDS: u64 = 60;
const DEEDS: usize = 12;

/// Numbers that look random and are the same for the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % limit
    }

    fn one_of<T: Copy>(&mut self, things: &[T]) -> T {
        things[self.below(things.len())]
    }
}

/// What people say.
const WORDS: &[(&str, &str)] = &[
    (ADA, "I own left-pad and right-pad."),
    (ADA, "Thank you!"),
    (ADA, "/resolved"),
    (ADA, "Is there any news?"),
    (MIRA, "Which projects do you own?"),
    (MIRA, "/initiated"),
    (MIRA, "/turn requester"),
    (MIRA, "/turn maintainers\n/escalate"),
    (MIRA, "/need a project name"),
    (MIRA, "/recovered"),
    (MIRA, "/initated"),
    (BEN, "/recovered"),
    (BEN, "Same here."),
];

/// Somebody does something; GitHub may refuse it, as it does.
fn somebody_acts(desk: &Desk, dice: &mut Dice) {
    match dice.below(10) {
        0..=5 => {
            let (person, text) = dice.one_of(WORDS);
            desk.act_alone(person, |acting| acting.create_comment(&issue(1), text));
        }
        6 => {
            let body = dice.one_of(&[true, false]);
            let body = if body { lost_phone() } else { request(None, "I lost my phone.", true) };
            let change = IssueChange { body: Some(body), ..IssueChange::default() };
            desk.act_alone(ADA, |acting| acting.edit_issue(&issue(1), change));
        }
        7 => {
            let change = IssueChange { open: Some(dice.below(2) == 0), ..IssueChange::default() };
            desk.act_alone(MIRA, |acting| acting.edit_issue(&issue(1), change));
        }
        8 => {
            let label = "status: awaiting response".to_owned();
            desk.act_alone(MIRA, |acting| acting.add_labels(&issue(1), &[label]));
        }
        _ => desk.sandbox.move_clock(SignedDuration::from_secs(1)),
    }
}

fn something_fails(desk: &Desk, dice: &mut Dice) {
    let kind = dice.one_of(&[
        CallFaultKind::Unreachable,
        CallFaultKind::Limited(Duration::from_secs(60)),
        CallFaultKind::UnclearBefore,
        CallFaultKind::UnclearAfter,
    ]);
    desk.github.fail(CallFault { call: None, skip: dice.below(6), times: 1, kind });
}

/// Some of the post arrives, some of it stays with GitHub a while longer.
fn post_comes(desk: &Desk, dice: &mut Dice, late: &mut Vec<OutgoingEvent>) {
    late.extend(desk.take_held());
    for _ in 0..late.len() {
        if !late.is_empty() && dice.below(3) > 0 {
            let at = if dice.below(4) == 0 { dice.below(late.len()) } else { 0 };
            let event = late.remove(at);
            desk.deliver(&event);
            if dice.below(6) == 0 {
                desk.deliver(&event);
            }
        }
    }
}

/// One story; `has_trouble` brings faults and crashes beside the late post.
fn plays(seed: u64, has_trouble: bool) -> Desk {
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let mut desk = Desk::open();
    let mut late = Vec::new();
    desk.hold();
    let body =
        if dice.below(2) == 0 { lost_phone() } else { request(None, "I lost my phone.", true) };
    desk.ada_asks(&body);
    for _ in 0..DEEDS {
        somebody_acts(&desk, &mut dice);
        if dice.below(3) == 0 {
            desk.sandbox.move_clock(SignedDuration::from_secs(dice.one_of(&[1, 20, 300])));
        }
        if has_trouble && dice.below(3) == 0 {
            something_fails(&desk, &mut dice);
        }
        post_comes(&desk, &mut dice, &mut late);
        if has_trouble && dice.below(3) == 0 {
            desk.work_steps(dice.below(40));
            desk.restart();
        }
    }
    for event in &late {
        desk.deliver(event);
    }
    desk.release(|held| held);
    desk.wait(SignedDuration::from_mins(20));
    desk
}

/// The labels are those the ticket speaks of, and the turn's own label is among them.
fn agrees_on_labels(desk: &Desk, seed: u64) {
    let ticket = desk.report(1).expect("a ticket").ticket;
    let labels = desk.labels_of(&desk.issue());
    let told = || format!("seed {seed}\n{}\n{:?}", desk.shows(), ticket.labels);
    for (label, state) in &ticket.labels {
        let is_there = labels.iter().any(|name| name.to_lowercase() == *label);
        let is_wanted = match state {
            LabelState::Adding
            | LabelState::PuttingBack
            | LabelState::Present
            | LabelState::PinnedPresent
            | LabelState::RefusedRemoving => true,
            LabelState::Removing | LabelState::PinnedAbsent | LabelState::RefusedAdding => false,
        };
        assert_eq!(is_there, is_wanted, "{label}: {}", told());
    }
    let wanted = match ticket.turn {
        Turn::Maintainers => "status: awaiting maintainers",
        Turn::Requester => "status: awaiting response",
        Turn::Nobody => panic!("open and nobody's: {}", told()),
    };
    let is_pinned = ticket.labels.get(wanted) == Some(&LabelState::PinnedAbsent);
    assert!(is_pinned || labels.iter().any(|label| label == wanted), "turn: {}", told());
}

/// GitHub and the ticket say the same.
fn agrees(desk: &Desk, seed: u64) {
    let report = desk.report(1).expect("a ticket");
    let (ticket, there) = (report.ticket, desk.issue());
    let told = || format!("seed {seed}\n{}\n{:?}", desk.shows(), ticket.labels);
    assert_eq!(ticket.is_open, there.is_open(), "open: {}", told());
    if there.is_open() {
        agrees_on_labels(desk, seed);
    }
    let comments = there.comments;
    let ours = comments.iter().filter_map(|comment| comment.body.split("<!-- keydesk:").nth(1));
    let mut seen = BTreeSet::new();
    assert!(ours.clone().all(|marker| seen.insert(marker)), "twice: {}", told());
    assert!(report.actions.iter().all(|action| action.state != "waiting"), "undone: {}", told());
}

#[test]
fn late_and_disordered_post_ends_in_agreement() {
    for seed in 0..SEEDS {
        agrees(&plays(seed, false), seed);
    }
}

#[test]
fn faults_and_crashes_on_top_end_in_agreement() {
    for seed in 1_000..1_000 + SEEDS {
        agrees(&plays(seed, true), seed);
    }
}
