//! What the operator's folder says: texts and policies, replaced as a whole while the bot runs.

use std::sync::{Arc, PoisonError, RwLock};

use super::Policies;
use crate::guidance::Guidance;

/// Texts and policies of one reading of the folder.
pub struct Rules {
    /// The texts.
    pub guidance: Guidance,
    /// The operator's policy, and each repository's on top of it.
    pub policies: Policies,
}

/// The rules in force.
pub struct Rulebook {
    rules: RwLock<Arc<Rules>>,
}

impl Rulebook {
    /// A book that begins with these.
    pub fn new(rules: Rules) -> Self {
        Self { rules: RwLock::new(Arc::new(rules)) }
    }

    /// The rules as they are now; whoever works with them keeps them to the end.
    pub fn rules(&self) -> Arc<Rules> {
        self.rules.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts others in force.
    pub fn replace(&self, rules: Rules) {
        *self.rules.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(rules);
    }
}
