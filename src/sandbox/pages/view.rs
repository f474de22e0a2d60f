//! What the templates of the demo are given.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::form::{CODES_LOST, CONDUCT, EXAMPLES, PATIENCE, TITLE, example};
use super::{Visit, tour};
use crate::markdown;
use crate::sandbox::seed::PEOPLE;
use crate::sandbox::state::{
    Acting, Happening, Issue, IssueFilter, IssuePlace, Label, Refusal, Repository, RepositoryName,
    Role, ShownState, StateReason, TimelineEntry,
};

/// What every page shows: who one is, what time it is, what was delivered.
pub(super) fn frame(visit: &Visit) -> Value {
    let now = visit.sandbox.now();
    let (delivered, failed, waiting) = visit.sandbox.with(|state| {
        let log = state.deliveries(now);
        let failed = log.iter().filter(|one| one.outcome.status != "OK").count();
        (log.len() - failed, failed, state.events_waiting())
    });
    let people: Vec<Value> = PEOPLE
        .iter()
        .map(|(login, title)| json!({ "login": login, "title": title, "is_me": *login == visit.person }))
        .collect();
    json!({
        "prefix": visit.prefix,
        "desk": visit.sandbox.with(|state| state.settings.desk_url.clone()),
        "path": visit.path,
        "person": visit.person,
        "people": people,
        "clock": now.strftime("%a %-d %b %Y, %H:%M").to_string(),
        "delivered": delivered,
        "failed": failed,
        "waiting": waiting,
        "at_end": visit.query.get("at").is_some_and(|at| at == "end"),
        "watch": reloads_left(visit),
        "tour": tour::panel(visit),
        "is_tour_off": visit.is_tour_off,
    })
}

/// How often the page is still to reload itself.
fn reloads_left(visit: &Visit) -> u32 {
    let left = visit.query.get("watch").and_then(|left| left.parse::<u32>().ok());
    left.unwrap_or(0).min(super::RELOADS)
}

/// Looks at the state as the person one plays.
fn look<T>(
    visit: &Visit,
    work: impl FnOnce(&Acting<'_>) -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    let (actor, now) = (visit.actor(), visit.sandbox.now());
    visit.sandbox.with(|state| work(&state.acting(actor, now)))
}

/// The list of issues.
pub(super) fn issues(visit: &Visit, name: &RepositoryName) -> Result<Value, Refusal> {
    let shows_closed = visit.query.get("state").is_some_and(|state| state == "closed");
    let now = visit.sandbox.now();
    look(visit, |acting| {
        let repository = acting.repository(name)?;
        let filter = |state| IssueFilter { state, ..IssueFilter::default() };
        let open = acting.issues(name, &filter(ShownState::Open))?;
        let closed = acting.issues(name, &filter(ShownState::Closed))?;
        let counts = (open.len(), closed.len());
        let shown = if shows_closed { closed } else { open };
        let rows: Vec<Value> = shown.iter().map(|one| row(repository, one, now)).collect();
        Ok(json!({
            "repository": heading(repository),
            "shows_closed": shows_closed,
            "open": counts.0,
            "closed": counts.1,
            "issues": rows,
        }))
    })
}

fn row(repository: &Repository, issue: &Issue, now: Timestamp) -> Value {
    json!({
        "number": issue.number,
        "title": issue.title,
        "is_open": issue.is_open(),
        "author": issue.author,
        "ago": ago(issue.created_at, now),
        "labels": labels_of(repository, issue),
        "assignees": issue.assignees,
        "comments": issue.comments.len(),
    })
}

fn heading(repository: &Repository) -> Value {
    json!({
        "owner": repository.name.owner,
        "name": repository.name.name,
        "description": repository.description,
    })
}

/// The request form.
pub(super) fn new(visit: &Visit, name: &RepositoryName) -> Result<Value, Refusal> {
    let chosen = visit.query.get("example").and_then(|name| example(name)).unwrap_or_default();
    let examples: Vec<Value> =
        EXAMPLES.iter().map(|one| json!({ "name": one.name, "title": one.title })).collect();
    look(visit, |acting| {
        Ok(json!({
            "repository": heading(acting.repository(name)?),
            "title": TITLE,
            "sentences": { "codes": CODES_LOST, "conduct": CONDUCT, "patience": PATIENCE },
            "answers": chosen,
            "examples": examples,
        }))
    })
}

/// One issue with its conversation.
pub(super) fn issue(visit: &Visit, place: &IssuePlace) -> Result<Value, Refusal> {
    let now = visit.sandbox.now();
    look(visit, |acting| {
        let repository = acting.repository(&place.repository)?;
        let issue = acting.issue(place)?;
        let home =
            format!("{}/{}/{}/issues", visit.prefix, place.repository.owner, place.repository.name);
        let scene = Scene { repository, home, now };
        let role = repository.role(&visit.person);
        let is_author = issue.author.eq_ignore_ascii_case(&visit.person);
        let catalogue: Vec<Value> = repository
            .labels
            .iter()
            .map(|label| {
                let mut shown = shown_label(label);
                shown["is_set"] = issue.labels.contains(&label.id).into();
                shown
            })
            .collect();
        // Once the bot has spoken last, one more look is enough: somebody may want to type.
        let has_bot_spoken =
            issue.timeline.last().is_some_and(|last| last.actor.ends_with("[bot]"));
        let watch = reloads_left(visit).min(if has_bot_spoken { 1 } else { super::RELOADS });
        Ok(json!({
            "watch": watch,
            "repository": heading(repository),
            "issue": row(repository, issue, now),
            "state": state_words(issue),
            "body": issue.body,
            "opening": scene.card(&issue.author, issue.body.as_deref().unwrap_or(""), issue.created_at),
            "conversation": scene.conversation(issue),
            "catalogue": catalogue,
            "may_edit": is_author || role >= Role::Triage,
            "may_label": role >= Role::Triage,
        }))
    })
}

fn state_words(issue: &Issue) -> &'static str {
    match (issue.is_open(), issue.state_reason) {
        (true, _) => "Open",
        (false, Some(StateReason::NotPlanned)) => "Closed as not planned",
        (false, Some(StateReason::Duplicate)) => "Closed as a duplicate",
        (false, Some(StateReason::Completed | StateReason::Reopened) | None) => "Closed",
    }
}

/// What a conversation is drawn with.
struct Scene<'a> {
    repository: &'a Repository,
    home: String,
    now: Timestamp,
}

impl Scene<'_> {
    /// Comments and what happened between them, with label changes of one moment in one line.
    fn conversation(&self, issue: &Issue) -> Vec<Value> {
        let mut shown: Vec<Value> = Vec::new();
        let mut last: Option<&TimelineEntry> = None;
        for entry in &issue.timeline {
            let joins = last.is_some_and(|last| is_same_moment(last, entry));
            last = Some(entry);
            if let (true, Some(line), Some(label)) = (joins, shown.last_mut(), label_of(entry)) {
                if let Some(labels) = line["labels"].as_array_mut() {
                    labels.push(label);
                }
                continue;
            }
            shown.extend(self.entry(issue, entry));
        }
        shown
    }

    fn entry(&self, issue: &Issue, entry: &TimelineEntry) -> Option<Value> {
        let words = match &entry.happening {
            Happening::Commented(id) => {
                let comment = issue.comments.iter().find(|comment| comment.id == *id)?;
                let mut card = self.card(&comment.author, &comment.body, comment.created_at);
                card["id"] = comment.id.into();
                card["is_hidden"] = comment.is_minimized.into();
                card["is_edited"] = (comment.updated_at > comment.created_at).into();
                let mut reactions: Vec<&str> =
                    comment.reactions.iter().map(|one| picture(&one.content)).collect();
                reactions.sort_unstable();
                reactions.dedup();
                card["reactions"] = json!(reactions);
                return Some(card);
            }
            Happening::Labeled(..) => "added".to_owned(),
            Happening::Unlabeled(..) => "removed".to_owned(),
            Happening::Assigned(login) => format!("assigned {login}"),
            Happening::Unassigned(login) => format!("unassigned {login}"),
            Happening::Closed(StateReason::NotPlanned) => "closed this as not planned".to_owned(),
            Happening::Closed(StateReason::Duplicate) => "closed this as a duplicate".to_owned(),
            Happening::Closed(StateReason::Completed | StateReason::Reopened) => {
                "closed this".to_owned()
            }
            Happening::Reopened => "reopened this".to_owned(),
            Happening::Renamed(_, to) => format!("changed the title to “{to}”"),
            Happening::Locked => "locked the conversation".to_owned(),
            Happening::Unlocked => "unlocked the conversation".to_owned(),
            Happening::CommentDeleted => "deleted a comment".to_owned(),
        };
        Some(json!({
            "line": words,
            "author": entry.actor,
            "labels": label_of(entry).into_iter().collect::<Vec<_>>(),
            "ago": ago(entry.created_at, self.now),
            "at": moment(entry.created_at),
        }))
    }

    fn card(&self, author: &str, body: &str, at: Timestamp) -> Value {
        let is_bot = author.ends_with("[bot]");
        let is_staff = self.repository.role(author) >= Role::Triage;
        let badge = match (is_bot, is_staff) {
            (true, _) => "bot",
            (false, true) => "maintainer",
            (false, false) => "",
        };
        json!({
            "author": author,
            "initial": author.chars().next().map(|letter| letter.to_uppercase().to_string()),
            "badge": badge,
            "html": markdown::to_html(body, &self.home),
            "ago": ago(at, self.now),
            "at": moment(at),
        })
    }
}

fn is_same_moment(one: &TimelineEntry, next: &TimelineEntry) -> bool {
    let is_same_kind = matches!(
        (&one.happening, &next.happening),
        (Happening::Labeled(..), Happening::Labeled(..))
            | (Happening::Unlabeled(..), Happening::Unlabeled(..))
    );
    let seconds = next.created_at.duration_since(one.created_at).as_secs();
    is_same_kind && one.actor == next.actor && seconds < 60
}

fn label_of(entry: &TimelineEntry) -> Option<Value> {
    match &entry.happening {
        Happening::Labeled(name, color) | Happening::Unlabeled(name, color) => {
            Some(json!({ "name": name, "color": color, "ink": ink(color) }))
        }
        Happening::Commented(_)
        | Happening::Assigned(_)
        | Happening::Unassigned(_)
        | Happening::Closed(_)
        | Happening::Reopened
        | Happening::Renamed(..)
        | Happening::Locked
        | Happening::Unlocked
        | Happening::CommentDeleted => None,
    }
}

fn labels_of(repository: &Repository, issue: &Issue) -> Vec<Value> {
    let labels = issue.labels.iter().filter_map(|id| repository.label(*id));
    labels.map(shown_label).collect()
}

fn shown_label(label: &Label) -> Value {
    json!({
        "name": label.name,
        "color": label.color,
        "ink": ink(&label.color),
        "description": label.description,
    })
}

/// Black or white, whichever can be read on the colour.
fn ink(color: &str) -> &'static str {
    let part = |at: usize| {
        let digits = color.get(at..at + 2).unwrap_or("ff");
        f64::from(u8::from_str_radix(digits, 16).unwrap_or(255))
    };
    let brightness = 0.299 * part(0) + 0.587 * part(2) + 0.114 * part(4);
    if brightness > 150.0 { "1c1917" } else { "ffffff" }
}

fn picture(reaction: &str) -> &'static str {
    match reaction {
        "+1" => "👍",
        "-1" => "👎",
        "laugh" => "😄",
        "hooray" => "🎉",
        "confused" => "😕",
        "heart" => "❤️",
        "rocket" => "🚀",
        _ => "👀",
    }
}

fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// How long ago, in the largest unit that fits.
fn ago(at: Timestamp, now: Timestamp) -> String {
    let minutes = now.duration_since(at).as_mins().max(0);
    let (count, unit) = match minutes {
        0 => return "just now".to_owned(),
        1..60 => (minutes, "minute"),
        60..1_440 => (minutes / 60, "hour"),
        _ => (minutes / 1_440, "day"),
    };
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural} ago")
}

/// The delivery log.
pub(super) fn deliveries(visit: &Visit) -> Value {
    let now = visit.sandbox.now();
    let rows = visit.sandbox.with(|state| {
        let log = state.deliveries(now);
        let rows = log.iter().take(100).map(|one| {
            json!({
                "event": one.event.event,
                "action": one.event.action,
                "sender": one.event.payload["sender"]["login"],
                "number": one.event.payload["issue"]["number"],
                "at": moment(one.delivered_at),
                "status": one.outcome.status,
                "code": one.outcome.status_code,
                "is_fine": one.outcome.status == "OK",
                "milliseconds": (one.outcome.seconds * 1000.0).round(),
                "is_redelivery": one.event.is_redelivery,
            })
        });
        rows.collect::<Vec<Value>>()
    });
    json!({ "deliveries": rows })
}
