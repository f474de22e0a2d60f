//! The commands: one definition each, and everything that is made of it.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use keydesk::policy::{COMMANDS_WITH_CODE, TurnAfter, layers};
use keydesk::triage::commands::{COMMANDS, Command, Who};

const PAGE: &str = "docs/COMMANDS.md";

#[test]
fn a_policy_knows_the_names_of_all_commands_with_code() {
    let known: BTreeSet<&str> = COMMANDS_WITH_CODE.iter().copied().collect();
    let named: BTreeSet<&str> = COMMANDS.iter().map(|command| command.name).collect();
    assert_eq!(known, named);
}

/// `KEYDESK_DOCS=write cargo nextest run reference_page` writes the page anew.
#[test]
fn the_reference_page_is_made_of_the_definitions() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE);
    let page = page();
    if std::env::var("KEYDESK_DOCS").is_ok_and(|word| word == "write") {
        fs::write(&path, &page).expect("a page that can be written");
    }
    let there = fs::read_to_string(&path).unwrap_or_default();
    assert!(there == page, "{PAGE} is not what the definitions say; see the comment of this test");
}

fn page() -> String {
    let mut page = String::from(
        "# Commands\n\n\
         Written in a comment, each on a line of its own, as many as you like. They count only as plain\n\
         lines: never in quotes, code, lists, links, HTML comments or the quoted part of a mail. A program's\n\
         comment and somebody else's edit command nothing; your own edit runs only what is new in it. What\n\
         is done gets a thumbs-up, what is not gets one sentence with the nearest right spelling.\n\n\
         This page is made of the definitions in `src/triage/commands/` and the replies in\n\
         `config/policy.toml`; `tests/integration/commands.rs` keeps it so.\n",
    );
    let of = |who: Who| COMMANDS.iter().copied().filter(move |command| command.who == who);
    page.push_str("\n## For the person who asked, and staff\n\n");
    list(&mut page, of(Who::Requester));
    page.push_str(
        "\nThe questions may be answered in plain words too, in any of the languages the desk reads:\n\
         \"codes: yes, mailbox no\".\n",
    );
    page.push_str(
        "\n## For staff\n\nPeople whose role in the repository is at least `[commands] role` of the policy, \
         unless\n`[commands.roles]` says otherwise for one of them.\n\n",
    );
    list(&mut page, of(Who::Staff));
    replies(&mut page);
    faq(&mut page);
    page
}

fn list(page: &mut String, commands: impl Iterator<Item = &'static Command>) {
    page.push_str("| command | does |\n|---|---|\n");
    for Command { name, arguments, summary, .. } in commands {
        let arguments = arguments.replace('|', "\\|");
        let usage = format!("/{name} {arguments}");
        let _ = writeln!(page, "| `{}` | {summary} |", usage.trim_end());
    }
}

fn replies(page: &mut String) {
    page.push_str(
        "\n## Replies\n\nFor staff too. Each is an entry of the policy: text, labels, turn, stage, clock and closing in one. A\n\
         repository changes or adds one in its `.github/keydesk.toml`, and it works from the next push on.\n\n\
         | reply | does | turn after |\n|---|---|---|\n",
    );
    for reply in &layers::built_in().replies {
        let arguments: String = reply.arguments.iter().map(|name| format!(" <{name}>")).collect();
        let turn = match reply.turn {
            Some(TurnAfter::Maintainers) => "maintainers",
            Some(TurnAfter::Requester) => "requester",
            Some(TurnAfter::Nobody) => "nobody",
            None => "as before",
        };
        let _ = writeln!(page, "| `/{}{arguments}` | {} | {turn} |", reply.command, reply.summary);
    }
}

fn faq(page: &mut String) {
    page.push_str(
        "\n## Topics of `/faq` and `/guide`\n\nFrom `[faq]` of the policy. A part of a name that no other has is enough: `/faq codes`.\n\n\
         | topic | question |\n|---|---|\n",
    );
    for (topic, question) in &layers::built_in().faq {
        let _ = writeln!(page, "| `{topic}` | {question} |");
    }
}
