//! Buttons of the desk's page: kept like a webhook, decided on like a command in a comment, and
//! shown before they are pressed.

use std::panic::{AssertUnwindSafe, catch_unwind};

use jiff::{SignedDuration, Timestamp};

use super::Engine;
use super::handle::{self, NotHandled};
use super::understand;
use crate::github::CallError;
use crate::reading::{self, Reading};
use crate::store::{ClaimedDelivery, Desk, KnownTicket, NewDelivery, StoreError};
use crate::triage::{
    self, Action, Actor, Decision, Event, EventKey, EventKind, Findings, IssueId, Press, Presser,
    Ticket,
};

/// What such deliveries are called in the inbox.
pub(super) const BUTTON: &str = "button";

/// What a button would do.
#[derive(Debug, Clone, Default)]
pub struct Preview {
    /// The Markdown of what would be posted.
    pub comments: Vec<String>,
    /// What else would be done on GitHub, a line each.
    pub actions: Vec<String>,
    /// Why, or why not.
    pub reasons: Vec<String>,
}

/// Why it cannot be said what a button would do.
#[derive(Debug, thiserror::Error)]
pub enum NoPreview {
    /// GitHub did not say what the decision must know.
    #[error(transparent)]
    Call(#[from] CallError),
    /// The store did not.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It went wrong, and would when the button is pressed.
    #[error("{0}")]
    Failed(String),
}

/// The identity of a pressing. `id` is the one the button was shown with, so that pressing it twice
/// does it once.
pub fn press_key(id: &str) -> String {
    format!("{BUTTON}:{id}")
}

impl Engine {
    /// Keeps a pressed button, to be decided on in its turn. False if it was pressed before.
    ///
    /// # Errors
    /// Where it could not be kept; then nothing was done.
    pub async fn press(
        &self,
        issue: IssueId,
        (id, press): (&str, &Press),
    ) -> Result<bool, StoreError> {
        let kept = NewDelivery {
            guid: press_key(id),
            event: BUTTON.to_owned(),
            subject: format!("issue:{issue}"),
            body: serde_json::to_string(press)?,
        };
        let is_new = self.parts.store.put_delivery(kept, self.now()).await?;
        self.inbox.notify_one();
        Ok(is_new)
    }

    /// What a button would do, if it were pressed now.
    ///
    /// # Errors
    /// [`NoPreview`].
    pub async fn preview(
        &self,
        (desk, ticket): (&Desk, &Ticket),
        press: &Press,
    ) -> Result<Preview, NoPreview> {
        let event = pressed("preview", press, (ticket, self.now()));
        let questions = triage::questions(Some(ticket), &event);
        let gathered = self.gather(&questions, (&desk.repository, &event), None).await;
        let mut findings = gathered.map_err(|error| match error {
            super::gather::Unanswered::Call(error) => NoPreview::Call(error),
            super::gather::Unanswered::Store(error) => NoPreview::Store(error),
        })?;
        findings.rota_turn = desk.rota_turn;
        let policy = &self.in_force(desk).policy;
        let decided = catch_unwind(AssertUnwindSafe(|| {
            triage::decide(Some(ticket), &event, &findings, (policy, self.now()))
        }));
        let failed = |_| NoPreview::Failed("The decision failed.".to_owned());
        self.shown((desk, ticket), decided.map_err(failed)?)
    }

    fn shown(
        &self,
        (desk, ticket): (&Desk, &Ticket),
        decision: Decision,
    ) -> Result<Preview, NoPreview> {
        let mut preview = Preview { reasons: decision.reasons, ..Preview::default() };
        for planned in decision.actions {
            if let Action::Comment(text) = &planned.action {
                let text = self.addressed(text, (desk, ticket));
                let rendered = self.parts.rulebook.rules().guidance.render(&text);
                let rendered = rendered.map_err(|error| NoPreview::Failed(error.to_string()))?;
                preview.comments.push(rendered);
            } else {
                preview.actions.push(planned.action.summary());
            }
        }
        Ok(preview)
    }

    /// What the kept text of a request says, with its places: those of the text as it is kept.
    pub fn read_again(&self, desk: &Desk, ticket: &Ticket) -> Reading {
        let in_force = self.in_force(desk);
        // It may be of its kind by a label alone.
        let kind = in_force.policy.kind(ticket.reading.kind.as_deref());
        let labels = kind.map(|kind| kind.recognised.labels.as_slice()).unwrap_or_default();
        let text = (ticket.title.as_str(), ticket.body.as_str());
        reading::read_labelled(&self.forms.of(desk), text, labels)
    }

    pub(super) async fn handle_button(&self, claimed: &ClaimedDelivery) -> Result<(), NotHandled> {
        let unreadable = |error: serde_json::Error| NotHandled::Failed(error.to_string());
        let press: Press = serde_json::from_str(&claimed.body).map_err(unreadable)?;
        let Some((known, desk)) = self.known_of(claimed).await? else {
            return self.end(claimed).await;
        };
        let event = pressed(&claimed.guid, &press, (&known.ticket, claimed.received_at));
        if let Presser::Person(person) = &press.by {
            // What somebody may change is asked for anew each time.
            self.roles.forget(&(desk.repository.id, person.login.clone()));
        }
        let questions = triage::questions(Some(&known.ticket), &event);
        let gathered = self.gather(&questions, (&desk.repository, &event), None).await;
        let findings: Findings = gathered.map_err(|error| self.unanswered(&error, claimed))?;
        let in_force = self.in_force(&desk);
        let place = (&desk, &*in_force);
        let decision = handle::decide(self.now(), (&event, findings), (Some(&known), place))?;
        let ticket = decision.ticket.as_ref();
        let change = ticket.map(|ticket| handle::change(Some(&known), ticket, place, event.at));
        self.commit(claimed, (known.ticket.id, event.key), (decision, change)).await
    }

    /// The ticket a delivery of our own is about, and its desk; none if either is not known.
    pub(super) async fn known_of(
        &self,
        claimed: &ClaimedDelivery,
    ) -> Result<Option<(KnownTicket, Desk)>, NotHandled> {
        let issue = understand::issue_of(&claimed.subject);
        let issue =
            issue.ok_or_else(|| NotHandled::Failed("an event without a ticket".to_owned()))?;
        let store = &self.parts.store;
        let known = store.find_ticket(issue).await.map_err(|error| self.not_stored(&error))?;
        let Some(known) = known else { return Ok(None) };
        let desk = store.find_desk(known.repository).await;
        let desk = desk.map_err(|error| self.not_stored(&error))?;
        Ok(desk.map(|desk| (known, desk)))
    }
}

/// The event of a pressed button. Who presses has seen what came before, so it is later than that.
fn pressed(key: &str, press: &Press, (ticket, at): (&Ticket, Timestamp)) -> Event {
    let just_after = ticket.turn_set.at.saturating_add(SignedDuration::from_micros(1));
    let actor = match &press.by {
        Presser::Person(person) => Actor::Human(person.clone()),
        Presser::Operator => Actor::Nobody,
    };
    Event {
        key: EventKey(key.to_owned()),
        at: at.max(just_after.unwrap_or(at)),
        actor,
        issue: None,
        kind: EventKind::ButtonPressed(press.clone()),
    }
}
