//! What is kept of the calls made within one process: what they were, when they were made, how
//! they ended, and which of them are still to fail on purpose.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;

use super::listing::AskedPage;
use super::state::{Acting, Refusal};

/// How a call fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallFaultKind {
    /// Refused for good, with this status.
    Refused(u16),
    /// Asked to wait so long.
    Limited(Duration),
    /// Never got there.
    Unreachable,
    /// No answer, and nothing was done.
    UnclearBefore,
    /// No answer, but it was done.
    UnclearAfter,
    /// No answer, and it is done so long after; what cannot be late is never done.
    UnclearLate(Duration),
}

/// Some calls that fail.
#[derive(Clone, Debug)]
pub struct CallFault {
    /// The call meant, by its name in the trait; any without.
    pub call: Option<&'static str>,
    /// How many such calls go well first.
    pub skip: usize,
    /// How many fail then.
    pub times: usize,
    /// How they fail.
    pub kind: CallFaultKind,
}

/// A call as GitHub saw it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenCall {
    /// Its name in the trait.
    pub name: &'static str,
    /// When it was made.
    pub at: Timestamp,
    /// What it was about, where that tells it from others: a marker, or an issue and its labels.
    pub about: String,
    /// How it was made to fail, if it was.
    pub fault: Option<CallFaultKind>,
    /// GitHub's status, where GitHub refused it by itself.
    pub refused: Option<u16>,
}

impl SeenCall {
    /// Whether it changes something.
    #[must_use]
    pub fn is_write(&self) -> bool {
        self.name.starts_with("put_") || self.name == "create_comment"
    }

    /// Whether it posts a comment.
    #[must_use]
    pub fn is_post(&self) -> bool {
        self.name == "create_comment"
    }

    /// Whether it came as far as GitHub, as far as the caller can know.
    #[must_use]
    pub fn may_have_arrived(&self) -> bool {
        match self.fault {
            None
            | Some(
                CallFaultKind::UnclearBefore
                | CallFaultKind::UnclearAfter
                | CallFaultKind::UnclearLate(_),
            ) => true,
            Some(
                CallFaultKind::Refused(_) | CallFaultKind::Limited(_) | CallFaultKind::Unreachable,
            ) => false,
        }
    }

    /// Whether what was asked for was done.
    #[must_use]
    pub fn was_done(&self) -> bool {
        let is_carried_out = matches!(
            self.fault,
            None | Some(CallFaultKind::UnclearAfter | CallFaultKind::UnclearLate(_))
        );
        self.refused.is_none() && is_carried_out
    }
}

/// What a call does to GitHub's state.
pub(super) type Deed = Box<dyn FnOnce(&mut Acting<'_>) -> Result<(), Refusal> + Send>;

/// A call that is carried out after its caller gave up on it.
pub(super) struct LateDeed {
    /// When it is carried out.
    pub at: Timestamp,
    /// Its place among the calls.
    pub call: usize,
    /// What it does.
    pub act: Deed,
}

impl fmt::Debug for LateDeed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "call {} at {}", self.call, self.at)
    }
}

/// What was called, and what is still to fail.
#[derive(Debug, Default)]
pub(super) struct CallLog {
    /// Faults still to strike.
    pub faults: Vec<CallFault>,
    /// Every call, in order.
    pub calls: Vec<SeenCall>,
    /// The pages of long lists that were asked for.
    pub pages: Vec<AskedPage>,
    /// Calls still to be carried out, in the order they were made.
    pub late: Vec<LateDeed>,
}

impl CallLog {
    /// Notes a call and tells how it fails, if it does.
    pub fn strike(
        &mut self,
        (name, about): (&'static str, String),
        at: Timestamp,
    ) -> Option<CallFaultKind> {
        let fault = self.next_fault(name);
        self.calls.push(SeenCall { name, at, about, fault, refused: None });
        fault
    }

    /// The same of a call that cannot be late: it is done at once or never.
    pub fn strike_now(
        &mut self,
        call: (&'static str, String),
        at: Timestamp,
    ) -> Option<CallFaultKind> {
        let mut fault = self.strike(call, at);
        if let (Some(CallFaultKind::UnclearLate(_)), Some(seen)) = (fault, self.calls.last_mut()) {
            fault = Some(CallFaultKind::UnclearBefore);
            seen.fault = fault;
        }
        fault
    }

    /// Takes out the first deed that is due, if one is.
    pub fn take_late(&mut self, now: Timestamp) -> Option<LateDeed> {
        let at = self.late.iter().position(|deed| deed.at <= now)?;
        Some(self.late.remove(at))
    }

    fn next_fault(&mut self, call: &'static str) -> Option<CallFaultKind> {
        let mut faults = self.faults.iter_mut();
        let fault = faults.find(|fault| fault.call.is_none_or(|wanted| wanted == call))?;
        if fault.skip > 0 {
            fault.skip -= 1;
            return None;
        }
        fault.times = fault.times.saturating_sub(1);
        let kind = fault.kind;
        self.faults.retain(|fault| fault.times > 0);
        Some(kind)
    }
}
