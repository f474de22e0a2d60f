//! What GitHub says of a branch in anybody's repository.

use jiff::Timestamp;
use serde::Deserialize;

use super::CallError;
use super::client::Client;
use super::transport::Answer;
use super::wanted::{Wanted, encoded, expect_success};
use crate::triage::{BranchAt, BranchFacts, Login, Repository};

#[derive(Deserialize)]
struct RepositoryJson {
    full_name: String,
    owner: OwnerJson,
    #[serde(default)]
    private: bool,
    #[serde(default)]
    fork: bool,
    created_at: Timestamp,
}

#[derive(Deserialize)]
struct OwnerJson {
    login: Login,
}

#[derive(Deserialize)]
struct BranchJson {
    commit: CommitJson,
}

#[derive(Deserialize)]
struct CommitJson {
    commit: Option<GitCommitJson>,
    author: Option<AuthorJson>,
}

/// The account of a commit's author: null, or an empty object, where GitHub knows none.
#[derive(Deserialize)]
struct AuthorJson {
    login: Option<Login>,
}

#[derive(Deserialize)]
struct GitCommitJson {
    committer: Option<SignatureJson>,
}

#[derive(Deserialize)]
struct SignatureJson {
    date: Option<Timestamp>,
}

impl Client {
    /// Asks with the access to `repository`; a token of ours may read all that is public.
    pub(super) async fn look_up_branch(
        &self,
        repository: &Repository,
        at: &BranchAt,
    ) -> Result<Option<BranchFacts>, CallError> {
        if !at.is_possible() {
            return Ok(None);
        }
        let path = format!("/repos/{}/{}", encoded(&at.owner), encoded(&at.name));
        let wanted = Wanted::get("/repos/{repo}", path);
        let Some(answer) = public(self.ask(repository, wanted).await?)? else {
            return Ok(None);
        };
        let found: RepositoryJson = answer.json()?;
        if found.private {
            return Ok(None);
        }
        let path = format!("/repos/{}/branches/{}", found.full_name, encoded(&at.branch));
        let wanted = Wanted::get("/repos/{repo}/branches/{branch}", path);
        let Some(answer) = public(self.ask(repository, wanted).await?)? else {
            return Ok(None);
        };
        let BranchJson { commit } = answer.json()?;
        let committer = commit.commit.and_then(|commit| commit.committer);
        Ok(Some(BranchFacts {
            repository: found.full_name,
            owner: found.owner.login,
            is_fork: found.fork,
            repository_created_at: found.created_at,
            committed_at: committer.and_then(|committer| committer.date),
            author: commit.author.and_then(|author| author.login),
        }))
    }
}

/// None for what is not there, not ours to see, or taken down. A redirection that is still one
/// after it was followed leads nowhere.
fn public(answer: Answer) -> Result<Option<Answer>, CallError> {
    match answer.status.as_u16() {
        301 | 302 | 307 | 308 | 403 | 404 | 410 | 451 => Ok(None),
        _ => expect_success(answer).map(Some),
    }
}
