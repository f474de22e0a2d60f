//! A branch that a requester links as proof: checked by the public API and told to staff as a
//! fact. Its name is the token of a recovery, so it is neither kept nor repeated.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::branch::{BranchAt, BranchFacts};
use super::draft::Draft;
use super::ids::CommentId;
use crate::reading::CommentReading;

/// A link that was checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BranchCheck {
    /// The comment with the link.
    pub comment: CommentId,
    /// When it was looked up.
    pub checked_at: Timestamp,
    /// What was found; none if the public sees no such branch.
    pub found: Option<BranchFacts>,
}

/// The branch on GitHub that a comment links.
pub(super) fn branch_in(said: &CommentReading) -> Option<BranchAt> {
    let url = said.branch_url.as_ref()?;
    let path = url.strip_prefix("https://github.com/")?;
    let mut parts = path.splitn(4, '/');
    let (owner, name, tree, branch) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let [owner, name, branch] = [owner, name, branch].map(str::to_owned);
    let at = BranchAt { owner, name, branch };
    (tree == "tree" && at.is_possible()).then_some(at)
}

/// Notes what was found, for staff: a fact and no proof.
pub(super) fn note(draft: &mut Draft, comment: CommentId, found: Option<&BranchFacts>) {
    let words = match found {
        None => "The linked branch is not there for the public to see.".to_owned(),
        Some(facts) => in_words(facts),
    };
    draft.because(words);
    let checked_at = draft.case.now;
    draft.ticket.branches.push(BranchCheck { comment, checked_at, found: found.cloned() });
}

fn in_words(facts: &BranchFacts) -> String {
    let fork = if facts.is_fork { ", a fork," } else { "" };
    let created = facts.repository_created_at.strftime("%Y-%m-%d");
    let committed = match (&facts.author, facts.committed_at) {
        (Some(author), Some(at)) => {
            format!(" Its newest commit is of {}, by {author}.", at.strftime("%Y-%m-%d"))
        }
        (None, Some(at)) => format!(" Its newest commit is of {}.", at.strftime("%Y-%m-%d")),
        (_, None) => String::new(),
    };
    format!(
        "The linked branch is there, in {}{fork} of {}, made on {created}.{committed}",
        facts.repository, facts.owner
    )
}
