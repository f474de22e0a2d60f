//! Whether the database is there, whole, writable, and of this version; and how much room it has.

use super::finding::Finding;
use crate::cli::Failure;
use crate::cli::database::unusable;
use crate::store::{Examined, StoreError};

const CHECK: &str = "database";

/// Less room is a fault: a busy week fits into it.
const BYTES_FREE_MIN: u64 = 100 * 1024 * 1024;

/// Judges what was seen of it.
pub(super) fn judge(examined: Result<&Examined, &StoreError>) -> Vec<Finding> {
    let examined = match examined {
        Ok(examined) => examined,
        Err(error) => {
            let failure: Failure = unusable(error.clone());
            return Finding::faults(CHECK, &failure);
        }
    };
    let Examined { name, version, newest, bytes, bytes_free, .. } = examined;
    let mut findings = vec![match version {
        None => Finding::note(CHECK, format!("{name} is not there yet; `keydesk serve` makes it")),
        Some(_) if examined.is_too_new => Finding::fault(
            CHECK,
            format!("{name} was written by a newer keydesk"),
            "start that version here too",
        ),
        Some(version) if version < newest => Finding::note(
            CHECK,
            format!(
                "{name} is of migration {version}, and {newest} is the newest; `keydesk serve` brings \
                 it up to date when it starts"
            ),
        ),
        Some(version) => Finding::ok(
            CHECK,
            format!(
                "{name} can be written, is up to date (migration {version}), and has {}",
                size(*bytes)
            ),
        ),
    }];
    if let Some(free) = bytes_free {
        let room = format!("{} free on its disk", size(*free));
        findings.push(if *free < BYTES_FREE_MIN {
            let help = "make room; when the disk is full nothing more is taken in";
            Finding::fault(CHECK, format!("only {room}"), help)
        } else {
            Finding::ok(CHECK, room)
        });
    }
    findings
}

fn size(bytes: u64) -> String {
    const UNITS: [(&str, u64); 3] = [("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000)];
    let unit = UNITS.iter().find(|(_, unit)| bytes >= *unit);
    unit.map_or_else(|| format!("{bytes} bytes"), |(name, unit)| format!("{} {name}", bytes / unit))
}
