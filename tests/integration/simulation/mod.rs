//! The whole bot under a simulated clock, by a seed: people, late and lost post, faults and
//! crashes at any step; then everything is let go, and every law is looked at.
//!
//! `cargo test` plays the seeds below [`SEEDS`]. `KEYDESK_SEEDS=from..to cargo test --test
//! integration simulation` plays others, and a failing seed names the command that replays it.

mod dice;
mod laws;
mod manners;
mod people;
mod post;
mod trouble;
mod words;
mod world;

use std::fmt::Write as _;
use std::io;
use std::ops::Range;
use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp, Unit};
use tracing::Level;

use people::History;
use trouble::Trouble;
use world::World;

/// What is played if nobody says otherwise.
const SEEDS: Range<u64> = 0..504;

/// The seeds are dealt to so many tests, which run side by side.
const PARTS: u64 = 12;

/// Longer than any pause GitHub asks for here.
const A_WHILE: SignedDuration = SignedDuration::from_mins(20);
/// Long enough for every step of the ladder and of silence.
const LONG: SignedDuration = SignedDuration::from_hours(24 * 22);

/// Keeps what is logged.
struct Listener(Arc<Mutex<Vec<u8>>>);

impl io::Write for Listener {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no panic").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Tells of a seed if its play ends in a panic.
struct Witness<'a> {
    seed: u64,
    world: &'a mut World,
}

impl Drop for Witness<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{}", story(self.seed, self.world));
        }
    }
}

fn story(seed: u64, world: &World) -> String {
    let mut told = format!(
        "seed {seed}; replay: KEYDESK_SEEDS={seed}..{} cargo test --test integration simulation\n",
        seed + 1
    );
    told.push_str(&transcript(world));
    told
}

/// What happened, and every call that GitHub saw.
fn transcript(world: &World) -> String {
    let mut told = world.transcript.join("\n");
    told.push_str("\ncalls:\n");
    for call in world.desk.github.seen_calls() {
        let ending = call.fault.map(|fault| format!(" {fault:?}")).unwrap_or_default();
        let _ = writeln!(told, "{} {} {}{ending}", call.at, call.name, call.about);
    }
    told
}

/// Plays a seed to its end, and gives its world and how the tickets stood before a long time
/// passed.
fn plays(seed: u64) -> (World, String) {
    let history = History::of(seed);
    let mut world = World::new(seed, Trouble::of(seed));
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(Level::TRACE)
        .with_ansi(false)
        .without_time()
        .with_writer({
            let log = world.log.clone();
            move || Listener(log.clone())
        })
        .finish();
    let _listening = tracing::subscriber::set_default(subscriber);
    let witness = Witness { seed, world: &mut world };
    witness.world.play(&history);
    witness.world.let_go();
    witness.world.pass(A_WHILE);
    let standing = standing(witness.world);
    witness.world.note(format!("then:\n{standing}"));
    witness.world.pass(LONG);
    drop(witness);
    (world, standing)
}

/// A world in which nothing goes wrong and the powerless command nothing, and how its tickets stood.
fn undisturbed(seed: u64) -> (World, String) {
    let history = History::of(seed).without_the_powerless();
    let mut world = World::new(seed, Trouble::none());
    world.play(&history);
    world.pass(A_WHILE);
    let standing = standing(&world);
    (world, standing)
}

/// What the tickets of a world say, in short. A request that is over has no clock, and labels that
/// were on their way when it ended may have come too late.
fn standing(world: &World) -> String {
    let mut told = String::new();
    for number in 1..=3 {
        let Some(report) = world.desk.report(number) else { continue };
        let ticket = report.ticket;
        if ticket.is_gone {
            // It ended where it left, whatever comes late.
            let _ = writeln!(told, "#{number} left");
            continue;
        }
        let (turn, stage) = (ticket.turn.name(), ticket.stage.name());
        let _ = writeln!(told, "#{number} {turn} {stage} open: {}", ticket.is_open);
        if ticket.is_open {
            // The bot's pace moves the clock by seconds, and so those who act after it.
            let minute = |at: Timestamp| at.round(Unit::Minute).expect("a time in between");
            let (since, answered) = (minute(ticket.turn_since), ticket.answered_at.map(minute));
            let snoozed = ticket.snoozed_until.map(minute);
            let _ = writeln!(told, "  since {since} snoozed {snoozed:?} answered {answered:?}");
            let labels = world.desk.labels_of(&world.desk.issue_at(number));
            let _ = writeln!(told, "    {labels:?}");
        }
    }
    told
}

/// How far the end must be that of an undisturbed run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sameness {
    /// Ends come out of order: a command that a closed issue refuses is carried out where the
    /// closing is heard of later, so that what came last to the bot counts.
    None,
    /// People used the mouse, and what they could do depended on how far the bot had come: whose
    /// turn it is, how far the request is, and whether it is open.
    Turn,
    /// GitHub refused labels for good, steps of the ladder were taken before post that is hours
    /// late came, or under the policy that was in force when they were: the clock besides.
    Clock,
    /// In everything.
    Whole,
}

fn sameness(seed: u64) -> Sameness {
    let (trouble, history) = (Trouble::of(seed), History::of(seed));
    if history.may_end && trouble.is_disordered {
        Sameness::None
    } else if !history.is_talk {
        Sameness::Turn
    } else if trouble.has_refusals || trouble.is_very_late || history.has_policies() {
        Sameness::Clock
    } else {
        Sameness::Whole
    }
}

fn is_same(sameness: Sameness, calm: &str, troubled: &str) -> bool {
    let depth = match sameness {
        Sameness::None => return true,
        Sameness::Turn => 0,
        Sameness::Clock => 2,
        Sameness::Whole => 4,
    };
    let compared = |standing: &str| {
        let indent = |line: &str| line.len() - line.trim_start().len();
        let lines = standing.lines().filter(|line| indent(line) <= depth);
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    compared(calm) == compared(troubled)
}

/// Everything that a play of this seed breaks.
fn breaches(seed: u64) -> Option<String> {
    let (world, standing) = plays(seed);
    let mut told = String::new();
    for (name, law) in laws::LAWS.iter().chain(manners::LAWS) {
        for breach in law(&world) {
            let _ = writeln!(told, "law {name}: {breach}");
        }
    }
    let sameness = sameness(seed);
    if sameness != Sameness::None {
        let (calm_world, calm) = undisturbed(seed);
        // To close by hand what is closed does nothing, and whether it is depends on the bot's pace.
        let did_the_same = calm_world.clicks == world.clicks;
        if did_the_same && !is_same(sameness, &calm, &standing) {
            let _ = writeln!(
                told,
                "law of the same end, {sameness:?}: undisturbed\n{calm}but\n{standing}"
            );
        }
    }
    (!told.is_empty()).then(|| format!("{told}{}", story(seed, &world)))
}

/// The seeds to play.
fn seeds() -> Range<u64> {
    let Ok(wanted) = std::env::var("KEYDESK_SEEDS") else { return SEEDS };
    let ends =
        wanted.split_once("..").and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
    let (from, to) = ends.expect("KEYDESK_SEEDS is two numbers, such as 0..1000");
    from..to
}

fn plays_part(part: u64) {
    let mut failed = Vec::new();
    for seed in seeds().filter(|seed| seed % PARTS == part) {
        if let Some(told) = breaches(seed) {
            println!("{told}");
            failed.push(seed);
        }
    }
    assert!(failed.is_empty(), "seeds {failed:?} break laws; see above");
}

macro_rules! parts {
    ($($name:ident: $part:literal),+ $(,)?) => {$(
        #[test]
        fn $name() {
            plays_part($part);
        }
    )+};
}

parts! {
    part_00: 0, part_01: 1, part_02: 2, part_03: 3, part_04: 4, part_05: 5,
    part_06: 6, part_07: 7, part_08: 8, part_09: 9, part_10: 10, part_11: 11,
}

/// Law 9: the same seed gives the same transcript, byte by byte.
#[test]
fn a_seed_replays_exactly() {
    for seed in seeds().step_by(37).take(16) {
        let [first, second] = [(), ()].map(|()| transcript(&plays(seed).0));
        assert_eq!(first, second, "seed {seed}");
    }
}
