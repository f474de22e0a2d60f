//! A branch somebody links as a sign that an account is theirs, and what GitHub says of it.
//!
//! It is a fact for staff, never a proof: whoever can push can push for others too.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ids::Login;

/// Longest name of a branch that is asked for, in bytes; git's own limit lies near it.
const BRANCH_BYTES_MAX: usize = 255;
/// Longest name of an owner or a repository that is asked for, in bytes.
const NAME_BYTES_MAX: usize = 100;

/// Where a branch is said to be.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct BranchAt {
    /// Login of the repository's owner.
    pub owner: String,
    /// The repository's name without the owner.
    pub name: String,
    /// The branch's name, slashes and all.
    pub branch: String,
}

/// What GitHub says of a branch that is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BranchFacts {
    /// `owner/name` of the repository as it is called now.
    pub repository: String,
    /// Who owns the repository now.
    pub owner: Login,
    /// Whether it is a copy of somebody else's repository.
    pub is_fork: bool,
    /// When the repository was made.
    pub repository_created_at: Timestamp,
    /// The date its newest commit carries. Whoever makes a commit sets it, so it proves nothing.
    pub committed_at: Option<Timestamp>,
    /// The account GitHub ties the newest commit's author to, by the mail address in it.
    pub author: Option<Login>,
}

impl BranchAt {
    /// Whether GitHub could have such a branch at all; what comes from a link may be anything.
    pub fn is_possible(&self) -> bool {
        let is_name = |name: &str, others: &[u8]| {
            let is_fine = |byte: u8| byte.is_ascii_alphanumeric() || others.contains(&byte);
            (1..=NAME_BYTES_MAX).contains(&name.len()) && name.bytes().all(is_fine)
        };
        is_name(&self.owner, b"-_")
            && is_name(&self.name, b"-_.")
            && !matches!(self.name.as_str(), "." | "..")
            && is_branch(&self.branch)
    }
}

/// Whether git takes it for a branch's name, as far as a request must be kept from going astray.
fn is_branch(name: &str) -> bool {
    (1..=BRANCH_BYTES_MAX).contains(&name.len())
        && !name.split('/').any(|part| part.is_empty() || part.starts_with('.'))
        && !name.contains("..")
        && !name.contains(|letter: char| letter.is_control() || " ~^:?*[\\".contains(letter))
}

#[cfg(test)]
mod tests {
    use super::BranchAt;

    #[test]
    fn only_what_git_and_github_allow_is_asked_for() {
        let long = "x".repeat(10_000);
        let rows = [
            ("ada", "left-pad", "main", true),
            ("ada", "left.pad_2", "proof/of/mine-42", true),
            ("ada", "left-pad", "ветка", true),
            ("ada", "left-pad", "", false),
            ("ada", "left-pad", "a//b", false),
            ("ada", "left-pad", "a/../../b", false),
            ("ada", "left-pad", "a?b", false),
            ("ada", "left-pad", "a b", false),
            ("ada", "..", "main", false),
            ("..", "left-pad", "main", false),
            ("a/b", "left-pad", "main", false),
            ("ada", "left-pad", &long, false),
            (&long, "left-pad", "main", false),
        ];
        for (owner, name, branch, wanted) in rows {
            let at = [owner, name, branch].map(str::to_owned);
            let [owner, name, branch] = at;
            let at = BranchAt { owner, name, branch };
            assert_eq!(at.is_possible(), wanted, "{at:?}");
        }
    }
}
