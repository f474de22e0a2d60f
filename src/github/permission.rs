//! What somebody may do in a repository, as GitHub says it.

use serde::Deserialize;

use crate::policy::Role;

/// GitHub's answer about one person.
#[derive(Deserialize)]
pub(super) struct PermissionJson {
    permission: Option<String>,
    role_name: Option<String>,
}

impl PermissionJson {
    /// The real role: `permission` says `write` for maintain and `read` for triage. A custom role
    /// has a name of its own; then the base permission counts.
    pub(super) fn role(&self) -> Role {
        let by_name = |name: Option<&str>| match name? {
            "admin" => Some(Role::Admin),
            "maintain" => Some(Role::Maintain),
            "write" => Some(Role::Write),
            "triage" => Some(Role::Triage),
            "read" => Some(Role::Read),
            "none" => Some(Role::None),
            _ => None,
        };
        by_name(self.role_name.as_deref())
            .or_else(|| by_name(self.permission.as_deref()))
            .unwrap_or(Role::None)
    }
}
