//! `docs/COMMAND-LINE.md`: every command and option, from the definition that reads them.

use std::fmt::Write as _;

use clap::{Arg, Command};
use keydesk::cli;

use super::{cell, hold, prose};

/// `KEYDESK_DOCS=write cargo nextest run command_line_page` writes the page anew.
#[test]
fn the_command_line_page_is_made_of_the_definition() {
    let mut definition = cli::definition();
    definition.build();
    let mut page = String::from(
        "# The command line\n\n\
         `keydesk <command> [options]`. Errors go to standard error, as `error: …` (what and where) and\n\
         `help: …` (what now). The exit code is 0 for done, 1 for failed, 2 for wrong use. `NO_COLOR` and\n\
         whatever is no terminal get plain text. Every command takes `--help`.\n\n\
         This page is made of the definition in `src/cli/`; `tests/integration/book/command_line.rs` keeps\n\
         it so.\n\n\
         | command | does |\n|---|---|\n",
    );
    for command in definition.get_subcommands() {
        let (name, about) = (command.get_name(), about(command));
        let _ = writeln!(page, "| [`{name}`](#keydesk-{name}) | {} |", prose(&about));
    }
    for command in definition.get_subcommands() {
        section(&mut page, command);
    }
    hold("docs/COMMAND-LINE.md", &page);
}

fn about(command: &Command) -> String {
    command.get_about().map(ToString::to_string).unwrap_or_default()
}

fn section(page: &mut String, command: &Command) {
    let usage = command.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ").trim();
    let _ = write!(
        page,
        "\n## `keydesk {}`\n\n{}.\n\n```text\n{usage}\n```\n",
        command.get_name(),
        about(command).trim_end_matches('.')
    );
    let taken: Vec<&Arg> = command
        .get_arguments()
        .filter(|one| !["help", "version"].contains(&one.get_id().as_str()))
        .collect();
    if !taken.is_empty() {
        page.push_str("\n| option | does | without it |\n|---|---|---|\n");
        taken.into_iter().for_each(|one| row(page, one));
    }
    if let Some(examples) = command.get_after_help() {
        let _ = write!(page, "\n```text\n{}\n```\n", examples.to_string().trim_end());
    }
}

fn row(page: &mut String, one: &Arg) {
    let values = one.get_value_names().unwrap_or_default().join(" ");
    let name = match one.get_long() {
        Some(long) if one.get_action().takes_values() => format!("--{long} <{values}>"),
        Some(long) => format!("--{long}"),
        None => format!("<{values}>"),
    };
    let mut does = one.get_help().map(ToString::to_string).unwrap_or_default();
    let words: Vec<String> = one
        .get_possible_values()
        .iter()
        .filter(|_| one.get_action().takes_values())
        .map(|word| match word.get_help() {
            Some(help) => format!("`{}` ({help})", word.get_name()),
            None => format!("`{}`", word.get_name()),
        })
        .collect();
    if !words.is_empty() {
        let _ = write!(does, ": {}", words.join(", "));
    }
    let default: Vec<_> =
        one.get_default_values().iter().map(|one| one.to_string_lossy()).collect();
    let without =
        match (one.is_required_set(), default.is_empty() || !one.get_action().takes_values()) {
            (true, _) => "needed".to_owned(),
            (false, true) => String::new(),
            (false, false) => format!("`{}`", default.join(" ")),
        };
    let _ = writeln!(page, "| `{}` | {} | {without} |", cell(&name), prose(&does));
}
