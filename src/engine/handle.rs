//! One delivery from claim to commit.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use jiff::Timestamp;

use super::attempt::{DECISION_ATTEMPTS_MAX, after, is_tried_enough, next_attempt_at};
use super::button::BUTTON;
use super::gather::Unanswered;
use super::understand::{self, Reader};
use super::{Engine, InForce};
use crate::github::CallError;
use crate::github::payload::{Delivery, POLICY_PATH, What};
use crate::store::{
    ClaimedDelivery, Commit, Committed, DIGEST, Desk, KnownTicket, LABELS_REFUSED, RULES_CHANGED,
    StoreError, TicketChange, WAKE,
};
use crate::trace::{self, Of, Step};
use crate::triage::{
    self, Decision, DeskProblem, Event, EventKey, EventKind, Findings, IssueId, Repository, Ticket,
    moment,
};

/// Then another worker, here or on another machine, may try; of two decisions one is kept.
const LEASE: Duration = Duration::from_secs(30);

/// Why a delivery was not handled this time.
pub(super) enum NotHandled {
    /// It must wait: for GitHub's limits, or because the ticket changed meanwhile.
    Later(String, Timestamp),
    /// GitHub or the store could not be asked: again later, for three days.
    Unanswered(String, Timestamp),
    /// The decision itself failed: again a few times, then aside.
    Failed(String),
}

impl Engine {
    /// Handles the next delivery; false if none waits.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn handle_next(&self) -> Result<bool, StoreError> {
        let Some(claimed) = self.parts.store.claim_delivery(self.now(), LEASE).await? else {
            return Ok(false);
        };
        self.inbox.notify_one();
        let step = Step::begin();
        let handled = self.handle(&claimed).await;
        let outcome = if handled.is_ok() { "done" } else { "put_off" };
        step.end("decide", Of::Delivery(&claimed.guid), outcome);
        let Err(not_handled) = handled else {
            return Ok(true);
        };
        match not_handled {
            NotHandled::Unanswered(why, _) if is_hopeless(&claimed, self.now()) => {
                let why = format!("{why}; tried {} times for three days", claimed.attempts);
                tracing::error!(delivery.id = claimed.guid, why, "a delivery was set aside");
                self.parts.store.set_delivery_aside(claimed.claim, why).await?;
            }
            NotHandled::Later(why, due_at) | NotHandled::Unanswered(why, due_at) => {
                tracing::info!(delivery.id = claimed.guid, why, "a delivery waits");
                self.parts.store.put_back_delivery(claimed.claim, due_at, why).await?;
            }
            NotHandled::Failed(why) if claimed.attempts < DECISION_ATTEMPTS_MAX => {
                let due_at = next_attempt_at(self.now(), claimed.attempts);
                self.parts.store.put_back_delivery(claimed.claim, due_at, why).await?;
            }
            NotHandled::Failed(why) => {
                tracing::error!(delivery.id = claimed.guid, why, "a delivery was set aside");
                self.parts.store.set_delivery_aside(claimed.claim, why).await?;
            }
        }
        self.alarm.notify_one();
        Ok(true)
    }

    async fn handle(&self, claimed: &ClaimedDelivery) -> Result<(), NotHandled> {
        if claimed.event == DIGEST {
            return self.make_digest(claimed).await;
        }
        if claimed.event == BUTTON {
            return self.handle_button(claimed).await;
        }
        if let Some(event) = self.own_event(claimed)? {
            return self.handle_own(claimed, event).await;
        }
        let delivery: Delivery = serde_json::from_str(&claimed.body).map_err(|error| {
            NotHandled::Failed(format!("what was kept cannot be read: {error}"))
        })?;
        let repository = delivery.repository.clone();
        match &delivery.what {
            What::Policy => self.reload_policy(claimed, repository).await,
            What::Labels => self.forget_labels(claimed, repository).await,
            What::Issue(_) | What::IssueLabel(..) | What::Comment(..) => {
                self.handle_event(claimed, &delivery, repository).await
            }
        }
    }

    async fn handle_event(
        &self,
        claimed: &ClaimedDelivery,
        delivery: &Delivery,
        repository: Repository,
    ) -> Result<(), NotHandled> {
        let identity =
            self.parts.github.get_identity().await.map_err(|error| self.later(&error, claimed))?;
        let (desk, known) = self.place(repository, claimed).await?;
        let form = self.forms.of(&desk);
        let reader = Reader { form: &form, identity: &identity };
        let understood = catch_unwind(AssertUnwindSafe(|| reader.event(delivery, &claimed.guid)));
        let event = understood.map_err(|_| NotHandled::Failed("reading it failed".to_owned()))?;
        let Some(event) = event else {
            return self.end(claimed).await;
        };
        let Some(issue) = event.issue.as_ref().map(|snapshot| snapshot.id) else {
            return self.end(claimed).await;
        };
        if known.is_none() && !self.may_concern(&event) {
            return self.end(claimed).await;
        }
        let questions = triage::questions(known.as_ref().map(|known| &known.ticket), &event);
        let about = (&desk.repository, &event);
        let gathered = self.gather(&questions, about, Some(reader)).await;
        let findings = gathered.map_err(|error| self.unanswered(&error, claimed))?;
        let in_force = self.parts.rulebook.rules().policies.of(&desk);
        let place = (&desk, &*in_force);
        let mut decision = decide(self.now(), (&event, findings.clone()), (known.as_ref(), place))?;
        if decision.was_role_too_low && findings.is_role_remembered {
            for login in findings.roles.into_keys() {
                self.roles.forget(&(desk.repository.id, login));
            }
            let gathered = self.gather(&questions, about, Some(reader)).await;
            let findings = gathered.map_err(|error| self.unanswered(&error, claimed))?;
            decision = decide(self.now(), (&event, findings), (known.as_ref(), place))?;
        }
        let change =
            decision.ticket.as_ref().map(|ticket| change(known.as_ref(), ticket, place, event.at));
        self.commit(claimed, (issue, event.key), (decision, change)).await
    }

    /// Most issues of a busy repository are none of the desk's business: those that no label and
    /// no heading makes a request end here, before GitHub is asked anything about them.
    fn may_concern(&self, event: &Event) -> bool {
        event
            .issue
            .as_ref()
            .is_some_and(|snapshot| !snapshot.labels.is_empty() || triage::is_request(snapshot))
    }

    /// What no webhook tells: a ticket's alarm, or that others like it were found.
    fn own_event(&self, claimed: &ClaimedDelivery) -> Result<Option<Event>, NotHandled> {
        let unreadable = |error: serde_json::Error| NotHandled::Failed(error.to_string());
        let kind = match claimed.event.as_str() {
            WAKE => EventKind::Woken,
            RULES_CHANGED => EventKind::RulesChanged,
            "related" => {
                EventKind::Related(serde_json::from_str(&claimed.body).map_err(unreadable)?)
            }
            LABELS_REFUSED => {
                EventKind::LabelsRefused(serde_json::from_str(&claimed.body).map_err(unreadable)?)
            }
            _ => return Ok(None),
        };
        Ok(Some(understand::own(&claimed.guid, kind, self.now())))
    }

    async fn handle_own(&self, claimed: &ClaimedDelivery, event: Event) -> Result<(), NotHandled> {
        let Some((known, desk)) = self.known_of(claimed).await? else {
            return self.end(claimed).await;
        };
        let issue = known.ticket.id;
        let in_force = self.parts.rulebook.rules().policies.of(&desk);
        let place = (&desk, &*in_force);
        let decision = decide(self.now(), (&event, Findings::default()), (Some(&known), place))?;
        let change =
            decision.ticket.as_ref().map(|ticket| change(Some(&known), ticket, place, event.at));
        self.commit(claimed, (issue, event.key), (decision, change)).await
    }

    pub(super) async fn commit(
        &self,
        claimed: &ClaimedDelivery,
        (issue, event_key): (IssueId, EventKey),
        (decision, change): (Decision, Option<TicketChange>),
    ) -> Result<(), NotHandled> {
        tracing::debug!(delivery.id = claimed.guid, ticket.id = issue.0, event = event_key.0, reasons = ?decision.reasons, "decided");
        let now = self.now();
        let moments = change.as_ref().map(|change| change.moments.as_slice()).unwrap_or_default();
        let told: Vec<&str> = moments.iter().map(|(_, moment)| moment.name()).collect();
        let (delivery, urgency) = (claimed.claim, claimed.urgency);
        let commit = Commit { delivery, urgency, event_key, issue, change, decision, now };
        let acts = !commit.decision.actions.is_empty();
        let planned = commit.decision.actions.iter().map(|planned| planned.key.as_str());
        trace::link(&claimed.guid, planned);
        match self.parts.store.commit(commit).await {
            Ok(committed) => {
                if committed == Committed::Kept {
                    told.into_iter().for_each(|kind| self.parts.metrics.count_moment(kind));
                }
                if acts {
                    self.outbox.notify_one();
                }
                self.alarm.notify_one();
                self.tell_change();
                Ok(())
            }
            Err(StoreError::Conflict) => {
                Err(NotHandled::Later("the ticket changed meanwhile".to_owned(), self.now()))
            }
            Err(error) => {
                tracing::warn!(delivery.id = claimed.guid, %error, "a decision could not be kept");
                Err(self.not_stored(&error))
            }
        }
    }

    pub(super) async fn end(&self, claimed: &ClaimedDelivery) -> Result<(), NotHandled> {
        self.parts
            .store
            .finish_delivery(claimed.claim)
            .await
            .map_err(|error| self.not_stored(&error))
    }

    /// The desk of a webhook, and the ticket it is about.
    async fn place(
        &self,
        repository: Repository,
        claimed: &ClaimedDelivery,
    ) -> Result<(Desk, Option<KnownTicket>), NotHandled> {
        let issue = understand::issue_of(&claimed.subject);
        let issue =
            issue.ok_or_else(|| NotHandled::Failed("a webhook about no issue".to_owned()))?;
        let found = self.parts.store.find_place((repository.id, issue)).await;
        let (desk, known) = found.map_err(|error| self.not_stored(&error))?;
        match desk.filter(|desk| desk.is_read_of(&repository)) {
            Some(desk) => Ok((desk, known)),
            None => Ok((self.desk(repository, claimed).await?, known)),
        }
    }

    /// The desk of a repository, with its policy and forms asked for if that was never done.
    async fn desk(
        &self,
        repository: Repository,
        claimed: &ClaimedDelivery,
    ) -> Result<Desk, NotHandled> {
        let desk = self
            .parts
            .store
            .change_desk(repository.clone(), note_known(claimed.received_at))
            .await
            .map_err(|error| self.not_stored(&error))?;
        if desk.is_read_of(&desk.repository) {
            return Ok(desk);
        }
        let read = self.read_settings(repository).await;
        read.map_err(|error| self.unanswered(&error, claimed))
    }

    async fn reload_policy(
        &self,
        claimed: &ClaimedDelivery,
        repository: Repository,
    ) -> Result<(), NotHandled> {
        let read = self.read_settings(repository).await;
        let desk = read.map_err(|error| self.unanswered(&error, claimed))?;
        let revision = self.parts.rulebook.rules().policies.of(&desk).revision.clone();
        let told =
            self.parts.store.tell_stale_tickets(desk.repository.id, revision, self.now()).await;
        told.map_err(|error| self.not_stored(&error))?;
        self.end(claimed).await
    }

    /// Reads the repository's own policy and issue forms. A broken policy is kept out, with its
    /// problem.
    pub(super) async fn read_settings(&self, repository: Repository) -> Result<Desk, Unanswered> {
        let read = match self.parts.github.find_file(&repository, POLICY_PATH).await {
            Err(CallError::Refused { message, .. }) => Err(not_readable(&message)),
            other => Ok(other?),
        };
        let (text, problem) = match read {
            Ok(text) => {
                let rules = self.parts.rulebook.rules();
                let merged = rules.policies.merge(text.as_deref().unwrap_or_default());
                let problems = match merged {
                    Ok(in_force) => rules.guidance.missing_for(&in_force.policy),
                    Err(problems) => problems.iter().map(ToString::to_string).collect(),
                };
                let problem = DeskProblem::Policy(problems.join("\n"));
                (text, Some(problem).filter(|_| !problems.is_empty()))
            }
            Err(problem) => (None, Some(problem)),
        };
        if let Some(problem) = &problem {
            let why = problem.words();
            tracing::warn!(repository = repository.full_name(), why, "the last good policy stays");
        }
        let forms = self.read_forms(&repository).await?;
        let changed = self.parts.store.change_desk(repository, move |desk| {
            desk.is_policy_known = true;
            desk.forms = Some(forms);
            if problem.is_none() {
                desk.policy_text = text;
            }
            desk.is_problem_told &= desk.problem == problem;
            desk.problem = problem;
        });
        let desk = changed.await?;
        self.schedule_digest(&desk).await?;
        Ok(desk)
    }

    async fn forget_labels(
        &self,
        claimed: &ClaimedDelivery,
        repository: Repository,
    ) -> Result<(), NotHandled> {
        let changed = self.parts.store.change_desk(repository, |desk| desk.labels = None).await;
        changed.map_err(|error| self.not_stored(&error))?;
        self.end(claimed).await
    }

    fn later(&self, error: &CallError, claimed: &ClaimedDelivery) -> NotHandled {
        match error {
            CallError::Limited { after: pause } => {
                NotHandled::Later(error.to_string(), after(self.now(), *pause))
            }
            CallError::Refused { .. } | CallError::Unreachable(_) | CallError::Unclear(_) => {
                let due_at = next_attempt_at(self.now(), claimed.attempts);
                NotHandled::Unanswered(error.to_string(), due_at)
            }
        }
    }

    pub(super) fn unanswered(
        &self,
        unanswered: &Unanswered,
        claimed: &ClaimedDelivery,
    ) -> NotHandled {
        match unanswered {
            Unanswered::Call(error) => self.later(error, claimed),
            Unanswered::Store(error) => self.not_stored(error),
        }
    }

    pub(super) fn not_stored(&self, error: &StoreError) -> NotHandled {
        NotHandled::Unanswered(error.to_string(), after(self.now(), Duration::from_secs(1)))
    }
}

/// Whether trying on makes no sense: nothing is tried for ever.
fn is_hopeless(claimed: &ClaimedDelivery, now: Timestamp) -> bool {
    is_tried_enough((claimed.received_at, claimed.attempts), now)
}

/// Notes when a desk was first heard of.
pub(super) fn note_known(since: Timestamp) -> impl FnOnce(&mut Desk) + Send + 'static {
    move |desk| {
        if !desk.is_policy_known {
            desk.known_since.get_or_insert(since);
        }
    }
}

fn not_readable(message: &str) -> DeskProblem {
    DeskProblem::MayNotRead(format!(
        "I may not read files of this repository, so neither `{POLICY_PATH}` nor its issue forms \
         are known to me (GitHub: {message}). I need the permission `contents: read`."
    ))
}

/// A desk and the policy in force at it, taken once for a decision and its commit.
pub(super) type Place<'a> = (&'a Desk, &'a InForce);

pub(super) fn decide(
    now: Timestamp,
    (event, mut findings): (&Event, Findings),
    (known, (desk, in_force)): (Option<&KnownTicket>, Place<'_>),
) -> Result<Decision, NotHandled> {
    if !desk.is_problem_told {
        findings.desk_problem.clone_from(&desk.problem);
    }
    findings.rota_turn = desk.rota_turn;
    let ticket = known.map(|known| &known.ticket);
    let decided = catch_unwind(AssertUnwindSafe(|| {
        triage::decide(ticket, event, &findings, (&in_force.policy, now))
    }));
    decided.map_err(|_| NotHandled::Failed("the decision failed".to_owned()))
}

pub(super) fn change(
    known: Option<&KnownTicket>,
    ticket: &Ticket,
    (desk, in_force): Place<'_>,
    at: Timestamp,
) -> TicketChange {
    TicketChange {
        from: known.map(|known| known.row.clone()),
        repository: desk.repository.clone(),
        policy: in_force.revision.clone(),
        is_observing: ticket.is_only_observed,
        moments: moment::timed(known.map(|known| &known.ticket), ticket, at),
    }
}
