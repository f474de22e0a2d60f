//! A branch with its newest commit.

use serde_json::{Value, json};

use super::{repository_home, repository_url, user};
use crate::sandbox::state::{Branch, Repository, State};

/// A branch of a repository, by its name.
pub fn branch(state: &State, repository: &Repository, named: (&str, &Branch)) -> Value {
    let (name, branch) = named;
    let url = repository_url(state, &repository.name);
    let home = repository_home(state, &repository.name);
    let sha = &branch.commit_id;
    let account = branch.author.as_ref().map(|login| user(state, login));
    let named = branch.author.as_deref().unwrap_or("somebody");
    let signature = json!({
        "name": named,
        "email": format!("{named}@users.noreply.example"),
        "date": branch.committed_at,
    });
    json!({
        "name": name,
        "commit": {
            "sha": sha,
            "node_id": format!("C_{sha}"),
            "commit": {
                "author": signature,
                "committer": signature,
                "message": "Change a file",
                "tree": { "sha": sha, "url": format!("{url}/git/trees/{sha}") },
                "url": format!("{url}/git/commits/{sha}"),
                "comment_count": 0,
                "verification": { "verified": false, "reason": "unsigned" },
            },
            "url": format!("{url}/commits/{sha}"),
            "html_url": format!("{home}/commit/{sha}"),
            "comments_url": format!("{url}/commits/{sha}/comments"),
            "author": account,
            "committer": account,
            "parents": [],
        },
        "_links": {
            "self": format!("{url}/branches/{name}"),
            "html": format!("{home}/tree/{name}"),
        },
        "protected": false,
        "protection": { "enabled": false },
        "protection_url": format!("{url}/branches/{name}/protection"),
    })
}
