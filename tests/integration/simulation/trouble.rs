//! What goes wrong in a world, by a seed.

use super::dice::Dice;

/// What may go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Trouble {
    /// Post comes minutes late.
    pub(super) is_late: bool,
    /// It comes hours late, or days.
    pub(super) is_very_late: bool,
    /// It comes out of order, or not at all before the end.
    pub(super) is_disordered: bool,
    /// What is lost stands in GitHub's log, and the bot looks there itself.
    pub(super) is_swept: bool,
    /// Some of it comes twice.
    pub(super) has_doubles: bool,
    /// GitHub fails in ways that pass.
    pub(super) has_faults: bool,
    /// It refuses for good now and then.
    pub(super) has_refusals: bool,
    /// The process dies.
    pub(super) has_crashes: bool,
    /// Little may be written.
    pub(super) is_narrow: bool,
    /// How many work side by side.
    pub(super) worker_count: usize,
}

impl Trouble {
    /// Everything goes well.
    pub(super) fn none() -> Self {
        Self {
            is_late: false,
            is_very_late: false,
            is_disordered: false,
            is_swept: false,
            has_doubles: false,
            has_faults: false,
            has_refusals: false,
            has_crashes: false,
            is_narrow: false,
            worker_count: 1,
        }
    }

    /// The trouble of a seed.
    pub(super) fn of(seed: u64) -> Self {
        let mut dice = Dice::of(seed, 3);
        let mut is = |throws| dice.once_in(throws);
        let has_faults = !is(3);
        Self {
            is_late: true,
            is_disordered: is(2),
            has_doubles: is(2),
            has_faults,
            has_refusals: has_faults && is(3),
            has_crashes: !is(3),
            is_narrow: is(3),
            worker_count: if is(2) { 2 } else { 1 },
            is_swept: is(2),
            is_very_late: is(4),
        }
    }

    /// Whether anything may go wrong at all.
    pub(super) fn is_any(&self) -> bool {
        *self != Self::none()
    }
}
