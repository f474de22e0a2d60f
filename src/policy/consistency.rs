//! What can be told only of the whole policy: names that must agree, ends that must follow starts.

use std::collections::BTreeSet;

use super::problem::nearest;
use super::{EscalationStep, Policy};

/// Something that does not fit, and the path of the value it came from.
pub(super) struct Misfit {
    /// Such as `escalation[0].notify` or `replies.need`.
    pub path: String,
    /// What does not fit.
    pub what: String,
    /// What to do about it.
    pub cure: Option<String>,
}

impl Misfit {
    fn new(path: String, what: impl Into<String>, cure: &str) -> Self {
        let cure = (!cure.is_empty()).then(|| cure.to_owned());
        Self { path, what: what.into(), cure }
    }
}

/// Everything that does not fit.
pub(super) fn check(policy: &Policy) -> Vec<Misfit> {
    let mut misfits = Vec::new();
    check_steps(policy, &mut misfits);
    check_calendar(policy, &mut misfits);
    check_replies(policy, &mut misfits);
    misfits
}

fn check_steps(policy: &Policy, misfits: &mut Vec<Misfit>) {
    let mut names = BTreeSet::new();
    for (index, step) in policy.escalation.iter().enumerate() {
        let path = format!("escalation[{index}]");
        if !names.insert(&step.name) {
            let what = format!("two steps are called `{}`", step.name);
            let cure = "a name is a step's identity; give each its own";
            misfits.push(Misfit::new(format!("{path}.name"), what, cure));
        }
        if step.assign.as_deref() == Some("rota") && policy.rota.members.is_empty() {
            let cure = "name them under [rota], as in members = [\"@alice\"]";
            misfits.push(Misfit::new(format!("{path}.assign"), "the rota has no members", cure));
        }
        misfits.extend(unknown_chat(policy, &path, step));
    }
}

fn unknown_chat(policy: &Policy, path: &str, step: &EscalationStep) -> Option<Misfit> {
    let chat = step.notify.as_ref()?;
    if policy.notify.contains_key(chat) {
        return None;
    }
    let nearest = nearest(chat, policy.notify.keys().map(String::as_str));
    let cure = nearest.unwrap_or_else(|| format!("add a table [notify.{chat}]"));
    let what = format!("there is no chat `{chat}`");
    Some(Misfit::new(format!("{path}.notify"), what, &cure))
}

fn check_calendar(policy: &Policy, misfits: &mut Vec<Misfit>) {
    if policy.clock.working_days.is_empty() {
        let path = "clock.working_days".to_owned();
        let cure = "name at least one, or no wait would ever end";
        misfits.push(Misfit::new(path, "no day of the week is a working day", cure));
    }
    for (index, away) in policy.clock.away.iter().enumerate() {
        if away.until < away.from {
            let what = format!("this ends on {} before it starts on {}", away.until, away.from);
            misfits.push(Misfit::new(format!("clock.away[{index}].until"), what, ""));
        }
    }
}

fn check_replies(policy: &Policy, misfits: &mut Vec<Misfit>) {
    let mut commands = BTreeSet::new();
    for reply in &policy.replies {
        let path = format!("replies.{}", reply.command);
        if !commands.insert(&reply.command) {
            let what = format!("two replies are called `{}`", reply.command);
            misfits.push(Misfit::new(path.clone(), what, ""));
        }
        if reply.summary.is_empty() || reply.template.is_empty() {
            let what = format!("the reply `{}` has no `summary` or no `template`", reply.command);
            misfits.push(Misfit::new(path, what, ""));
        }
    }
}
