//! Facts to try a text with: every reason, what people may still have, what they may have posted.

use std::collections::{BTreeMap, HashSet};

use crate::reading::{Known, Missing, Reason, RecoveryCodes, Sensitive, Site};
use crate::triage::Stage;
use crate::triage::text::{CommandHelp, Facts, FaqTopic, RefusedCommand, WaitingTimes};

/// Reasons as they come together in real requests, and none at all.
const REASONS: &[&[Reason]] = &[
    &[],
    &[Reason::Lost2fa],
    &[Reason::LostEmail],
    &[Reason::UnverifiedEmail],
    &[Reason::RecoveryCodesRejected],
    &[Reason::ForgotPassword],
    &[Reason::ForgotUsername],
    &[Reason::Compromised],
    &[Reason::Other],
    &[Reason::Lost2fa, Reason::LostEmail],
    &[Reason::Lost2fa, Reason::RecoveryCodesRejected],
    &[Reason::Lost2fa, Reason::ForgotPassword],
    &[Reason::Lost2fa, Reason::Compromised],
    &[Reason::LostEmail, Reason::ForgotPassword],
    &[Reason::LostEmail, Reason::UnverifiedEmail],
    &[Reason::LostEmail, Reason::RecoveryCodesRejected],
    &[Reason::LostEmail, Reason::Other],
    &[Reason::UnverifiedEmail, Reason::ForgotPassword],
    &[Reason::ForgotPassword, Reason::ForgotUsername],
    &[
        Reason::Lost2fa,
        Reason::LostEmail,
        Reason::UnverifiedEmail,
        Reason::RecoveryCodesRejected,
        Reason::ForgotPassword,
        Reason::ForgotUsername,
        Reason::Compromised,
        Reason::Other,
    ],
];

const KNOWN: &[Known] = &[Known::Unknown, Known::Yes, Known::No];

const CODES: &[RecoveryCodes] =
    &[RecoveryCodes::Unknown, RecoveryCodes::Lost, RecoveryCodes::Has, RecoveryCodes::Rejected];

const SITES: &[Site] = &[Site::Unknown, Site::Pypi, Site::Testpypi];

const MISSING: &[&[Missing]] = &[
    &[],
    &[Missing::Username],
    &[Missing::Reason],
    &[Missing::CodeOfConduct],
    &[Missing::Acknowledgement],
    &[Missing::Username, Missing::Reason, Missing::CodeOfConduct, Missing::Acknowledgement],
    &[Missing::CodeOfConduct, Missing::Acknowledgement],
];

const EXPOSED: &[&[Sensitive]] = &[
    &[],
    &[Sensitive::EmailAddress],
    &[Sensitive::RecoveryCode],
    &[Sensitive::ApiToken],
    &[Sensitive::Password],
    &[],
    &[Sensitive::Phone],
    &[Sensitive::IdDocument],
    &[
        Sensitive::EmailAddress,
        Sensitive::RecoveryCode,
        Sensitive::ApiToken,
        Sensitive::Password,
        Sensitive::Phone,
        Sensitive::IdDocument,
    ],
    &[],
    &[Sensitive::RecoveryCode, Sensitive::EmailAddress],
];

const LANGUAGES: &[&str] =
    &["en", "und", "zh", "ru", "es", "pt", "fr", "de", "ja", "ko", "it", "tr", "id", "uk"];

const ISSUE: &str = "https://github.com/pypi/support/issues/1234";

/// Texts whose words depend on what was read. The others know who speaks, to whom and where.
const READ: &[&str] = &[
    "blanked",
    "card",
    "compromised",
    "exposed-secret",
    "faq-forgotten-password",
    "faq-lost-app",
    "faq-lost-codes",
    "faq-next",
    "faq-no-mailbox",
    "forgot-password",
    "forgot-username",
    "lost-2fa",
    "lost-email",
    "missing",
    "next-steps",
    "other",
    "questions",
    "recovery-codes-rejected",
    "revoke",
    "safety",
    "session",
    "standing",
    "take-out",
    "test-site",
    "unverified-email",
    "wrong-address",
];

/// Arguments that the shipped replies and announcements are given.
const ARGUMENTS: &[(&str, &str, &str)] = &[
    ("need", "what", "the name of one project of the account"),
    ("decline", "why", "the project belongs to somebody else"),
    (
        "policy-problem",
        "problem",
        "line 7, column 1: `escalaton` is unknown; did you mean `escalation`?",
    ),
    ("duplicate", "of", "12"),
    ("no-permission", "problem", "write labels (issues: write)"),
];

/// Facts to try the text with.
pub fn samples(template: &str) -> Vec<Facts> {
    let mut facts = if READ.contains(&template) { read() } else { spoken() };
    for sample in &mut facts {
        sample.arguments = arguments_of(template);
    }
    facts
}

/// The names of all facts, and of the arguments that the shipped replies have.
pub(super) fn fact_names() -> Vec<String> {
    let fields = super::context::names().into_iter();
    fields.chain(ARGUMENTS.iter().map(|(_, name, _)| format!("arguments.{name}"))).collect()
}

/// Gives a text that is not ours the arguments and fields it names: only its policy and its kind
/// know which there are.
pub(super) fn give_arguments(facts: &mut Facts, topic: &str, undeclared: &HashSet<String>) {
    if super::built_in::has_topic(topic) {
        return;
    }
    for name in undeclared.iter().filter_map(|name| name.strip_prefix("arguments.")) {
        facts.arguments.insert(name.to_owned(), "an example".to_owned());
    }
    for name in undeclared.iter().filter_map(|name| name.strip_prefix("fields.")) {
        facts.fields.insert(name.to_owned(), "an example".to_owned());
    }
}

fn arguments_of(template: &str) -> BTreeMap<String, String> {
    let named = ARGUMENTS.iter().filter(|(topic, ..)| *topic == template);
    named.map(|(_, name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// Each set of reasons with each mailbox and each state of the codes; the rest takes turns.
fn read() -> Vec<Facts> {
    let mut all = Vec::new();
    for reasons in REASONS {
        for email_access in KNOWN {
            for recovery_codes in CODES {
                let mut facts = basics(all.len());
                facts.reasons = reasons.to_vec();
                facts.email_access = *email_access;
                facts.recovery_codes = *recovery_codes;
                all.push(facts);
            }
        }
    }
    for turn in 0..MISSING.len() * EXPOSED.len() {
        let mut facts = basics(turn);
        facts.missing = MISSING[turn % MISSING.len()].to_vec();
        facts.exposed = EXPOSED[turn % EXPOSED.len()].to_vec();
        all.push(facts);
    }
    all.push(Facts::default());
    all
}

/// Every language, with and without what may be absent.
fn spoken() -> Vec<Facts> {
    let mut all: Vec<Facts> = (0..LANGUAGES.len() * 2).map(basics).collect();
    all.push(Facts::default());
    for (turn, facts) in all.iter_mut().enumerate() {
        facts.step = "first reply overdue".to_owned();
        facts.waited = "6 days".to_owned();
        facts.mention = vec!["@acme/recovery".to_owned(), "@alice".to_owned()];
        facts.mention.truncate(turn % 3);
        facts.closes_after = if turn % 2 == 0 { "7 days" } else { "" }.to_owned();
        facts.commands = commands();
        facts.commands.truncate(turn % 4);
        facts.refusals = refusals();
        facts.refusals.truncate(1 + turn % 2);
        facts.topics = topics();
        facts.topics.truncate(turn % 3);
    }
    all
}

fn basics(turn: usize) -> Facts {
    Facts {
        requester: "octo-cat".to_owned(),
        speaker: "alice".to_owned(),
        url: ISSUE.to_owned(),
        language: LANGUAGES[turn % LANGUAGES.len()].to_owned(),
        site: SITES[turn % SITES.len()],
        password_known: KNOWN[turn % KNOWN.len()],
        session: KNOWN[turn / KNOWN.len() % KNOWN.len()],
        stage: stage(turn),
        mailed_on: if turn % 4 == 1 { "2026-11-23" } else { "" }.to_owned(),
        waiting: turn.is_multiple_of(2).then_some(WaitingTimes {
            count: 60,
            half_days: 6,
            most_days: 11,
        }),
        badge: address(!turn.is_multiple_of(3), "badge/pypi/support/1234.svg"),
        status: address(turn % 3 > 1, "status/pypi/support/1234"),
        related: if turn.is_multiple_of(5) { vec![12, 15] } else { Vec::new() },
        place: if turn.is_multiple_of(2) {
            format!("{ISSUE}#issuecomment-7")
        } else {
            String::new()
        },
        ..Facts::default()
    }
}

/// Mostly new ones: there a text has most to say.
fn stage(turn: usize) -> Stage {
    match turn % 14 {
        3 | 10 => Stage::Recovering,
        5 => Stage::Reviewing,
        6 => Stage::Recovered,
        13 => Stage::Resolved,
        _ => Stage::Filed,
    }
}

fn address(is_there: bool, path: &str) -> String {
    if is_there { format!("https://desk.example/{path}") } else { String::new() }
}

fn topics() -> Vec<FaqTopic> {
    let lines =
        [("process", "How does this work?"), ("no-mailbox", "I cannot read my mail any more.")];
    let entry = |(topic, question): (&str, &str)| FaqTopic {
        topic: topic.to_owned(),
        question: question.to_owned(),
    };
    lines.into_iter().map(entry).collect()
}

fn commands() -> Vec<CommandHelp> {
    let lines = [
        ("/resolved", "Says that you are in again, and closes the request."),
        ("/turn requester|maintainers", "Sets whose turn it is."),
        ("/help", "Lists what you can say here."),
    ];
    let help = |(usage, summary): (&str, &str)| CommandHelp {
        usage: usage.to_owned(),
        summary: summary.to_owned(),
    };
    lines.into_iter().map(help).collect()
}

fn refusals() -> Vec<RefusedCommand> {
    let lines = [
        ("/resolvd", "There is no such command.", "/resolved"),
        ("/turn me", "This command is for people with the role triage or more here.", ""),
    ];
    let refused = |(command, why, nearest): (&str, &str, &str)| RefusedCommand {
        command: command.to_owned(),
        why: why.to_owned(),
        nearest: nearest.to_owned(),
    };
    lines.into_iter().map(refused).collect()
}
