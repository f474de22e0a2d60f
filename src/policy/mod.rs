//! The policy of a desk: text → checked [`Policy`], or problems with place and cure.
//!
//! `config/policy.toml` is the manual of every key. Layers merge key by key (the built-in policy,
//! the operator's file, `.github/keydesk.toml` of the repository); see [`layers`].
//!
//! **Invariants.** Pure: not `async`, no clock, no files, nothing else of this crate.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub mod calendar;
mod consistency;
pub mod duration;
pub(crate) mod keys;
pub mod kinds;
mod layer;
pub mod layers;
pub(crate) mod manual;
pub mod problem;
mod schedule;
pub(crate) mod schema;
pub(crate) mod sort;
pub(crate) mod tree;
pub(crate) mod value;

pub use calendar::Calendar;
pub use duration::Span;
pub use kinds::{RequestKind, kind_schema};
pub use layers::Layer;
pub use problem::Problem;
pub use schedule::next_digest_at;
pub use schema::schema;
pub use value::COMMANDS_WITH_CODE;

/// Everything a desk's owners may decide, checked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Names of labels on GitHub.
    pub labels: Labels,
    /// Working time.
    pub clock: Calendar,
    /// The ladder, climbed while it is the maintainers' turn.
    pub escalation: Vec<EscalationStep>,
    /// What happens while the requester is silent.
    pub silence: Silence,
    /// How the desk acts.
    pub desk: DeskSettings,
    /// Who takes the next ticket.
    pub rota: Rota,
    /// Chats that can be told.
    pub notify: BTreeMap<String, Notify>,
    /// How often a digest goes out.
    pub digest: Digest,
    /// How long texts are kept.
    pub retention: Retention,
    /// Who may command.
    pub commands: Commands,
    /// Commands without code.
    pub replies: Vec<Reply>,
    /// Topic of `/faq` → the question it answers; its text is `faq-<topic>.md`.
    pub faq: BTreeMap<String, String>,
    /// Kinds of requests beside account recovery, by the operator's files.
    #[serde(skip)]
    pub kinds: Vec<RequestKind>,
}

impl Policy {
    /// The kind of this name.
    pub fn kind(&self, name: Option<&str>) -> Option<&RequestKind> {
        let name = name?;
        self.kinds.iter().find(|kind| kind.name == name)
    }
}

/// Names of labels on GitHub, and how they look when they are created.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Labels {
    /// A request this desk looks after.
    pub request: String,
    /// Something is missing in the request.
    pub needs_information: String,
    /// The requester's turn.
    pub awaiting_requester: String,
    /// The maintainers' turn.
    pub awaiting_maintainers: String,
    /// A step of the ladder was climbed.
    pub escalated: String,
    /// A secret was posted in public.
    pub exposed_secret: String,
    /// The account is on the test site.
    pub test_site: String,
    /// Reason (its name as in the reading) → label; a reason without one gets no label.
    pub reasons: BTreeMap<String, String>,
    /// Label name → its looks, used when the repository lacks it.
    pub looks: BTreeMap<String, LabelLooks>,
}

/// How a label looks when it is created.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LabelLooks {
    /// Six hexadecimal digits without `#`.
    pub color: String,
    /// At most 100 characters.
    pub description: String,
}

/// One rung of the ladder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EscalationStep {
    /// What people call it; also its identity within a turn.
    pub name: String,
    /// Since the turn began.
    pub after: Span,
    /// Labels to add.
    #[serde(default)]
    pub labels: Vec<String>,
    /// People or teams to mention, `@login` or `@org/team`.
    #[serde(default)]
    pub mention: Vec<String>,
    /// `rota`, or `@login`.
    #[serde(default)]
    pub assign: Option<String>,
    /// The name of a chat in `[notify]`.
    #[serde(default)]
    pub notify: Option<String>,
}

/// What happens while the requester is silent. `None`, written `never`: it does not happen.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Silence {
    /// Since the requester's turn began.
    #[serde(default, with = "duration::or_never")]
    pub remind_after: Option<Span>,
    /// Since the reminder.
    #[serde(default, with = "duration::or_never")]
    pub close_after: Option<Span>,
}

/// How the desk acts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeskSettings {
    /// Whether anything is written to GitHub.
    pub mode: Mode,
    /// How many requests an hour may be woken that should have been more than an hour ago.
    pub overdue_per_hour: u32,
}

/// Whether anything is written to GitHub.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Decides and acts.
    Act,
    /// Decides and shows everything, writes nothing.
    Observe,
}

/// Who takes the next ticket.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rota {
    /// `@login`s in their order.
    #[serde(default)]
    pub members: Vec<String>,
}

/// A chat that can be told. Its address never stands in a policy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notify {
    /// The shape of the message.
    pub style: NotifyStyle,
}

/// The shape of a chat message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NotifyStyle {
    /// `{"text": …}`, as Slack and those who copy it take it.
    Slack,
    /// Signed JSON with all fields.
    Generic,
}

/// How often a digest goes out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Digest {
    /// How often.
    pub every: Every,
    /// The name of the one chat in `[notify]` that is told; without it all are.
    #[serde(default)]
    pub notify: Option<String>,
}

/// How often something happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Every {
    /// Each day.
    Daily,
    /// Each week.
    Weekly,
    /// Not at all.
    Never,
}

/// How long texts are kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// The text of a request, after the ticket is closed.
    pub request_text: Span,
}

/// Who may command.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Commands {
    /// Lowest role for staff commands.
    pub role: Role,
    /// Commands this desk does without.
    #[serde(default)]
    pub off: Vec<String>,
    /// Command → its own lowest role.
    #[serde(default)]
    pub roles: BTreeMap<String, Role>,
}

/// A role in a repository, lowest first, as GitHub's `role_name` says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Nobody in particular.
    None,
    /// Everybody, in a public repository.
    Read,
    /// May label and close.
    Triage,
    /// May push.
    Write,
    /// May manage the repository.
    Maintain,
    /// May do everything.
    Admin,
}

/// A slash-command without code: text, labels, turn, stage and closing in one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reply {
    /// Its name without the slash.
    pub command: String,
    /// One line for `/help`.
    pub summary: String,
    /// `templates/comments/<template>.md`.
    pub template: String,
    /// Whose turn it is after it; unchanged without it.
    #[serde(default)]
    pub turn: Option<TurnAfter>,
    /// Labels to add.
    #[serde(default)]
    pub add_labels: Vec<String>,
    /// Labels to remove.
    #[serde(default)]
    pub remove_labels: Vec<String>,
    /// The stage the ticket moves to.
    #[serde(default)]
    pub stage: Option<StageAfter>,
    /// Closes the issue, and as what.
    #[serde(default)]
    pub close: Option<CloseAs>,
    /// What it does to the clock of the turn beside starting it.
    #[serde(default)]
    pub clock: Option<ClockAfter>,
    /// Names of the arguments it must be given; the last takes the rest of the line.
    #[serde(default)]
    pub arguments: Vec<String>,
}

/// What a reply does to the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClockAfter {
    /// It counts as the reminder: without an answer the ticket is closed next.
    Reminded,
}

/// Whose turn it is after a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TurnAfter {
    /// The people who run the desk.
    Maintainers,
    /// The person who asked.
    Requester,
    /// Nobody: it is over.
    Nobody,
}

/// The stage a reply moves a ticket to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StageAfter {
    /// Staff look into it.
    Reviewing,
    /// A recovery was started.
    Recovering,
    /// The account is back.
    Recovered,
}

/// GitHub's `state_reason` of a closed issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CloseAs {
    /// Done.
    Completed,
    /// Not done, and not going to be.
    NotPlanned,
    /// The same matter stands elsewhere.
    Duplicate,
}
