//! Repositories: what they are, who may do what, and the files on their default branch.

use axum::extract::Path;
use axum::response::IntoResponse;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header;
use serde_json::{Value, json};

use super::answer::{Answer, Call, ok};
use crate::sandbox::payload;
use crate::sandbox::state::{AccountKind, Refusal, RepositoryName, Role};

pub(super) async fn show(call: Call, Path((owner, name)): Path<(String, String)>) -> Answer {
    let name = RepositoryName::new(&owner, &name);
    call.act(|acting| Ok(ok(payload::repository(acting.state(), acting.repository(&name)?))))
}

pub(super) async fn permission(
    call: Call,
    Path((owner, name, login)): Path<(String, String, String)>,
) -> Answer {
    let name = RepositoryName::new(&owner, &name);
    call.act(|acting| {
        let repository = acting.repository(&name)?;
        let person = acting.state().user(&login).ok_or_else(Refusal::not_found)?;
        if person.kind != AccountKind::User {
            return Err(Refusal::new(404, &format!("{} is not a user", person.login)));
        }
        let role = repository.role(&login);
        let mut user = payload::user(acting.state(), &login);
        user["role_name"] = role.name().into();
        user["permissions"] = json!({
            "pull": role >= Role::Read,
            "triage": role >= Role::Triage,
            "push": role >= Role::Write,
            "maintain": role >= Role::Maintain,
            "admin": role >= Role::Admin,
        });
        Ok(ok(json!({
            "permission": role.permission(), "role_name": role.name(), "user": user,
        })))
    })
}

/// A branch with its newest commit.
pub(super) async fn branch(
    call: Call,
    Path((owner, name, branch)): Path<(String, String, String)>,
) -> Answer {
    let name = RepositoryName::new(&owner, &name);
    call.act(|acting| {
        let repository = acting.contents(&name)?;
        let found = acting.branch(&name, &branch)?;
        Ok(ok(payload::branch(acting.state(), repository, (&branch, found))))
    })
}

/// A file, raw if asked for, or the list of a folder.
pub(super) async fn contents(
    call: Call,
    Path((owner, name, path)): Path<(String, String, String)>,
) -> Answer {
    let name = RepositoryName::new(&owner, &name);
    let path = path.trim_matches('/').to_owned();
    let wants_raw = call.accept.contains("raw");
    call.act(|acting| {
        let repository = acting.contents(&name)?;
        let shown = |path: &str, content: &[u8]| {
            entry(&payload::repository(acting.state(), repository), path, content)
        };
        if let Some(content) = repository.files.get(&path) {
            if wants_raw {
                let kind =
                    [(header::CONTENT_TYPE, "application/vnd.github.raw+json; charset=utf-8")];
                return Ok((kind, content.clone()).into_response());
            }
            let mut file = shown(&path, content);
            file["content"] = in_lines(&STANDARD.encode(content)).into();
            file["encoding"] = "base64".into();
            return Ok(ok(file));
        }
        let listed: Vec<Value> =
            repository.in_folder(&path).map(|(path, content)| shown(path, content)).collect();
        if listed.is_empty() { Err(Refusal::not_found()) } else { Ok(ok(listed.into())) }
    })
}

fn entry(repository: &Value, path: &str, content: &[u8]) -> Value {
    let text = |key: &str| repository[key].as_str().unwrap_or_default().to_owned();
    let (api, home, branch) = (text("url"), text("html_url"), text("default_branch"));
    let sha = blob_id(content);
    let url = format!("{api}/contents/{path}?ref={branch}");
    let git_url = format!("{api}/git/blobs/{sha}");
    let html_url = format!("{home}/blob/{branch}/{path}");
    json!({
        "type": "file",
        "name": path.rsplit('/').next(),
        "path": path,
        "sha": sha,
        "size": content.len(),
        "url": url,
        "git_url": git_url,
        "html_url": html_url,
        "download_url": format!("{home}/raw/{branch}/{path}"),
        "_links": { "self": url, "git": git_url, "html": html_url },
    })
}

/// Git's name for a file's content.
fn blob_id(content: &[u8]) -> String {
    let mut context = ring::digest::Context::new(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY);
    context.update(format!("blob {}\0", content.len()).as_bytes());
    context.update(content);
    hex::encode(context.finish())
}

/// Breaks base64 into the lines GitHub sends.
fn in_lines(text: &str) -> String {
    let mut lines = String::with_capacity(text.len() + text.len() / 60 + 1);
    for (index, letter) in text.chars().enumerate() {
        if index > 0 && index % 60 == 0 {
            lines.push('\n');
        }
        lines.push(letter);
    }
    lines.push('\n');
    lines
}
