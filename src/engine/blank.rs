//! Takes secrets out of public text. What is blanked is what stands there now, read just before
//! writing, and looked at again until it is clean: the author may be editing.

use super::Engine;
use super::perform::{NotDone, Task};
use crate::reading::secrets::blank_secrets;
use crate::store::{Cost, Outcome};
use crate::triage::CommentId;

/// Somebody who edits that often at once is left to the next attempt.
const ROUNDS_MAX: usize = 3;

impl Engine {
    pub(super) async fn blank_issue(&self, task: &Task<'_>) -> Result<Outcome, NotDone> {
        let mut outcome = "clean already";
        for _ in 0..ROUNDS_MAX {
            let Some(issue) = self.parts.github.find_issue(task.at()).await? else {
                return Ok("not needed: the issue is gone".into());
            };
            let (title, body) = (blank_secrets(&issue.title), blank_secrets(&issue.body));
            let title = (title != issue.title).then_some(title);
            let body = (body != issue.body).then_some(body);
            if title.is_none() && body.is_none() {
                return Ok(outcome.into());
            }
            self.begin(task, Cost::Content).await?;
            let github = &self.parts.github;
            github.put_issue_text(task.at(), title.as_deref(), body.as_deref()).await?;
            outcome = "blanked";
        }
        Err(NotDone::Again("the author keeps writing it".to_owned()))
    }

    pub(super) async fn blank_comment(
        &self,
        task: &Task<'_>,
        comment: CommentId,
    ) -> Result<Outcome, NotDone> {
        let repository = &task.desk.repository;
        let mut outcome = "clean already";
        for _ in 0..ROUNDS_MAX {
            let found = self.parts.github.find_comment_by_id(repository, comment).await?;
            let Some(found) = found else {
                return Ok("not needed: the comment is gone".into());
            };
            let body = blank_secrets(&found.body);
            if body == found.body {
                return Ok(outcome.into());
            }
            self.begin(task, Cost::Content).await?;
            self.parts.github.put_comment(repository, comment, &body).await?;
            outcome = "blanked";
        }
        Err(NotDone::Again("the author keeps writing it".to_owned()))
    }
}
