//! `keydesk schema`: the JSON Schema of a policy file.

use clap::Args;

use super::Failure;
use super::report::print;
use crate::policy;

/// Print the JSON Schema of a policy file, by which editors complete and check it.
#[derive(Args)]
#[command(after_help = "\
Example: keydesk schema > policy.schema.json
Editors that know Taplo take it from the first line of a file beside it: #:schema ./policy.schema.json")]
pub struct Schema {}

impl Schema {
    /// Prints it.
    pub fn run(&self) -> Result<(), Failure> {
        print(&format!("{:#}\n", policy::schema()))
    }
}
