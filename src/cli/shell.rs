//! `keydesk completions` and `keydesk man`: what a shell and `man` are told of the command line.

use std::io;
use std::path::{Path, PathBuf};

use clap::{Args, Command};
use clap_complete::Shell;
use clap_mangen::Man as Page;

use super::Failure;
use super::report::{print, print_bytes};

/// Print what a shell needs to complete the command line.
#[derive(Args)]
#[command(after_help = "\
Examples: keydesk completions bash > ~/.local/share/bash-completion/completions/keydesk
          keydesk completions zsh > ~/.zfunc/_keydesk
          keydesk completions fish > ~/.config/fish/completions/keydesk.fish")]
pub struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    /// Prints it.
    pub fn run(&self, mut definition: Command) -> Result<(), Failure> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut definition, "keydesk", &mut script);
        print_bytes(&script)
    }
}

/// Print a page for `man`: of the whole, or of one command.
#[derive(Args)]
#[command(after_help = "\
Examples: keydesk man | man -l -
          keydesk man serve > keydesk-serve.1
          keydesk man --to /usr/local/share/man/man1")]
pub struct Man {
    /// The command; the page of them all without one
    #[arg(conflicts_with = "to")]
    command: Option<String>,
    /// Write all pages into this folder instead
    #[arg(long, value_name = "DIR")]
    to: Option<PathBuf>,
}

impl Man {
    /// Prints the page, or writes all of them.
    pub fn run(&self, definition: Command) -> Result<(), Failure> {
        let mut definition = definition;
        definition.build();
        if let Some(folder) = &self.to {
            return write_all(folder, &definition);
        }
        let Some(name) = &self.command else { return print_bytes(&page(&definition)?) };
        let found = definition.get_subcommands().find(|command| command.get_name() == name);
        match found {
            Some(command) => print_bytes(&page(command)?),
            None => Err(Failure::new(
                format!("`{name}` is no command of keydesk"),
                "`keydesk --help` names them all",
            )),
        }
    }
}

fn write_all(folder: &Path, definition: &Command) -> Result<(), Failure> {
    let mut count = 0;
    for command in std::iter::once(definition).chain(definition.get_subcommands()) {
        let path = folder.join(format!("{}.1", file_stem(command)));
        std::fs::write(&path, page(command)?).map_err(|error| {
            let cure = "name a folder that is there and may be written";
            Failure::new(format!("{}: {error}", path.display()), cure)
        })?;
        count += 1;
    }
    print(&format!("{}: {count} pages\n", folder.display()))
}

fn file_stem(command: &Command) -> String {
    command.get_display_name().unwrap_or(command.get_name()).to_owned()
}

fn page(command: &Command) -> Result<Vec<u8>, Failure> {
    let mut text = Vec::new();
    let written: io::Result<()> =
        Page::new(command.clone()).title(file_stem(command).to_uppercase()).render(&mut text);
    written.map_err(|error| {
        Failure::new(error, "this is a fault of keydesk; please tell its makers")
    })?;
    Ok(text)
}
