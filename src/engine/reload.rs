//! Another operator's folder put in force while the bot runs, and what that means for each desk.

use std::collections::BTreeMap;
use std::sync::PoisonError;

use super::notify::Chat;
use super::{Engine, Rules};
use crate::reading::form::Form;
use crate::store::{Desk, StoreError};

/// What one reading of the operator's folder gave.
pub struct Reloaded {
    /// Texts and policies.
    pub rules: Rules,
    /// The form, before a repository's own.
    pub form: Form,
    /// Chats that can be told.
    pub chats: BTreeMap<String, Chat>,
}

impl Engine {
    /// Puts another folder in force, and tells the tickets it concerns.
    ///
    /// # Errors
    /// Where the store does not answer; the folder is in force all the same.
    pub async fn put_in_force(&self, folder: Reloaded) -> Result<(), StoreError> {
        let Reloaded { rules, form, chats } = folder;
        self.forms.replace(form);
        self.parts.notifier.replace(chats);
        self.parts.rulebook.replace(rules);
        self.set_folder_problem(None);
        self.look_again_at_repositories().await?;
        self.renew_policies().await?;
        self.alarm.notify_one();
        Ok(())
    }

    /// What is wrong with the operator's folder as it is now, so that an earlier reading of it is in
    /// force; none where it is right.
    pub fn folder_problem(&self) -> Option<String> {
        self.folder_problem.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Keeps what is wrong with the operator's folder, for those who look at the pages.
    pub fn set_folder_problem(&self, problem: Option<String>) {
        *self.folder_problem.lock().unwrap_or_else(PoisonError::into_inner) = problem;
        self.tell_change();
    }

    /// A repository's own policy may be right only now, or no longer: it is read again before the
    /// next thing that happens there, and its maintainers are told if it is wrong.
    async fn look_again_at_repositories(&self) -> Result<(), StoreError> {
        let rules = self.parts.rulebook.rules();
        for desk in self.parts.store.list_desks().await? {
            if desk.problem.is_some() || !is_right(&rules, &desk) {
                let forget = |desk: &mut Desk| desk.is_policy_known = false;
                self.parts.store.change_desk(desk.repository, forget).await?;
            }
        }
        Ok(())
    }

    /// Tells the tickets of every desk whose policy is not the one they were derived under, and
    /// derives when its digest goes out: the operator's file changed while the bot was down.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn renew_policies(&self) -> Result<(), StoreError> {
        for desk in self.parts.store.list_desks().await? {
            let revision = self.parts.rulebook.rules().policies.of(&desk).revision.clone();
            self.parts.store.tell_stale_tickets(desk.repository.id, revision, self.now()).await?;
            self.schedule_digest(&desk).await?;
        }
        Ok(())
    }
}

fn is_right(rules: &Rules, desk: &Desk) -> bool {
    let text = desk.policy_text.as_deref().unwrap_or_default();
    let merged = rules.policies.merge(text);
    merged.is_ok_and(|in_force| rules.guidance.missing_for(&in_force.policy).is_empty())
}
