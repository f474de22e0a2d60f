//! Plays a story on a desk, step by step.

use std::time::Duration;

use keydesk::sandbox::faults::{Fault, FaultKind, Moment};
use keydesk::sandbox::github::{CallFault, CallFaultKind};
use keydesk::sandbox::seed::tracker;
use keydesk::sandbox::state::{
    AccountKind, Acting, IssueChange, IssuePlace, NewIssue, OutgoingEvent, Refusal, RepositoryName,
    Role,
};

use super::deed::{Arrival, Asked, Deed, Trouble, Which};
use super::seen::{Effect, View};
use super::story::{Expected, Step, Story};
use crate::desk::{ADA, BEN, BOT, Desk, MIRA, ROOT, Way};

/// What was to be seen of one step.
#[derive(Debug)]
pub(super) struct Played {
    /// What the bot did before the step began, which is no step's.
    early: Vec<Effect>,
    /// What the bot did in the step.
    pub(super) seen: Vec<Effect>,
}

impl Played {
    /// What happened before the step, which a list cannot tell; none if nothing did.
    pub(super) fn untold(&self, step: &Step) -> Option<String> {
        let lines: Vec<String> = self.early.iter().map(early).collect();
        said_of(step, &lines)
    }

    /// Where the step went otherwise than told; none if it went so.
    pub(super) fn complaint(&self, step: &Step) -> Option<String> {
        let mut lines: Vec<String> = self.early.iter().map(early).collect();
        let mut unseen: Vec<&Expected> = step.expected.iter().collect();
        for effect in &self.seen {
            match unseen.iter().position(|one| one.effect == effect.told) {
                Some(at) => lines.extend(wrong_phrases(unseen.swap_remove(at), effect)),
                None => lines.push(format!("+ {} (happened, but is not listed)", effect.told)),
            }
        }
        let missing =
            unseen.iter().map(|one| format!("- {} (listed, but did not happen)", one.effect));
        lines.extend(missing);
        said_of(step, &lines)
    }
}

fn early(effect: &Effect) -> String {
    format!("! {} (happened before it: give it a `time passes` of its own)", effect.told)
}

fn said_of(step: &Step, lines: &[String]) -> Option<String> {
    let is_silent = lines.is_empty();
    let said = || format!("{}: {}\n    {}", step.line, step.heading, lines.join("\n    "));
    (!is_silent).then(said)
}

/// Phrases are looked for without regard to where lines end.
fn holds(text: &str, phrase: &str) -> bool {
    let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    flat(text).contains(&flat(phrase))
}

fn wrong_phrases(expected: &Expected, effect: &Effect) -> Vec<String> {
    let wrong = expected
        .phrases
        .iter()
        .filter(|(phrase, is_there)| holds(&effect.text, phrase) != *is_there);
    let wrong = wrong.map(|(phrase, is_there)| {
        let word = if *is_there { "lacks" } else { "says" };
        let text = effect.text.replace('\n', "\n        ");
        format!("{} {word} \"{phrase}\":\n        {text}", effect.told)
    });
    wrong.collect()
}

/// What of the phrases asked for is so.
pub(super) fn true_phrases(expected: &Expected, effect: &Effect) -> Vec<(String, bool)> {
    let mut phrases = expected.phrases.clone();
    phrases.retain(|(phrase, is_there)| holds(&effect.text, phrase) == *is_there);
    phrases
}

/// The login behind a short name.
fn login(name: &str) -> String {
    let known = [("ada", ADA), ("mira", MIRA), ("ben", BEN), ("root", ROOT), ("the bot", BOT)];
    let known = known.iter().find(|(short, _)| *short == name);
    known.map_or(name, |(_, login)| login).to_owned()
}

/// The short name behind a login.
pub(super) fn short(login: &str) -> String {
    let known = [(ADA, "ada"), (MIRA, "mira"), (BEN, "ben"), (ROOT, "root"), (BOT, "the bot")];
    let known = known.iter().find(|(long, _)| *long == login);
    known.map_or(login, |(_, short)| short).to_owned()
}

/// Plays a story to its end.
///
/// # Errors
/// `LINE: why it cannot go on`, where a step is impossible.
pub(super) fn play(story: &Story, way: Way) -> Result<Vec<Played>, String> {
    let mut desk = Desk::configured((&story.policy, &story.folder), way).all_at_once();
    desk.sandbox.with(|state| -> Result<(), String> {
        for person in &story.people {
            let Some(role) = person.role else {
                state.add_user(&person.login, AccountKind::Bot);
                continue;
            };
            let now = "2026-11-23T09:00:00Z".parse().expect("a time");
            let mut app = state.acting(keydesk::sandbox::state::Actor::App, now);
            app.give_role(&tracker(), &person.login, role)
                .map_err(|refusal| refusal.to_string())?;
        }
        state.take_events();
        Ok(())
    })?;
    let mut played = Vec::new();
    for step in &story.steps {
        let done = play_step(&mut desk, step).map_err(|why| format!("{}: {why}", step.line))?;
        played.push(done);
    }
    Ok(played)
}

fn play_step(desk: &mut Desk, step: &Step) -> Result<Played, String> {
    let before = View::of(desk);
    let span = step.at.duration_since(desk.sandbox.now());
    if !span.is_zero() {
        desk.wait(span);
    }
    if step.deed == Deed::TimePasses {
        return Ok(Played {
            early: Vec::new(),
            seen: View::of(desk).changes_since(&before, 1, None),
        });
    }
    let arrived = View::of(desk);
    let early = arrived.changes_since(&before, 1, None);
    let (subject, comment) = perform(desk, &step.deed)?;
    // Where deliveries arrive, the bot has worked already.
    let has_worked = matches!(step.deed, Deed::PostArrives(_));
    let acted = if has_worked { arrived } else { View::of(desk) };
    desk.settle();
    let seen = View::of(desk).changes_since(&acted, subject, comment);
    Ok(Played { early, seen })
}

/// Does it, before the bot hears of it; gives the issue and the comment it is about.
fn perform(desk: &mut Desk, deed: &Deed) -> Result<(u64, Option<u64>), String> {
    match deed {
        Deed::Opens { who, title, body, labels } => {
            let new = NewIssue {
                title: title.clone(),
                body: Some(body.clone()),
                labels: labels.clone(),
                ..NewIssue::default()
            };
            let number = act(desk, who, |acting| acting.create_issue(&tracker(), new))?;
            Ok((number, None))
        }
        Deed::Comments { who, issue, text } => {
            let place = tracker().issue(*issue);
            let id = act(desk, who, |acting| acting.create_comment(&place, text))?;
            Ok((*issue, Some(id)))
        }
        Deed::EditsComment { who, issue, which, text } => {
            let id = find_comment(desk, *issue, which)?;
            act(desk, who, |acting| acting.edit_comment(&tracker(), id, text))?;
            Ok((*issue, Some(id)))
        }
        Deed::DeletesComment { who, issue, which } => {
            let id = find_comment(desk, *issue, which)?;
            act(desk, who, |acting| acting.delete_comment(&tracker(), id))?;
            Ok((*issue, None))
        }
        Deed::EditsIssue { .. }
        | Deed::Retitles { .. }
        | Deed::Labels { .. }
        | Deed::Unlabels { .. }
        | Deed::Closes { .. }
        | Deed::Reopens { .. }
        | Deed::Assigns { .. }
        | Deed::Unassigns { .. }
        | Deed::Locks { .. }
        | Deed::DeletesIssue { .. }
        | Deed::Transfers { .. } => change_issue(desk, deed).map(|issue| (issue, None)),
        Deed::Pushes { .. }
        | Deed::PushesBranch { .. }
        | Deed::GivesRole { .. }
        | Deed::LeavesGitHub { .. }
        | Deed::Permits { .. }
        | Deed::TimePasses
        | Deed::Restarts
        | Deed::HoldsPost
        | Deed::PostArrives(_)
        | Deed::Trouble { .. } => change_world(desk, deed).map(|()| (1, None)),
    }
}

/// Does what is about no issue.
fn change_world(desk: &mut Desk, deed: &Deed) -> Result<(), String> {
    match deed {
        Deed::Restarts => desk.start_again(),
        Deed::HoldsPost => desk.hold(),
        Deed::PostArrives(arrival) => desk.release(arrange(*arrival)),
        Deed::Trouble { asked, trouble, times } => plan(desk, *asked, (*trouble, *times)),
        Deed::Pushes { who, path, text } => {
            let content = Some(text.as_bytes());
            act(desk, who, |acting| acting.push_file(&tracker(), path, content))?;
        }
        Deed::PushesBranch { who, branch, repository } => {
            push_branch(desk, who, (branch, repository))?;
        }
        Deed::GivesRole { who, whom, role } => {
            let whom = login(whom);
            act(desk, who, |acting| acting.give_role(&tracker(), &whom, *role))?;
        }
        Deed::LeavesGitHub { who, remains } => {
            desk.sandbox.with(|state| state.delete_user(&login(who), *remains));
        }
        Deed::Permits { permission, is_given } => desk.sandbox.with(|state| {
            let lacking = &mut state.settings.lacking;
            if *is_given {
                lacking.remove(permission)
            } else {
                lacking.insert(*permission)
            };
        }),
        other => return Err(format!("{other:?} is not about the world")),
    }
    Ok(())
}

/// Does what is about an issue itself.
fn change_issue(desk: &Desk, deed: &Deed) -> Result<u64, String> {
    let at = |issue: &u64| tracker().issue(*issue);
    let change = |who: &str, issue: &u64, change: IssueChange| {
        act(desk, who, |acting| acting.edit_issue(&at(issue), change)).map(|()| *issue)
    };
    match deed {
        Deed::EditsIssue { who, issue, text } => {
            let body = Some(text.clone());
            change(who, issue, IssueChange { body, ..IssueChange::default() })
        }
        Deed::Retitles { who, issue, title } => {
            let title = Some(title.clone());
            change(who, issue, IssueChange { title, ..IssueChange::default() })
        }
        Deed::Closes { who, issue, reason } => {
            let state_reason = Some(*reason);
            change(
                who,
                issue,
                IssueChange { open: Some(false), state_reason, ..IssueChange::default() },
            )
        }
        Deed::Reopens { who, issue } => {
            change(who, issue, IssueChange { open: Some(true), ..IssueChange::default() })
        }
        Deed::Labels { who, issue, labels } => {
            act(desk, who, |acting| acting.add_labels(&at(issue), labels)).map(|()| *issue)
        }
        Deed::Unlabels { who, issue, labels } => act(desk, who, |acting| {
            labels.iter().try_for_each(|label| acting.remove_label(&at(issue), label))
        })
        .map(|()| *issue),
        Deed::Assigns { who, issue, whom } => {
            act(desk, who, |acting| acting.assign(&at(issue), &[login(whom)])).map(|()| *issue)
        }
        Deed::Unassigns { who, issue, whom } => {
            act(desk, who, |acting| acting.unassign(&at(issue), &[login(whom)])).map(|()| *issue)
        }
        Deed::Locks { who, issue, is_locked } => {
            act(desk, who, |acting| acting.lock_issue(&at(issue), *is_locked)).map(|()| *issue)
        }
        Deed::DeletesIssue { who, issue } => {
            act(desk, who, |acting| acting.delete_issue(&at(issue))).map(|()| *issue)
        }
        Deed::Transfers { who, issue, to } => {
            act(desk, who, |acting| transfer(acting, &at(issue), to)).map(|()| *issue)
        }
        other => Err(format!("{other:?} is not about an issue")),
    }
}

/// Pushes a commit of this moment; a repository that is not there is made.
fn push_branch(desk: &Desk, who: &str, to: (&str, &str)) -> Result<(), String> {
    let (branch, repository) = to;
    let (owner, name) = repository.split_once('/').ok_or("a repository is `owner/name`")?;
    let name = RepositoryName::new(owner, name);
    let now = desk.sandbox.now();
    let is_there = desk.sandbox.with(|state| state.find_repository(&name).is_some());
    act(desk, who, |acting| {
        if !is_there {
            acting.create_personal_repository(&name);
        }
        acting.push_branch(&name, branch, now)
    })
}

/// Moves an issue to another repository, which is made for it.
fn transfer(acting: &mut Acting<'_>, place: &IssuePlace, to: &str) -> Result<(), Refusal> {
    let (owner, name) = to.split_once('/').ok_or_else(Refusal::not_found)?;
    let to = RepositoryName::new(owner, name);
    acting.create_repository(&to);
    let who = acting.login();
    acting.give_role(&to, &who, Role::Admin)?;
    acting.transfer_issue(place, &to).map(drop)
}

fn act<T>(
    desk: &Desk,
    who: &str,
    act: impl FnOnce(&mut Acting<'_>) -> Result<T, Refusal>,
) -> Result<T, String> {
    let login = login(who);
    // An account that was deleted is none; it appears as `null`.
    let is_known = login == "ghost" || desk.sandbox.with(|state| state.user(&login).is_some());
    if !is_known {
        return Err(format!("nobody is called {who}; `People: {who} (read)` makes it so"));
    }
    desk.try_act_alone(&login, act)
        .map_err(|refusal| format!("GitHub does not let {who}: {refusal}"))
}

fn find_comment(desk: &Desk, issue: u64, which: &Which) -> Result<u64, String> {
    let comments = desk.issue_at(issue).comments;
    let found = match which {
        Which::Card => {
            let names = desk.names_of_comments(issue);
            comments.iter().find(|one| names.get(&one.id).is_some_and(|name| name == "card"))
        }
        Which::Of(who, place) => {
            let author = login(who);
            let mut theirs = comments.iter().filter(|one| one.author == author);
            match place {
                Some(place) => theirs.nth(*place),
                None => theirs.next_back(),
            }
        }
    };
    found.map(|one| one.id).ok_or_else(|| "there is no such comment".to_owned())
}

fn arrange(arrival: Arrival) -> impl FnOnce(Vec<OutgoingEvent>) -> Vec<OutgoingEvent> {
    move |mut held| match arrival {
        Arrival::InOrder => held,
        Arrival::Backwards => {
            held.reverse();
            held
        }
        Arrival::Twice => held.iter().chain(&held).cloned().collect(),
        Arrival::OnlyTheLast => held.split_off(held.len().saturating_sub(1)),
    }
}

/// Plans the trouble for both ways; only one of them ever asks.
fn plan(desk: &Desk, asked: Asked, (trouble, times): (Trouble, usize)) {
    let calls: &[(&'static str, &str)] = match asked {
        Asked::Comment => &[("create_comment", "POST /repos/*/*/issues/*/comments")],
        Asked::CommentEdit => &[("put_comment", "PATCH /repos/*/*/issues/comments/*")],
        Asked::Label => &[
            ("put_issue_labels", "POST /repos/*/*/issues/*/labels"),
            ("put_issue_unlabelled", "DELETE /repos/*/*/issues/*/labels/*"),
        ],
        Asked::Role => &[("get_role", "GET /repos/*/*/collaborators/*/permission")],
        Asked::Reaction => &[("put_reaction", "POST /repos/*/*/issues/comments/*/reactions")],
        Asked::State => &[("put_issue_state", "PATCH /repos/*/*/issues/*")],
    };
    let (in_memory, over_http) = match trouble {
        Trouble::DoneButFailed => {
            (CallFaultKind::UnclearAfter, FaultKind::Status(500, Moment::After))
        }
        Trouble::Failed => (CallFaultKind::UnclearBefore, FaultKind::Status(500, Moment::Before)),
        Trouble::Limited(seconds) => (
            CallFaultKind::Limited(Duration::from_secs(seconds)),
            FaultKind::SecondaryLimit(seconds),
        ),
        Trouble::Refused(status) => {
            (CallFaultKind::Refused(status), FaultKind::Status(status, Moment::Before))
        }
    };
    for (call, route) in calls {
        desk.github.fail(CallFault { call: Some(call), skip: 0, times, kind: in_memory });
        let times = u32::try_from(times).unwrap_or(u32::MAX);
        desk.sandbox
            .with(|state| state.faults.add(Fault { times, ..Fault::once(route, over_http) }));
    }
}
