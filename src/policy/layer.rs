//! One text among those that make a policy.

/// One text of policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layer {
    /// Its file's name as people see it: `config/policy.toml`, `.github/keydesk.toml`.
    pub name: String,
    /// What stands in it.
    pub text: String,
}
