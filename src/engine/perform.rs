//! Performs one action on GitHub. Safe to repeat: what an earlier attempt did is looked for
//! first wherever a second one would show.

use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

use futures_util::FutureExt;

use super::Engine;
use super::attempt::{after, is_tried_enough, next_attempt_at};
use crate::github::app::LOOK_AFTER;
use crate::github::{CallError, IssueAt, deadline, marker};
use crate::policy::LabelLooks;
use crate::store::{
    Attempt, ClaimedAction, Cost, Desk, NO_ISSUE, Outcome, Scope, StoreError, Wait,
};
use crate::trace::{Of, Step};
use crate::triage::{Action, DeskProblem, LabelState, Text, Ticket, card_key};

/// Then another worker, here or on another machine, may look how far this one came. It begins anew
/// with each request, and is longer than one may take.
const LEASE: Duration = Duration::from_secs(30);

/// An action that makes our own code fail is tried so often and once more.
const FAILURES_MAX: i64 = 4;

/// Why an action was not done this time.
pub(super) enum NotDone {
    /// GitHub said so.
    Call(CallError),
    /// The store could not be asked: nothing more may be sent.
    Store(StoreError),
    /// The budget has no room before then.
    NoBudget(Wait),
    /// It must be tried again.
    Again(String),
    /// It never can be.
    Never(String),
    /// Our own code failed.
    Failed,
}

impl From<CallError> for NotDone {
    fn from(error: CallError) -> Self {
        Self::Call(error)
    }
}

impl From<StoreError> for NotDone {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// An action with everything it is done with.
pub(super) struct Task<'a> {
    /// What was claimed.
    pub claimed: &'a ClaimedAction,
    /// The ticket as it is now.
    pub ticket: &'a Ticket,
    /// Its desk.
    pub desk: &'a Desk,
}

impl Task<'_> {
    /// Where the issue is.
    pub(super) fn at(&self) -> IssueAt<'_> {
        IssueAt { repository: &self.desk.repository, number: self.ticket.number }
    }
}

impl Engine {
    /// Performs the next action that is due, and those of its issue that follow it; false if none is.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn perform_next(&self) -> Result<bool, StoreError> {
        let mut next = self.parts.store.claim_action(self.now(), LEASE).await?;
        let is_any = next.is_some();
        while let Some(claimed) = next {
            self.outbox.notify_one();
            next = self.perform_claimed(&claimed).await?;
            self.tell_change();
        }
        if is_any {
            self.outbox.notify_one();
        }
        Ok(is_any)
    }

    /// Performs what was claimed, and says what of the same issue was claimed with its end.
    async fn perform_claimed(
        &self,
        claimed: &ClaimedAction,
    ) -> Result<Option<ClaimedAction>, StoreError> {
        let step = Step::begin();
        let performed =
            AssertUnwindSafe(deadline::kept(self.perform(claimed))).catch_unwind().await;
        let outcome = if matches!(performed, Ok(Ok(_))) { "done" } else { "not_done" };
        step.end(claimed.action.kind(), Of::Action(&claimed.key), outcome);
        match performed.unwrap_or(Err(NotDone::Failed)) {
            Ok(outcome) => {
                self.parts.metrics.count_action(claimed.action.kind(), "done");
                self.parts.store.finish_action(claimed, outcome, self.now()).await
            }
            Err(not_done) => self.put_off(claimed, not_done).await.map(|()| None),
        }
    }

    async fn put_off(&self, claimed: &ClaimedAction, not_done: NotDone) -> Result<(), StoreError> {
        let now = self.now();
        let store = &self.parts.store;
        let kind = claimed.action.kind();
        let retry_at = next_attempt_at(now, claimed.attempts);
        let not_done = if is_hopeless(claimed, &not_done, now) {
            let attempts = claimed.attempts + 1;
            NotDone::Never(format!("{}; tried {attempts} times", why_never(&not_done)))
        } else {
            not_done
        };
        let (due_at, attempt, why) = match not_done {
            NotDone::Store(StoreError::Conflict) => (
                now,
                Attempt::None,
                "its ticket changed at this moment, its claim was over, or GitHub asks to wait"
                    .to_owned(),
            ),
            NotDone::Store(error) => return Err(error),
            NotDone::Call(CallError::Refused { .. }) | NotDone::Never(_) => {
                let why = why_never(&not_done);
                if is_lack_of_permission(&not_done) {
                    self.note_lack_of_permission(claimed, &why).await?;
                }
                tracing::warn!(ticket.id = claimed.issue.0, kind, why, "an action was given up");
                self.parts.metrics.count_action(kind, "given_up");
                return store.give_up_action(claimed, why, now).await;
            }
            NotDone::NoBudget(wait) => {
                store.pause(claimed.installation, wait).await?;
                // Labelling may have to create a label first; it is not held back by the pause.
                let is_held = wait.scope != Scope::Content || claimed.action.creates_content();
                let due_at = if is_held { now } else { wait.until };
                (due_at, Attempt::None, "waits for GitHub's limit on writing".to_owned())
            }
            NotDone::Call(error @ CallError::Limited { after: pause }) => {
                let wait = Wait { scope: Scope::All, until: after(now, pause) };
                store.pause(claimed.installation, wait).await?;
                (wait.until, Attempt::None, error.to_string())
            }
            NotDone::Call(error @ CallError::Unreachable(_)) => {
                (retry_at, Attempt::Failed, error.to_string())
            }
            NotDone::Again(why) => (retry_at, Attempt::Failed, why),
            // Who knows how far it came.
            NotDone::Failed => (retry_at, Attempt::Unclear, why_never(&NotDone::Failed)),
            // The store knows when the attempt began, and lets nobody look before that is over.
            NotDone::Call(error @ CallError::Unclear(_)) => {
                (retry_at, Attempt::Unclear, error.to_string())
            }
        };
        tracing::info!(ticket.id = claimed.issue.0, kind, why, "an action waits");
        self.parts.metrics.count_action(kind, "put_off");
        store.put_back_action(claimed, (now, due_at), (attempt, why)).await?;
        self.alarm.notify_one();
        Ok(())
    }

    /// Said once for the repository, not for each action: where nothing can be written, the log
    /// and `explain` are the places to look.
    async fn note_lack_of_permission(
        &self,
        claimed: &ClaimedAction,
        why: &str,
    ) -> Result<(), StoreError> {
        let Some(desk) = &claimed.desk else {
            return Ok(());
        };
        let problem = DeskProblem::MayNotWrite(why.to_owned());
        if desk.problem.as_ref() == Some(&problem) {
            return Ok(());
        }
        tracing::error!(
            repository = desk.repository.full_name(),
            why,
            "the App lacks a permission"
        );
        let change = move |desk: &mut Desk| {
            desk.is_problem_told = false;
            desk.problem = Some(problem);
        };
        self.parts.store.change_desk(desk.repository.clone(), change).await?;
        Ok(())
    }

    async fn perform(&self, claimed: &ClaimedAction) -> Result<Outcome, NotDone> {
        if let (NO_ISSUE, Action::Notify(message)) = (claimed.issue, &claimed.action) {
            self.parts.notifier.send(message, &claimed.key).await?;
            return Ok("told".into());
        }
        let (Some(ticket), Some(desk)) = (&claimed.ticket, &claimed.desk) else {
            return Err(NotDone::Never("the ticket is not known any more".to_owned()));
        };
        if ticket.is_gone {
            return Ok("not needed: the issue left".into());
        }
        let outcome = self.do_it(&Task { claimed, ticket, desk }).await?;
        if matches!(desk.problem, Some(DeskProblem::MayNotWrite(_))) {
            // It may again.
            let repository = desk.repository.clone();
            self.parts.store.change_desk(repository, |desk| desk.problem = None).await?;
        }
        Ok(outcome)
    }

    async fn do_it(&self, task: &Task<'_>) -> Result<Outcome, NotDone> {
        let github = &self.parts.github;
        match &task.claimed.action {
            Action::AddLabels(labels) => self.add_labels(task, labels).await,
            Action::RemoveLabel(label) => self.remove_label(task, label).await,
            Action::PutCard(text) => self.put_card(task, text).await,
            Action::Comment(text) => self.post(task, (text, &task.claimed.key)).await,
            Action::Assign(login) => {
                self.begin(task, Cost::Write).await?;
                if github.put_assignee(task.at(), login).await? {
                    return Ok("assigned".into());
                }
                Err(NotDone::Never(format!("GitHub does not let @{login} be assigned here")))
            }
            Action::Unassign(login) => {
                self.begin(task, Cost::Write).await?;
                github.put_unassigned(task.at(), login).await?;
                Ok("unassigned".into())
            }
            Action::BlankIssue => self.blank_issue(task).await,
            Action::BlankComment(comment) => self.blank_comment(task, *comment).await,
            Action::HideComment(node_id) => self.set_hidden(task, (node_id, true)).await,
            Action::UnhideComment(node_id) => self.set_hidden(task, (node_id, false)).await,
            Action::Close(close_as) => self.set_state(task, Some(*close_as)).await,
            Action::Reopen => self.set_state(task, None).await,
            Action::React(comment, reaction) => {
                self.begin(task, Cost::Write).await?;
                github.put_reaction(&task.desk.repository, *comment, *reaction).await?;
                Ok("reacted".into())
            }
            Action::Notify(message) => {
                self.parts.notifier.send(message, &task.claimed.key).await?;
                Ok("told".into())
            }
        }
    }

    async fn set_hidden(
        &self,
        task: &Task<'_>,
        (node_id, is_hidden): (&str, bool),
    ) -> Result<Outcome, NotDone> {
        self.begin(task, Cost::Write).await?;
        let repository = &task.desk.repository;
        match self.parts.github.put_comment_hidden(repository, node_id, is_hidden).await {
            Err(CallError::Refused { status: 404, .. }) => {
                Ok("not needed: the comment is gone".into())
            }
            Err(error) => Err(error.into()),
            Ok(()) => Ok(if is_hidden { "hidden" } else { "shown again" }.into()),
        }
    }

    /// Puts on the labels that are still wanted: a person may have taken one off meanwhile.
    async fn add_labels(&self, task: &Task<'_>, labels: &[String]) -> Result<Outcome, NotDone> {
        let is_wanted = |label: &&String| {
            let state = task.ticket.labels.get(&label.to_lowercase());
            matches!(state, Some(LabelState::Adding | LabelState::PuttingBack))
        };
        let wanted: Vec<String> = labels.iter().filter(is_wanted).cloned().collect();
        if wanted.is_empty() {
            return Ok("not needed any more".into());
        }
        self.make_labels(task, &wanted).await?;
        self.begin(task, Cost::Write).await?;
        self.parts.github.put_issue_labels(task.at(), &wanted).await?;
        Ok("labelled".into())
    }

    /// Creates the labels that the repository lacks, in the colours of the policy: GitHub would
    /// create them grey and without a word.
    async fn make_labels(&self, task: &Task<'_>, wanted: &[String]) -> Result<(), NotDone> {
        let repository = &task.desk.repository;
        let mut there = match &task.desk.labels {
            Some(labels) => labels.clone(),
            None => {
                let names = self.parts.github.get_labels(repository).await?;
                let there: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
                self.remember_labels(task, &there).await?;
                there
            }
        };
        let policy = self.parts.rulebook.rules().policies.of(task.desk);
        for name in wanted {
            if there.contains(&name.to_lowercase()) {
                continue;
            }
            self.begin(task, Cost::Content).await?;
            let looks = policy.policy.labels.looks.get(name).cloned().unwrap_or_else(plain_looks);
            self.parts.github.put_label(repository, name, &looks).await?;
            there.push(name.to_lowercase());
            // At once: where the next must wait for its limit, this one is not created again.
            self.remember_labels(task, &there).await?;
        }
        Ok(())
    }

    async fn remember_labels(&self, task: &Task<'_>, there: &[String]) -> Result<(), StoreError> {
        let there = there.to_vec();
        let change = move |desk: &mut Desk| desk.labels = Some(there);
        self.parts.store.change_desk(task.desk.repository.clone(), change).await?;
        Ok(())
    }

    async fn remove_label(&self, task: &Task<'_>, label: &str) -> Result<Outcome, NotDone> {
        if task.ticket.labels.get(&label.to_lowercase()) != Some(&LabelState::Removing) {
            return Ok("not needed any more".into());
        }
        self.begin(task, Cost::Write).await?;
        self.parts.github.put_issue_unlabelled(task.at(), label).await?;
        Ok("unlabelled".into())
    }

    async fn set_state(
        &self,
        task: &Task<'_>,
        close_as: Option<crate::policy::CloseAs>,
    ) -> Result<Outcome, NotDone> {
        let is_closing = close_as.is_some();
        if task.ticket.awaited_state != Some(!is_closing) {
            return Ok("not needed any more".into());
        }
        self.begin(task, Cost::Content).await?;
        self.parts.github.put_issue_state(task.at(), close_as).await?;
        Ok(if is_closing { "closed" } else { "opened again" }.into())
    }

    /// Changes the card that is there, or posts it. One that a person deleted stays away.
    async fn put_card(&self, task: &Task<'_>, text: &Text) -> Result<Outcome, NotDone> {
        let key = card_key(task.ticket.id);
        let Some(comment) = task.claimed.own_comment else {
            return self.post(task, (text, &key)).await;
        };
        let body = self.body(task, (text, &key))?;
        self.begin(task, Cost::Content).await?;
        let is_there = self.parts.github.put_comment(&task.desk.repository, comment, &body).await?;
        Ok(if is_there { "changed" } else { "not needed: a person deleted the card" }.into())
    }

    /// Posts a comment, unless an earlier attempt did.
    async fn post(&self, task: &Task<'_>, (text, key): (&Text, &str)) -> Result<Outcome, NotDone> {
        if task.claimed.own_comment.is_some() {
            return Ok("was there already".into());
        }
        if task.claimed.must_look {
            let found = self
                .parts
                .github
                .find_comment(task.at(), &marker(key), task.claimed.planned_at)
                .await?;
            if let Some(comment) = found {
                let made = Some((key.to_owned(), comment));
                return Ok(Outcome { words: "was there already".to_owned(), made });
            }
        }
        let body = self.body(task, (text, key))?;
        self.begin(task, Cost::Content).await?;
        let comment = self.parts.github.create_comment(task.at(), &body).await?;
        Ok(Outcome { words: "posted".to_owned(), made: Some((key.to_owned(), comment)) })
    }

    fn body(&self, task: &Task<'_>, (text, key): (&Text, &str)) -> Result<String, NotDone> {
        let text = self.addressed(text, (task.desk, task.ticket));
        let rendered = self
            .parts
            .rulebook
            .rules()
            .guidance
            .render(&text)
            .map_err(|error| NotDone::Never(error.to_string()))?;
        Ok(format!("{rendered}\n\n{}", marker(key)))
    }

    /// The text with the addresses of the ticket's public pages, if there are any.
    pub(super) fn addressed(&self, text: &Text, (desk, ticket): (&Desk, &Ticket)) -> Text {
        let mut text = text.clone();
        if let Some(public_url) = self.public_pages(desk) {
            let place = format!("{}/{}", desk.repository.full_name(), ticket.number);
            text.facts.badge = format!("{public_url}/badge/{place}.svg");
            text.facts.status = format!("{public_url}/status/{place}");
        }
        text
    }

    /// Where this repository's tickets may be seen by everybody; nowhere if it is private.
    fn public_pages(&self, desk: &Desk) -> Option<&str> {
        self.parts.public_url.as_deref().filter(|_| !desk.repository.is_private)
    }

    /// Comes before every write: takes it out of the budget, and notes on disk that an attempt
    /// begins whose end may stay unknown.
    pub(super) async fn begin(&self, task: &Task<'_>, cost: Cost) -> Result<(), NotDone> {
        let when = (self.now(), LOOK_AFTER, self.parts.limits);
        let asked = Instant::now();
        let begun = self.parts.store.begin_attempt(task.claimed, cost, when).await?;
        deadline::given_at(asked);
        begun.map_err(NotDone::NoBudget)
    }
}

/// Whether trying on makes no sense: nothing is tried for ever.
fn is_hopeless(claimed: &ClaimedAction, not_done: &NotDone, now: jiff::Timestamp) -> bool {
    let is_tried = match not_done {
        NotDone::Call(error) => matches!(error, CallError::Unreachable(_) | CallError::Unclear(_)),
        NotDone::Again(_) => true,
        NotDone::Failed => return claimed.attempts >= FAILURES_MAX,
        NotDone::Store(_) | NotDone::NoBudget(_) | NotDone::Never(_) => false,
    };
    is_tried && is_tried_enough((claimed.planned_at, claimed.attempts), now)
}

fn plain_looks() -> LabelLooks {
    LabelLooks { color: "ededed".to_owned(), description: String::new() }
}

fn is_lack_of_permission(not_done: &NotDone) -> bool {
    match not_done {
        NotDone::Call(CallError::Refused { status: 403, message }) => {
            message.contains("not accessible by integration")
        }
        _ => false,
    }
}

/// A permanent refusal in words, with the cure where there is one.
fn why_never(not_done: &NotDone) -> String {
    match not_done {
        NotDone::Call(CallError::Refused { status: 403, message }) => {
            format!("GitHub refused it ({message}); the App needs the permission `issues: write`, or the issue is locked")
        }
        NotDone::Call(CallError::Refused { status: 404 | 410, .. }) => {
            "GitHub does not find the issue; it was deleted or moved, or the App is not installed there".to_owned()
        }
        NotDone::Call(error) => error.to_string(),
        NotDone::Never(why) | NotDone::Again(why) => why.clone(),
        NotDone::Store(error) => error.to_string(),
        NotDone::NoBudget(_) => "GitHub's limits".to_owned(),
        NotDone::Failed => "a mistake in keydesk itself; its log has the place".to_owned(),
    }
}
