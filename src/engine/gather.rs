//! Answers the questions of a decision. The only place that fetches for one.

use jiff::SignedDuration;

use super::Engine;
use super::roles;
use super::understand::Reader;
use crate::github::payload::IssueRecord;
use crate::github::{CallError, IssueAt};
use crate::policy::Role;
use crate::store::StoreError;
use crate::triage::{
    BranchAt, BranchFacts, Event, Findings, Login, Question, Repository, Snapshot, card_key,
};

/// Why a question could not be answered.
pub(super) enum Unanswered {
    /// GitHub did not say.
    Call(CallError),
    /// The store did not say.
    Store(StoreError),
}

impl From<CallError> for Unanswered {
    fn from(error: CallError) -> Self {
        Self::Call(error)
    }
}

impl From<StoreError> for Unanswered {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Engine {
    pub(super) async fn gather(
        &self,
        questions: &[Question],
        (repository, event): (&Repository, &Event),
        reader: Option<Reader<'_>>,
    ) -> Result<Findings, Unanswered> {
        let mut findings = Findings::default();
        let snapshot = event.issue.as_ref();
        let store = &self.parts.store;
        for question in questions {
            match question {
                Question::Role(login) => {
                    self.find_role(repository, login, &mut findings).await?;
                }
                Question::Issue => {
                    if let (Some(snapshot), Some(reader)) = (snapshot, reader) {
                        findings.issue = self.find_issue_anew(repository, snapshot, reader).await?;
                    }
                }
                Question::Related(kinship) => {
                    if let Some(snapshot) = snapshot {
                        let own = (repository.id, snapshot.id);
                        let found = store.find_related_and_waits(own, kinship.clone()).await?;
                        (findings.related, findings.waiting) = found;
                    }
                }
                // Of a new request both were asked at once.
                Question::WaitingTimes if asks_for_kin(questions) => {}
                Question::WaitingTimes => {
                    findings.waiting = store.waiting_times(repository.id).await?;
                }
                Question::Branch(branch) => {
                    findings.branch = self.find_branch(repository, branch).await?;
                }
                Question::IsThere(number) => {
                    let at = IssueAt { repository, number: *number };
                    if self.find_issue(at).await?.is_some() {
                        findings.there.insert(*number);
                    }
                }
                Question::IsCard(comment) => {
                    if let Some(snapshot) = snapshot {
                        let key = card_key(snapshot.id);
                        findings.is_card = store.is_own_comment(*comment, key).await?;
                    }
                }
            }
        }
        Ok(findings)
    }

    async fn find_role(
        &self,
        repository: &Repository,
        login: &Login,
        findings: &mut Findings,
    ) -> Result<(), CallError> {
        let who = (repository.id, login.clone());
        let role = match self.roles.find(&who, (self.now(), roles::LIFE)) {
            Some(role) => {
                findings.is_role_remembered = true;
                role
            }
            None => self.ask_role(repository, login).await?,
        };
        findings.roles.insert(login.clone(), role);
        Ok(())
    }

    /// The role of somebody, asked for within `life` at the longest.
    ///
    /// # Errors
    /// Where GitHub does not say.
    pub async fn role_within(
        &self,
        (repository, login): (&Repository, &Login),
        life: SignedDuration,
    ) -> Result<Role, CallError> {
        let who = (repository.id, login.clone());
        match self.roles.find(&who, (self.now(), life)) {
            Some(role) => Ok(role),
            None => self.ask_role(repository, login).await,
        }
    }

    async fn ask_role(&self, repository: &Repository, login: &Login) -> Result<Role, CallError> {
        let role = match self.parts.github.get_role(repository, login).await {
            Err(CallError::Refused { status, message }) => {
                let why = "a role could not be read; the speaker counts as an outsider";
                tracing::warn!(status, message, why);
                Role::None
            }
            other => other?,
        };
        self.roles.remember((repository.id, login.clone()), role, self.now());
        Ok(role)
    }

    async fn find_issue_anew(
        &self,
        repository: &Repository,
        snapshot: &Snapshot,
        reader: Reader<'_>,
    ) -> Result<Option<Snapshot>, CallError> {
        let found = self.find_issue(IssueAt { repository, number: snapshot.number }).await?;
        let same = found.filter(|record| record.id == snapshot.id);
        Ok(same.map(|record| reader.snapshot(&record)))
    }

    /// An issue that may not be seen is as good as none.
    pub(super) async fn find_issue(
        &self,
        at: IssueAt<'_>,
    ) -> Result<Option<IssueRecord>, CallError> {
        match self.parts.github.find_issue(at).await {
            Err(CallError::Refused { .. }) => Ok(None),
            other => other,
        }
    }

    /// A branch that cannot be seen is no reason to leave its comment unheard.
    pub(super) async fn find_branch(
        &self,
        repository: &Repository,
        branch: &BranchAt,
    ) -> Result<Option<BranchFacts>, CallError> {
        match self.parts.github.find_branch(repository, branch).await {
            Err(CallError::Refused { .. }) => Ok(None),
            other => other,
        }
    }
}

fn asks_for_kin(questions: &[Question]) -> bool {
    questions.iter().any(|question| matches!(question, Question::Related(_)))
}
