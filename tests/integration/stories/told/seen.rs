//! What the bot did in a step, told from what GitHub shows before and after it.

use std::collections::{BTreeMap, BTreeSet};

use keydesk::sandbox::state::{Comment, Issue, Repository};

use crate::desk::{BOT, Desk, names_of_comments};

use super::play::short;

/// One thing that is to be seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Effect {
    /// As a story lists it.
    pub(super) told: String,
    /// The text it is about, in which phrases are looked for.
    pub(super) text: String,
}

impl Effect {
    fn plain(told: String) -> Self {
        Self { told, text: String::new() }
    }

    fn about(told: String, text: &str) -> Self {
        Self { told, text: text.to_owned() }
    }
}

/// How effects begin; README.md says what each means.
const KINDS: &[&str] = &[
    "labels on: ",
    "labels off: ",
    "comment: ",
    "comment edited: ",
    "comment deleted: ",
    "text changed: ",
    "title changed",
    "reaction: ",
    "reaction on ",
    "closed as ",
    "reopened",
    "assigned: ",
    "unassigned: ",
    "locked",
    "unlocked",
    "hidden: ",
    "shown: ",
    "turn: ",
    "stage: ",
    "forgotten",
    "writes refused",
];

/// Whether a story may list this.
pub(super) fn is_effect(line: &str) -> bool {
    let line = match line.strip_prefix("on ").and_then(|rest| rest.split_once("#")) {
        Some((_, rest)) => rest.split_once(": ").map_or(rest, |(_, effect)| effect),
        None => line,
    };
    KINDS.iter().any(|kind| line.starts_with(kind))
}

/// An issue with its ticket at one moment.
#[derive(Debug, Clone)]
struct Shown {
    /// How it is named in front of an effect.
    name: String,
    issue: Issue,
    labels: BTreeSet<String>,
    turn: String,
    stage: String,
    is_forgotten: bool,
    /// The name of each comment of the bot.
    templates: BTreeMap<u64, String>,
}

/// Everything there is to see at one moment.
#[derive(Debug, Clone)]
pub(super) struct View {
    issues: Vec<Shown>,
}

impl View {
    /// Looks at every issue of every repository.
    pub(super) fn of(desk: &Desk) -> Self {
        let repositories: Vec<Repository> =
            desk.sandbox.with(|state| state.repositories().to_vec());
        let issues = repositories.iter().flat_map(|repository| {
            let shown = |issue: &Issue| shown(desk, repository, issue);
            repository.issues.iter().map(shown).collect::<Vec<_>>()
        });
        Self { issues: issues.collect() }
    }

    /// What is otherwise now; `subject` is the issue the step is about, and `comment` its comment.
    pub(super) fn changes_since(
        &self,
        before: &Self,
        subject: u64,
        comment: Option<u64>,
    ) -> Vec<Effect> {
        let mut effects = Vec::new();
        for after in &self.issues {
            let earlier = before.issues.iter().find(|one| one.issue.id == after.issue.id);
            let mut found = match earlier {
                Some(earlier) => changes(earlier, after, comment),
                None => vec![Effect::plain("an issue appeared".to_owned())],
            };
            if after.name != format!("#{subject}") {
                for effect in &mut found {
                    effect.told = format!("on {}: {}", after.name, effect.told);
                }
            }
            effects.append(&mut found);
        }
        effects
    }
}

fn shown(desk: &Desk, repository: &Repository, issue: &Issue) -> Shown {
    let full_name = format!("{}/{}", repository.name.owner, repository.name.name);
    let report = desk.report_of(&full_name, issue.number);
    let ticket = report.as_ref().map(|report| &report.ticket);
    let is_home = full_name == "acme/support";
    let number = issue.number;
    let labels = issue.labels.iter().filter_map(|id| Some(repository.label(*id)?.name.clone()));
    Shown {
        name: if is_home { format!("#{number}") } else { format!("{full_name}#{number}") },
        labels: labels.collect(),
        turn: ticket.map_or("nobody", |ticket| ticket.turn.name()).to_owned(),
        stage: ticket.map_or("filed", |ticket| ticket.stage.name()).to_owned(),
        is_forgotten: ticket.is_some_and(|ticket| ticket.is_gone),
        templates: names_of_comments(report.as_ref(), &issue.comments),
        issue: issue.clone(),
    }
}

fn changes(before: &Shown, after: &Shown, comment: Option<u64>) -> Vec<Effect> {
    let mut effects = Vec::new();
    labels(&mut effects, before, after);
    texts(&mut effects, before, after);
    reactions(&mut effects, (before, after), comment);
    state(&mut effects, before, after);
    ticket(&mut effects, before, after);
    effects
}

fn labels(effects: &mut Vec<Effect>, before: &Shown, after: &Shown) {
    for (word, one, other) in
        [("on", &after.labels, &before.labels), ("off", &before.labels, &after.labels)]
    {
        let names: Vec<String> = one.difference(other).map(|name| format!("`{name}`")).collect();
        if !names.is_empty() {
            effects.push(Effect::plain(format!("labels {word}: {}", names.join(", "))));
        }
    }
}

/// `ada's second comment`, or `` `card` ``.
fn name_of(comment: &Comment, of: &Shown) -> String {
    if comment.author == BOT {
        let template = of.templates.get(&comment.id).map_or("unknown", String::as_str);
        return format!("`{template}`");
    }
    let others = of.issue.comments.iter().filter(|one| one.author == comment.author);
    let place = others.take_while(|one| one.id != comment.id).count();
    let place = ["first", "second", "third", "fourth", "fifth"].get(place).unwrap_or(&"later");
    format!("{}'s {place} comment", short(&comment.author))
}

fn texts(effects: &mut Vec<Effect>, before: &Shown, after: &Shown) {
    let body = after.issue.body.as_deref().unwrap_or_default();
    if before.issue.title != after.issue.title {
        effects.push(Effect::about("title changed".to_owned(), &after.issue.title));
    }
    if before.issue.body != after.issue.body {
        effects.push(Effect::about("text changed: the issue".to_owned(), body));
    }
    let find = |list: &Shown, id| list.issue.comments.iter().find(|one| one.id == id).cloned();
    for gone in &before.issue.comments {
        if find(after, gone.id).is_none() {
            effects.push(Effect::plain(format!("comment deleted: {}", name_of(gone, before))));
        }
    }
    for comment in &after.issue.comments {
        let name = name_of(comment, after);
        let what = match find(before, comment.id) {
            None => format!("comment: {name}"),
            Some(earlier) if earlier.body == comment.body => continue,
            Some(_) if comment.author == BOT => format!("comment edited: {name}"),
            Some(_) => format!("text changed: {name}"),
        };
        effects.push(Effect::about(what, &comment.body));
    }
    for comment in &after.issue.comments {
        let earlier = find(before, comment.id);
        if earlier.is_some_and(|earlier| earlier.is_minimized) != comment.is_minimized {
            let word = if comment.is_minimized { "hidden" } else { "shown" };
            effects.push(Effect::plain(format!("{word}: {}", name_of(comment, after))));
        }
    }
}

/// The bot's reactions; those to the comment of the step need no place.
fn reactions(effects: &mut Vec<Effect>, (before, after): (&Shown, &Shown), of_step: Option<u64>) {
    let ours = |comment: &Comment| -> BTreeSet<String> {
        let ours = comment.reactions.iter().filter(|one| one.login == BOT);
        ours.map(|one| one.content.clone()).collect()
    };
    for comment in &after.issue.comments {
        let earlier = before.issue.comments.iter().find(|one| one.id == comment.id);
        let earlier = earlier.map(ours).unwrap_or_default();
        for sign in ours(comment).difference(&earlier) {
            effects.push(Effect::plain(if Some(comment.id) == of_step {
                format!("reaction: {sign}")
            } else {
                format!("reaction on {}: {sign}", name_of(comment, after))
            }));
        }
    }
    if after.issue.reactions.len() > before.issue.reactions.len() {
        effects.push(Effect::plain("reaction on the issue".to_owned()));
    }
}

fn state(effects: &mut Vec<Effect>, before: &Shown, after: &Shown) {
    let (was, is) = (&before.issue, &after.issue);
    if was.is_open() && !is.is_open() {
        let reason = is.state_reason.map_or("nothing", |reason| reason.name()).replace('_', " ");
        effects.push(Effect::plain(format!("closed as {reason}")));
    }
    if !was.is_open() && is.is_open() {
        effects.push(Effect::plain("reopened".to_owned()));
    }
    for (word, one, other) in
        [("assigned", &is.assignees, &was.assignees), ("unassigned", &was.assignees, &is.assignees)]
    {
        for login in one.iter().filter(|login| !other.contains(login)) {
            effects.push(Effect::plain(format!("{word}: {}", short(login))));
        }
    }
    if was.locked != is.locked {
        let word = if is.locked { "locked" } else { "unlocked" };
        effects.push(Effect::plain(word.to_owned()));
    }
}

fn ticket(effects: &mut Vec<Effect>, before: &Shown, after: &Shown) {
    if before.turn != after.turn {
        effects.push(Effect::plain(format!("turn: {}", after.turn)));
    }
    if before.stage != after.stage {
        effects.push(Effect::plain(format!("stage: {}", after.stage)));
    }
    if !before.is_forgotten && after.is_forgotten {
        effects.push(Effect::plain("forgotten".to_owned()));
    }
}
