//! Slash-commands: one definition each feeds parsing, permission, help text and docs.
//!
//! Commands with logic of their own are files here and lines in [`COMMANDS`]; replies, which only
//! say and set something, are entries of the policy and run by [`reply`].

mod arguments;
mod assign;
mod away;
mod back;
mod calm;
mod close;
mod codes;
mod duplicate;
mod escalate;
mod faq;
mod guide;
mod help;
mod label;
mod mailbox;
mod note;
mod reason;
mod reopen;
mod reply;
mod resolved;
mod sent;
mod session;
mod site;
mod snooze;
mod turn;
mod unassign;
mod unhide;
mod unlabel;
mod username;
mod wake;

pub(super) use arguments::issue_number;
pub(super) use duplicate::DUPLICATE;

use super::action::Reaction;
use super::draft::Draft;
use super::event::Comment;
use super::speaker::Speaker;
use super::text::{CommandHelp, RefusedCommand};
use crate::policy::{Policy, Reply, Role};
use crate::reading::CommandLine;
use crate::reading::secrets::blank_secrets;

/// A command with logic of its own.
#[derive(Debug)]
pub struct Command {
    /// Its name without the slash; also the name of its file.
    pub name: &'static str,
    /// How its arguments are written; empty without any.
    pub arguments: &'static str,
    /// What it does, in one line.
    pub summary: &'static str,
    /// Who may give it.
    pub who: Who,
    /// Carries it out on the draft, or says why not.
    pub run: fn(&mut Draft, &Call) -> Result<(), Refusal>,
}

/// One command as somebody gave it.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// What was typed.
    pub line: &'a CommandLine,
    /// Who typed it.
    pub speaker: Speaker<'a>,
}

impl Call<'_> {
    /// The command's name without the slash.
    pub fn name(&self) -> &str {
        &self.line.name
    }

    /// What stands after the name.
    pub fn arguments(&self) -> &str {
        self.line.arguments.trim()
    }
}

/// Who may give a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// People with the role the policy asks for.
    Staff,
    /// The person who opened the request, and staff.
    Requester,
}

/// Why a command was not carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The reason, as a sentence.
    pub why: String,
    /// The nearest right spelling, with its slash; empty if none is near.
    pub nearest: String,
}

impl Refusal {
    /// A refusal with a right spelling beside it.
    pub fn new(why: impl Into<String>, nearest: impl Into<String>) -> Self {
        Self { why: why.into(), nearest: nearest.into() }
    }

    /// The request is closed, and the command is for open ones.
    pub fn closed() -> Self {
        Self::new("This request is closed; open it again first.", "/reopen")
    }
}

/// Every command with logic, as `/help` lists them.
pub const COMMANDS: &[&Command] = &[
    &help::HELP,
    &faq::FAQ,
    &codes::CODES,
    &mailbox::MAILBOX,
    &session::SESSION,
    &site::SITE,
    &sent::SENT,
    &resolved::RESOLVED,
    &guide::GUIDE,
    &reason::REASON,
    &username::USERNAME,
    &turn::TURN,
    &snooze::SNOOZE,
    &wake::WAKE,
    &escalate::ESCALATE,
    &calm::CALM,
    &assign::ASSIGN,
    &unassign::UNASSIGN,
    &label::LABEL,
    &unlabel::UNLABEL,
    &note::NOTE,
    &unhide::UNHIDE,
    &duplicate::DUPLICATE,
    &close::CLOSE,
    &reopen::REOPEN,
    &away::AWAY,
    &back::BACK,
];

/// The commands with logic that a desk has.
pub fn coded(policy: &Policy) -> impl Iterator<Item = &'static Command> {
    let is_off = |command: &Command| policy.commands.off.iter().any(|off| off == command.name);
    COMMANDS.iter().copied().filter(move |command| !is_off(command))
}

/// What a name stands for.
enum Meaning<'a> {
    Coded(&'static Command),
    Reply(&'a Reply),
}

/// What became of one command line.
enum Outcome {
    Done,
    Refused(Refusal),
    Ignored,
}

/// What a comment commanded, all in all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Commanded {
    /// It held no command.
    Nothing,
    /// Every command was refused.
    Refused,
    /// One at least was carried out.
    Done,
    /// Likewise, and it said something to the requester: staff have answered.
    Answered,
}

/// Commands with code that say something to the requester. Replies all do.
const ANSWERS: &[&str] = &["guide", "duplicate"];

/// Carries out the commands of a comment, in order; those it held before an edit are not run
/// again. Each ends in a sign or a clear word.
pub(super) fn carry_out(
    draft: &mut Draft,
    (comment, lines): (&Comment, &[CommandLine]),
    speaker: Speaker,
) -> Commanded {
    let mut seen = draft.ticket.commands_seen.get(&comment.id).cloned().unwrap_or_default();
    let mut done_count = 0;
    let mut is_answered = false;
    let mut refusals = Vec::new();
    for line in lines {
        let typed = typed(line);
        // Carried out before an edit, or said twice: it means no more than once.
        if seen.contains(&typed) {
            continue;
        }
        seen.push(typed.clone());
        match run(draft, line, speaker) {
            Outcome::Done => {
                draft.because(format!("{} said {typed}.", speaker.person.login));
                done_count += 1;
                is_answered |= is_answer(&line.name);
            }
            Outcome::Refused(Refusal { why, nearest }) => {
                refusals.push(RefusedCommand { command: typed, why, nearest });
            }
            Outcome::Ignored => {}
        }
    }
    if !seen.is_empty() {
        draft.ticket.commands_seen.insert(comment.id, seen);
    }
    let commanded = match (done_count, refusals.len()) {
        (0, 0) => Commanded::Nothing,
        (0, _) => Commanded::Refused,
        _ if is_answered => Commanded::Answered,
        _ => Commanded::Done,
    };
    answer(draft, (comment, speaker), (done_count, refusals));
    commanded
}

/// What became of a command that was given by a button.
pub(super) enum Pressed {
    /// It was carried out; and whether it said something to the requester.
    Done { is_answer: bool },
    /// It was not, and why.
    Refused(Refusal),
}

/// Carries out one command that was given by a button, without a comment to answer under.
pub(super) fn carry_out_pressed(
    draft: &mut Draft,
    line: &CommandLine,
    speaker: Speaker,
) -> Pressed {
    match run(draft, line, speaker) {
        Outcome::Done => Pressed::Done { is_answer: is_answer(&line.name) },
        Outcome::Refused(refusal) => Pressed::Refused(refusal),
        Outcome::Ignored => Pressed::Refused(Refusal::new("There is no such command.", "")),
    }
}

fn answer(
    draft: &mut Draft,
    (comment, speaker): (&Comment, Speaker),
    (done_count, refusals): (usize, Vec<RefusedCommand>),
) {
    if done_count > 0 {
        draft.react(comment.id, Reaction::ThumbsUp);
    }
    if refusals.is_empty() {
        return;
    }
    draft.react(comment.id, Reaction::Confused);
    for refused in &refusals {
        draft.because(format!("{} was not carried out: {}", refused.command, refused.why));
    }
    let is_outsider = !speaker.is_requester && speaker.role < draft.case.policy.commands.role;
    if !is_outsider {
        let mut facts = draft.facts();
        facts.refusals = refusals;
        draft.say("refused", facts);
    }
}

fn run(draft: &mut Draft, line: &CommandLine, speaker: Speaker) -> Outcome {
    let policy = draft.case.policy;
    let Some(meaning) = find_meaning(&line.name, policy) else {
        return match nearest_name(&line.name, policy) {
            Some(nearest) => Outcome::Refused(Refusal::new("There is no such command.", nearest)),
            None => Outcome::Ignored,
        };
    };
    if let Err(refusal) = check_role(&line.name, &meaning, policy, speaker) {
        draft.note_role_too_low();
        return Outcome::Refused(refusal);
    }
    let result = match meaning {
        Meaning::Coded(command) => (command.run)(draft, &Call { line, speaker }),
        Meaning::Reply(reply) => reply::run(draft, line, reply),
    };
    match result {
        Ok(()) => Outcome::Done,
        Err(refusal) => Outcome::Refused(refusal),
    }
}

fn is_answer(name: &str) -> bool {
    ANSWERS.contains(&name) || !COMMANDS.iter().any(|command| command.name == name)
}

fn find_meaning<'a>(name: &str, policy: &'a Policy) -> Option<Meaning<'a>> {
    let coded = coded(policy).find(|command| command.name == name);
    coded
        .map(Meaning::Coded)
        .or_else(|| policy.replies.iter().find(|reply| reply.command == name).map(Meaning::Reply))
}

fn check_role(
    name: &str,
    meaning: &Meaning,
    policy: &Policy,
    speaker: Speaker,
) -> Result<(), Refusal> {
    let lowest = policy.commands.roles.get(name).copied().unwrap_or(policy.commands.role);
    let may_as_requester = match meaning {
        Meaning::Coded(command) => command.who == Who::Requester && speaker.is_requester,
        Meaning::Reply(_) => false,
    };
    if may_as_requester || speaker.role >= lowest {
        return Ok(());
    }
    let why =
        format!("This command is for people with the role {} or more here.", role_name(lowest));
    Err(Refusal::new(why, ""))
}

fn role_name(role: Role) -> &'static str {
    match role {
        Role::None => "none",
        Role::Read => "read",
        Role::Triage => "triage",
        Role::Write => "write",
        Role::Maintain => "maintain",
        Role::Admin => "admin",
    }
}

/// The command at most two letters away, with its slash. Short names allow one letter only,
/// else every short path would be taken for a command.
fn nearest_name(name: &str, policy: &Policy) -> Option<String> {
    let coded = coded(policy).map(|command| command.name);
    let replies = policy.replies.iter().map(|reply| reply.command.as_str());
    let letters_max = if name.len() <= 4 { 1 } else { 2 };
    coded
        .chain(replies)
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate))
        .filter(|(distance, _)| *distance <= letters_max)
        .min()
        .map(|(_, candidate)| format!("/{candidate}"))
}

/// Characters of a command that are kept and shown; what is longer means no harm, or no good.
const TYPED_CHARACTERS_MAX: usize = 300;

/// A command as it was typed, with its slash, and without what must not be kept.
pub(super) fn typed(line: &CommandLine) -> String {
    let arguments = blank_secrets(&line.arguments);
    let typed = format!("/{} {arguments}", line.name);
    match typed.char_indices().nth(TYPED_CHARACTERS_MAX) {
        Some((end, _)) => format!("{}…", &typed[..end]),
        None => typed.trim_end().to_owned(),
    }
}

/// The commands a speaker may give, for `/help`.
fn help_for(policy: &Policy, is_staff: bool) -> Vec<CommandHelp> {
    let coded = coded(policy).filter(|command| is_staff || command.who == Who::Requester);
    let coded = coded.map(|command| CommandHelp {
        usage: usage(command.name, command.arguments),
        summary: command.summary.to_owned(),
    });
    let replies = policy
        .replies
        .iter()
        .filter(|_| is_staff)
        .map(|reply| CommandHelp { usage: reply::usage(reply), summary: reply.summary.clone() });
    coded.chain(replies).collect()
}

fn usage(name: &str, arguments: &str) -> String {
    if arguments.is_empty() { format!("/{name}") } else { format!("/{name} {arguments}") }
}
