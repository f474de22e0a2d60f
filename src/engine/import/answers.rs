//! Answers the questions of a decision about the past.

use super::{Import, ImportError, patience};
use crate::github::{CallError, IssueAt};
use crate::policy::Role;
use crate::triage::{self, Decision, Event, Findings, Login, Question};

impl Import<'_> {
    /// Answers as [`gather`](crate::engine::Engine) does, of what is still of interest: how the
    /// issue looks now, and how long others wait, says nothing about the past; a branch of a
    /// request that is over is not looked for.
    pub(super) async fn answer(
        &mut self,
        questions: &[Question],
        (event, is_asked): (&Event, bool),
    ) -> Result<Findings, ImportError> {
        let mut findings = Findings::default();
        let Some(snapshot) = &event.issue else { return Ok(findings) };
        let engine = self.engine;
        for question in questions {
            match question {
                Question::Role(login) => {
                    findings.roles.insert(login.clone(), self.role(login).await?);
                }
                Question::Related(kinship) => {
                    let own = (self.repository.id, snapshot.id);
                    findings.related =
                        engine.parts.store.find_related(own, kinship.clone()).await?;
                }
                Question::Branch(branch) if is_asked => {
                    let ask = async || engine.find_branch(&self.repository, branch).await;
                    findings.branch = patience::patiently(&self.tell, ask).await?;
                }
                Question::IsThere(number) => {
                    let at = IssueAt { repository: &self.repository, number: *number };
                    let ask = async || engine.find_issue(at).await;
                    if patience::patiently(&self.tell, ask).await?.is_some() {
                        findings.there.insert(*number);
                    }
                }
                Question::IsCard(comment) => {
                    let key = triage::card_key(snapshot.id);
                    findings.is_card = engine.parts.store.is_own_comment(*comment, key).await?;
                }
                Question::Issue | Question::WaitingTimes | Question::Branch(_) => {}
            }
        }
        Ok(findings)
    }

    /// What somebody may do in the repository today; asked once.
    async fn role(&mut self, login: &Login) -> Result<Role, ImportError> {
        if let Some(role) = self.roles.get(login) {
            return Ok(*role);
        }
        let github = &self.engine.parts.github;
        let ask = async || github.get_role(&self.repository, login).await;
        let role = match patience::patiently(&self.tell, ask).await {
            Err(CallError::Refused { status, message }) => {
                let why = "a role could not be read; the speaker counts as an outsider";
                tracing::warn!(status, message, why);
                Role::None
            }
            other => other?,
        };
        self.roles.insert(login.clone(), role);
        Ok(role)
    }
}

/// A branch that was not looked for is neither there nor not there.
pub(super) fn forget_branch(decision: &mut Decision, event: &Event) {
    let comment = event.comment().map(|comment| comment.id);
    if let Some(ticket) = &mut decision.ticket {
        ticket.branches.retain(|check| Some(check.comment) != comment);
    }
    decision.reasons.retain(|reason| !reason.starts_with("The linked branch"));
}
