//! Reads what people write: text in, values with doubts out.
//!
//! Start at [`read_request`] for an issue and [`read_comment`] for a comment. Definitions and
//! labelling rules of every field: `tests/corpus/README.md`.
//!
//! **Invariants.** Nothing here is `async`, reads a clock, knows GitHub's JSON or anything else of
//! this crate. Reading cannot fail: what is unclear is said as a doubt, and a person decides.

pub mod commands;
pub mod evidence;
pub mod form;
pub mod secrets;
pub mod span;

mod account;
mod answers;
mod clause;
mod comment;
mod doubts;
mod json;
mod language;
mod lures;
mod mail;
mod markup;
mod pattern;
mod possessions;
mod prose;
mod quotations;
mod reasons;
mod request;
mod scan;
mod scope;
mod statements;
mod text;
mod username;
mod words;

pub use comment::read_comment;
pub use evidence::{Doubt, Evidence};
pub use request::{read_labelled, read_request};

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use span::Place;

/// What one issue says, as far as a careful reader can tell. A tick is a claim, and prose beats it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Reading {
    /// Whether the issue asks for access to an account at all.
    pub is_account_recovery: bool,
    /// The shape of the body, by the headings that are there.
    pub form: FormKind,
    /// The account's name without its decoration, if exactly one is meant.
    pub username: Option<String>,
    /// Names that may be meant where no single one is certain.
    pub username_candidates: Vec<String>,
    /// Everything the prose says is wrong.
    pub reasons: Vec<Reason>,
    /// Whether the mailbox of the account can still be read.
    pub email_access: Known,
    /// Whether the password is known.
    pub password_known: Known,
    /// What became of the recovery codes.
    pub recovery_codes: RecoveryCodes,
    /// The boxes of the form.
    pub checkboxes: Checkboxes,
    /// The site the account is on, where the text says so.
    pub site: Site,
    /// Fields of the repository's form that none of the others stands for.
    pub other_fields: Vec<OtherField>,
    /// ISO 639-1 code of the prose, `und` where there is too little of it.
    pub language: String,
    /// What is posted that should not be public.
    pub sensitive: Vec<Sensitive>,
    /// What a request must have and this one lacks.
    pub missing: Vec<Missing>,
    /// Which fields a person should look at, and why.
    pub doubts: Vec<Doubt>,
    /// What each conclusion rests on.
    pub evidence: Vec<Evidence>,
    /// Which other kind of request it is, by the name of its file; none for an account recovery.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// What the fields of that kind say, short; nothing where one is empty.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, String>,
    /// The fields of that kind that must be there and are not, in the order of the form.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing_fields: Vec<String>,
}

/// What is understood where nothing is said.
impl Default for Reading {
    fn default() -> Self {
        Self {
            is_account_recovery: false,
            form: FormKind::Freeform,
            username: None,
            username_candidates: Vec::new(),
            reasons: Vec::new(),
            email_access: Known::Unknown,
            password_known: Known::Unknown,
            recovery_codes: RecoveryCodes::Unknown,
            checkboxes: Checkboxes::default(),
            site: Site::default(),
            other_fields: Vec::new(),
            language: "und".to_owned(),
            sensitive: Vec::new(),
            missing: Vec::new(),
            doubts: Vec::new(),
            evidence: Vec::new(),
            kind: None,
            fields: BTreeMap::new(),
            missing_fields: Vec::new(),
        }
    }
}

/// A field of the repository's own form, by its label; what it means is for people to say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherField {
    /// The label as it was written.
    pub label: String,
    /// Where the answer stands.
    pub places: Vec<Place>,
}

/// The shape of an issue body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FormKind {
    /// The form with a section "Recovery Codes", since July 2024.
    #[serde(rename = "form-2024")]
    Form2024,
    /// The issue form of 2021, without that section.
    #[serde(rename = "form-2021")]
    Form2021,
    /// The Markdown template of 2020.
    #[serde(rename = "markdown-2020")]
    Markdown2020,
    /// No headings of any form.
    Freeform,
    /// The headings of another form.
    OtherForm,
}

/// Why somebody cannot get in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Cannot pass the second factor; losing only the codes counts here.
    #[serde(rename = "lost_2fa")]
    Lost2fa,
    /// No longer controls the mailbox.
    LostEmail,
    /// The service refuses because the address is not verified.
    UnverifiedEmail,
    /// Has codes, and they are refused.
    RecoveryCodesRejected,
    /// The password is unknown or refused, or the reset mail does not come.
    ForgotPassword,
    /// The user name is unknown.
    ForgotUsername,
    /// Somebody else took the account over.
    Compromised,
    /// None of these, or one more matter.
    Other,
}

/// Whether something is so, as far as the prose says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Known {
    /// It is so.
    Yes,
    /// It is not so.
    No,
    /// The prose does not say.
    #[default]
    Unknown,
}

/// What became of the recovery codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RecoveryCodes {
    /// Never made, lost, or all used up.
    Lost,
    /// At hand, and refused.
    Rejected,
    /// At hand.
    Has,
    /// Nothing is said, and no box could say it.
    #[default]
    Unknown,
}

/// The boxes of the form: `None` where the form has no such box.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Checkboxes {
    /// "I never generated or have lost access to the recovery codes".
    pub recovery_codes: Option<bool>,
    /// "I agree to follow the Code of Conduct".
    pub code_of_conduct: Option<bool>,
    /// "I understand that it may take a significant amount of time".
    pub acknowledgement: Option<bool>,
}

/// Which site the account is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Site {
    /// pypi.org, by the text's own word.
    Pypi,
    /// test.pypi.org.
    Testpypi,
    /// The text does not say.
    #[default]
    Unknown,
}

/// Something posted that should not be public.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sensitive {
    /// An e-mail address of a person.
    EmailAddress,
    /// A recovery code.
    RecoveryCode,
    /// An API token.
    ApiToken,
    /// A password.
    Password,
    /// A phone number.
    Phone,
    /// A picture or number of an identity document.
    IdDocument,
}

/// What a request must have and lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// No usable user name, and the request is not about a forgotten one.
    Username,
    /// No reason in the prose.
    Reason,
    /// The Code of Conduct box is there and not ticked.
    CodeOfConduct,
    /// The acknowledgement box is there and not ticked.
    Acknowledgement,
}

/// Who wrote a comment, as far as its meaning depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AuthorRole {
    /// Opened the issue.
    Requester,
    /// May act on requests.
    Maintainer,
    /// Anybody else.
    Bystander,
}

/// What one comment means for its ticket.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CommentReading {
    /// What its author wants to say.
    pub intent: Intent,
    /// Whose turn it is after it.
    pub next_turn: NextTurn,
    /// A link to a branch, posted as proof.
    pub branch_url: Option<String>,
    /// The slash-commands in it, in order.
    pub commands: Vec<CommandLine>,
    /// What is posted that should not be public.
    pub sensitive: Vec<Sensitive>,
    /// What it answers in a word to the card's questions.
    #[serde(default)]
    pub answers: Answers,
    /// What it tells at length, read as the prose of a request is.
    #[serde(default)]
    pub told: Answers,
    /// Whether it offers help by ways outside, as strangers do who prey on the locked out.
    #[serde(default)]
    pub is_lure: bool,
    /// What the intent rests on.
    #[serde(default)]
    pub evidence: Vec<Evidence>,
}

/// What a comment answers of what the form cannot ask; nothing where it does not say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answers {
    /// The account's name.
    pub username: Option<String>,
    /// What is wrong.
    #[serde(default)]
    pub reasons: Vec<Reason>,
    /// Whether recovery codes are at hand.
    pub recovery_codes: Option<RecoveryCodes>,
    /// Whether the mailbox can be read.
    pub email_access: Option<Known>,
    /// Whether somebody is still logged in somewhere.
    pub session: Option<Known>,
    /// Which site it is about.
    pub site: Option<Site>,
}

/// What the author of a comment wants to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Intent {
    /// Requester: got in, or found the codes.
    SelfResolved,
    /// Requester: says the mail was sent.
    EmailedSupport,
    /// Requester: pushed the branch, answered the mail.
    CompletedVerification,
    /// Asks how it stands.
    AsksStatus,
    /// Requester: tells something that was asked or is new.
    ProvidesInfo,
    /// Requester: wants the issue closed.
    AsksToClose,
    /// Thanks, and nothing more.
    Thanks,
    /// Maintainer: asks for a mail to support.
    AsksToEmailSupport,
    /// Maintainer: asks for something else.
    AsksForInfo,
    /// Maintainer: the recovery was started.
    RecoveryInitiated,
    /// Maintainer: the recovery is done.
    RecoveryComplete,
    /// Maintainer: reminds of an unanswered question.
    FollowUpNoResponse,
    /// Maintainer: closes because nothing came.
    ClosingNoResponse,
    /// Maintainer: closes as a duplicate.
    ClosingDuplicate,
    /// Maintainer: says that recovery codes exist.
    PointsToCodes,
    /// None of these.
    Other,
}

/// Whose turn it is after a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NextTurn {
    /// The people who run the desk.
    Maintainers,
    /// The person who asked.
    Requester,
    /// Nobody: it is over.
    Nobody,
    /// As it was before.
    Unchanged,
}

/// One slash-command as it was typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommandLine {
    /// Its name without the slash, in lower case.
    pub name: String,
    /// The rest of the line, trimmed.
    pub arguments: String,
    /// Line of the comment, from 1.
    pub line: usize,
}

impl Reason {
    /// Every reason, in the order of their declaration.
    pub const ALL: [Self; 8] = [
        Self::Lost2fa,
        Self::LostEmail,
        Self::UnverifiedEmail,
        Self::RecoveryCodesRejected,
        Self::ForgotPassword,
        Self::ForgotUsername,
        Self::Compromised,
        Self::Other,
    ];

    /// Its name as in the reading and the policy.
    pub fn name(self) -> &'static str {
        match self {
            Self::Lost2fa => "lost_2fa",
            Self::LostEmail => "lost_email",
            Self::UnverifiedEmail => "unverified_email",
            Self::RecoveryCodesRejected => "recovery_codes_rejected",
            Self::ForgotPassword => "forgot_password",
            Self::ForgotUsername => "forgot_username",
            Self::Compromised => "compromised",
            Self::Other => "other",
        }
    }
}

impl Intent {
    /// Its name as in the reading.
    pub fn name(self) -> &'static str {
        match self {
            Self::SelfResolved => "self_resolved",
            Self::EmailedSupport => "emailed_support",
            Self::CompletedVerification => "completed_verification",
            Self::AsksStatus => "asks_status",
            Self::ProvidesInfo => "provides_info",
            Self::AsksToClose => "asks_to_close",
            Self::Thanks => "thanks",
            Self::AsksToEmailSupport => "asks_to_email_support",
            Self::AsksForInfo => "asks_for_info",
            Self::RecoveryInitiated => "recovery_initiated",
            Self::RecoveryComplete => "recovery_complete",
            Self::FollowUpNoResponse => "follow_up_no_response",
            Self::ClosingNoResponse => "closing_no_response",
            Self::ClosingDuplicate => "closing_duplicate",
            Self::PointsToCodes => "points_to_codes",
            Self::Other => "other",
        }
    }
}

impl FormKind {
    /// Its name as in the reading.
    pub fn name(self) -> &'static str {
        match self {
            Self::Form2024 => "form-2024",
            Self::Form2021 => "form-2021",
            Self::Markdown2020 => "markdown-2020",
            Self::Freeform => "freeform",
            Self::OtherForm => "other-form",
        }
    }
}

impl Known {
    /// Its name as in the reading.
    pub fn name(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Unknown => "unknown",
        }
    }
}

impl RecoveryCodes {
    /// Its name as in the reading.
    pub fn name(self) -> &'static str {
        match self {
            Self::Lost => "lost",
            Self::Rejected => "rejected",
            Self::Has => "has",
            Self::Unknown => "unknown",
        }
    }
}

impl Site {
    /// Its name as in the reading.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pypi => "pypi",
            Self::Testpypi => "testpypi",
            Self::Unknown => "unknown",
        }
    }
}

impl Sensitive {
    /// Its name as in the reading.
    pub fn name(self) -> &'static str {
        match self {
            Self::EmailAddress => "email_address",
            Self::RecoveryCode => "recovery_code",
            Self::ApiToken => "api_token",
            Self::Password => "password",
            Self::Phone => "phone",
            Self::IdDocument => "id_document",
        }
    }

    /// Whether it opens an account by itself, so that it must be revoked.
    pub fn is_secret(self) -> bool {
        match self {
            Self::RecoveryCode | Self::ApiToken | Self::Password => true,
            Self::EmailAddress | Self::Phone | Self::IdDocument => false,
        }
    }
}
