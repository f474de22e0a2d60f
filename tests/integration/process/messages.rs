//! Everything the command line says of itself: every `--help`, and every error with its cure.
//!
//! What a policy is refused for stands in `policy/problems.rs`, a setting in `policy/settings.rs`;
//! here is what a person sees of them, and all the rest. `INSTA_UPDATE=always cargo nextest run
//! messages` writes the snapshots anew.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use super::stand_in::KEY_PATH;

/// How wide help is where there is no terminal.
const WIDTH: usize = 100;

#[test]
fn every_help_is_as_it_was_read() {
    let mut definition = keydesk::cli::definition().term_width(WIDTH);
    definition.build();
    let mut pages = format!("$ keydesk --help\n{}", definition.render_long_help());
    for command in definition.get_subcommands_mut() {
        let name = command.get_name().to_owned();
        let mut command = command.clone().term_width(WIDTH);
        let help = command.render_long_help().to_string();
        assert!(help.contains("Example"), "keydesk {name} --help has no example");
        let _ = write!(pages, "\n$ keydesk {name} --help\n{help}");
    }
    insta::assert_snapshot!("help", pages);
}

/// A room with files to stumble over.
struct Room {
    folder: tempfile::TempDir,
    told: String,
}

type Variables<'a> = &'a [(&'a str, &'a str)];

impl Room {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder"), told: String::new() }
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }

    /// Runs a command that fails and notes what it says.
    fn fails(&mut self, arguments: &[&str], variables: Variables<'_>) {
        let (code, said) = keydesk(self.folder.path(), arguments, variables);
        let place = self.folder.path().display().to_string();
        let said = said.replace(&place, "[folder]").replace(KEY_PATH, "[key]");
        let mut shown: Vec<String> =
            variables.iter().map(|(name, value)| format!("{name}={}", short(value))).collect();
        shown.push("keydesk".to_owned());
        shown.extend(arguments.iter().map(|one| one.replace(&place, "[folder]")));
        let _ = writeln!(self.told, "$ {}\n{said}[{code}]\n", shown.join(" "));
        assert!(code == 1 || code == 2, "{arguments:?} does not fail: {said}");
        assert!(said.contains("error: "), "{arguments:?}: {said}");
        assert!(said.contains("help: "), "{arguments:?} says no cure: {said}");
    }
}

fn short(value: &str) -> String {
    let value = value.replace(KEY_PATH, "[key]");
    if value.len() > 60 { "…".to_owned() } else { value }
}

fn keydesk(folder: &Path, arguments: &[&str], variables: Variables<'_>) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_keydesk"))
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("RUST_LOG", "off")
        .envs(variables.iter().copied())
        .stdin(Stdio::null())
        .output()
        .expect("the binary");
    assert!(output.stdout.is_empty() || arguments.contains(&"doctor"), "errors are no output");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.code().unwrap_or(-1), said)
}

const TOKEN: (&str, &str) = ("GITHUB_TOKEN", "t");
const SECRET: (&str, &str) = ("GITHUB_WEBHOOK_SECRET", "s");
const LISTEN: (&str, &str) = ("LISTEN", "127.0.0.1:0");
const NOWHERE: (&str, &str) = ("GITHUB_API_URL", "http://127.0.0.1:1");

#[test]
fn wrong_use_is_said_with_what_is_right() {
    let mut room = Room::new();
    for arguments in [
        &["serv"][..],
        &["serve", "--confg", "x"],
        &["serve", "--config"],
        &["serve", "--format", "json"],
        &["serve", "--print-config", "--format", "yaml"],
        &["demo", "--listen", "here"],
        &["parse", "a", "b"],
        &["simulate"],
        &["simulate", "--from", "x", "--until", "soon"],
        &["import"],
        &["import", "acme"],
        &["migrate", "--from", "sqlite://a.db"],
        &["explain"],
        &["replay"],
        &["retry"],
        &["digest"],
        &["erase"],
        &["sources", "/nowhere"],
        &["sources", "."],
        &["completions", "tcsh"],
        &["man", "serve", "--to", "."],
        &["schema", "x"],
        &["check", "--strict"],
        &["doctor", "--format", "xml"],
    ] {
        room.fails(arguments, &[]);
    }
    let (code, said) = keydesk(room.folder.path(), &[], &[]);
    assert!(code == 2 && said.contains("Commands:"), "{said}");
    insta::assert_snapshot!("wrong_use", room.told);
}

#[test]
fn what_goes_wrong_is_said_with_its_cure() {
    let mut room = Room::new();
    commands_that_read(&mut room);
    commands_on_a_store(&mut room);
    insta::assert_snapshot!("failures", room.told);
}

fn commands_that_read(room: &mut Room) {
    room.write("broken.jsonl", "{\"title\": 7}\n");
    room.write("form.yml", "body: 7\n");
    room.write("policy/policy.toml", "[labels]\nrequst = \"x\"\n");
    room.write("server/server.toml", "# mine\n  databas_url = \"x\"\n");
    room.write("text/templates/comments/aup.md", "Write to {{ elders }");
    room.write("form/forms/account-recovery.toml", "fields = 7\n");
    room.write("page/templates/pages/staff/queue.html", "{% if %}");
    room.write(
        "reply/policy.toml",
        "[[replies]]\ncommand = \"thanks\"\nsummary = \"x\"\ntemplate = \"thanks\"\n",
    );
    for arguments in [
        &["parse", "/nowhere.md"][..],
        &["parse", "--jsonl", "broken.jsonl"],
        &["parse", "--comments", "broken.jsonl"],
        &["parse", "--form", "/nowhere.yml"],
        &["parse", "--form", "form.yml"],
        &["check", "/nowhere.toml"],
        &["check", "policy", "server", "text", "form", "page", "reply"],
        &["check", "policy/policy.toml", "server/server.toml"],
        &["simulate", "--from", "/nowhere.jsonl"],
        &["simulate", "--from", "broken.jsonl"],
        &["simulate", "--from", "broken.jsonl", "--diff", "/nowhere"],
        &["simulate", "--from", "acme/support"],
        &["man", "serv"],
        &["man", "--to", "/nowhere"],
        &["serve", "--config", "/nowhere", "--print-config"],
        &["serve", "--config", "reply", "--print-config"],
        &["serve", "--config", "form", "--print-config"],
    ] {
        room.fails(arguments, &[]);
    }
}

fn commands_on_a_store(room: &mut Room) {
    let key = std::fs::read_to_string(KEY_PATH).expect("the key");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let taken_place = taken.local_addr().expect("an address").to_string();
    room.write("garbage.db", "something else entirely");
    room.write("config.d/policy.toml", "");
    let app = ("GITHUB_APP_ID", "1");
    let path = ("GITHUB_PRIVATE_KEY_PATH", KEY_PATH);
    let garbage = ("DATABASE_URL", "sqlite://garbage.db");
    let nowhere = ("DATABASE_URL", "sqlite:///nowhere/desk.db");
    let here = ("LISTEN", taken_place.as_str());
    room.write("kept/credentials.toml", "listen = \"0.0.0.0:1\"\n");
    let kept = ("DATABASE_URL", "sqlite://kept/desk.db");
    let cases: [(&[&str], Variables<'_>); 28] = [
        (&["serve"], &[]),
        (&["serve"], &[kept]),
        (&["serve"], &[TOKEN]),
        (&["serve"], &[app, SECRET]),
        (&["serve"], &[("GITHUB_PRIVATE_KEY", &key), SECRET]),
        (&["serve"], &[app, SECRET, ("GITHUB_PRIVATE_KEY", "no key")]),
        (&["serve"], &[app, SECRET, LISTEN, ("GITHUB_PRIVATE_KEY", &key[..400])]),
        (&["serve"], &[app, SECRET, ("GITHUB_PRIVATE_KEY_PATH", "/nowhere.pem")]),
        (&["serve"], &[app, SECRET, path, LISTEN, ("GITHUB_API_URL", "https://")]),
        (&["serve"], &[app, SECRET, path, LISTEN, ("KEYDESK_SESSION_KEY", "short")]),
        (&["serve"], &[TOKEN, SECRET, here]),
        (&["serve"], &[TOKEN, SECRET, LISTEN, nowhere]),
        (&["serve"], &[TOKEN, SECRET, LISTEN, garbage]),
        (&["serve"], &[TOKEN, SECRET, LISTEN, ("DATABASE_URL", "sqlite://")]),
        (&["demo", "--listen", &taken_place], &[]),
        (&["explain", "acme"], &[]),
        (&["explain", "acme/support#1"], &[]),
        (&["retry", "acme/support#1"], &[]),
        (&["replay", "72d3162e"], &[]),
        (&["digest", "acme/support"], &[]),
        (&["erase", "a b"], &[]),
        (&["erase", "acme/support#1"], &[]),
        (&["import", "acme/support"], &[]),
        (&["import", "acme/support"], &[TOKEN, NOWHERE]),
        (&["migrate", "--from", "sqlite://", "--to", "mysql://x"], &[]),
        (&["migrate", "--from", "sqlite://nothing.db", "--to", "sqlite://b.db"], &[]),
        (&["migrate", "--from", "sqlite://garbage.db", "--to", "sqlite://b.db"], &[]),
        (&["doctor"], &[]),
    ];
    for (arguments, variables) in cases {
        room.fails(arguments, variables);
    }
    room.told = room.told.replace(&taken_place, "[taken]");
}

/// Each command and each option of it has a sentence, and no two commands say the same.
#[test]
fn every_option_is_told_of() {
    let mut definition = keydesk::cli::definition();
    definition.build();
    let mut seen = BTreeSet::new();
    for command in definition.get_subcommands() {
        let name = command.get_name();
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        assert!(!about.is_empty() && seen.insert(about), "keydesk {name} says nothing of its own");
        for argument in command.get_arguments() {
            assert!(argument.get_help().is_some(), "keydesk {name}: {}", argument.get_id());
        }
    }
}
