//! Accounts: made, looked up, deleted.

use super::{AccountKind, State, User};

/// What stands where a deleted account's name stood.
const GHOST: &str = "ghost";

/// What GitHub shows in place of an account that was deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remains {
    /// The account `ghost`.
    Ghost,
    /// Nothing: `user` is null.
    Nobody,
}

impl State {
    /// Adds an account, or finds the one of that name.
    pub fn add_user(&mut self, login: &str, kind: AccountKind) -> &mut User {
        let id = self.new_id();
        self.users.entry(login.to_lowercase()).or_insert_with(|| User {
            id,
            login: login.to_owned(),
            kind,
            shows_membership: true,
        })
    }

    /// The account of this name.
    #[must_use]
    pub fn user(&self, login: &str) -> Option<&User> {
        self.users.get(&login.to_lowercase())
    }

    /// Deletes an account: what it wrote stays, under the name `ghost` or under none. GitHub sends
    /// no event.
    pub fn delete_user(&mut self, login: &str, remains: Remains) {
        if remains == Remains::Ghost {
            self.add_user(GHOST, AccountKind::User);
        }
        self.users.remove(&login.to_lowercase());
        let bury = |name: &mut String| {
            if name.eq_ignore_ascii_case(login) {
                GHOST.clone_into(name);
            }
        };
        for repository in &mut self.repositories {
            repository.roles.remove(&login.to_lowercase());
            for issue in &mut repository.issues {
                issue.assignees.retain(|one| !one.eq_ignore_ascii_case(login));
                bury(&mut issue.author);
                issue.comments.iter_mut().for_each(|comment| bury(&mut comment.author));
                issue.timeline.iter_mut().for_each(|entry| bury(&mut entry.actor));
                issue.closed_by.iter_mut().for_each(bury);
            }
            for branch in repository.branches.values_mut() {
                branch.author.take_if(|author| author.eq_ignore_ascii_case(login));
            }
        }
    }
}
