//! Crashes: the process is killed between any two steps, or GitHub fails at any call, and the end
//! is the same as if nothing had happened.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::SignedDuration;
use keydesk::sandbox::github::{CallFault, CallFaultKind};
use keydesk::sandbox::seed::tracker;
use keydesk::sandbox::state::{IssueChange, NewIssue};

use super::desk::{ADA, Desk, MIRA, issue, lost_phone, request};

/// Longer than any lease, any look-after and any pause GitHub asks for here.
const LONG_ENOUGH: SignedDuration = SignedDuration::from_mins(12);
/// No scene has more steps.
const STEPS_MAX: usize = 3_000;

const LADDER: &str = "[[escalation]]\nname = \"first\"\nafter = \"1 hour\"\nlabels = [\"escalated\"]\n\
    mention = [\"@mira-maintainer\"]\nassign = \"@mira-maintainer\"\n\
    [silence]\nremind_after = \"30 days\"\nclose_after = \"7 days\"\n";

/// What was before, and what happens now while the bot is not looking.
struct Scene {
    before: fn(&Desk),
    now: fn(&Desk),
}

impl Scene {
    /// The desk just after it happened.
    fn set(&self) -> Desk {
        let desk = Desk::under(LADDER);
        (self.before)(&desk);
        (self.now)(&desk);
        desk
    }

    /// What is to be seen in the end if nothing goes wrong.
    fn undisturbed(&self) -> String {
        let desk = self.set();
        desk.settle();
        desk.wait(LONG_ENOUGH);
        end_of(&desk)
    }
}

/// The end, with every comment of ours seen to be there once, and nothing left to do.
fn end_of(desk: &Desk) -> String {
    let comments = desk.issue().comments;
    let ours = comments.iter().filter_map(|comment| comment.body.split("<!-- keydesk:").nth(1));
    let mut seen = BTreeSet::new();
    assert!(ours.clone().all(|marker| seen.insert(marker)), "twice:\n{}", desk.shows());
    let report = desk.report(1).expect("a ticket");
    let open: Vec<_> = report.actions.iter().filter(|action| action.state == "waiting").collect();
    assert!(open.is_empty(), "left undone: {open:?}");
    desk.shows()
}

/// Kills the process after every number of steps.
fn survives_every_crash(scene: &Scene) {
    let expected = scene.undisturbed();
    for step_count in 1..STEPS_MAX {
        let mut desk = scene.set();
        if desk.work_steps(step_count) {
            assert!(step_count > 20, "a scene of {step_count} steps shows nothing");
            return;
        }
        desk.restart();
        desk.wait(LONG_ENOUGH);
        assert_eq!(end_of(&desk), expected, "killed after {step_count} steps");
    }
    panic!("more than {STEPS_MAX} steps");
}

/// Kills it, starts it again, and kills it once more before it has caught up.
fn survives_a_second_crash(scene: &Scene) {
    let expected = scene.undisturbed();
    for step_count in (3..STEPS_MAX).step_by(29) {
        let mut desk = scene.set();
        if desk.work_steps(step_count) {
            return;
        }
        desk.start_again();
        desk.work_steps(step_count / 2 + 5);
        desk.sandbox.move_clock(SignedDuration::from_secs(16));
        desk.start_again();
        desk.work_steps(step_count / 3 + 9);
        desk.restart();
        desk.wait(LONG_ENOUGH);
        assert_eq!(end_of(&desk), expected, "killed after {step_count} steps, and twice more");
    }
}

/// Lets every call fail once, in every way that may pass.
fn survives_every_fault(scene: &Scene) {
    let expected = scene.undisturbed();
    let desk = scene.set();
    let calls_before = desk.github.calls().len();
    desk.settle();
    let call_count = desk.github.calls().len() - calls_before;
    assert!(call_count > 2, "a scene of {call_count} calls shows nothing");
    let kinds = [
        CallFaultKind::Unreachable,
        CallFaultKind::Limited(Duration::from_secs(60)),
        CallFaultKind::UnclearBefore,
        CallFaultKind::UnclearAfter,
    ];
    for kind in kinds {
        for skip in 0..call_count {
            let desk = scene.set();
            desk.github.fail(CallFault { call: None, skip, times: 1, kind });
            desk.settle();
            desk.wait(LONG_ENOUGH);
            assert_eq!(end_of(&desk), expected, "{kind:?} at call {skip}");
        }
    }
}

fn opens(desk: &Desk, body: &str) {
    let new = NewIssue {
        title: "Account recovery request".to_owned(),
        body: Some(body.to_owned()),
        labels: vec!["account-recovery".to_owned()],
        ..NewIssue::default()
    };
    desk.act_alone(ADA, |acting| acting.create_issue(&tracker(), new));
}

fn says(desk: &Desk, person: &str, text: &str) {
    desk.act_alone(person, |acting| acting.create_comment(&issue(1), text));
}

fn days_pass(desk: &Desk, days: i64) {
    desk.sandbox.move_clock(SignedDuration::from_hours(24 * days));
}

const OPENED: Scene = Scene { before: |_| {}, now: |desk| opens(desk, &lost_phone()) };

const COMMANDED: Scene = Scene {
    before: |desk| desk.ada_asks(&lost_phone()),
    now: |desk| says(desk, MIRA, "/initiated\n/turn requestr\n/help"),
};

const RECOVERED: Scene = Scene {
    before: |desk| desk.ada_asks(&lost_phone()),
    now: |desk| says(desk, MIRA, "/recovered"),
};

const COMPLETED: Scene = Scene {
    before: |desk| desk.ada_asks(&request(None, "I lost my phone.", false)),
    now: |desk| {
        let change = IssueChange { body: Some(lost_phone()), ..IssueChange::default() };
        desk.act_alone(ADA, |acting| acting.edit_issue(&issue(1), change));
    },
};

const OVERDUE: Scene =
    Scene { before: |desk| desk.ada_asks(&lost_phone()), now: |desk| days_pass(desk, 1) };

const SILENT: Scene = Scene {
    before: |desk| {
        desk.ada_asks(&lost_phone());
        desk.says(MIRA, "Which project is it?");
        desk.wait_days(31);
    },
    now: |desk| days_pass(desk, 8),
};

const BACK: Scene = Scene {
    before: |desk| {
        (SILENT.before)(desk);
        desk.wait_days(8);
    },
    now: |desk| says(desk, ADA, "Sorry, I was ill. The project is called left-pad."),
};

/// Both ways of failing, one test for each scene.
macro_rules! scenes {
    ($($name:ident: $scene:ident),+ $(,)?) => {$(
        mod $name {
            #[test]
            fn survives_every_crash() {
                super::survives_every_crash(&super::$scene);
            }

            #[test]
            fn survives_a_second_crash() {
                super::survives_a_second_crash(&super::$scene);
            }

            #[test]
            fn survives_every_fault() {
                super::survives_every_fault(&super::$scene);
            }
        }
    )+};
}

scenes! {
    opened: OPENED,
    commanded: COMMANDED,
    recovered: RECOVERED,
    completed: COMPLETED,
    overdue: OVERDUE,
    silent: SILENT,
    back: BACK,
}

/// GitHub ends a request after ten seconds; before fifteen a look would prove nothing.
#[test]
fn nothing_is_looked_for_or_sent_again_before_a_look_can_tell() {
    let touches = |desk: &Desk| {
        let calls = desk.github.calls();
        calls.iter().filter(|call| ["create_comment", "find_comment"].contains(call)).count()
    };
    for step_count in 1..STEPS_MAX {
        let mut desk = OPENED.set();
        if desk.work_steps(step_count) {
            return;
        }
        let was_sent = touches(&desk) == 1 && desk.report(1).is_some();
        let is_known = was_sent
            && desk.report(1).is_some_and(|report| {
                report
                    .actions
                    .iter()
                    .any(|action| action.summary == "put the card" && action.state == "done")
            });
        desk.restart();
        desk.wait(SignedDuration::from_secs(13));
        if was_sent && !is_known {
            assert_eq!(touches(&desk), 1, "killed after {step_count} steps");
        }
        desk.wait(SignedDuration::from_secs(3));
        assert_eq!(desk.issue().comments.len(), 1, "killed after {step_count} steps");
    }
}

/// What GitHub refuses for good is given up with a reason, and nothing is done twice.
#[test]
fn a_refusal_is_given_up_and_the_rest_goes_on() {
    for skip in 0..8 {
        let desk = OPENED.set();
        let kind = CallFaultKind::Refused(403);
        desk.github.fail(CallFault { call: None, skip, times: 1, kind });
        desk.settle();
        desk.wait(LONG_ENOUGH);
        let comments = desk.issue().comments.len();
        let refused = desk.github.calls()[skip];
        let expected = usize::from(refused != "create_comment");
        assert_eq!(comments, expected, "{refused} was refused:\n{}", desk.shows());
    }
}
