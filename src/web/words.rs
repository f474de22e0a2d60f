//! Times and names as staff read them.

use jiff::Timestamp;
use serde::Serialize;

use crate::reading::Reason;

/// A moment, exactly and in words.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Moment {
    /// As machines read it.
    pub iso: String,
    /// To the minute, UTC.
    pub exact: String,
    /// How far from now: `3 days ago`, `in 5 hours`.
    pub far: String,
    /// How long, without a direction: `3 days`.
    pub long: String,
}

impl Moment {
    /// A moment as seen from now.
    pub(super) fn new(at: Timestamp, now: Timestamp) -> Self {
        let seconds = now.duration_since(at).as_secs();
        let long = span(seconds.unsigned_abs());
        let far = match seconds {
            ..=-60 => format!("in {long}"),
            -59..60 => "just now".to_owned(),
            60.. => format!("{long} ago"),
        };
        Self {
            iso: at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            exact: at.strftime("%-d %b %Y, %H:%M UTC").to_string(),
            far,
            long,
        }
    }
}

/// So many seconds in the largest unit that fits.
fn span(seconds: u64) -> String {
    let (count, unit) = match seconds {
        0..60 => return "under a minute".to_owned(),
        60..3_600 => (seconds / 60, "minute"),
        3_600..86_400 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural}")
}

/// A reason in a word or two.
pub(super) fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::Lost2fa => "lost 2FA",
        Reason::LostEmail => "lost mailbox",
        Reason::UnverifiedEmail => "address not verified",
        Reason::RecoveryCodesRejected => "codes refused",
        Reason::ForgotPassword => "forgot password",
        Reason::ForgotUsername => "forgot user name",
        Reason::Compromised => "taken over",
        Reason::Other => "something else",
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    #[test]
    fn a_moment_is_told_in_the_largest_unit_that_fits() {
        let now: Timestamp = "2026-11-23T09:00:00Z".parse().expect("a time");
        let rows = [
            (0, "just now"),
            (59, "just now"),
            (60, "1 minute ago"),
            (7_300, "2 hours ago"),
            (3 * 86_400 + 5, "3 days ago"),
            (-30, "just now"),
            (-7_300, "in 2 hours"),
            (-86_400, "in 1 day"),
        ];
        for (seconds, wanted) in rows {
            let at = now - SignedDuration::from_secs(seconds);
            assert_eq!(Moment::new(at, now).far, wanted, "{seconds}");
        }
        assert_eq!(Moment::new(now, now).exact, "23 Nov 2026, 09:00 UTC");
        assert_eq!(Moment::new(now, now).iso, "2026-11-23T09:00:00Z");
    }
}
