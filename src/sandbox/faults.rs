//! What goes wrong on purpose, so that tests can see what the bot makes of it.
//!
//! Start reading at [`FaultPlan`]. A [`Fault`] names the requests it means, how many of them it
//! leaves alone first and how many it spoils; the REST face asks the plan about every request.
//! [`CallFault`](super::github::CallFault) does the same to the calls of the face within the process.

use std::time::Duration;

/// Whether the request is applied before the fault strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// Nothing is applied.
    Before,
    /// It is applied, but the caller does not learn it.
    After,
}

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// No answer for so long; it is applied before or after the wait, even if the caller has gone.
    Hang(Duration, Moment),
    /// The connection is closed at once, and so long after that it is applied all the same.
    Late(Duration),
    /// This status instead of the answer.
    Status(u16, Moment),
    /// The connection is closed without an answer.
    Close(Moment),
    /// 403 of the secondary limit, with so many seconds in `retry-after`.
    SecondaryLimit(u64),
}

/// Some requests that go wrong.
#[derive(Clone, Debug)]
pub struct Fault {
    /// The method meant; any without.
    pub method: Option<String>,
    /// The path meant: segments, with `*` for any one of them and `**` at the end for any rest.
    pub path: String,
    /// How many such requests go well first.
    pub skip: u32,
    /// How many go wrong then.
    pub times: u32,
    /// What goes wrong.
    pub kind: FaultKind,
}

impl Fault {
    /// A fault that strikes the next such request, once; `route` is `METHOD /path` or `/path`.
    #[must_use]
    pub fn once(route: &str, kind: FaultKind) -> Self {
        let (method, path) = match route.split_once(' ') {
            Some((method, path)) => (Some(method.to_owned()), path),
            None => (None, route),
        };
        Self { method, path: path.to_owned(), skip: 0, times: 1, kind }
    }

    fn means(&self, method: &str, path: &str) -> bool {
        self.method.as_deref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
            && matches(&self.path, path)
    }
}

/// All faults planned, in order; the first that means a request strikes.
#[derive(Clone, Debug, Default)]
pub struct FaultPlan {
    faults: Vec<Fault>,
}

impl FaultPlan {
    /// Plans one more fault.
    pub fn add(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    /// Drops all that is planned.
    pub fn clear(&mut self) {
        self.faults.clear();
    }

    /// Whether anything is still to go wrong.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.faults.is_empty()
    }

    /// What goes wrong with this request, counted off the plan.
    pub fn strike(&mut self, method: &str, path: &str) -> Option<FaultKind> {
        let fault = self.faults.iter_mut().find(|fault| fault.means(method, path))?;
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

fn matches(pattern: &str, path: &str) -> bool {
    let mut segments = path.trim_matches('/').split('/');
    for wanted in pattern.trim_matches('/').split('/') {
        if wanted == "**" {
            return true;
        }
        match segments.next() {
            Some(segment) if wanted == "*" || wanted == segment => {}
            Some(_) | None => return false,
        }
    }
    segments.next().is_none()
}
