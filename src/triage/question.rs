//! What a decision must know from outside, asked for as values before it is made.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use super::branch::{BranchAt, BranchFacts};
use super::commands::{DUPLICATE, issue_number};
use super::decision::DeskProblem;
use super::event::{Comment, Event, EventKind, Presser, Snapshot};
use super::ids::{CommentId, IssueNumber, Login, UserId};
use super::proof::branch_in;
use super::text::WaitingTimes;
use super::ticket::{Ticket, account_of};
use crate::policy::Role;
use crate::reading::{self, AuthorRole, CommandLine};

/// Something only GitHub knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// What may this person do in the repository?
    Role(Login),
    /// What does the issue look like now? Two snapshots of the same second disagree.
    Issue,
    /// Which other requests, open or closed lately, name this account or come from this person?
    Related(Kinship),
    /// How long did others wait for a first answer?
    WaitingTimes,
    /// What is known of this branch, linked as proof?
    Branch(BranchAt),
    /// Is there a request of this number?
    IsThere(IssueNumber),
    /// Is this comment, which a person changed or deleted, the card?
    IsCard(CommentId),
}

/// By what requests are told to be of one account or person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kinship {
    /// The account's name as it is compared; none where none was named.
    pub account: Option<String>,
    /// Who asked.
    pub author: Option<UserId>,
    /// Requests closed before this are old stories.
    pub closed_since: Timestamp,
}

/// The answers.
#[derive(Debug, Clone, Default)]
pub struct Findings {
    /// Role by login.
    pub roles: BTreeMap<Login, Role>,
    /// The issue as it is now.
    pub issue: Option<Snapshot>,
    /// Whether a role was remembered rather than asked for.
    pub is_role_remembered: bool,
    /// What is wrong with the repository's settings, if its maintainers were not told yet.
    pub desk_problem: Option<DeskProblem>,
    /// Other requests of the same account or person, by number.
    pub related: Vec<IssueNumber>,
    /// How long others waited.
    pub waiting: Option<WaitingTimes>,
    /// The linked branch; none if it is not to be seen by the public.
    pub branch: Option<BranchFacts>,
    /// The other requests a command names that are there.
    pub there: BTreeSet<IssueNumber>,
    /// Whether the comment in question is the card.
    pub is_card: bool,
    /// How many turns of the rota were taken.
    pub rota_turn: u64,
}

/// Requests that were closed longer ago are not told of.
const LATELY: SignedDuration = SignedDuration::from_hours(90 * 24);

/// Since when a closed request is one of late.
pub(super) fn closed_lately(now: Timestamp) -> Timestamp {
    now.saturating_sub(LATELY).unwrap_or(now)
}

/// What [`super::decide`] must know about `event`. Empty for most events.
pub fn questions(ticket: Option<&Ticket>, event: &Event) -> Vec<Question> {
    let mut questions = Vec::new();
    if let (Some(ticket), Some(snapshot)) = (ticket, &event.issue)
        && ticket.is_tied_with(snapshot, event)
    {
        questions.push(Question::Issue);
    }
    if let Some(login) = speaker_in_question(ticket, event) {
        questions.push(Question::Role(login));
    }
    if let Some(snapshot) = &event.issue {
        questions.extend(about_request(ticket, snapshot));
    }
    questions.extend(about_comment(ticket, event));
    questions.extend(about_press(ticket, event));
    questions
}

/// Who else asks for the account, when the name is new; and how long people wait, for the card.
fn about_request(ticket: Option<&Ticket>, snapshot: &Snapshot) -> Vec<Question> {
    let account = account_of(snapshot.reading.username.as_deref());
    let mut questions = Vec::new();
    if ticket.is_none() {
        let author = snapshot.author.as_ref().map(|author| author.id);
        let closed_since = closed_lately(snapshot.updated_at);
        questions.push(Question::Related(Kinship { account, author, closed_since }));
    }
    if ticket.is_none_or(|ticket| !ticket.is_greeted) {
        questions.push(Question::WaitingTimes);
    }
    questions
}

/// The role of who pressed a button, and whether the request is there that the command names.
fn about_press(ticket: Option<&Ticket>, event: &Event) -> Vec<Question> {
    let (EventKind::ButtonPressed(press), Some(ticket)) = (&event.kind, ticket) else {
        return Vec::new();
    };
    let role = match &press.by {
        Presser::Person(person) => Some(Question::Role(person.login.clone())),
        Presser::Operator => None,
    };
    let lines = std::slice::from_ref(&press.command);
    role.into_iter().chain(named_request(lines, &ticket.url)).collect()
}

/// The branch a requester links, and whether it is the card that somebody changed.
fn about_comment(ticket: Option<&Ticket>, event: &Event) -> Option<Question> {
    let speaker = event.actor.human()?;
    if let EventKind::CommentDeleted(comment) = &event.kind {
        return Some(Question::IsCard(*comment));
    }
    let comment = event.comment()?;
    let is_own = comment.author.as_ref().is_some_and(|author| author.id == speaker.id);
    if !is_own {
        return Some(Question::IsCard(comment.id));
    }
    let is_new = matches!(event.kind, EventKind::CommentWritten(_));
    let proving = ticket.filter(|ticket| is_new && ticket.is_requester(speaker));
    let said = proving.map(|_| reading::read_comment(AuthorRole::Requester, &comment.body));
    let branch = said.as_ref().and_then(branch_in);
    branch.map(Question::Branch).or_else(|| duplicate_in(comment, event))
}

/// Whether the request is there in which a matter is said to go on.
fn duplicate_in(comment: &Comment, event: &Event) -> Option<Question> {
    let own_url = &event.issue.as_ref()?.url;
    named_request(&reading::commands::find_commands(&comment.body), own_url)
}

fn named_request(lines: &[CommandLine], own_url: &str) -> Option<Question> {
    let line = lines.iter().find(|line| line.name == DUPLICATE.name)?;
    issue_number(&line.arguments, own_url).ok().map(Question::IsThere)
}

/// The speaker whose role matters: anybody but the requester, and the requester only when
/// commanding, since a maintainer may open a request too.
fn speaker_in_question(ticket: Option<&Ticket>, event: &Event) -> Option<Login> {
    let comment = event.comment()?;
    let speaker = event.actor.human()?;
    let snapshot = event.issue.as_ref()?;
    if ticket.is_none() && !super::intake::is_request(snapshot) {
        return None;
    }
    let is_requester = snapshot.author.as_ref().is_some_and(|author| author.id == speaker.id);
    let matters = !is_requester || !reading::commands::find_commands(&comment.body).is_empty();
    matters.then(|| speaker.login.clone())
}
