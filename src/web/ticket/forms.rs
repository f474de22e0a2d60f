//! The buttons of a ticket: made of the one list of commands and of the policy's replies.

use serde::Serialize;

use crate::policy::Policy;
use crate::reading::CommandLine;
use crate::store::TicketReport;
use crate::triage::commands::{self, Command, Who};

/// Longer than anybody types after a command.
pub(super) const ARGUMENTS_BYTES_MAX: usize = 4_000;

/// Buttons of one kind.
#[derive(Debug, Serialize)]
pub(super) struct Group {
    title: &'static str,
    buttons: Vec<Button>,
}

#[derive(Debug, Serialize)]
struct Button {
    name: String,
    summary: String,
    /// Whether something must be said before it can be pressed.
    asks: bool,
}

/// All buttons. Those that suit the ticket's state least stand last.
pub(super) fn groups(report: &TicketReport, policy: &Policy) -> Vec<Group> {
    let replies = policy.replies.iter().map(|reply| Button {
        name: reply.command.clone(),
        summary: reply.summary.clone(),
        asks: !reply.arguments.is_empty(),
    });
    let of =
        |who: Who| commands::coded(policy).filter(move |command| command.who == who).map(coded);
    let mut groups = vec![
        Group { title: "Answer", buttons: replies.collect() },
        Group { title: "Handle", buttons: of(Who::Staff).collect() },
        Group { title: "As the requester would say it", buttons: of(Who::Requester).collect() },
    ];
    if !report.ticket.is_open {
        // Answers are for open requests.
        groups.rotate_left(1);
    }
    groups
}

fn coded(command: &Command) -> Button {
    Button {
        name: command.name.to_owned(),
        summary: command.summary.to_owned(),
        asks: !command.arguments.is_empty() && !command.arguments.starts_with('['),
    }
}

/// A field of a command's form.
#[derive(Debug, Clone, Serialize, PartialEq)]
pub(super) struct Field {
    /// Its name in the form.
    name: String,
    /// What stands above it.
    label: String,
    /// What was given.
    value: String,
    /// What may be chosen; empty where anything may be typed.
    choices: Vec<String>,
    is_required: bool,
}

/// A command as far as it was filled in.
#[derive(Debug)]
pub(super) struct Given {
    /// Its name without the slash.
    pub name: String,
    /// What it does.
    pub summary: String,
    /// Its fields.
    pub fields: Vec<Field>,
}

impl Given {
    /// The command that the fields name, with what they give; none if there is no such command.
    pub(super) fn read(given: &[(String, String)], policy: &Policy) -> Option<Self> {
        let get = |name: &str| {
            let found = given.iter().find(|(known, _)| known == name);
            let value = found.map(|(_, value)| value.as_str()).unwrap_or_default();
            one_line(value.get(..ARGUMENTS_BYTES_MAX).unwrap_or(value))
        };
        let name = get("command");
        if let Some(command) = commands::coded(policy).find(|command| command.name == name) {
            let fields = coded_field(command.arguments, get("argument-1"));
            let summary = command.summary.to_owned();
            return Some(Self { name, summary, fields: fields.into_iter().collect() });
        }
        let reply = policy.replies.iter().find(|reply| reply.command == name)?;
        let field = |(index, label): (usize, &String)| {
            let name = format!("argument-{}", index + 1);
            let value = get(&name);
            Field { name, label: label.clone(), value, choices: Vec::new(), is_required: true }
        };
        let fields = reply.arguments.iter().enumerate().map(field).collect();
        Some(Self { name, summary: reply.summary.clone(), fields })
    }

    /// What stands after the name.
    pub(super) fn arguments(&self) -> String {
        let values: Vec<&str> = self.fields.iter().map(|field| field.value.as_str()).collect();
        values.join(" ").trim().to_owned()
    }

    /// The command as it would be typed; none while something is missing.
    pub(super) fn line(&self) -> Option<CommandLine> {
        let is_filled =
            self.fields.iter().all(|field| !field.is_required || !field.value.is_empty());
        is_filled.then(|| CommandLine {
            name: self.name.clone(),
            arguments: self.arguments(),
            line: 1,
        })
    }
}

/// The field of a command with code, by how its arguments are written: `yes|no`, `[step]`, `#n`.
fn coded_field(usage: &str, value: String) -> Option<Field> {
    if usage.is_empty() {
        return None;
    }
    let optional = usage.strip_prefix('[').and_then(|inner| inner.strip_suffix(']'));
    let inner = optional.unwrap_or(usage);
    let is_choice = inner.contains('|') && !inner.contains(['<', '[']);
    let choices: Vec<String> =
        if is_choice { inner.split('|').map(str::to_owned).collect() } else { Vec::new() };
    let is_one_word = inner.matches('<').count() == 1 && inner.ends_with('>');
    let plain = if is_one_word { inner.trim_matches(['<', '>']) } else { inner };
    let label = if is_choice { choices.join(" or ") } else { plain.to_owned() };
    let name = "argument-1".to_owned();
    Some(Field { name, label, value, choices, is_required: optional.is_none() })
}

/// A command is one line: what is pasted with line ends becomes one.
pub(super) fn one_line(text: &str) -> String {
    let is_end = |letter: char| letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}');
    let words = text.split(is_end).map(str::trim).filter(|line| !line.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::layers::built_in;

    fn given(pairs: &[(&str, &str)]) -> Option<Given> {
        let pairs: Vec<(String, String)> =
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Given::read(&pairs, &built_in())
    }

    #[test]
    fn a_form_has_what_its_command_asks_for() {
        type Wanted = Option<(&'static str, &'static [&'static str], bool)>;
        let rows: &[(&str, Wanted)] = &[
            ("wake", None),
            ("turn", Some(("requester or maintainers", &["requester", "maintainers"], true))),
            ("close", Some(("completed or not planned", &["completed", "not planned"], false))),
            ("snooze", Some(("duration", &[], true))),
            ("assign", Some(("@who", &[], false))),
            ("away", Some(("<from>..<until> [why]", &[], true))),
            ("need", Some(("what", &[], true))),
        ];
        for (name, wanted) in rows {
            let given = given(&[("command", name)]).expect("a command");
            let field = given.fields.first();
            let shown = field.map(|field| {
                let choices: Vec<&str> = field.choices.iter().map(String::as_str).collect();
                (field.label.as_str(), choices, field.is_required)
            });
            let wanted =
                wanted.map(|(label, choices, is_required)| (label, choices.to_vec(), is_required));
            assert_eq!(shown, wanted, "{name}");
        }
        assert!(given(&[("command", "no-such")]).is_none());
    }

    #[test]
    fn a_command_is_one_line_and_whole() {
        assert!(given(&[("command", "need")]).expect("a command").line().is_none());
        let pairs = [("command", "need"), ("argument-1", " the name\r\n/recovered\u{2028}x ")];
        let line = given(&pairs).expect("a command").line().expect("it is filled in");
        assert_eq!(
            (line.name.as_str(), line.arguments.as_str()),
            ("need", "the name /recovered x")
        );
    }
}
