//! Making repositories, giving roles, pushing files, installing the App.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    AccountKind, Acting, Actor, Branch, Permission, Refusal, Repository, RepositoryName, Role,
    payload, whole_second,
};

impl Acting<'_> {
    /// Makes an empty public repository with the App installed.
    pub fn create_repository(&mut self, name: &RepositoryName) -> &mut Repository {
        let id = self.state.new_id();
        if self.state.user(&name.owner).is_none() {
            self.state.add_user(&name.owner, AccountKind::Organization);
        }
        self.state.repositories.push(Repository {
            id,
            name: name.clone(),
            former_names: Vec::new(),
            description: String::new(),
            is_fork: false,
            is_private: false,
            default_branch: "main".to_owned(),
            roles: BTreeMap::new(),
            labels: Vec::new(),
            issues: Vec::new(),
            files: BTreeMap::new(),
            branches: BTreeMap::new(),
            has_app: true,
            has_own_hook: false,
            created_at: self.now,
            pushed_at: self.now,
        });
        let last = self.state.repositories.len() - 1;
        &mut self.state.repositories[last]
    }

    /// Makes an empty public repository of a person's own, where the App is not installed.
    pub fn create_personal_repository(&mut self, name: &RepositoryName) -> &mut Repository {
        self.state.add_user(&name.owner, AccountKind::User);
        let repository = self.create_repository(name);
        repository.has_app = false;
        repository
    }

    /// The repository of this name, if the actor may see it.
    pub fn repository(&self, name: &RepositoryName) -> Result<&Repository, Refusal> {
        Ok(&self.state.repositories[self.repository_index(name)?])
    }

    /// The repository of this name, if the actor may see its files and branches.
    pub fn contents(&self, name: &RepositoryName) -> Result<&Repository, Refusal> {
        let repository = self.repository(name)?;
        let is_app_there = self.actor == Actor::App && repository.has_app;
        if is_app_there && self.state.lacks(Permission::ContentsRead) {
            return Err(Refusal::forbidden());
        }
        Ok(repository)
    }

    /// A branch of a repository.
    pub fn branch(&self, name: &RepositoryName, branch: &str) -> Result<&Branch, Refusal> {
        let found = self.contents(name)?.branches.get(branch);
        found.ok_or_else(|| Refusal::new(404, "Branch not found"))
    }

    /// Pushes a commit of this date to a branch, which is made if there is none of that name.
    pub fn push_branch(
        &mut self,
        name: &RepositoryName,
        branch: &str,
        committed_at: Timestamp,
    ) -> Result<(), Refusal> {
        let at = self.repository_to_push(name)?;
        let (before, after) = self.commit(at, branch, whole_second(committed_at));
        let files = json!({ "added": [], "modified": [], "removed": [] });
        self.announce_push((at, branch), (&before, &after), files);
        Ok(())
    }

    fn repository_to_push(&self, name: &RepositoryName) -> Result<usize, Refusal> {
        let at = self.repository_index(name)?;
        match &self.actor {
            Actor::Person(login) if self.state.repositories[at].role(login) < Role::Write => {
                Err(self.refused_for_role())
            }
            Actor::Person(_) | Actor::App => Ok(at),
        }
    }

    /// Puts a new commit on a branch and gives the ids before and after.
    fn commit(&mut self, at: usize, branch: &str, committed_at: Timestamp) -> (String, String) {
        let fresh = commit_id(self.state.new_id());
        let (login, now) = (self.login(), self.now);
        let repository = &mut self.state.repositories[at];
        repository.pushed_at = now;
        let commit = Branch { commit_id: fresh.clone(), committed_at, author: Some(login) };
        let before = repository.branches.insert(branch.to_owned(), commit);
        (before.map_or_else(|| "0".repeat(40), |before| before.commit_id), fresh)
    }

    /// Gives an account a role, and makes the account where there is none.
    pub fn give_role(
        &mut self,
        name: &RepositoryName,
        login: &str,
        role: Role,
    ) -> Result<(), Refusal> {
        let at = self.repository_index(name)?;
        self.state.add_user(login, AccountKind::User);
        self.state.repositories[at].roles.insert(login.to_lowercase(), role);
        Ok(())
    }

    /// Pushes a file to the default branch, or takes it away with `None`.
    pub fn push_file(
        &mut self,
        name: &RepositoryName,
        path: &str,
        content: Option<&[u8]>,
    ) -> Result<(), Refusal> {
        let at = self.repository_to_push(name)?;
        let repository = &mut self.state.repositories[at];
        let had = match content {
            Some(content) => repository.files.insert(path.to_owned(), content.to_vec()).is_some(),
            None => repository.files.remove(path).is_some(),
        };
        let (added, modified, removed) = match (content.is_some(), had) {
            (true, false) => (vec![path], vec![], vec![]),
            (true, true) => (vec![], vec![path], vec![]),
            (false, true) => (vec![], vec![], vec![path]),
            (false, false) => return Err(Refusal::not_found()),
        };
        let files = json!({ "added": added, "modified": modified, "removed": removed });
        let branch = repository.default_branch.clone();
        let (before, after) = self.commit(at, &branch, self.now);
        self.announce_push((at, &branch), (&before, &after), files);
        Ok(())
    }

    fn announce_push(&mut self, to: (usize, &str), ids: (&str, &str), files: Value) {
        let (at, branch) = to;
        let repository = &self.state.repositories[at];
        let login = self.login();
        let author = json!({
            "name": login, "email": format!("{login}@users.noreply.example"), "username": login,
        });
        let home = payload::repository_home(self.state, &repository.name);
        let mut commit = json!({
            "id": ids.1, "tree_id": ids.0, "distinct": true, "message": "Change a file",
            "timestamp": self.now.to_string(), "url": format!("{home}/commit/{}", ids.1),
            "author": author, "committer": author,
        });
        if let (Some(commit), Value::Object(files)) = (commit.as_object_mut(), files) {
            commit.extend(files);
        }
        let content = json!({
            "ref": format!("refs/heads/{branch}"),
            "before": ids.0, "after": ids.1, "base_ref": null,
            "created": ids.0.bytes().all(|digit| digit == b'0'), "deleted": false, "forced": false,
            "compare": format!("{home}/compare/{}...{}", &ids.0[..12], &ids.1[..12]),
            "commits": [commit], "head_commit": commit,
            "pusher": { "name": login, "email": format!("{login}@users.noreply.example") },
            "sender": payload::user(self.state, &login),
        });
        self.state.announce(at, ("push", ""), content);
    }

    /// Gives a repository another name; the old one leads to it as long as nobody takes it.
    pub fn rename_repository(&mut self, name: &RepositoryName, to: &str) -> Result<(), Refusal> {
        let at = self.repository_with(name, Role::Admin)?;
        let repository = &mut self.state.repositories[at];
        repository.former_names.push(repository.name.clone());
        let from = std::mem::replace(&mut repository.name.name, to.to_owned());
        let content = json!({
            "changes": { "repository": { "name": { "from": from } } },
            "sender": payload::user(self.state, &self.login()),
        });
        self.state.announce(at, ("repository", "renamed"), content);
        Ok(())
    }

    /// Installs the App on a repository, or takes it off.
    pub fn install_app(&mut self, name: &RepositoryName, installed: bool) -> Result<(), Refusal> {
        let at = self.repository_with(name, Role::Admin)?;
        if self.state.repositories[at].has_app == installed {
            return Ok(());
        }
        self.state.repositories[at].has_app = installed;
        let repository = payload::short_repository(&self.state.repositories[at]);
        let (added, removed) = match installed {
            true => (vec![repository], vec![]),
            false => (vec![], vec![repository]),
        };
        let action = if installed { "added" } else { "removed" };
        let payload = json!({
            "action": action,
            "installation": payload::installation(self.state),
            "repository_selection": "selected",
            "repositories_added": added,
            "repositories_removed": removed,
            "requester": null,
            "sender": payload::user(self.state, &self.login()),
        });
        self.state.queue(("installation_repositories", action), None, payload);
        Ok(())
    }

    /// Sends the event of a fresh installation with all its repositories.
    pub fn announce_installation(&mut self) {
        let repositories: Vec<Value> = self
            .state
            .repositories
            .iter()
            .filter(|repository| repository.has_app)
            .map(payload::short_repository)
            .collect();
        let payload = json!({
            "action": "created",
            "installation": payload::installation(self.state),
            "repositories": repositories,
            "requester": null,
            "sender": payload::user(self.state, &self.login()),
        });
        self.state.queue(("installation", "created"), None, payload);
    }
}

/// Forty digits that look like a commit.
fn commit_id(id: u64) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, &id.to_be_bytes());
    hex::encode(&digest.as_ref()[..20])
}
