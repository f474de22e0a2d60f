//! Answers the questions of a decision. The only place that fetches for one.

use super::Engine;
use super::understand::Reader;
use crate::github::{CallError, IssueAt};
use crate::policy::Role;
use crate::triage::{Event, Findings, Question, Repository};

impl Engine {
    pub(super) async fn gather(
        &self,
        questions: Vec<Question>,
        (repository, event): (&Repository, &Event),
        reader: Reader<'_>,
    ) -> Result<Findings, CallError> {
        let mut findings = Findings::default();
        for question in questions {
            match question {
                Question::Role(login) => {
                    let role = match self.parts.github.get_role(repository, &login).await {
                        Err(CallError::Refused { status, message }) => {
                            tracing::warn!(
                                status,
                                message,
                                "a role could not be read; the speaker counts as an outsider"
                            );
                            Role::None
                        }
                        other => other?,
                    };
                    findings.roles.insert(login, role);
                }
                Question::Issue => {
                    let Some(snapshot) = &event.issue else {
                        continue;
                    };
                    let at = IssueAt { repository, number: snapshot.number };
                    let found = match self.parts.github.find_issue(at).await {
                        Err(CallError::Refused { .. }) => None,
                        other => other?,
                    };
                    let same = found.filter(|record| record.id == snapshot.id);
                    findings.issue = same.map(|record| reader.snapshot(&record));
                }
            }
        }
        Ok(findings)
    }
}
