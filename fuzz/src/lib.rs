//! What the fuzz targets share: the invariants of the property tests, and a bound on time.
//!
//! The targets get their text through [`text_of`], which now and then repeats it up to the length
//! GitHub allows: that is how a short input shows what is slower than it may be.

#![forbid(unsafe_code)]

#[path = "../../tests/integration/reading/properties/invariants.rs"]
pub mod invariants;

use std::borrow::Cow;
use std::time::{Duration, Instant};

/// Bytes of the longest text GitHub takes.
pub const TEXT_BYTES_MAX: usize = 64 * 1024;

/// The longest time for such a text. The instruments make everything several times slower.
const BOUND: Duration = Duration::from_millis(50);

/// How often something slow is tried again, since the machine may have been busy.
const TRIES_MAX: usize = 5;

/// Of so many inputs one is repeated.
const REPEATED_ONE_IN: u8 = 16;

/// The text of an input: as it is, or many times over, as its first byte says.
pub fn text_of(data: &[u8]) -> Cow<'_, str> {
    let Some((first, rest)) = data.split_first() else { return Cow::Borrowed("") };
    let text = String::from_utf8_lossy(&rest[..rest.len().min(TEXT_BYTES_MAX)]);
    if first % REPEATED_ONE_IN != 0 || text.is_empty() {
        return text;
    }
    Cow::Owned(text.repeat(TEXT_BYTES_MAX / text.len()))
}

/// Fails where even the best of several tries takes longer than it may.
pub fn in_time(what: &str, read: impl Fn()) {
    let mut best = Duration::MAX;
    for _ in 0..TRIES_MAX {
        let start = Instant::now();
        read();
        best = best.min(start.elapsed());
        if best <= BOUND {
            return;
        }
    }
    panic!("{what} took {best:?} and may take {BOUND:?}");
}
