//! The JSON of everything, as GitHub's REST answers and webhook payloads show it.
//!
//! Start reading at [`issue`]. REST and webhooks share these shapes; what GitHub adds in one of
//! them only does no harm in the other.

mod apps;
mod branches;
mod repositories;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

pub use apps::{
    EVENTS, app, delivery, delivery_in_full, envelope, hook_config, installation, permissions,
};
pub use branches::branch;
pub use repositories::{repository, short_repository};

use super::state::{
    AccountKind, Comment, Happening, Issue, IssuePlace, Label, Reaction, Repository,
    RepositoryName, Role, State, TimelineEntry,
};

/// The reactions GitHub knows.
pub const REACTIONS: [&str; 8] =
    ["+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes"];

fn node_id(prefix: &str, id: u64) -> String {
    format!("{prefix}_{}", URL_SAFE_NO_PAD.encode(id.to_be_bytes()))
}

/// GitHub's global name of a comment.
pub fn comment_node_id(id: u64) -> String {
    node_id("IC", id)
}

fn api(state: &State, path: &str) -> String {
    format!("{}{path}", state.settings.api_url.trim_end_matches('/'))
}

fn page(state: &State, path: &str) -> String {
    format!("{}{path}", state.settings.pages_url.trim_end_matches('/'))
}

/// The page of a repository.
pub fn repository_home(state: &State, name: &RepositoryName) -> String {
    page(state, &format!("/{}/{}", name.owner, name.name))
}

/// The REST address of a repository by its number, which stays when it is renamed.
pub fn lasting_url(state: &State, id: u64) -> String {
    api(state, &format!("/repositories/{id}"))
}

fn repository_url(state: &State, name: &RepositoryName) -> String {
    api(state, &format!("/repos/{}/{}", name.owner, name.name))
}

/// The REST address of an issue.
pub fn issue_url(state: &State, place: &IssuePlace) -> String {
    format!("{}/issues/{}", repository_url(state, &place.repository), place.number)
}

/// An account, or null where there is none of that name.
pub fn user(state: &State, login: &str) -> Value {
    let Some(user) = state.user(login) else {
        return Value::Null;
    };
    let (kind, prefix) = match user.kind {
        AccountKind::User => ("User", "U"),
        AccountKind::Bot => ("Bot", "BOT"),
        AccountKind::Organization => ("Organization", "O"),
    };
    let url = api(state, &format!("/users/{}", user.login));
    let html_url = match user.kind {
        AccountKind::Bot => page(state, &format!("/apps/{}", state.settings.app_slug)),
        AccountKind::User | AccountKind::Organization => page(state, &format!("/{}", user.login)),
    };
    json!({
        "login": user.login,
        "id": user.id,
        "node_id": node_id(prefix, user.id),
        "avatar_url": page(state, &format!("/avatars/{}", user.id)),
        "gravatar_id": "",
        "url": url,
        "html_url": html_url,
        "followers_url": format!("{url}/followers"),
        "following_url": format!("{url}/following{{/other_user}}"),
        "gists_url": format!("{url}/gists{{/gist_id}}"),
        "starred_url": format!("{url}/starred{{/owner}}{{/repo}}"),
        "subscriptions_url": format!("{url}/subscriptions"),
        "organizations_url": format!("{url}/orgs"),
        "repos_url": format!("{url}/repos"),
        "events_url": format!("{url}/events{{/privacy}}"),
        "received_events_url": format!("{url}/received_events"),
        "type": kind,
        "user_view_type": "public",
        "site_admin": false,
    })
}

/// A label.
pub fn label(state: &State, repository: &Repository, label: &Label) -> Value {
    let name = urlencoded(&label.name);
    json!({
        "id": label.id,
        "node_id": node_id("LA", label.id),
        "url": format!("{}/labels/{name}", repository_url(state, &repository.name)),
        "name": label.name,
        "color": label.color,
        "default": false,
        "description": label.description,
    })
}

/// Encodes what may not stand in a path segment.
pub(super) fn urlencoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                encoded.push(byte.into());
            }
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

/// What GitHub calls the writer's tie to the repository; it hides what people hide.
fn author_association(state: &State, repository: &Repository, login: &str) -> &'static str {
    let is_shown = state.user(login).is_some_and(|user| user.shows_membership);
    if login.eq_ignore_ascii_case(&repository.name.owner) {
        return "OWNER";
    }
    match repository.role(login) {
        Role::Admin | Role::Maintain if is_shown => "MEMBER",
        Role::Write | Role::Triage if is_shown => "COLLABORATOR",
        Role::None | Role::Read | Role::Triage | Role::Write | Role::Maintain | Role::Admin => {
            "NONE"
        }
    }
}

fn reactions(url: &str, reactions: &[Reaction]) -> Value {
    let mut shown = json!({ "url": format!("{url}/reactions"), "total_count": reactions.len() });
    for content in REACTIONS {
        let count = reactions.iter().filter(|reaction| reaction.content == content).count();
        shown[content] = count.into();
    }
    shown
}

/// One reaction.
pub fn reaction(state: &State, reaction: &Reaction) -> Value {
    json!({
        "id": reaction.id,
        "node_id": node_id("REA", reaction.id),
        "user": user(state, &reaction.login),
        "content": reaction.content,
        "created_at": reaction.created_at,
    })
}

/// The App, where a thing was written by it.
fn performed_via(state: &State, author: &str) -> Value {
    if author.eq_ignore_ascii_case(&state.settings.bot_login()) { app(state) } else { Value::Null }
}

/// An issue.
pub fn issue(state: &State, repository: &Repository, issue: &Issue) -> Value {
    let home = repository_url(state, &repository.name);
    let url = format!("{home}/issues/{}", issue.number);
    let pages = repository_home(state, &repository.name);
    let html_url = format!("{pages}/issues/{}", issue.number);
    let labels: Vec<Value> = issue
        .labels
        .iter()
        .filter_map(|id| repository.label(*id))
        .map(|one| label(state, repository, one))
        .collect();
    let assignees: Vec<Value> = issue.assignees.iter().map(|login| user(state, login)).collect();
    let mut shown = json!({
        "url": url,
        "repository_url": home,
        "labels_url": format!("{url}/labels{{/name}}"),
        "comments_url": format!("{url}/comments"),
        "events_url": format!("{url}/events"),
        "timeline_url": format!("{url}/timeline"),
        "html_url": html_url,
        "id": issue.id,
        "node_id": node_id("I", issue.id),
        "number": issue.number,
        "title": issue.title,
        "user": user(state, &issue.author),
        "labels": labels,
        "state": if issue.is_open() { "open" } else { "closed" },
        "state_reason": issue.state_reason.map(|reason| reason.name()),
        "locked": issue.locked,
        "active_lock_reason": null,
        "assignee": assignees.first(),
        "assignees": assignees,
        "milestone": null,
        "comments": issue.comments.len(),
        "created_at": issue.created_at,
        "updated_at": issue.updated_at,
        "closed_at": issue.closed_at,
        "closed_by": issue.closed_by.as_ref().map(|login| user(state, login)),
        "author_association": author_association(state, repository, &issue.author),
        "type": null,
        "body": issue.body,
        "reactions": reactions(&url, &issue.reactions),
        "performed_via_github_app": performed_via(state, &issue.author),
    });
    if issue.is_pull_request {
        let address = format!("{home}/pulls/{}", issue.number);
        shown["draft"] = false.into();
        shown["pull_request"] = json!({ "url": address, "html_url": html_url });
    }
    shown
}

/// A comment on the issue that is given with its repository.
pub fn comment(state: &State, place: (&Repository, &Issue), comment: &Comment) -> Value {
    let (repository, issue) = place;
    let home = repository_url(state, &repository.name);
    let url = format!("{home}/issues/comments/{}", comment.id);
    let pages = repository_home(state, &repository.name);
    json!({
        "url": url,
        "html_url": format!("{pages}/issues/{}#issuecomment-{}", issue.number, comment.id),
        "issue_url": format!("{home}/issues/{}", issue.number),
        "id": comment.id,
        "node_id": comment_node_id(comment.id),
        "user": user(state, &comment.author),
        "created_at": comment.created_at,
        "updated_at": comment.updated_at,
        "author_association": author_association(state, repository, &comment.author),
        "body": comment.body,
        "reactions": reactions(&url, &comment.reactions),
        "performed_via_github_app": performed_via(state, &comment.author),
    })
}

/// One entry of an issue's timeline; nothing for a comment that is no longer there.
pub fn timeline_entry(
    state: &State,
    place: (&Repository, &Issue),
    entry: &TimelineEntry,
) -> Option<Value> {
    let name = match &entry.happening {
        Happening::Commented(id) => {
            let written = place.1.comments.iter().find(|comment| comment.id == *id)?;
            let mut shown = comment(state, place, written);
            shown["event"] = "commented".into();
            shown["actor"] = shown["user"].clone();
            return Some(shown);
        }
        Happening::Labeled(..) => "labeled",
        Happening::Unlabeled(..) => "unlabeled",
        Happening::Assigned(_) => "assigned",
        Happening::Unassigned(_) => "unassigned",
        Happening::Closed(_) => "closed",
        Happening::Reopened => "reopened",
        Happening::Renamed(..) => "renamed",
        Happening::Locked => "locked",
        Happening::Unlocked => "unlocked",
        Happening::CommentDeleted => "comment_deleted",
    };
    let home = repository_url(state, &place.0.name);
    let mut shown = json!({
        "id": entry.id,
        "node_id": node_id("EV", entry.id),
        "url": format!("{home}/issues/events/{}", entry.id),
        "actor": user(state, &entry.actor),
        "event": name,
        "commit_id": null,
        "commit_url": null,
        "created_at": entry.created_at,
        "performed_via_github_app": performed_via(state, &entry.actor),
    });
    match &entry.happening {
        Happening::Labeled(name, color) | Happening::Unlabeled(name, color) => {
            shown["label"] = json!({ "name": name, "color": color });
        }
        Happening::Assigned(login) | Happening::Unassigned(login) => {
            shown["assignee"] = user(state, login);
            shown["assigner"] = user(state, &entry.actor);
        }
        Happening::Closed(reason) => shown["state_reason"] = reason.name().into(),
        Happening::Renamed(from, to) => shown["rename"] = json!({ "from": from, "to": to }),
        Happening::Locked => shown["lock_reason"] = Value::Null,
        Happening::Commented(_)
        | Happening::Reopened
        | Happening::Unlocked
        | Happening::CommentDeleted => {}
    }
    Some(shown)
}
