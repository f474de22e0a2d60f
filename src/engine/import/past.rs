//! One issue's past: told event by event to the same decisions as webhooks are, each as of its own
//! time, and kept in one commit. Nothing that is decided is done.

use jiff::Timestamp;

use super::answers::forget_branch;
use super::history::History;
use super::{Import, ImportError, Overdue};
use crate::store::{KnownTicket, PastTicket, StoreError, TakenIn, TicketChange};
use crate::triage::{
    self, Actor, Decision, Event, EventKey, EventKind, Findings, IssueNumber, LabelState, Moment,
    Question, Ticket, Turn, moment,
};

/// A ticket that changes more often than this while it is taken in is left to the next import.
const ATTEMPTS_MAX: usize = 20;

/// A ticket while its past is told.
struct Telling {
    ticket: Option<Ticket>,
    events: Vec<EventKey>,
    reasons: Vec<(Timestamp, EventKey, String)>,
    moments: Vec<(Timestamp, Moment)>,
}

impl Telling {
    /// Nothing was told yet to a ticket, or to what may become one.
    fn begin(ticket: Option<Ticket>) -> Self {
        Self { ticket, events: Vec::new(), reasons: Vec::new(), moments: Vec::new() }
    }

    fn take(&mut self, event: &Event, decision: Decision) {
        let Decision { ticket, reasons, .. } = decision;
        if let Some(after) = &ticket {
            self.moments.extend(moment::timed(self.ticket.as_ref(), after, event.at));
        }
        // What is no request yet has no reasons to tell.
        if ticket.is_some() {
            let told = reasons.into_iter().map(|why| (event.at, event.key.clone(), why));
            self.reasons.extend(told);
        }
        self.ticket = ticket;
        self.events.push(event.key.clone());
    }
}

impl Import<'_> {
    /// Tells a ticket its past and keeps what comes of it, as often as somebody else changed it
    /// meanwhile.
    pub(super) async fn take_past_in(
        &mut self,
        history: &History,
        taken_in: TakenIn,
    ) -> Result<(), ImportError> {
        for _ in 0..ATTEMPTS_MAX {
            let known = self.engine.parts.store.find_ticket(history.record.id).await?;
            let mut telling = self.tell_past(known.as_ref(), history).await?;
            self.relate(known.as_ref(), &mut telling).await?;
            let past = self.past_ticket(known.as_ref(), telling);
            let count = past.as_ref().map(|past| (past.ticket.is_open, self.is_overdue(past)));
            let kept = self.engine.parts.store.keep_past(past, Some(taken_in.clone())).await;
            match kept {
                Err(StoreError::Conflict) => {}
                other => {
                    self.count(count);
                    return Ok(other?);
                }
            }
        }
        Err(StoreError::Conflict.into())
    }

    fn count(&mut self, taken: Option<(bool, bool)>) {
        match taken {
            Some((true, is_overdue)) => {
                self.done.open += 1;
                self.done.overdue += u64::from(is_overdue);
            }
            Some((false, _)) => self.done.closed += 1,
            None => {}
        }
    }

    fn is_overdue(&self, past: &PastTicket) -> bool {
        let is_late = past.wake_at.is_some_and(|wake_at| wake_at <= self.engine.now());
        past.ticket.is_imported && (is_late || !past.ticket.withheld.is_empty())
    }

    /// Lets steps be taken that an earlier import withheld.
    pub(super) async fn release_withheld(&mut self) -> Result<(), ImportError> {
        let store = &self.engine.parts.store;
        for issue in store.list_withheld(self.repository.id).await? {
            for _ in 0..ATTEMPTS_MAX {
                let known = store.find_ticket(issue).await?;
                let is_withheld = |known: &KnownTicket| !known.ticket.withheld.is_empty();
                let Some(known) = known.filter(is_withheld) else { break };
                let key = EventKey(format!("released:{issue}:{}", known.row.version));
                let mut ticket = known.ticket.clone();
                ticket.withheld.clear();
                let why = "What was overdue when it was imported may be done now.".to_owned();
                let telling = Telling {
                    events: vec![key.clone()],
                    reasons: vec![(self.engine.now(), key, why)],
                    ..Telling::begin(Some(ticket))
                };
                match store.keep_past(self.past_ticket(Some(&known), telling), None).await {
                    Err(StoreError::Conflict) => {}
                    kept => {
                        kept?;
                        self.done.overdue += 1;
                        break;
                    }
                }
            }
        }
        Ok(())
    }

    async fn tell_past(
        &mut self,
        known: Option<&KnownTicket>,
        history: &History,
    ) -> Result<Telling, ImportError> {
        let before = known.map(|known| &known.ticket);
        let events = self.events(before, history).await?;
        let mut telling = Telling::begin(before.cloned());
        for event in &events {
            let (questions, is_asked) =
                (triage::questions(telling.ticket.as_ref(), event), history.record.is_open);
            let findings = self.answer(&questions, (event, is_asked)).await?;
            let mut decision = self.decide(telling.ticket.as_ref(), (event, &findings));
            if !is_asked && questions.iter().any(|one| matches!(one, Question::Branch(_))) {
                forget_branch(&mut decision, event);
            }
            telling.take(event, decision);
        }
        match (before, &mut telling.ticket) {
            (Some(before), Some(ticket)) => keep_what_was_done(before, ticket),
            // Whoever answered first may have done so before the comments that were read.
            (None, Some(ticket)) if !ticket.is_open && ticket.opened_at < self.since => {
                ticket.answered_at = None;
            }
            (_, _) => {}
        }
        Ok(telling)
    }

    /// What a ticket was not told yet.
    async fn events(
        &self,
        before: Option<&Ticket>,
        history: &History,
    ) -> Result<Vec<Event>, ImportError> {
        let mut events = history.events.clone();
        let shows_request =
            |event: &Event| event.issue.as_ref().is_some_and(|snapshot| self.concerns_us(snapshot));
        if let Some(before) = before {
            // What was said before it was a request is no part of it.
            let first = events.iter().position(shows_request).unwrap_or_default();
            events.drain(..first);
            let keys = events.iter().map(|event| event.key.clone()).collect();
            let applied = self.engine.parts.store.applied_events(keys).await?;
            events.retain(|event| !applied.contains(&event.key) && is_news_to(before, event));
        }
        let seen_at = before.map(|before| before.snapshot_at);
        let newest = events.iter().map(|event| event.at).chain(seen_at).max();
        if newest.is_none_or(|newest| newest < history.record.updated_at) {
            events.extend(history.seen.clone());
        }
        Ok(events)
    }

    /// Decides as of the event's own time. What the desk would have done to the issue was not done,
    /// so the issue is as it was seen.
    fn decide(&self, ticket: Option<&Ticket>, (event, findings): (&Event, &Findings)) -> Decision {
        let asked = ticket.map(|ticket| without_later_answer(ticket, event));
        let rules = (&self.past_policy, event.at);
        let mut decision = triage::decide(asked.as_ref(), event, findings, rules);
        if let Some(after) = &mut decision.ticket {
            let answers = [ticket.and_then(|ticket| ticket.answered_at), after.answered_at];
            after.answered_at = answers.into_iter().flatten().min();
            let was_awaited = ticket.is_some_and(|ticket| ticket.awaited_state.is_some());
            if let (Some(snapshot), false) = (&event.issue, was_awaited) {
                undo_closing(ticket, after, snapshot.is_open);
            }
        }
        decision
    }

    /// Links the ticket and the other requests of its account or person, on both sides. The others
    /// are told first: if the import ends in between, this one is taken in again.
    async fn relate(
        &self,
        known: Option<&KnownTicket>,
        telling: &mut Telling,
    ) -> Result<(), ImportError> {
        let Some(ticket) = telling.ticket.clone() else { return Ok(()) };
        if known.is_some_and(|known| known.ticket.account() == ticket.account()) {
            return Ok(());
        }
        let store = &self.engine.parts.store;
        let at = known.map_or(ticket.opened_at, |_| ticket.snapshot_at);
        let place = (self.repository.id, ticket.id);
        for number in store.find_related(place, ticket.kinship(at)).await? {
            let found = store.find_ticket_numbered(self.repository.id, number).await?;
            let Some(other) = found else { continue };
            let key = EventKey(format!("related:{}:{}", ticket.id, other.ticket.id));
            if !ticket.related.contains(&number) {
                let event = related(key, at, number);
                let decision = self.decide(telling.ticket.as_ref(), (&event, &Findings::default()));
                telling.take(&event, decision);
            }
            self.tell_other(other, &ticket, at).await?;
        }
        Ok(())
    }

    async fn tell_other(
        &self,
        mut other: KnownTicket,
        ticket: &Ticket,
        at: Timestamp,
    ) -> Result<(), ImportError> {
        let store = &self.engine.parts.store;
        let key = EventKey(format!("related:{}:{}", other.ticket.id, ticket.id));
        for _ in 0..ATTEMPTS_MAX {
            if other.ticket.related.contains(&ticket.number) {
                return Ok(());
            }
            let event = related(key.clone(), at, ticket.number);
            let decision = self.decide(Some(&other.ticket), (&event, &Findings::default()));
            let mut telling = Telling::begin(Some(other.ticket.clone()));
            telling.take(&event, decision);
            if let Some(after) = &mut telling.ticket {
                keep_what_was_done(&other.ticket, after);
            }
            match store.keep_past(self.past_ticket(Some(&other), telling), None).await {
                Err(StoreError::Conflict) => {}
                kept => return Ok(kept?),
            }
            let Some(found) = store.find_ticket(other.ticket.id).await? else { return Ok(()) };
            other = found;
        }
        Err(StoreError::Conflict.into())
    }

    /// What is to be kept; nothing where nothing was told, or what was told is no request.
    fn past_ticket(&self, known: Option<&KnownTicket>, telling: Telling) -> Option<PastTicket> {
        let Telling { ticket, events, reasons, mut moments } = telling;
        let mut ticket = ticket.filter(|_| !events.is_empty())?;
        let (policy, now) = (&self.in_force.policy, self.engine.now());
        ticket.is_imported = known.is_none_or(|known| known.ticket.is_imported);
        if ticket.is_imported && self.overdue == Overdue::Withheld {
            let before = ticket.clone();
            triage::withhold_overdue(&mut ticket, policy, now);
            moments.extend(moment::timed(Some(&before), &ticket, now));
        }
        let wake_at = triage::wake_at(&ticket, policy);
        let change = TicketChange {
            from: known.map(|known| known.row.clone()),
            repository: self.repository.clone(),
            policy: self.in_force.revision.clone(),
            is_observing: true,
            moments,
        };
        Some(PastTicket { ticket, change, wake_at, events, reasons })
    }
}

fn related(key: EventKey, at: Timestamp, number: IssueNumber) -> Event {
    let kind = EventKind::Related(vec![number]);
    Event { key, at, actor: Actor::Nobody, issue: None, kind }
}

/// Whether an event tells a known ticket something: what only shows how the issue looked was seen
/// if the ticket has seen it later.
fn is_news_to(ticket: &Ticket, event: &Event) -> bool {
    !event.key.0.starts_with("delivery:") || event.at > ticket.snapshot_at
}

/// The ticket as it was before it was answered, where a comment that is told now may be the first
/// answer. The requester's own words are heard with all that is known.
fn without_later_answer(ticket: &Ticket, event: &Event) -> Ticket {
    let mut ticket = ticket.clone();
    let is_later = ticket.answered_at.is_some_and(|answered_at| answered_at > event.at);
    let speaker = event.actor.human().filter(|_| event.comment().is_some());
    if is_later && speaker.is_some_and(|speaker| !ticket.is_requester(speaker)) {
        ticket.answered_at = None;
    }
    ticket
}

/// The desk would have closed the issue, or opened it again, and did not: it is the maintainers'
/// turn to do it by hand.
fn undo_closing(before: Option<&Ticket>, after: &mut Ticket, is_open: bool) {
    if after.awaited_state.take().is_none() {
        return;
    }
    after.is_open = is_open;
    after.closed_by_us = before.is_some_and(|before| before.closed_by_us);
    after.closed_at = before.and_then(|before| before.closed_at).filter(|_| !is_open);
    after.turn = if is_open { Turn::Maintainers } else { Turn::Nobody };
}

/// A ticket that the desk works on already keeps what was really asked for and done: labels, card
/// and mode. What people did to labels counts all the same.
fn keep_what_was_done(before: &Ticket, after: &mut Ticket) {
    if before.is_only_observed {
        return;
    }
    after.is_only_observed = false;
    after.card.clone_from(&before.card);
    after.card_version = before.card_version;
    after.is_greeted = before.is_greeted;
    after.shield.is_blanking = before.shield.is_blanking;
    let names: Vec<String> = after.labels.keys().cloned().collect();
    for name in names {
        let was = before.labels.get(&name);
        let is_asked_for = matches!(
            after.labels.get(&name),
            Some(LabelState::Adding | LabelState::PuttingBack | LabelState::Removing)
        );
        match was {
            Some(was) if is_asked_for => drop(after.labels.insert(name, *was)),
            None if is_asked_for => drop(after.labels.remove(&name)),
            Some(_) | None => {}
        }
    }
}
