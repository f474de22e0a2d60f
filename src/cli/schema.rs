//! `keydesk schema`: the JSON Schema of a configuration file.

use clap::{Args, ValueEnum};

use super::Failure;
use super::report::print;
use crate::{policy, settings};

/// Print the JSON Schema of a configuration file, by which editors complete and check it.
#[derive(Args)]
#[command(after_help = "\
Examples: keydesk schema > policy.schema.json
          keydesk schema server > server.schema.json
          keydesk schema kind > kind.schema.json
Editors that know Taplo take it from the first line of a file beside it: #:schema ./policy.schema.json")]
pub struct Schema {
    /// Which file
    #[arg(value_enum, default_value_t = File::Policy)]
    file: File,
}

/// The files there are schemas of.
#[derive(Clone, Copy, ValueEnum)]
enum File {
    /// `policy.toml`, and `.github/keydesk.toml` of a repository
    Policy,
    /// `server.toml`
    Server,
    /// Another kind of request, `forms/<name>.toml`
    Kind,
}

impl Schema {
    /// Prints it.
    pub fn run(&self) -> Result<(), Failure> {
        let schema = match self.file {
            File::Policy => policy::schema(),
            File::Server => settings::server_schema(),
            File::Kind => policy::kind_schema(),
        };
        print(&format!("{schema:#}\n"))
    }
}
