//! Roles, remembered for a minute at most: GitHub is asked once for somebody who writes much.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

use crate::policy::Role;
use crate::triage::{Login, RepositoryId};

/// A role may have been given or taken meanwhile.
pub(super) const LIFE: SignedDuration = SignedDuration::from_secs(60);

/// More people than write within a minute.
const PEOPLE_MAX: usize = 1_000;

/// What is remembered, by repository and login.
#[derive(Default)]
pub(super) struct Roles {
    known: Mutex<HashMap<(RepositoryId, Login), (Role, Timestamp)>>,
}

impl Roles {
    /// The role of somebody, if it was asked for so lately.
    pub(super) fn find(
        &self,
        who: &(RepositoryId, Login),
        (now, life): (Timestamp, SignedDuration),
    ) -> Option<Role> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let (role, asked_at) = known.get(who)?;
        let age = now.duration_since(*asked_at);
        (age >= SignedDuration::ZERO && age < life).then_some(*role)
    }

    /// Remembers what GitHub said.
    pub(super) fn remember(&self, who: (RepositoryId, Login), role: Role, now: Timestamp) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= PEOPLE_MAX {
            known.clear();
        }
        known.insert(who, (role, now));
    }

    /// Forgets a role: a command was refused for it.
    pub(super) fn forget(&self, who: &(RepositoryId, Login)) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).remove(who);
    }
}
