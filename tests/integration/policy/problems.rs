//! Everything that is refused, with the whole text a person reads.

use insta::assert_snapshot;

use super::{in_words, layer, refusal};
use keydesk::policy::layers::merge;

#[test]
fn unknown_keys_are_named_with_the_nearest_right_one() {
    assert_snapshot!(refusal("[lables]\nrequest = \"x\"\n"), @"
    policy.toml:1:2: unknown key `lables`
    help: did you mean `labels`?
    ");
    assert_snapshot!(refusal("[labels]\nneeds_info = \"x\"\nawaiting-requester = \"y\"\n"), @"
    policy.toml:2:1: unknown key `needs_info`
    help: did you mean `needs_information`?
    policy.toml:3:1: unknown key `awaiting-requester`
    help: did you mean `awaiting_requester`?
    ");
    assert_snapshot!(refusal("[labels.reasons]\nlost_2f = \"x\"\nbanana = \"y\"\n"), @"
    policy.toml:2:1: unknown key `lost_2f`
    help: did you mean `lost_2fa`?
    policy.toml:3:1: unknown key `banana`
    help: known: `lost_2fa`, `lost_email`, `unverified_email`, `recovery_codes_rejected`, `forgot_password`, `forgot_username`, `compromised`, `other`
    ");
    assert_snapshot!(refusal("[labels.looks.escalated]\ncolour = \"d93f0b\"\n"), @"
    policy.toml:2:1: unknown key `colour`
    help: did you mean `color`?
    ");
    assert_snapshot!(refusal("[[replies]]\ncommand = \"ask-address\"\nsumary = \"x\"\n"), @"
    policy.toml:3:1: unknown key `sumary`
    help: did you mean `summary`?
    ");
}

#[test]
fn wrong_sorts_of_values_are_named() {
    assert_snapshot!(refusal("desk = \"act\"\n"), @"policy.toml:1:8: `desk` wants a table, and this is text");
    assert_snapshot!(refusal("[labels]\nrequest = 7\nescalated = []\n"), @"
    policy.toml:2:11: `request` wants text, and this is a number
    help: put the value in quotes
    policy.toml:3:13: `escalated` wants text, and this is a list
    ");
    assert_snapshot!(refusal("[clock]\nholidays = [2026-12-25]\nworking_days = \"mon\"\n"), @"
    policy.toml:2:13: `holidays` wants text, and this is a date without quotes
    help: put the value in quotes
    policy.toml:3:16: `working_days` wants a list, and this is text
    help: write it in brackets: [ … ]
    ");
    assert_snapshot!(refusal("[escalation]\nname = \"x\"\n"), @"
    policy.toml:1:1: `escalation` wants a list of tables, and this is a table
    help: begin each with [[escalation]]
    ");
    assert_snapshot!(refusal("[desk]\nmode = true\n"), @"
    policy.toml:2:8: `mode` wants text, and this is true or false
    help: put the value in quotes
    ");
}

#[test]
fn text_that_is_no_toml_is_shown_where_it_breaks() {
    assert_snapshot!(refusal("[labels]\nrequest = account\nescalated = \"x\n"), @r#"
    policy.toml:2:11: this is not TOML: string values must be quoted, expected literal string
    policy.toml:3:15: this is not TOML: invalid basic string, expected `"`
    "#);
    assert_snapshot!(refusal("[desk]\nmode = \"act\"\nmode = \"observe\"\n"), @"policy.toml:3:1: this is not TOML: duplicate key");
}

#[test]
fn every_problem_is_told_at_once_by_its_place() {
    let text = "\
[silence]
remind_after = \"0 days\"
close_after = \"soon\"

[rota]
members = [\"alice\", \"@bob\"]

[[escalation]]
name = \"ring\"
after = \"2 days\"
assign = \"rotta\"
notify = \"chta\"
";
    assert_snapshot!(refusal(text), @r#"
    policy.toml:2:16: `0 days` is no duration: it is at least one unit
    help: write a number of seconds, minutes, hours, days, working days or weeks: "36 hours"; "never" switches it off
    policy.toml:3:15: `soon` is no duration: it is not a whole number and a unit
    help: write a number of seconds, minutes, hours, days, working days or weeks: "36 hours"; "never" switches it off
    policy.toml:6:12: `alice` is no person on GitHub
    help: write "@login"
    policy.toml:11:10: `rotta` can be assigned nothing
    help: write "rota" for the next of [rota] members, or "@login"
    policy.toml:12:10: unknown chat `chta`
    help: add a table [notify.chta] with its style
    "#);
}

#[test]
fn durations_that_cannot_be_are_refused() {
    let refused = [
        "0 days",
        "10000 years",
        "11 weeks ago",
        "3653 days",
        "5",
        "days",
        "-1 days",
        "1.5 hours",
        "99999999999999999999 seconds",
        "",
    ];
    let texts = refused.map(|span| refusal(&format!("[retention]\nrequest_text = \"{span}\"\n")));
    assert_snapshot!(texts.join("\n"), @r#"
    policy.toml:2:16: `0 days` is no duration: it is at least one unit
    help: write a number of seconds, minutes, hours, days, working days or weeks: "36 hours"
    policy.toml:2:16: `10000 years` is no duration: its unit of time is not known here
    help: write a number of seconds, minutes, hours, days, working days or weeks: "36 hours"
    policy.toml:2:16: `11 weeks ago` is no duration: its unit of time is not known here
    help: write a number of seconds, minutes, hours, days, working days or weeks: "36 hours"
    policy.toml:2:16: `3653 days` is no duration: it is longer than ten years
    help: write a number of seconds, minutes, hours, days, working days or weeks: "36 hours"
    policy.toml:2:16: `5` is no duration: it is not a whole number and a unit
    help: write a number of seconds, minutes, hours, days, working days or weeks: "36 hours"
    policy.toml:2:16: `days` is no duration: it is not a whole number and a unit
    help: write a number of seconds, minutes, hours, days, working days or weeks: "36 hours"
    policy.toml:2:16: `-1 days` is no duration: it is not a whole number and a unit
    help: write a number of seconds, minutes, hours, days, working days or weeks: "36 hours"
    policy.toml:2:16: `1.5 hours` is no duration: its unit of time is not known here
    help: write a number of seconds, minutes, hours, days, working days or weeks: "36 hours"
    policy.toml:2:16: `99999999999999999999 seconds` is no duration: it is longer than ten years
    help: write a number of seconds, minutes, hours, days, working days or weeks: "36 hours"
    policy.toml:2:16: `` is no duration: it is not a whole number and a unit
    help: write a number of seconds, minutes, hours, days, working days or weeks: "36 hours"
    "#);
}

#[test]
fn the_clock_is_refused_what_no_calendar_has() {
    assert_snapshot!(refusal("[clock]\ntimezone = \"Europe/Berln\"\n"), @"
    policy.toml:2:12: unknown time zone `Europe/Berln`
    help: did you mean `Europe/Berlin`?
    ");
    assert_snapshot!(refusal("[clock]\ntimezone = \"here\"\n"), @r#"
    policy.toml:2:12: unknown time zone `here`
    help: write a name of the time zone database, such as "UTC" or "Europe/Berlin"
    "#);
    assert_snapshot!(refusal("[clock]\nholidays = [\"2026-02-30\", \"25.12.2026\"]\n"), @r#"
    policy.toml:2:13: `2026-02-30` is no date of the calendar
    help: write year, month and day: "2026-12-25"
    policy.toml:2:27: `25.12.2026` is no date of the calendar
    help: write year, month and day: "2026-12-25"
    "#);
    assert_snapshot!(refusal("[clock]\nworking_days = []\n"), @r#"
    policy.toml:2:16: no day of the week is a working day
    help: name one at least, such as "mon"
    "#);
    assert_snapshot!(refusal("[clock]\nworking_days = [\"mon\", \"wednesday\", \"tues\"]\n"), @"
    policy.toml:2:24: unknown value `wednesday`
    help: did you mean `wed`?
    policy.toml:2:37: unknown value `tues`
    help: did you mean `tue`?
    ");
    assert_snapshot!(refusal("[clock]\naway = [{ from = \"2027-05-20\", until = \"2027-05-12\" }]\n"), @"
    policy.toml:2:9: this time away ends on 2027-05-12, before it starts on 2027-05-20
    help: swap `from` and `until`
    ");
    assert_snapshot!(refusal("[clock]\naway = [{ from = \"2027-05-20\" }]\n"), @"
    policy.toml:2:9: `away` lacks its key `until`
    help: add `until = …`
    ");
}

#[test]
fn names_that_github_would_refuse_are_refused() {
    let long = "x".repeat(51);
    assert_snapshot!(refusal(&format!("[labels]\nrequest = \"\"\nescalated = \"{long}\"\n")), @"
    policy.toml:2:11: a label's name is empty
    policy.toml:3:13: a label's name has at most 50 characters, and this has 51
    ");
    assert_snapshot!(refusal("[labels.looks.x]\ncolor = \"#d93f0\"\ndescription = \"d\"\n"), @r#"
    policy.toml:2:9: `#d93f0` is no colour
    help: write six hexadecimal digits without `#`, such as "fbca04"
    "#);
    assert_snapshot!(refusal("[labels.looks.x]\ncolor = \"d93f0b\"\n"), @"
    policy.toml:1:1: `x` lacks its key `description`
    help: add `description = …`
    ");
    assert_snapshot!(refusal("[labels]\nawaiting_requester = \"Escalated\"\n"), @"
    policy.toml:2:22: `awaiting_requester` and `escalated` are the same label `escalated`
    help: give each its own name
    ");
    assert_snapshot!(refusal("[rota]\nmembers = [\"@acme/team\"]\n"), @r#"
    policy.toml:2:12: `@acme/team` is no person on GitHub
    help: write "@login"
    "#);
    assert_snapshot!(refusal("[[escalation]]\nname = \"a\"\nafter = \"1 day\"\nmention = [\"@acme/\", \"everyone\"]\n"), @r#"
    policy.toml:4:12: `@acme/` mentions nobody
    help: write "@login" or "@organisation/team"
    policy.toml:4:22: `everyone` mentions nobody
    help: write "@login" or "@organisation/team"
    "#);
}

#[test]
fn a_ladder_must_hold_together() {
    let steps = "\
[[escalation]]
name = \"a\"
after = \"1 day\"
assign = \"rota\"

[[escalation]]
name = \"a\"
after = \"2 days\"
notify = \"chat\"

[[escalation]]
labels = [\"late\"]
";
    assert_snapshot!(refusal(steps), @r#"
    policy.toml:4:10: `assign = "rota"` needs somebody in the rota
    help: add members to [rota], or name a person
    policy.toml:7:8: the name `a` stands here twice
    help: name each one differently
    policy.toml:9:10: unknown chat `chat`
    help: add a table [notify.chat] with its style
    policy.toml:11:1: this entry of `escalation` lacks its key `name`
    help: add `name = …`
    policy.toml:11:1: this entry of `escalation` lacks its key `after`
    help: add `after = …`
    "#);
    assert_snapshot!(refusal("[notify.chat]\nstyle = \"slack\"\n[[escalation]]\nname = \"a\"\nafter = \"1 day\"\nnotify = \"cht\"\n"), @"
    policy.toml:6:10: unknown chat `cht`
    help: did you mean `chat`? Or add a table [notify.cht] with its style
    ");
}

#[test]
fn an_address_of_a_chat_is_kept_out_and_never_repeated() {
    let secret = "https://hooks.example.org/T0/B0/abcdef";
    let texts = [
        format!("[notify.chat]\nstyle = \"slack\"\nurl = \"{secret}\"\n"),
        format!("[notify.chat]\nstyle = \"slack\"\nhook = \"{secret}\"\n"),
        format!("[[escalation]]\nname = \"a\"\nafter = \"1 day\"\nnotify = \"{secret}\"\n"),
        format!("[notify]\nchat = \"{secret}\"\n"),
    ]
    .map(|text| refusal(&text));
    let texts = texts.join("\n");
    assert!(!texts.contains("hooks"));
    assert_snapshot!(texts, @"
    policy.toml:3:1: the address of a chat may not stand in a policy, where all can read it
    help: take it out and set NOTIFY_CHAT_URL in the environment, or `url` under [notify.chat] in server.toml
    policy.toml:3:1: the address of a chat may not stand in a policy, where all can read it
    help: take it out and set NOTIFY_CHAT_URL in the environment, or `url` under [notify.chat] in server.toml
    policy.toml:4:10: the address of a chat may not stand in a policy, where all can read it
    help: name a chat, and set NOTIFY_<NAME>_URL in the environment, or `url` under [notify.<name>] in server.toml
    policy.toml:2:8: `chat` wants a table, and this is text
    ");
}

#[test]
fn commands_are_kept_in_their_bounds() {
    assert_snapshot!(refusal("[commands]\nrole = \"read\"\n"), @"
    policy.toml:2:8: the role `read` is too low for staff commands
    help: the lowest is `triage`; then `write`, `maintain`, `admin`
    ");
    assert_snapshot!(refusal("[commands]\nrole = \"maintian\"\n[commands.roles]\ndecline = \"none\"\ndeclin = \"write\"\n\"/need\" = \"admin\"\n"), @r#"
    policy.toml:2:8: unknown role `maintian`
    help: did you mean `maintain`?
    policy.toml:4:11: the role `none` is too low for staff commands
    help: the lowest is `triage`; then `write`, `maintain`, `admin`
    policy.toml:5:10: unknown command `declin`
    help: did you mean `decline`?
    policy.toml:6:1: `/need` is no name for a command
    help: leave the slash out: "need"
    "#);
    assert_snapshot!(refusal("[[replies]]\ncommand = \"close\"\n"), @"
    policy.toml:2:11: `/close` is a command of its own and no reply
    help: choose another name
    ");
    assert_snapshot!(refusal("[[replies]]\ncommand = \"/thank-you\"\n"), @r#"
    policy.toml:2:11: `/thank-you` is no name for a command
    help: leave the slash out: "thank-you"
    "#);
    assert_snapshot!(refusal("[[replies]]\ncommand = \"thank-you\"\ntemplate = \"../../secret\"\n"), @"
    policy.toml:1:1: this entry of `replies` lacks its key `summary`
    help: add `summary = …`
    policy.toml:3:12: `../../secret` is no name of a template
    help: write the file's name without folder and `.md`: small letters, digits, `-` and `_`
    ");
    assert_snapshot!(refusal("[[replies]]\ncommand = \"need\"\nturn = \"author\"\nclose = \"completd\"\narguments = [\"What?\"]\n[[replies]]\ncommand = \"need\"\n"), @"
    policy.toml:3:8: unknown value `author`
    help: known: `maintainers`, `requester`, `nobody`
    policy.toml:4:9: unknown value `completd`
    help: did you mean `completed`?
    policy.toml:5:14: `What?` is no name for an argument
    help: use small letters and `_`, a letter first
    policy.toml:7:11: the command `need` stands here twice
    help: name each one differently
    ");
}

#[test]
fn each_problem_stands_in_the_layer_that_holds_the_key() {
    let operator = layer(
        "config/policy.toml",
        "[rota]\nmembers = []\n[[escalation]]\nname = \"a\"\nafter = \"1 day\"\nassign = \"rota\"\n",
    );
    let repository = layer(".github/keydesk.toml", "# ours\n[digest]\n  every = \"sometimes\"\n");
    let problems = merge(&[operator, repository]).expect_err("both are wrong");
    assert_snapshot!(in_words(&problems), @r#"
    config/policy.toml:6:10: `assign = "rota"` needs somebody in the rota
    help: add members to [rota], or name a person
    .github/keydesk.toml:3:11: unknown value `sometimes`
    help: known: `daily`, `weekly`, `never`
    "#);
}

#[test]
fn columns_count_characters_and_files_may_come_from_windows() {
    assert_snapshot!(refusal("\u{feff}[labels]\r\nrequest = \"é\"\r\n\"übel\" = \"x\"\r\n"), @"
    policy.toml:3:1: unknown key `übel`
    help: known: `request`, `needs_information`, `awaiting_requester`, `awaiting_maintainers`, `escalated`, `exposed_secret`, `test_site`, `reasons`, `looks`
    ");
    assert_snapshot!(refusal("away = \"é\"\nlabels = { request = \"ééé\", escalatd = \"x\" }\n"), @"
    policy.toml:1:1: unknown key `away`
    help: known: `labels`, `clock`, `escalation`, `silence`, `desk`, `rota`, `notify`, `digest`, `retention`, `commands`, `replies`, `faq`
    policy.toml:2:29: unknown key `escalatd`
    help: did you mean `escalated`?
    ");
}

#[test]
fn a_file_of_absurd_size_is_refused_and_costs_nothing() {
    assert_snapshot!(refusal(&"#".repeat(300 * 1024)), @"policy.toml:1:1: a policy file has at most 262144 bytes");
    let days = "\"2026-12-25\",".repeat(501);
    assert_snapshot!(refusal(&format!("[clock]\nholidays = [{days}]\n")), @"policy.toml:2:12: `holidays` has at most 500 entries");
    let many = (0..20_000).map(|key| format!("k{key}=1")).collect::<Vec<_>>().join("\n");
    let problems = merge(&[layer("policy.toml", &many)]).expect_err("no key is known");
    assert_eq!(problems.len(), 500);
    let deep = format!("labels = {}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(merge(&[layer("policy.toml", &deep)]).is_err());
}
