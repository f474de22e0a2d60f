//! Labels follow a ticket's state, except where a person put one on or took one off by hand.
//!
//! Each label the desk cares for is in one [`LabelState`]. Snapshots move it (what is there now),
//! events by people pin it, commands unpin it, and [`Ticket::settle_labels`] asks for the rest.

use std::collections::{BTreeMap, BTreeSet};

use super::action::Action;
use super::event::Snapshot;
use super::ticket::{LabelState, Ticket, Turn};
use crate::policy::{Labels, Policy, RequestKind};
use crate::reading::Site;

impl Ticket {
    /// Whether the labels of `snapshot` are those we last saw or asked for. One we do not know of
    /// may be our own, taken off since within the same second.
    pub(super) fn sees_labels_of(&self, snapshot: &Snapshot) -> bool {
        let there = lower_case(&snapshot.labels);
        let is_known = there.iter().all(|label| self.labels.contains_key(label));
        is_known
            && self.labels.iter().all(|(label, state)| match state {
                LabelState::Present | LabelState::PinnedPresent => there.contains(label),
                LabelState::PinnedAbsent => !there.contains(label),
                LabelState::Adding
                | LabelState::PuttingBack
                | LabelState::Removing
                | LabelState::RefusedAdding
                | LabelState::RefusedRemoving => true,
            })
    }

    /// Takes in which labels are there now. A label of ours that is missing, and that we did not
    /// remove, was removed by a person. One that we remove may be missing only because the
    /// snapshot is older than our putting it on: [`Ticket::confirm_removal`] tells when it is off.
    pub(super) fn observe_labels(&mut self, labels: &[String], policy: &Policy) {
        let there = lower_case(labels);
        let turn_labels = turn_labels(&policy.labels);
        for (label, _) in self.managed_labels(policy) {
            let is_there = there.contains(&label);
            let next = match (self.labels.get(&label).copied(), is_there) {
                (None, false) => None,
                (None, true) if turn_labels.contains(&label) => Some(LabelState::Present),
                (None | Some(LabelState::PinnedAbsent), true) => Some(LabelState::PinnedPresent),
                (Some(LabelState::Adding | LabelState::RefusedAdding), true) => {
                    Some(LabelState::Present)
                }
                (Some(LabelState::RefusedRemoving), false) => None,
                (Some(LabelState::Present | LabelState::PinnedPresent), false) => {
                    Some(LabelState::PinnedAbsent)
                }
                (Some(state), _) => Some(state),
            };
            self.set_label_state(label, next);
        }
    }

    /// A person put a label on by hand: it stays, except that a turn label is a word about the
    /// turn, which moves on with the conversation; under a closed issue there is none.
    pub(super) fn pin_added(&mut self, label: &str, policy: &Policy) -> Option<Turn> {
        let label = label.to_lowercase();
        let turn = turn_of_label(&label, &policy.labels);
        let is_word = turn.is_some() && self.is_open;
        let state = if is_word { LabelState::Present } else { LabelState::PinnedPresent };
        if self.managed_labels(policy).contains_key(&label) {
            self.set_label_state(label, Some(state));
        }
        turn
    }

    /// A person took a label off by hand: it stays off.
    pub(super) fn pin_removed(&mut self, label: &str, policy: &Policy) {
        let label = label.to_lowercase();
        if self.managed_labels(policy).contains_key(&label) {
            self.set_label_state(label, Some(LabelState::PinnedAbsent));
        }
    }

    /// A person took a label off by hand before the newest snapshot. Where that did not show it
    /// either, it is off: we had put it on and have not heard of it, or wanted it off as well.
    pub(super) fn pin_removed_before(&mut self, label: &str, policy: &Policy) {
        let is_commanded = self.commanded_labels.get(label).copied().unwrap_or_default();
        let is_managed = self.managed_labels(policy).contains_key(&label.to_lowercase());
        let label = label.to_lowercase();
        let is_off = match self.labels.get(&label) {
            Some(LabelState::Adding) => true,
            // The turn's labels follow the turn again with the next word about it.
            Some(LabelState::Removing) | None => is_managed && !is_turn_label(&label, policy),
            Some(_) => false,
        };
        if is_off && !is_commanded {
            self.set_label_state(label, Some(LabelState::PinnedAbsent));
        }
    }

    /// Our own removal came back as an event: the label is off.
    pub(super) fn confirm_removal(&mut self, label: &str) {
        let label = label.to_lowercase();
        if self.labels.get(&label) == Some(&LabelState::Removing) {
            self.set_label_state(label, None);
        }
    }

    /// A command wants this label on or off, whatever a person did before.
    pub(super) fn command_label(&mut self, label: &str, wanted: bool) {
        self.commanded_labels.retain(|known, _| !known.eq_ignore_ascii_case(label));
        self.commanded_labels.insert(label.to_owned(), wanted);
        self.unpin(label);
        // One that the desk never looked after may be there all the same.
        if !wanted {
            self.labels.entry(label.to_lowercase()).or_insert(LabelState::Present);
        }
    }

    /// A command lets this label follow the state again, whatever a person did before.
    pub(super) fn release_label(&mut self, label: &str) {
        self.commanded_labels.retain(|known, _| !known.eq_ignore_ascii_case(label));
        self.unpin(label);
    }

    /// A command gave the turn: its labels follow again.
    pub(super) fn unpin_turn_labels(&mut self, policy: &Policy) {
        self.unpin(&policy.labels.awaiting_maintainers);
        self.unpin(&policy.labels.awaiting_requester);
    }

    /// GitHub refused to change these labels, for want of a permission or for good.
    pub(super) fn note_refused_labels(&mut self, labels: &[String]) {
        for label in labels {
            let label = label.to_lowercase();
            match self.labels.get(&label) {
                Some(LabelState::Adding | LabelState::PuttingBack) => {
                    self.set_label_state(label, Some(LabelState::RefusedAdding));
                }
                Some(LabelState::Removing) => {
                    self.set_label_state(label, Some(LabelState::RefusedRemoving));
                }
                Some(_) | None => {}
            }
        }
    }

    /// Something new happened: what was refused may be allowed by now.
    pub(super) fn ask_for_refused_labels(&mut self) {
        self.labels.retain(|_, state| *state != LabelState::RefusedAdding);
        for state in self.labels.values_mut() {
            if *state == LabelState::RefusedRemoving {
                *state = LabelState::Present;
            }
        }
    }

    fn unpin(&mut self, label: &str) {
        let label = label.to_lowercase();
        match self.labels.get(&label) {
            Some(LabelState::PinnedAbsent) => self.set_label_state(label, None),
            Some(LabelState::PinnedPresent) => {
                self.set_label_state(label, Some(LabelState::Present))
            }
            Some(
                LabelState::Adding
                | LabelState::PuttingBack
                | LabelState::Present
                | LabelState::Removing
                | LabelState::RefusedAdding
                | LabelState::RefusedRemoving,
            )
            | None => {}
        }
    }

    fn set_label_state(&mut self, label: String, state: Option<LabelState>) {
        match state {
            Some(state) => self.labels.insert(label, state),
            None => self.labels.remove(&label),
        };
    }

    /// The actions that make the labels follow the state.
    pub(super) fn settle_labels(&mut self, policy: &Policy) -> Vec<Action> {
        if self.is_gone {
            return Vec::new();
        }
        let wanted = self.wanted_labels(policy);
        let wanted_names = lower_case(&wanted);
        let mut added = Vec::new();
        for label in wanted {
            let key = label.to_lowercase();
            let next = match self.labels.get(&key) {
                None => LabelState::Adding,
                Some(LabelState::Removing) => LabelState::PuttingBack,
                Some(_) => continue,
            };
            self.labels.insert(key, next);
            added.push(label);
        }
        let names = self.managed_labels(policy);
        let mut actions = Vec::new();
        for (label, state) in &mut self.labels {
            let is_ours =
                matches!(state, LabelState::Adding | LabelState::PuttingBack | LabelState::Present);
            if is_ours && !wanted_names.contains(label) {
                *state = LabelState::Removing;
                actions.push(Action::RemoveLabel(names.get(label).unwrap_or(label).clone()));
            }
        }
        if !added.is_empty() {
            actions.push(Action::AddLabels(added));
        }
        actions
    }

    /// Every label the policy or a command speaks of, by its lower-case name.
    fn managed_labels(&self, policy: &Policy) -> BTreeMap<String, String> {
        let names = &policy.labels;
        let single = [
            &names.request,
            &names.needs_information,
            &names.awaiting_requester,
            &names.awaiting_maintainers,
            &names.escalated,
            &names.exposed_secret,
            &names.test_site,
        ];
        let steps = policy.escalation.iter().flat_map(|step| &step.labels);
        let replies = policy
            .replies
            .iter()
            .flat_map(|reply| reply.add_labels.iter().chain(&reply.remove_labels));
        let named = single.into_iter().chain(names.reasons.values());
        let kinds = policy.kinds.iter().flat_map(RequestKind::labels);
        let all = named.chain(steps).chain(replies).chain(kinds);
        let all = all.chain(self.commanded_labels.keys());
        all.map(|label| (label.to_lowercase(), label.clone())).collect()
    }

    /// The labels the state and the commands call for.
    fn wanted_labels(&self, policy: &Policy) -> Vec<String> {
        let names = &policy.labels;
        let mut wanted = self.request_labels(policy);
        for reason in &self.reading.reasons {
            wanted.extend(names.reasons.get(reason.name()).cloned());
        }
        if self.is_open && !self.reading.is_complete() {
            wanted.push(names.needs_information.clone());
        }
        wanted.extend(turn_label(self.turn, names).cloned());
        let climbed = policy.escalation.iter().filter(|step| self.climbed.contains(&step.name));
        wanted.extend(climbed.flat_map(|step| step.labels.iter().cloned()));
        if self.shield.has_secret(&self.reading) {
            wanted.push(names.exposed_secret.clone());
        }
        if self.reading.site == Site::Testpypi {
            wanted.push(names.test_site.clone());
        }
        for (label, is_wanted) in &self.commanded_labels {
            wanted.retain(|name| !name.eq_ignore_ascii_case(label));
            if *is_wanted {
                wanted.push(label.clone());
            }
        }
        let mut seen = BTreeSet::new();
        wanted.retain(|name| seen.insert(name.to_lowercase()));
        wanted
    }
}

/// Whether this label says whose turn it is.
pub(super) fn is_turn_label(label: &str, policy: &Policy) -> bool {
    turn_of_label(&label.to_lowercase(), &policy.labels).is_some()
}

fn lower_case(labels: &[String]) -> BTreeSet<String> {
    labels.iter().map(|label| label.to_lowercase()).collect()
}

fn turn_label(turn: Turn, names: &Labels) -> Option<&String> {
    match turn {
        Turn::Maintainers => Some(&names.awaiting_maintainers),
        Turn::Requester => Some(&names.awaiting_requester),
        Turn::Nobody => None,
    }
}

fn turn_of_label(label: &str, names: &Labels) -> Option<Turn> {
    [Turn::Maintainers, Turn::Requester]
        .into_iter()
        .find(|turn| turn_label(*turn, names).is_some_and(|name| name.to_lowercase() == label))
}

fn turn_labels(names: &Labels) -> BTreeSet<String> {
    lower_case(&[names.awaiting_maintainers.clone(), names.awaiting_requester.clone()])
}
