//! GitHub's numbers and names as types of their own, so that none is taken for another.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::kept::is_default;

macro_rules! number {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(formatter)
            }
        }
    )+};
}

number! {
    /// A repository; stays when it is renamed.
    RepositoryId,
    /// An issue; stays for good.
    IssueId,
    /// An issue's number within its repository.
    IssueNumber,
    /// A comment.
    CommentId,
    /// A person or an App's account.
    UserId,
    /// An App's installation.
    InstallationId,
}

/// An account's name on GitHub. Names change; [`UserId`] does not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Login(pub String);

impl Login {
    /// Whether both name the same account: GitHub compares without case.
    pub fn is_same(&self, other: &str) -> bool {
        self.0.eq_ignore_ascii_case(other)
    }
}

impl fmt::Display for Login {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// Somebody with an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Their number.
    pub id: UserId,
    /// Their name at the time.
    pub login: Login,
    /// Whether it is a program's account.
    #[serde(default, skip_serializing_if = "is_default")]
    pub is_bot: bool,
}

/// A repository and how it is reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repository {
    /// Its number.
    pub id: RepositoryId,
    /// Login of its owner.
    pub owner: String,
    /// Its name without the owner.
    pub name: String,
    /// The installation that may act there; none in token mode.
    pub installation: Option<InstallationId>,
    /// The branch whose `.github/keydesk.toml` counts.
    pub default_branch: String,
    /// Whether the public must see nothing of it.
    pub is_private: bool,
}

impl Repository {
    /// `owner/name`.
    pub fn full_name(&self) -> String {
        format!("{}/{}", self.owner, self.name)
    }
}
