//! How far long work has come: one line that is rewritten on a terminal, plain lines elsewhere.

use std::io::{IsTerminal, Write, stderr};
use std::sync::Mutex;
use std::sync::PoisonError;

/// As wide as the bar gets, in characters.
const BAR_WIDTH: u64 = 30;
/// Elsewhere than on a terminal, as many steps stand between two lines.
const STEPS_PER_LINE: u64 = 500;
/// There, so many lines are enough to see that it goes on.
const LINES_MAX: u64 = 20;

/// What is shown on standard error.
pub(super) struct Progress {
    is_terminal: bool,
    is_line_open: Mutex<bool>,
}

impl Progress {
    /// Nothing is shown yet.
    pub(super) fn new() -> Self {
        let is_terminal = stderr().is_terminal();
        Self { is_terminal, is_line_open: Mutex::new(false) }
    }

    /// So many things of a kind, with no end in sight.
    pub(super) fn count(&self, what: &str, count: u64) {
        if self.is_terminal {
            self.rewrite(&format!("{what}: {count}"));
        } else if count.is_multiple_of(STEPS_PER_LINE) {
            eprintln!("{what}: {count}");
        }
    }

    /// So many things of all.
    pub(super) fn bar(&self, what: &str, (done, all): (u64, u64)) {
        if self.is_terminal {
            let filled = (done * BAR_WIDTH).checked_div(all).unwrap_or(BAR_WIDTH).min(BAR_WIDTH);
            let rest = BAR_WIDTH - filled;
            let (filled, rest) = (repeated('#', filled), repeated('.', rest));
            self.rewrite(&format!("{what}: [{filled}{rest}] {done} of {all}"));
        } else if done == all || done.is_multiple_of(steps_per_line(all)) {
            eprintln!("{what}: {done} of {all}");
        }
    }

    /// A line of its own, which stays.
    pub(super) fn say(&self, line: &str) {
        self.end();
        eprintln!("{line}");
    }

    /// Leaves the line that was rewritten.
    pub(super) fn end(&self) {
        let mut is_open = self.is_line_open.lock().unwrap_or_else(PoisonError::into_inner);
        if std::mem::take(&mut *is_open) {
            eprintln!();
        }
    }

    fn rewrite(&self, line: &str) {
        *self.is_line_open.lock().unwrap_or_else(PoisonError::into_inner) = true;
        // A terminal that is gone has nobody to tell.
        let _ = write!(stderr(), "\r\x1b[K{line}");
        let _ = stderr().flush();
    }
}

fn steps_per_line(all: u64) -> u64 {
    (all / LINES_MAX).next_multiple_of(STEPS_PER_LINE).max(STEPS_PER_LINE)
}

fn repeated(letter: char, count: u64) -> String {
    (0..count).map(|_| letter).collect()
}
