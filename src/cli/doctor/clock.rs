//! Whether our clock and GitHub's go alike.

use jiff::Timestamp;

use super::finding::Finding;

const CHECK: &str = "clock";

/// More than this is a fault.
const OFF_MAX: i64 = 30;

/// More than this, and GitHub does not accept the App's tokens.
const OFF_FOR_APP_MAX: i64 = 60;

/// Judges GitHub's time, given what ours was when it was asked for and when it came.
pub(super) fn judge(date: Option<Timestamp>, (asked, answered): (Timestamp, Timestamp)) -> Finding {
    let Some(date) = date else {
        return Finding::note(CHECK, "not compared with GitHub's, which did not answer");
    };
    // GitHub's time is cut to the second, and may be of any moment between.
    let between = answered.duration_since(asked) / 2;
    let off = (asked + between).duration_since(date).as_secs();
    let (by, way) = (off.unsigned_abs(), if off > 0 { "ahead of" } else { "behind" });
    match off.abs() {
        0..=OFF_MAX => Finding::ok(CHECK, format!("within {} s of GitHub's", by.max(1))),
        more => {
            let so =
                if more > OFF_FOR_APP_MAX { ": GitHub refuses an App's tokens then" } else { "" };
            let help = "set it by NTP, such as `timedatectl set-ntp true`; with PostgreSQL it is the \
                        clock of the server";
            Finding::fault(CHECK, format!("it is {by} s {way} GitHub's{so}"), help)
        }
    }
}
