//! What a check found, and the cure where it found a fault.

use serde::Serialize;

use crate::cli::Failure;

/// How it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Verdict {
    /// As it should be.
    Ok,
    /// Worth knowing, and no fault.
    Note,
    /// It keeps the bot from working, or soon will.
    Fault,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Finding {
    pub(super) check: &'static str,
    pub(super) verdict: Verdict,
    pub(super) what: String,
    pub(super) help: Option<String>,
}

impl Finding {
    /// It is as it should be.
    pub(super) fn ok(check: &'static str, what: impl Into<String>) -> Self {
        Self { check, verdict: Verdict::Ok, what: what.into(), help: None }
    }

    /// Worth knowing.
    pub(super) fn note(check: &'static str, what: impl Into<String>) -> Self {
        Self { check, verdict: Verdict::Note, what: what.into(), help: None }
    }

    /// A fault with its cure.
    pub(super) fn fault(
        check: &'static str,
        what: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self { check, verdict: Verdict::Fault, what: what.into(), help: Some(help.into()) }
    }

    /// What a command would have ended with.
    pub(super) fn faults(check: &'static str, failure: &Failure) -> Vec<Self> {
        let fault = |(what, help)| Self { check, verdict: Verdict::Fault, what, help };
        failure.told().into_iter().map(fault).collect()
    }

    /// Lines for people.
    pub(super) fn text(&self) -> String {
        let verdict = match self.verdict {
            Verdict::Ok => "ok",
            Verdict::Note => "note",
            Verdict::Fault => "FAULT",
        };
        let help = self.help.as_ref().map(|help| format!("       help: {help}\n"));
        format!("{verdict:5}  {}: {}\n{}", self.check, self.what, help.unwrap_or_default())
    }
}
