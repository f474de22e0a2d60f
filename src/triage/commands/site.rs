//! `/site`: which site it is about.

use super::{Call, Command, Refusal, Who};
use crate::reading::{Answers, Site};
use crate::triage::draft::Draft;

/// Which site it is about.
pub const SITE: Command = Command {
    name: "site",
    arguments: "pypi|testpypi",
    summary: "Say whether it is about pypi.org or test.pypi.org.",
    who: Who::Requester,
    run,
};

fn run(draft: &mut Draft, call: &Call) -> Result<(), Refusal> {
    let typed = call.arguments().to_lowercase();
    let site = match typed.trim_end_matches(['.', '/']) {
        "pypi" | "pypi.org" => Site::Pypi,
        "testpypi" | "test.pypi.org" | "test" | "test pypi" => Site::Testpypi,
        _ => return Err(Refusal::new("Say pypi or testpypi.", "/site pypi")),
    };
    draft.correct(Answers { site: Some(site), ..Answers::default() });
    Ok(())
}
