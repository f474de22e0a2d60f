//! Decides what a ticket needs next: the pure core of the bot.
//!
//! Start reading at [`decide`]. It takes a ticket, an event, what was found out about it, the
//! policy and the time, and returns the changed ticket, the actions to perform, and a reason for
//! each. What it must know from outside it asks for first, by [`questions`].
//!
//! **Invariants.** Nothing below this module is `async`, reads a clock, or knows SQL, HTML or
//! GitHub's JSON. A rule cannot fail: what it cannot judge it leaves to a maintainer.
//!
//! **To add a command with logic:** one file in [`commands`], one line in its list.

pub mod action;
pub mod branch;
mod clock;
pub mod commands;
mod conversation;
pub mod corrections;
mod decide;
pub mod decision;
mod draft;
pub mod erasure;
mod escalation;
pub mod event;
pub mod ids;
mod intake;
mod kept;
mod kind;
mod labels;
pub mod moment;
pub mod order;
mod press;
pub mod proof;
pub mod question;
pub mod shield;
mod silence;
mod speaker;
pub mod text;
pub mod ticket;

pub use action::{Action, ChatMessage, Reaction};
pub use branch::{BranchAt, BranchFacts};
pub use clock::{Standstill, standstill, withhold_overdue};
pub use decide::{decide, wake_at};
pub use decision::{Decision, DeskChange, DeskProblem, PlannedAction, card_key};
pub use escalation::next_step;
pub use event::{
    Actor, Comment, Departure, Event, EventKey, EventKind, Press, Presser, Snapshot, Stamp,
};
pub use ids::{
    CommentId, InstallationId, IssueId, IssueNumber, Login, Person, Repository, RepositoryId,
    UserId,
};
pub use intake::{RELATED_MAX, is_request};
pub use moment::Moment;
pub use proof::BranchCheck;
pub use question::{Findings, Kinship, Question, questions};
pub use text::{CommandHelp, Facts, FaqTopic, MissingField, RefusedCommand, Text, WaitingTimes};
pub use ticket::{LabelState, Stage, Ticket, Turn};
