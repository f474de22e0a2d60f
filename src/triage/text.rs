//! What a comment of ours says, as a value: a template and the facts it may use.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use super::kept;
use super::ticket::Stage;
use crate::reading::{Known, Missing, Reason, RecoveryCodes, Sensitive, Site};

/// A comment still to be rendered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Text {
    /// `templates/comments/<template>.md`.
    pub template: String,
    /// What the template may say.
    #[serde(serialize_with = "kept::news")]
    pub facts: Facts,
}

/// Everything a text may know. One type for all templates, so that any of them can be rewritten
/// to use any fact; strings that people wrote are escaped when they are rendered.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Facts {
    /// Login of the person who asked.
    pub requester: String,
    /// Login of the person this text answers, if a comment led to it.
    pub speaker: String,
    /// Address of the issue in a browser.
    pub url: String,
    /// ISO 639-1 code of the requester's language, `und` if unclear.
    pub language: String,
    /// What is wrong, as far as it was read.
    pub reasons: Vec<Reason>,
    /// Whether the mailbox can be read.
    pub email_access: Known,
    /// Whether the password is known.
    pub password_known: Known,
    /// What became of the recovery codes.
    pub recovery_codes: RecoveryCodes,
    /// Whether the person is still logged in somewhere.
    pub session: Known,
    /// Which site the account is on.
    pub site: Site,
    /// What the request lacks.
    pub missing: Vec<Missing>,
    /// Which other kind of request it is, by the name of its file; empty for an account recovery.
    pub kind: String,
    /// What the fields of that kind say, by their names.
    pub fields: BTreeMap<String, String>,
    /// Fields of that kind that must be there and are not.
    pub missing_fields: Vec<MissingField>,
    /// What was posted that should not be public.
    pub exposed: Vec<Sensitive>,
    /// How far it has come: `filed`, `reviewing`, `recovering`, `recovered`, `resolved`.
    pub stage: Stage,
    /// The date on which the requester said that the mail was sent: `2026-11-23`; empty before.
    pub mailed_on: String,
    /// How long others waited for a first answer, as measured at this desk; none while too few did.
    pub waiting: Option<WaitingTimes>,
    /// Address of the live badge that shows the place in the queue; empty without public pages.
    pub badge: String,
    /// Address of the ticket's public page; empty without public pages.
    pub status: String,
    /// Numbers of other requests that name the same account or come from the same person.
    pub related: Vec<u64>,
    /// Address of the issue or comment in which something private was posted.
    pub place: String,
    /// Questions of the FAQ to list.
    pub topics: Vec<FaqTopic>,
    /// Arguments of a reply command by their names in the policy.
    pub arguments: BTreeMap<String, String>,
    /// Name of the rung of the ladder.
    pub step: String,
    /// How long it has been somebody's turn, in words: `6 days`.
    pub waited: String,
    /// When silence closes the ticket, in words: `7 days`; empty if it does not.
    pub closes_after: String,
    /// People and teams of the policy to mention, with their `@`.
    pub mention: Vec<String>,
    /// Commands to list.
    pub commands: Vec<CommandHelp>,
    /// Commands that were not carried out.
    pub refusals: Vec<RefusedCommand>,
}

/// A field that must be there and is not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissingField {
    /// As texts call it.
    pub name: String,
    /// Its heading on the form.
    pub heading: String,
    /// What is asked for.
    pub asks: String,
}

/// How long requests waited for the first answer of a human, over the last so many that got one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingTimes {
    /// How many requests were measured.
    pub count: u32,
    /// Days within which half of them were answered.
    pub half_days: u32,
    /// Days within which nine in ten of them were answered.
    pub most_days: u32,
}

const SECONDS_A_DAY: u64 = 86_400;

impl WaitingTimes {
    /// Over how many answered requests, the last ones, it is measured.
    pub const WINDOW: u32 = 60;

    /// Fewer than this tell nothing.
    const COUNT_MIN: usize = 10;

    /// What these waits come to; none where they are too few to tell.
    pub fn measure(mut waits: Vec<SignedDuration>) -> Option<Self> {
        waits.sort_unstable();
        (waits.len() >= Self::COUNT_MIN).then(|| Self {
            count: u32::try_from(waits.len()).unwrap_or(u32::MAX),
            half_days: days_of(&waits, 50),
            most_days: days_of(&waits, 90),
        })
    }
}

/// Whole days within which so many in a hundred of the sorted waits ended, rounded up.
fn days_of(waits: &[SignedDuration], in_hundred: usize) -> u32 {
    let rank = (waits.len() * in_hundred).div_ceil(100).max(1);
    let seconds = u64::try_from(waits[rank - 1].as_secs()).unwrap_or(0).max(1);
    u32::try_from(seconds.div_ceil(SECONDS_A_DAY)).unwrap_or(u32::MAX)
}

/// One question of the FAQ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaqTopic {
    /// What is typed after `/faq`.
    pub topic: String,
    /// The question in one line.
    pub question: String,
}

/// One line of `/help`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommandHelp {
    /// How it is typed: `/turn requester|maintainers`.
    pub usage: String,
    /// What it does, in one line.
    pub summary: String,
}

/// A command that was not carried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedCommand {
    /// As it was typed, with its slash.
    pub command: String,
    /// Why, as a sentence.
    pub why: String,
    /// The nearest right spelling, with its slash; empty if none is near.
    pub nearest: String,
}
