//! `/away`: times at which nobody of the desk is there, for all its requests.

use jiff::civil::Date;

use super::{Call, Command, Refusal, Who};
use crate::policy::calendar::Away;
use crate::triage::decision::DeskChange;
use crate::triage::draft::Draft;

/// Longer than anybody is away; a wrong year is likelier.
const DAYS_MAX: i32 = 366;

/// Words of the reason that are kept.
const WHY_CHARACTERS_MAX: usize = 200;

/// Stops every clock of the desk from one day to another.
pub const AWAY: Command = Command {
    name: "away",
    arguments: "<from>..<until> [why]",
    summary: "Stop all clocks of this desk on these days, such as /away 2027-05-12..2027-05-20 PyCon.",
    who: Who::Staff,
    run,
};

fn run(draft: &mut Draft, call: &Call) -> Result<(), Refusal> {
    let refuse = |why: &str| Refusal::new(why, "/away 2027-05-12..2027-05-20 PyCon");
    let (dates, why) =
        call.arguments().split_once(char::is_whitespace).unwrap_or((call.arguments(), ""));
    let (from, until) = dates.split_once("..").unwrap_or((dates, dates));
    let date = |text: &str| text.parse::<Date>().ok();
    let (Some(from), Some(until)) = (date(from), date(until)) else {
        return Err(refuse("Say the first and the last day, as year-month-day."));
    };
    if until < from {
        return Err(refuse("The last day is before the first."));
    }
    if (until - from).get_days() > DAYS_MAX {
        return Err(refuse("That is longer than a year."));
    }
    let today = draft.case.policy.clock.date_of(draft.case.now);
    if until < today {
        return Err(refuse("These days have passed."));
    }
    let why: String = why.trim().chars().take(WHY_CHARACTERS_MAX).collect();
    draft.change_desk(DeskChange::Away(Away { from, until, why }));
    Ok(())
}
