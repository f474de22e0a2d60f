//! What is to be done on GitHub, as values. Nothing here is sent by a decision itself.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::ids::CommentId;
use super::text::Text;
use crate::policy::CloseAs;

/// One thing to do to one issue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Put these labels on.
    AddLabels(Vec<String>),
    /// Take this label off.
    RemoveLabel(String),
    /// Post the ticket's card, or change the one that is there.
    PutCard(Text),
    /// Post a new comment.
    Comment(Text),
    /// Make this person responsible.
    Assign(String),
    /// Make this person responsible no more.
    Unassign(String),
    /// Take the secrets out of title and body.
    BlankIssue,
    /// Take the secrets out of a comment.
    BlankComment(CommentId),
    /// Hide a comment, by GraphQL's name of it; readers can still unfold it.
    HideComment(String),
    /// Show a hidden comment again.
    UnhideComment(String),
    /// Close the issue.
    Close(CloseAs),
    /// Open it again.
    Reopen,
    /// Answer a comment with a sign.
    React(CommentId, Reaction),
    /// Tell a chat.
    Notify(ChatMessage),
}

impl Action {
    /// Its kind as metrics and history call it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::AddLabels(_) => "add_labels",
            Self::RemoveLabel(_) => "remove_label",
            Self::PutCard(_) => "put_card",
            Self::Comment(_) => "comment",
            Self::Assign(_) => "assign",
            Self::Unassign(_) => "unassign",
            Self::BlankIssue => "blank_issue",
            Self::BlankComment(_) => "blank_comment",
            Self::HideComment(_) => "hide_comment",
            Self::UnhideComment(_) => "unhide_comment",
            Self::Close(_) => "close",
            Self::Reopen => "reopen",
            Self::React(..) => "react",
            Self::Notify(_) => "notify",
        }
    }

    /// The labels it puts on or takes off.
    pub fn labels(&self) -> &[String] {
        match self {
            Self::AddLabels(labels) => labels,
            Self::RemoveLabel(label) => std::slice::from_ref(label),
            _ => &[],
        }
    }

    /// Whether GitHub counts it among what creates or edits comments, issues and labels.
    pub fn creates_content(&self) -> bool {
        match self {
            Self::PutCard(_)
            | Self::Comment(_)
            | Self::BlankIssue
            | Self::BlankComment(_)
            | Self::Close(_)
            | Self::Reopen => true,
            Self::AddLabels(_)
            | Self::RemoveLabel(_)
            | Self::Assign(_)
            | Self::Unassign(_)
            | Self::HideComment(_)
            | Self::UnhideComment(_)
            | Self::React(..)
            | Self::Notify(_) => false,
        }
    }

    /// What it does, as one line for people.
    pub fn summary(&self) -> String {
        match self {
            Self::AddLabels(labels) => format!("label {}", labels.join(", ")),
            Self::RemoveLabel(label) => format!("unlabel {label}"),
            Self::PutCard(_) => "put the card".to_owned(),
            Self::Comment(text) => format!("comment {}", text.template),
            Self::Assign(login) => format!("assign {login}"),
            Self::Unassign(login) => format!("unassign {login}"),
            Self::BlankIssue => "blank the secrets of the request".to_owned(),
            Self::BlankComment(comment) => format!("blank the secrets of comment {comment}"),
            Self::HideComment(_) => "hide a comment".to_owned(),
            Self::UnhideComment(_) => "show a comment again".to_owned(),
            Self::Close(CloseAs::Completed) => "close as completed".to_owned(),
            Self::Close(CloseAs::NotPlanned) => "close as not planned".to_owned(),
            Self::Close(CloseAs::Duplicate) => "close as duplicate".to_owned(),
            Self::Reopen => "reopen".to_owned(),
            Self::React(_, reaction) => format!("react {}", reaction.name()),
            Self::Notify(message) => format!("notify {}", message.chat),
        }
    }
}

/// A sign under a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reaction {
    /// Done.
    ThumbsUp,
    /// Not done.
    Confused,
}

impl Reaction {
    /// GitHub's name of it.
    pub fn name(self) -> &'static str {
        match self {
            Self::ThumbsUp => "+1",
            Self::Confused => "confused",
        }
    }
}

/// A message for people who are not looking at GitHub.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatMessage {
    /// Name of the chat in `[notify]`.
    pub chat: String,
    /// Address of the issue.
    pub url: String,
    /// One sentence, or the lines of a digest.
    pub text: String,
    /// The numbers of a digest by their names; nothing else has any.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub figures: BTreeMap<String, u64>,
}
