//! What a comment of ours says, as a value: a template and the facts it may use.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::reading::{Known, Missing, Reason, RecoveryCodes, Sensitive, Site};

/// The text that tells of a broken policy file.
pub const POLICY_PROBLEM: &str = "policy-problem";

/// A comment still to be rendered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Text {
    /// `templates/comments/<template>.md`.
    pub template: String,
    /// What the template may say.
    pub facts: Facts,
}

/// Everything a text may know. One type for all templates, so that any of them can be rewritten
/// to use any fact; strings that people wrote are escaped when they are rendered.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
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
    /// Which site the account is on.
    pub site: Site,
    /// What the request lacks.
    pub missing: Vec<Missing>,
    /// What was posted that should not be public.
    pub exposed: Vec<Sensitive>,
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
