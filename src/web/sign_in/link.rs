//! The one-time link: of a desk that only this machine reaches, and of one that is to be set up.

use std::sync::atomic::{AtomicBool, Ordering};

use jiff::{SignedDuration, Timestamp};

use super::seal::{Chance, digest};

/// How long the link is good.
const LIFE: SignedDuration = SignedDuration::from_mins(15);

/// A link that lets one person in, once.
pub struct OneTimeLink {
    /// SHA-256 of its secret part.
    digest: String,
    until: Timestamp,
    is_used: AtomicBool,
}

impl OneTimeLink {
    /// A link that is good from now on, and its path.
    pub fn new(chance: &Chance, now: Timestamp) -> (Self, String) {
        Self::below("/sign-in/once/", chance, (now, LIFE))
    }

    /// One that is good from now on for some time, and its path below another.
    pub(in crate::web) fn below(
        place: &str,
        chance: &Chance,
        (now, life): (Timestamp, SignedDuration),
    ) -> (Self, String) {
        let token = hex::encode(chance());
        let path = format!("{place}{token}");
        let until = now.saturating_add(life).unwrap_or(now);
        (Self { digest: digest(&token), until, is_used: AtomicBool::new(false) }, path)
    }

    /// Whether this is its secret part, and nobody used it before.
    pub(in crate::web) fn use_up(&self, token: &str, now: Timestamp) -> bool {
        digest(token) == self.digest
            && now < self.until
            && !self.is_used.swap(true, Ordering::SeqCst)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn a_link_is_good_once_and_for_a_quarter_of_an_hour() {
        let start = Timestamp::UNIX_EPOCH;
        let chance: Chance = Arc::new(|| [7; 32]);
        let after =
            |minutes| start.saturating_add(SignedDuration::from_mins(minutes)).expect("in time");
        let (link, path) = OneTimeLink::new(&chance, start);
        let token = path.strip_prefix("/sign-in/once/").expect("the path");
        assert!(!link.use_up("another", after(1)));
        assert!(!link.use_up(token, after(15)));
        assert!(link.use_up(token, after(14)));
        assert!(!link.use_up(token, after(14)));
    }
}
