//! What is left of a ticket whose person asked to be forgotten.

use jiff::Timestamp;

use super::event::{Snapshot, Stamp};
use super::ids::Login;
use super::ticket::Ticket;
use crate::reading::Reading;

impl Ticket {
    /// The ticket without whom it was about and what anybody said. Its issue is the desk's concern no
    /// longer; when it was opened, answered and closed stays, because waiting times count it.
    #[must_use]
    pub fn erased(&self, now: Timestamp) -> Self {
        let blank = Snapshot {
            id: self.id,
            number: self.number,
            url: self.url.clone(),
            author: None,
            title: String::new(),
            body: String::new(),
            labels: Vec::new(),
            is_open: false,
            is_locked: self.is_locked,
            assignees: Vec::new(),
            opened_at: self.opened_at,
            updated_at: self.snapshot_at,
            reading: Reading::default(),
        };
        Self {
            is_gone: true,
            turn_since: if self.is_open { now } else { self.turn_since },
            turn_set: Stamp { at: now, id: 0 },
            answered_at: self.answered_at,
            joined_late_at: self.joined_late_at,
            closed_at: self.closed_at,
            is_greeted: self.is_greeted,
            card_version: self.card_version,
            ..Self::new(&blank)
        }
    }

    /// Lets go of somebody who is not the requester, as far as it is we who name them. Says whether
    /// they were named.
    pub fn forget_person(&mut self, login: &Login) -> bool {
        let count = self.assignees.len();
        self.assignees.retain(|assignee| !login.is_same(assignee));
        let mut was_named = self.assignees.len() < count;
        for command in self.commands_seen.values_mut().flatten() {
            if let Some(told) = without_name(command, login) {
                *command = told;
                was_named = true;
            }
        }
        was_named
    }
}

/// A sentence in which somebody has no name any more; none if they had none in it.
pub fn without_name(sentence: &str, login: &Login) -> Option<String> {
    let is_of_a_name =
        |character: char| character.is_ascii_alphanumeric() || "-_".contains(character);
    let mut told = String::new();
    let mut rest = sentence;
    let mut was_named = false;
    while let Some(start) = rest.find(is_of_a_name) {
        let (between, word_on) = rest.split_at(start);
        let end = word_on.find(|character| !is_of_a_name(character)).unwrap_or(word_on.len());
        let (word, after) = word_on.split_at(end);
        let is_theirs = login.is_same(word);
        told.push_str(if is_theirs { between.trim_end_matches('@') } else { between });
        told.push_str(if is_theirs { "somebody" } else { word });
        was_named |= is_theirs;
        rest = after;
    }
    told.push_str(rest);
    was_named.then_some(told)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_taken_out_where_it_stands_alone() {
        let ada = Login("ada-l".to_owned());
        let told = |sentence| without_name(sentence, &ada);
        assert_eq!(
            told("@Ada-L wrote; ada-l was asked.").as_deref(),
            Some("somebody wrote; somebody was asked.")
        );
        assert_eq!(told("ada-l").as_deref(), Some("somebody"));
        assert_eq!(told("ada-lovelace and ada wrote."), None);
        assert_eq!(told(""), None);
    }
}
