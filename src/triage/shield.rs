//! Keeps the public page safe: secrets are blanked at once, and lures of strangers are hidden.
//!
//! A decision only orders it; what is blanked is what stands there when it is done, since the
//! author may be editing.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::action::Action;
use super::draft::Draft;
use super::event::{Actor, Comment, EventKind, Snapshot};
use super::ids::{CommentId, UserId};
use crate::reading::{CommentReading, Reading, Sensitive};

/// What was posted on a ticket that should not be public, and what was hidden.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Shield {
    /// Secrets that stood in title or body, by kind; they stay exposed though they are blanked.
    pub in_text: BTreeSet<Sensitive>,
    /// What stood in comments, by kind.
    pub in_comments: BTreeMap<CommentId, BTreeSet<Sensitive>>,
    /// Whether the blanking of title and body is on its way.
    pub is_blanking: bool,
    /// Comments the desk hid.
    pub hidden: BTreeMap<CommentId, HiddenComment>,
    /// People whose comment staff made visible again: they are not hidden any more.
    pub trusted: BTreeSet<UserId>,
}

/// A comment the desk hid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HiddenComment {
    /// Who wrote it.
    pub author: UserId,
    /// GraphQL's name of it.
    pub node_id: String,
}

impl Shield {
    /// What of title and body was public once, or is.
    pub(super) fn exposed_in_text(&self, reading: &Reading) -> Vec<Sensitive> {
        let there = reading.sensitive.iter().copied();
        there.chain(self.in_text.iter().copied()).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// Whether something was public that opens an account.
    pub(super) fn has_secret(&self, reading: &Reading) -> bool {
        let in_comments = self.in_comments.values().flatten();
        self.exposed_in_text(reading).iter().chain(in_comments).any(|kind| kind.is_secret())
    }
}

/// Orders the blanking of an issue's title and body where they hold a secret.
pub(super) fn guard_issue(draft: &mut Draft, snapshot: &Snapshot) {
    let secrets = secrets_in(&snapshot.reading.sensitive);
    if secrets.is_empty() {
        draft.ticket.shield.is_blanking = false;
        return;
    }
    let kind = &draft.case.event.kind;
    let may_be_edited = matches!(kind, EventKind::Opened | EventKind::Changed);
    if draft.ticket.shield.is_blanking && !may_be_edited {
        return;
    }
    draft.ticket.shield.is_blanking = true;
    draft.act_at_once(Action::BlankIssue);
    draft.because(format!("A secret stands in the request ({}); it is blanked.", names(&secrets)));
    let fresh: Vec<Sensitive> =
        secrets.into_iter().filter(|kind| draft.ticket.shield.in_text.insert(*kind)).collect();
    // The first card tells it; a card that is there already would tell it unheard.
    if draft.ticket.card.is_some() && !fresh.is_empty() {
        let mut facts = draft.facts();
        facts.exposed = fresh;
        draft.say("blanked", facts);
    }
}

/// Orders the blanking of a comment that holds a secret, and warns of what else is private.
/// Whoever wrote it is told once what to do now.
pub(super) fn guard_comment(draft: &mut Draft, comment: &Comment, said: &CommentReading) {
    if matches!(draft.case.event.actor, Actor::Ourselves) || said.sensitive.is_empty() {
        return;
    }
    blank_comment(draft, comment, said);
    // A secret is told of wherever it stands; an address once is enough.
    let is_news = |kind: &Sensitive| kind.is_secret() || !draft.ticket.was_warned_of(*kind);
    let news: Vec<Sensitive> = said.sensitive.iter().copied().filter(is_news).collect();
    let seen = draft.ticket.shield.in_comments.entry(comment.id).or_default();
    let fresh: Vec<Sensitive> = news.into_iter().filter(|kind| seen.insert(*kind)).collect();
    if fresh.is_empty() {
        return;
    }
    let mut facts = draft.facts();
    facts.place = format!("{}#issuecomment-{}", draft.ticket.url, comment.id);
    // It is told to whoever wrote it.
    facts.requester =
        comment.author.as_ref().map(|author| author.login.0.clone()).unwrap_or_default();
    let has_secret = fresh.iter().any(|kind| kind.is_secret());
    facts.exposed = fresh;
    draft.say(if has_secret { "blanked" } else { "private" }, facts);
}

fn blank_comment(draft: &mut Draft, comment: &Comment, said: &CommentReading) {
    let secrets = secrets_in(&said.sensitive);
    if !secrets.is_empty() {
        draft.act_at_once(Action::BlankComment(comment.id));
        let why = format!("A secret stands in a comment ({}); it is blanked.", names(&secrets));
        draft.because(why);
    }
}

/// Hides a stranger's offer to get the account back by other ways.
pub(super) fn guard_against_lure(
    draft: &mut Draft,
    (comment, said): (&Comment, &CommentReading),
    author: UserId,
) {
    blank_comment(draft, comment, said);
    let shield = &mut draft.ticket.shield;
    if comment.node_id.is_empty() || shield.trusted.contains(&author) {
        return;
    }
    let hidden = HiddenComment { author, node_id: comment.node_id.clone() };
    let is_new = shield.hidden.insert(comment.id, hidden).is_none();
    if is_new {
        draft.act_at_once(Action::HideComment(comment.node_id.clone()));
        draft.because(
            "A stranger offers help by other ways than the desk's; the comment is hidden. /unhide shows it again.",
        );
    }
}

fn secrets_in(kinds: &[Sensitive]) -> Vec<Sensitive> {
    kinds.iter().copied().filter(|kind| kind.is_secret()).collect()
}

fn names(kinds: &[Sensitive]) -> String {
    kinds.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(", ")
}
