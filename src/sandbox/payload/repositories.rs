//! Repositories with their many addresses.

use serde_json::{Map, Value, json};

use super::{node_id, repository_home, repository_url, user};
use crate::sandbox::state::{Repository, State};

/// A repository.
pub fn repository(state: &State, repository: &Repository) -> Value {
    let url = repository_url(state, &repository.name);
    let home = repository_home(state, &repository.name);
    let open = repository.issues.iter().filter(|one| one.gone.is_none() && one.is_open()).count();
    let mut shown = json!({
        "id": repository.id,
        "node_id": node_id("R", repository.id),
        "name": repository.name.name,
        "full_name": full_name(repository),
        "private": repository.is_private,
        "owner": user(state, &repository.name.owner),
        "html_url": home,
        "description": repository.description,
        "fork": repository.is_fork,
        "url": url,
        "created_at": repository.created_at,
        "updated_at": repository.pushed_at,
        "pushed_at": repository.pushed_at,
        "homepage": null,
        "size": 0,
        "stargazers_count": 0,
        "watchers_count": 0,
        "language": null,
        "has_issues": true,
        "has_projects": false,
        "has_downloads": false,
        "has_wiki": false,
        "has_pages": false,
        "has_discussions": false,
        "forks_count": 0,
        "mirror_url": null,
        "archived": false,
        "disabled": false,
        "open_issues_count": open,
        "license": null,
        "allow_forking": true,
        "is_template": false,
        "web_commit_signoff_required": false,
        "topics": [],
        "custom_properties": {},
        "visibility": if repository.is_private { "private" } else { "public" },
        "forks": 0,
        "open_issues": open,
        "watchers": 0,
        "default_branch": repository.default_branch,
    });
    let addresses = repository_addresses(&url, &home);
    if let Some(shown) = shown.as_object_mut() {
        shown.extend(addresses);
    }
    shown
}

/// The many `…_url` keys of a repository.
fn repository_addresses(url: &str, home: &str) -> Map<String, Value> {
    let below = [
        ("archive_url", "/{archive_format}{/ref}"),
        ("assignees_url", "/assignees{/user}"),
        ("blobs_url", "/git/blobs{/sha}"),
        ("branches_url", "/branches{/branch}"),
        ("collaborators_url", "/collaborators{/collaborator}"),
        ("comments_url", "/comments{/number}"),
        ("commits_url", "/commits{/sha}"),
        ("compare_url", "/compare/{base}...{head}"),
        ("contents_url", "/contents/{+path}"),
        ("contributors_url", "/contributors"),
        ("deployments_url", "/deployments"),
        ("downloads_url", "/downloads"),
        ("events_url", "/events"),
        ("forks_url", "/forks"),
        ("git_commits_url", "/git/commits{/sha}"),
        ("git_refs_url", "/git/refs{/sha}"),
        ("git_tags_url", "/git/tags{/sha}"),
        ("hooks_url", "/hooks"),
        ("issue_comment_url", "/issues/comments{/number}"),
        ("issue_events_url", "/issues/events{/number}"),
        ("issues_url", "/issues{/number}"),
        ("keys_url", "/keys{/key_id}"),
        ("labels_url", "/labels{/name}"),
        ("languages_url", "/languages"),
        ("merges_url", "/merges"),
        ("milestones_url", "/milestones{/number}"),
        ("notifications_url", "/notifications{?since,all,participating}"),
        ("pulls_url", "/pulls{/number}"),
        ("releases_url", "/releases{/id}"),
        ("stargazers_url", "/stargazers"),
        ("statuses_url", "/statuses/{sha}"),
        ("subscribers_url", "/subscribers"),
        ("subscription_url", "/subscription"),
        ("tags_url", "/tags"),
        ("teams_url", "/teams"),
        ("trees_url", "/git/trees{/sha}"),
    ];
    let clones = [("git_url", ".git"), ("ssh_url", ".git"), ("clone_url", ".git"), ("svn_url", "")];
    let api = below.into_iter().map(|(key, path)| (key.to_owned(), format!("{url}{path}").into()));
    let web = clones.into_iter().map(|(key, end)| (key.to_owned(), format!("{home}{end}").into()));
    api.chain(web).collect()
}

fn full_name(repository: &Repository) -> String {
    format!("{}/{}", repository.name.owner, repository.name.name)
}

/// The few keys of a repository in installation events.
pub fn short_repository(repository: &Repository) -> Value {
    json!({
        "id": repository.id,
        "node_id": node_id("R", repository.id),
        "name": repository.name.name,
        "full_name": full_name(repository),
        "private": repository.is_private,
    })
}
