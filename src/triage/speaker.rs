//! Who speaks in a comment.

use super::ids::Person;
use crate::policy::Role;

/// The speaker of a comment, as far as it matters what they may do.
#[derive(Debug, Clone, Copy)]
pub struct Speaker<'a> {
    /// Who it is.
    pub person: &'a Person,
    /// Their role in the repository.
    pub role: Role,
    /// Whether they opened the request.
    pub is_requester: bool,
}
