//! Which policy is in force where: the operator's, overridden by the repository's own.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest, Sha256};

use crate::github::payload::POLICY_PATH;
use crate::policy::calendar::Away;
use crate::policy::layers::{Layer, Problem, Sourced};
use crate::policy::{NotifyStyle, Policy, RequestKind, layers};
use crate::store::Desk;

/// A policy and its identity.
#[derive(Debug, Clone)]
pub struct InForce {
    /// The rules.
    pub policy: Policy,
    /// Twelve hexadecimal digits of the texts it was merged from.
    pub revision: String,
}

/// What a repository has of its own: the text of its policy, and times away said by command.
type Particulars = (String, Vec<Away>);

/// The operator's layers, and what they make with each repository's own.
pub struct Policies {
    base: Vec<Layer>,
    /// Kinds of requests beside account recovery; the operator's alone.
    kinds: Vec<RequestKind>,
    merged: Mutex<HashMap<Particulars, Arc<InForce>>>,
}

impl Policies {
    /// Policies on top of these layers.
    ///
    /// # Errors
    /// Every problem of the layers, with place and cure.
    pub fn new(base: Vec<Layer>) -> Result<Self, Vec<Problem>> {
        layers::merge(&base)?;
        Ok(Self { base, kinds: Vec::new(), merged: Mutex::default() })
    }

    /// The same with other kinds of requests beside account recovery.
    #[must_use]
    pub fn with_kinds(self, kinds: Vec<RequestKind>) -> Self {
        Self { kinds, merged: Mutex::default(), ..self }
    }

    /// The policy in force at a desk. A text that was accepted once and is refused by this
    /// version is left out.
    pub fn of(&self, desk: &Desk) -> Arc<InForce> {
        let text = desk.policy_text.as_deref().unwrap_or_default();
        let key = (text.to_owned(), desk.away.clone());
        let mut merged = self.merged.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = merged.get(&key) {
            return known.clone();
        }
        let mut in_force = self
            .merge(text)
            .unwrap_or_else(|_| InForce { policy: self.base(), revision: self.revision("") });
        if !desk.away.is_empty() {
            in_force.policy.clock.away.extend(desk.away.iter().cloned());
            in_force.revision = self.revision(&format!("{text}\0{:?}", desk.away));
        }
        let in_force = Arc::new(in_force);
        merged.insert(key, in_force.clone());
        in_force
    }

    /// The operator's policy, before any repository's own.
    pub fn base(&self) -> Policy {
        let policy = layers::merge(&self.base).unwrap_or_else(|_| layers::built_in());
        Policy { kinds: self.kinds.clone(), ..policy }
    }

    /// The chats the operator's policy names, and their styles.
    pub fn base_styles(&self) -> BTreeMap<String, NotifyStyle> {
        self.base().notify.into_iter().map(|(name, chat)| (name, chat.style)).collect()
    }

    /// Merges a repository's own policy on top, or tells what is wrong with it.
    ///
    /// # Errors
    /// Every problem, with place and cure.
    pub fn merge(&self, text: &str) -> Result<InForce, Vec<Problem>> {
        let mut all = self.base.clone();
        if !text.is_empty() {
            all.push(Layer { name: POLICY_PATH.to_owned(), text: text.to_owned() });
        }
        let policy = Policy { kinds: self.kinds.clone(), ..layers::merge(&all)? };
        Ok(InForce { policy, revision: self.revision(text) })
    }

    /// Every value in force at a desk, with the file it comes from.
    pub fn sources(&self, desk: &Desk) -> Vec<Sourced> {
        let mut all = self.base.clone();
        let own = desk.policy_text.as_deref().filter(|text| self.merge(text).is_ok());
        all.extend(own.map(|text| Layer { name: POLICY_PATH.to_owned(), text: text.to_owned() }));
        let mut sources = layers::sources(&all);
        sources.extend(desk.away.iter().map(|away| Sourced {
            key: "clock.away".to_owned(),
            value: format!("{} to {}: {}", away.from, away.until, away.why),
            source: "the command /away".to_owned(),
        }));
        sources
    }

    fn revision(&self, text: &str) -> String {
        let mut hash = Sha256::new();
        hash.update(layers::BUILT_IN);
        for layer in &self.base {
            hash.update([0]);
            hash.update(&layer.text);
        }
        for kind in &self.kinds {
            hash.update([0]);
            hash.update(format!("{kind:?}"));
        }
        hash.update([0]);
        hash.update(text);
        hex::encode(&hash.finalize()[..6])
    }
}
