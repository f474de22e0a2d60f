//! What a desk in the play remembers of its tickets, to answer what decisions ask.

use std::collections::{BTreeSet, HashMap, VecDeque};

use jiff::SignedDuration;

use super::thread::Thread;
use crate::triage::{IssueNumber, Kinship, RELATED_MAX, Ticket, UserId, WaitingTimes};

/// The memory of one desk.
#[derive(Default)]
pub(super) struct Memory {
    by_account: HashMap<String, BTreeSet<usize>>,
    by_author: HashMap<UserId, BTreeSet<usize>>,
    numbers: BTreeSet<IssueNumber>,
    /// How long those answered last had waited.
    waits: VecDeque<SignedDuration>,
}

impl Memory {
    /// Notes a ticket that is new, or names another account than before.
    pub(super) fn note_kin(&mut self, thread: usize, before: Option<String>, ticket: &Ticket) {
        if let Some(threads) = before.and_then(|account| self.by_account.get_mut(&account)) {
            threads.remove(&thread);
        }
        if let Some(account) = ticket.account() {
            self.by_account.entry(account).or_default().insert(thread);
        }
        if let Some(person) = &ticket.requester {
            self.by_author.entry(person.id).or_default().insert(thread);
        }
        self.numbers.insert(ticket.number);
    }

    /// Other requests that name the account or come from the person, open or closed lately;
    /// newest first.
    pub(super) fn find_related(
        &self,
        own: usize,
        kinship: &Kinship,
        threads: &[Thread<'_>],
    ) -> Vec<(usize, IssueNumber)> {
        let by_account = kinship.account.as_ref().and_then(|account| self.by_account.get(account));
        let by_author = kinship.author.and_then(|author| self.by_author.get(&author));
        let all: BTreeSet<usize> =
            by_account.into_iter().chain(by_author).flatten().copied().collect();
        let is_lately = |ticket: &&Ticket| {
            ticket.is_open || ticket.closed_at.is_some_and(|at| at >= kinship.closed_since)
        };
        let others = all.into_iter().filter(|thread| *thread != own).filter_map(|thread| {
            let ticket = threads[thread].ticket.as_ref().filter(is_lately)?;
            Some((thread, ticket.number))
        });
        let mut found: Vec<(usize, IssueNumber)> = others.collect();
        found.sort_unstable_by_key(|(_, number)| std::cmp::Reverse(*number));
        found.truncate(RELATED_MAX);
        found
    }

    /// Whether there is a request of this number by now.
    pub(super) fn has_seen(&self, number: IssueNumber) -> bool {
        self.numbers.contains(&number)
    }

    /// Notes the first answer of a human, if this is it.
    pub(super) fn note_answer(&mut self, before: Option<&Ticket>, after: &Ticket) {
        let was_answered = before.is_some_and(|ticket| ticket.answered_at.is_some());
        let Some(answered_at) = after.answered_at.filter(|_| !was_answered) else {
            return;
        };
        self.waits.push_back(answered_at.duration_since(after.opened_at));
        if self.waits.len() > WaitingTimes::WINDOW as usize {
            self.waits.pop_front();
        }
    }

    /// How long the last requests waited for the first answer of a human; none while too few
    /// were answered.
    pub(super) fn waiting_times(&self) -> Option<WaitingTimes> {
        WaitingTimes::measure(self.waits.iter().copied().collect())
    }
}
