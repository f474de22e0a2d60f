//! `keydesk simulate`, the binary, over small exports whose outcome is known.

mod export;

use std::fs;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

use export::{ADA, BEN, CLEO, Export, MIRA};

/// One step of the ladder; three days of silence, and two more.
const POLICY: &str = "[[escalation]]\nname = \"first reply overdue\"\nafter = \"5 working days\"\n\
    labels = [\"escalated\"]\nmention = [\"@acme/recovery\"]\n\
    [silence]\nremind_after = \"3 days\"\nclose_after = \"2 days\"\n";

/// A folder with an export and configurations.
struct Room {
    folder: TempDir,
}

impl Room {
    fn with(export: &Export) -> Self {
        let room = Self { folder: tempfile::tempdir().expect("a folder") };
        room.write("export.jsonl", &export.lines());
        room.write("config/policy.toml", POLICY);
        room
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    fn simulate(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_keydesk"))
            .current_dir(self.folder.path())
            .env_clear()
            .arg("simulate")
            .args(arguments)
            .output()
            .expect("the binary")
    }

    /// What it prints where all goes well, up to the end of June.
    fn shows(&self, arguments: &[&str]) -> String {
        let common = ["--from", "export.jsonl", "--until", "2026-06-30"];
        let output = self.simulate(&[&common, arguments].concat());
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && errors.is_empty(), "{errors}");
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    /// What it says where something is wrong.
    fn complains(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let output = self.simulate(arguments);
        assert_eq!(String::from_utf8_lossy(&output.stdout), "");
        let errors = String::from_utf8(output.stderr).expect("UTF-8");
        assert!(!errors.contains("panicked"), "{errors}");
        (output.status.code(), errors)
    }
}

/// Three requests: one is asked something and answers late, one is forgotten, one helps himself.
fn tracker() -> Export {
    let mut export = Export::default();
    export
        .open(1, ADA, "2026-03-02T09:00:00Z")
        .comment(MIRA, "2026-03-03T09:00:00Z", "Which projects do you own?")
        .comment(ADA, "2026-03-12T09:00:00Z", "Sorry for the delay. I own left-pad.")
        .close(MIRA, "2026-03-13T09:00:00Z");
    export.open(2, BEN, "2026-03-02T10:00:00Z");
    export.open(3, CLEO, "2026-03-02T11:00:00Z").comment(
        CLEO,
        "2026-03-02T12:00:00Z",
        "I found my recovery codes and could log in!",
    );
    export.pull_request(4);
    export
}

#[test]
fn people_read_what_the_bot_would_have_done_and_what_it_comes_to() {
    insta::assert_snapshot!(Room::with(&tracker()).shows(&[]), @r"
    2026-03-02
      09:00:00  #1  label account-recovery, lost 2FA, status: awaiting maintainers; put the card
                A request, read as: lost_2fa. The request is complete, so it is the desk's turn.
      10:00:00  #2  label account-recovery, lost 2FA, status: awaiting maintainers; put the card
                A request, read as: lost_2fa. The request is complete, so it is the desk's turn.
      11:00:00  #3  label account-recovery, lost 2FA, status: awaiting maintainers; put the card
                A request, read as: lost_2fa. The request is complete, so it is the desk's turn.
      12:00:00  #3  unlabel status: awaiting maintainers; comment resolved; close as completed
                The requester answered a question of the card. The requester got in without help.

    2026-03-03
      09:00:00  #1  unlabel status: awaiting maintainers; label status: awaiting response; put the card
                A maintainer asked something, so it is the requester's turn.

    2026-03-06
      09:00:00  #1  comment reminder
                The requester has been silent for long and is reminded once.

    2026-03-08
      09:00:00  #1  unlabel status: awaiting response; comment closed-silent; close as not planned
                No answer came after the reminder, so the ticket is closed.

    2026-03-09
      10:00:00  #2  label escalated; comment escalated
                It has been the desk's turn for 5 working days: first reply overdue.

    2026-03-12
      09:00:00  #1  label status: awaiting maintainers; reopen
                The requester answered after the desk closed the ticket, so it is open again.

    2026-03-13
      09:00:00  #1  unlabel status: awaiting maintainers
                The issue is closed.

    Summary
      tickets      3
      comments     7
      card edits   1
      labels       12 put on, 4 taken off
      escalations  1
        first reply overdue: 1
      reminders    1
      closings     2, 1 of them for silence
      deflections  1
      closings a human would have been angry about: 1
        #1 closed on 2026-03-08; ada spoke there on 2026-03-12
    ");
}

#[test]
fn programs_read_an_object_a_line() {
    let lines = Room::with(&tracker()).shows(&["--format", "json"]);
    let second: Vec<&str> = lines.lines().filter(|line| line.contains("\"issue\":2")).collect();
    insta::assert_snapshot!(second.join("\n"), @r#"
    {"at":"2026-03-02T10:00:00Z","issue":2,"action":"label account-recovery, lost 2FA, status: awaiting maintainers","why":"A request, read as: lost_2fa. The request is complete, so it is the desk's turn.","repository":"acme/support"}
    {"at":"2026-03-02T10:00:00Z","issue":2,"action":"put the card","why":"A request, read as: lost_2fa. The request is complete, so it is the desk's turn.","repository":"acme/support"}
    {"at":"2026-03-09T10:00:00Z","issue":2,"action":"label escalated","why":"It has been the desk's turn for 5 working days: first reply overdue.","repository":"acme/support"}
    {"at":"2026-03-09T10:00:00Z","issue":2,"action":"comment escalated","why":"It has been the desk's turn for 5 working days: first reply overdue.","repository":"acme/support"}
    "#);
    for line in lines.lines() {
        let object: Value = serde_json::from_str(line).expect("JSON");
        for key in ["at", "action", "why"] {
            assert!(object[key].is_string(), "{line}");
        }
        assert!(object["issue"].is_u64(), "{line}");
    }
    let angry = lines.lines().filter(|line| line.contains("\"angry_at\"")).count();
    assert_eq!(angry, 1);
}

#[test]
fn two_policies_are_told_apart_by_what_they_do() {
    let room = Room::with(&tracker());
    let other = POLICY.replace("2 days", "30 days").replace("\"escalated\"", "\"late\"");
    room.write("other/policy.toml", &other);
    insta::assert_snapshot!(room.shows(&["--diff", "other"]), @r"
    - 2026-03-06 09:00:00  #1  comment reminder  says: …swer I close this request after another 2 days; you can still write here then, and it opens again.
    + 2026-03-06 09:00:00  #1  comment reminder  says: …swer I close this request after another 30 days; you can still write here then, and it opens again.
    - 2026-03-08 09:00:00  #1  unlabel status: awaiting response  (No answer came after the reminder, so the ticket is closed.)
    - 2026-03-08 09:00:00  #1  comment closed-silent  (No answer came after the reminder, so the ticket is closed.)
    - 2026-03-08 09:00:00  #1  close as not planned  (No answer came after the reminder, so the ticket is closed.)
    - 2026-03-09 10:00:00  #2  label escalated  (It has been the desk's turn for 5 working days: first reply overdue.)
    + 2026-03-09 10:00:00  #2  label late  (It has been the desk's turn for 5 working days: first reply overdue.)
    - 2026-03-12 09:00:00  #1  reopen  (The requester answered after the desk closed the ticket, so it is open again.)
    + 2026-03-12 09:00:00  #1  unlabel status: awaiting response  (The requester answered, so it is the desk's turn.)
    ");
    room.write("keydesk.toml", "[silence]\nclose_after = \"30 days\"\n");
    let json = room.shows(&["--diff", "keydesk.toml", "--format", "json"]);
    let sides: Vec<Value> =
        json.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON")).collect();
    assert!(
        sides.iter().any(|line| line["side"] == "-" && line["action"] == "close as not planned")
    );
    assert_eq!(room.shows(&["--diff", "config"]), "");
}

#[test]
fn two_wordings_are_told_apart_by_what_they_say() {
    let room = Room::with(&tracker());
    room.write("other/policy.toml", POLICY);
    room.write(
        "other/templates/comments/reminder.md",
        "Hello {{ requester | mention }}, still there?\n",
    );
    insta::assert_snapshot!(room.shows(&["--diff", "other"]), @r"
    - 2026-03-06 09:00:00  #1  comment reminder  says: @ada, the last question above has been waiting for your answer for 3 days. Please answer here when y…
    + 2026-03-06 09:00:00  #1  comment reminder  says: Hello @ada, still there?
    ");
    let json = room.shows(&["--diff", "other", "--format", "json"]);
    let last: Value = serde_json::from_str(json.lines().last().expect("a line")).expect("JSON");
    assert_eq!(last["side"], "+");
    assert!(last["text"].as_str().expect("a text").contains("still there?"), "{last}");
}

#[test]
fn a_closing_is_regretted_where_somebody_who_matters_spoke_under_an_open_issue() {
    let asked = "2026-03-03T09:00:00Z";
    let mut export = Export::default();
    let mut silent = |number: u64| {
        let question = "Which projects do you own?";
        export.open(number, ADA, "2026-03-02T09:00:00Z").comment(MIRA, asked, question);
    };
    (1..=7).for_each(&mut silent);
    export.issue(1).comment(ADA, "2026-03-20T09:00:00Z", "I own left-pad.");
    export.issue(2).comment(MIRA, "2026-03-20T09:00:00Z", "Let me look into it.");
    export.issue(3).comment(ADA, "2026-03-20T09:00:00Z", "Thank you!");
    export.issue(4).comment(BEN, "2026-03-20T09:00:00Z", "I have the same problem.");
    export.issue(5).close(MIRA, "2026-03-19T09:00:00Z").comment(
        ADA,
        "2026-03-20T09:00:00Z",
        "I own left-pad.",
    );
    export.issue(6).comment("triage[bot]", "2026-03-20T09:00:00Z", "This issue is stale.");
    export
        .issue(7)
        .comment(MIRA, "2026-03-20T09:00:00Z", "Closing, as there was no answer.")
        .close(MIRA, "2026-03-20T09:00:01Z");
    let shown = Room::with(&export).shows(&[]);
    let regrets = shown.split_once("angry about: ").expect("a summary").1;
    insta::assert_snapshot!(regrets, @r"
    2
        #1 closed on 2026-03-08; ada spoke there on 2026-03-20
        #2 closed on 2026-03-08; mira spoke there on 2026-03-20
    ");
    assert!(shown.contains("7 of them for silence"), "{shown}");
}

#[test]
fn the_same_past_gives_the_same_lines() {
    let mut export = tracker();
    let room = Room::with(&export);
    let (text, json) = (room.shows(&[]), room.shows(&["--format", "json"]));
    export.reverse();
    let other = Room::with(&export);
    assert_eq!(other.shows(&[]), text, "the order of the lines does not matter");
    assert_eq!(room.shows(&["--format", "json"]), json);
}

#[test]
fn nothing_after_the_given_time_is_looked_at() {
    let room = Room::with(&tracker());
    let until = |time: &str| {
        let output = room.simulate(&["--from", "export.jsonl", "--until", time]);
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    assert!(until("2026-03-01").contains("tickets      0"));
    assert!(until("2026-03-02").contains("tickets      3"));
    assert!(until("2026-03-02T09:30:00Z").contains("tickets      1"));
    assert!(!until("2026-03-07").contains("close as not planned"));
    assert!(until("2026-03-08").contains("close as not planned"));
}

#[test]
fn what_is_wrong_is_named_with_place_and_cure() {
    let room = Room::with(&tracker());
    room.write(
        "broken.jsonl",
        &format!("{}\n\nnot JSON\n", tracker().lines().lines().next().expect("a line")),
    );
    room.write("bare.jsonl", "{\"comments\": []}\n");
    room.write("empty.jsonl", "");
    room.write("bad.toml", "[silence]\nremind_after = \"soon\"\n");
    let (code, said) = room.complains(&["--from", "broken.jsonl"]);
    assert_eq!(code, Some(1));
    assert!(
        said.starts_with("error: broken.jsonl:3: expected") && said.contains("\nhelp: "),
        "{said}"
    );
    let (code, said) = room.complains(&["--from", "bare.jsonl"]);
    assert_eq!(code, Some(1));
    assert!(said.starts_with("error: bare.jsonl:1: missing field `issue`"), "{said}");
    let (code, said) = room.complains(&["--from", "not-there.jsonl"]);
    assert!(
        code == Some(1) && said.contains("not-there.jsonl") && said.contains("help: "),
        "{said}"
    );
    let from = ["--from", "export.jsonl"];
    let (code, said) = room.complains(&[&from[..], &["--diff", "bad.toml"]].concat());
    assert!(code == Some(1) && said.contains("bad.toml:2"), "{said}");
    let (code, said) = room.complains(&[&from[..], &["--diff", "nowhere"]].concat());
    assert!(code == Some(1) && said.contains("nowhere"), "{said}");
    let (code, said) = room.complains(&[&from[..], &["--until", "tomorrow"]].concat());
    assert!(code == Some(2) && said.contains("2026-06-30"), "{said}");
    let output = room.simulate(&["--from", "empty.jsonl"]);
    assert!(output.status.success());
    let help = room.simulate(&["--help"]);
    assert!(String::from_utf8_lossy(&help.stdout).contains("Examples: keydesk simulate --from"));
}
