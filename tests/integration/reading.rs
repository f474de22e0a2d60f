//! Holds the reading against the corpus, against line ends, and against hostile input.
//!
//! `cargo test --test integration reading::score -- --nocapture` prints the score table with every
//! miss.

mod phrases;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use keydesk::reading::commands::find_commands;
use keydesk::reading::form::Form;
use keydesk::reading::secrets::{blank_secrets, find_secrets};
use keydesk::reading::{AuthorRole, read_comment, read_request};
use serde_json::{Value, json, to_value};

const REQUESTS: &str = include_str!("../corpus/requests.jsonl");
const COMMENTS: &str = include_str!("../corpus/comments.jsonl");

fn rows(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect()
}

fn text<'a>(row: &'a Value, key: &str) -> &'a str {
    row[key].as_str().unwrap_or_default()
}

/// Right and wrong answers per field, and for lists what was found too much or too little.
#[derive(Default)]
struct Score {
    fields: BTreeMap<String, (usize, usize)>,
    lists: BTreeMap<String, [usize; 3]>,
    misses: String,
}

impl Score {
    fn field(&mut self, name: &str, is_right: bool) {
        let (right, all) = self.fields.entry(name.to_owned()).or_default();
        *right += usize::from(is_right);
        *all += 1;
    }

    fn list(&mut self, name: &str, wanted: &Value, got: &Value) {
        let wanted: Vec<&str> =
            wanted.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let got: Vec<&str> =
            got.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        for item in wanted.iter().chain(got.iter().filter(|item| !wanted.contains(item))) {
            let place = match (wanted.contains(item), got.contains(item)) {
                (true, true) => 0,
                (false, _) => 1,
                (true, false) => 2,
            };
            self.lists.entry(name.to_owned()).or_default()[place] += 1;
            self.lists.entry(format!("{name}/{item}")).or_default()[place] += 1;
        }
    }

    fn share(&self, name: &str) -> f64 {
        let (right, all) = self.fields[name];
        right as f64 / all as f64
    }

    fn f1(&self, name: &str) -> f64 {
        let [hits, extra, missed] = self.lists[name];
        2.0 * hits as f64 / (2 * hits + extra + missed) as f64
    }

    fn table(&self) -> String {
        let mut table = String::new();
        for (name, (right, all)) in &self.fields {
            let _ = writeln!(table, "{name:32} {:.3}  {right} of {all}", self.share(name));
        }
        for (name, [hits, extra, missed]) in &self.lists {
            let _ = writeln!(
                table,
                "{name:32} {:.3}  F1, {hits} hits, {extra} too much, {missed} missed",
                self.f1(name)
            );
        }
        table
    }
}

fn score_requests() -> Score {
    let form = Form::built_in();
    let mut score = Score::default();
    for (number, row) in rows(REQUESTS).iter().enumerate() {
        let got = to_value(read_request(&form, text(row, "title"), text(row, "body")))
            .expect("a reading is JSON");
        let mut wrong = Vec::new();
        for key in [
            "form",
            "username",
            "email_access",
            "password_known",
            "recovery_codes",
            "checkboxes",
            "language",
            "is_account_recovery",
        ] {
            score.field(key, got[key] == row[key]);
            if got[key] != row[key] {
                wrong.push(format!("{key}: {} and not {}", got[key], row[key]));
            }
        }
        for key in ["reasons", "sensitive"] {
            score.list(key, &row[key], &got[key]);
            let sorted = |value: &Value| {
                let mut items: Vec<String> =
                    value.as_array().into_iter().flatten().map(Value::to_string).collect();
                items.sort();
                items
            };
            score.field(&format!("{key} exact"), sorted(&row[key]) == sorted(&got[key]));
            if sorted(&row[key]) != sorted(&got[key]) {
                wrong.push(format!("{key}: {} and not {}", got[key], row[key]));
            }
        }
        if !wrong.is_empty() {
            let _ =
                writeln!(score.misses, "request {number} (#{}): {}", row["src"], wrong.join("; "));
        }
    }
    score
}

fn score_comments() -> Score {
    let mut score = Score::default();
    for (number, row) in rows(COMMENTS).iter().enumerate() {
        let role: AuthorRole = serde_json::from_value(row["author_role"].clone()).expect("a role");
        let got = to_value(read_comment(role, text(row, "body"))).expect("a reading is JSON");
        let is_open =
            matches!(text(row, "intent"), "thanks" | "other") && got["next_turn"] == "unchanged";
        let turn_is_right = is_open || got["next_turn"] == row["next_turn"];
        score.field("comment intent", got["intent"] == row["intent"]);
        score.field("comment turn", turn_is_right);
        score.field("comment branch", got["branch_url"] == row["branch_url"]);
        score.list("comment sensitive", &row["sensitive"], &got["sensitive"]);
        if got["intent"] != row["intent"]
            || !turn_is_right
            || got["branch_url"] != row["branch_url"]
            || got["sensitive"] != row["sensitive"]
        {
            let _ = writeln!(
                score.misses,
                "comment {number}: {} {} {} and not {} {} {}",
                got["intent"],
                got["next_turn"],
                got["sensitive"],
                row["intent"],
                row["next_turn"],
                row["sensitive"]
            );
        }
    }
    score
}

#[test]
fn score_of_the_requests_stays_up() {
    let score = score_requests();
    println!("{}\n{}", score.misses, score.table());
    for (field, floor) in [("form", 0.97), ("username", 0.97), ("checkboxes", 1.0)] {
        assert!(score.share(field) >= floor, "{field} fell to {:.3}", score.share(field));
    }
    assert!(score.f1("reasons") >= 0.86, "reasons fell to {:.3}", score.f1("reasons"));
}

#[test]
fn score_of_the_comments_stays_up() {
    let score = score_comments();
    println!("{}\n{}", score.misses, score.table());
    assert!(score.share("comment intent") >= 0.80);
    assert!(score.share("comment turn") >= 0.90);
}

#[test]
fn line_ends_and_trailing_blanks_change_no_reading() {
    let form = Form::built_in();
    for row in rows(REQUESTS) {
        let (title, body) = (text(&row, "title"), text(&row, "body"));
        let plain = read_request(&form, title, body);
        assert_eq!(plain, read_request(&form, title, &body.replace('\n', "\r\n")), "{body}");
        assert_eq!(plain, read_request(&form, title, &format!("{body}\n\n  \n")), "{body}");
    }
    for row in rows(COMMENTS) {
        let role: AuthorRole = serde_json::from_value(row["author_role"].clone()).expect("a role");
        let body = text(&row, "body");
        assert_eq!(
            read_comment(role, body),
            read_comment(role, &body.replace('\n', "\r\n")),
            "{body}"
        );
    }
}

fn form_with(username: &str, reason: &str) -> String {
    format!(
        "### PyPI Username\n\n{username}\n\n### Reason for request\n\n{reason}\n\n### Code of Conduct\n\n- [x] I agree to follow the PSF Code of Conduct\n"
    )
}

#[test]
fn a_name_is_read_whatever_stands_around_it() {
    let form = Form::built_in();
    let lost = "Lost 2FA authentication app";
    for (field, name) in [
        ("alpha", Some("alpha")),
        ("`alpha`", Some("alpha")),
        ("´alpha´", Some("alpha")),
        ("“alpha”", Some("alpha")),
        ("[alpha]", Some("alpha")),
        ("<alpha>", Some("alpha")),
        ("**alpha**", Some("alpha")),
        ("@alpha", Some("alpha")),
        ("username=[alpha] ", Some("alpha")),
        ("Username: alpha", Some("alpha")),
        ("My username is `alpha`.", Some("alpha")),
        ("https://pypi.org/user/alpha/", Some("alpha")),
        ("alpha (I believe)", Some("alpha")),
        ("alpha, alpha@example.net", Some("alpha")),
        ("\n\nalpha\n", Some("alpha")),
        ("alpha_-beta.2", Some("alpha_-beta.2")),
        ("alpha@example.net", None),
        ("_No response_", None),
        ("(I forgot it)", None),
        ("username", None),
        ("I don't know, please help me", None),
    ] {
        let reading = read_request(&form, "Account recovery request", &form_with(field, lost));
        assert_eq!(reading.username.as_deref(), name, "{field:?}");
    }
    let reading =
        read_request(&form, "Account recovery request", &form_with("alpha or beta", lost));
    assert_eq!(reading.username_candidates, ["alpha", "beta"]);
}

#[test]
fn headings_survive_damage() {
    let form = Form::built_in();
    for body in [
        "### PyPI Username\nalpha\n### Reason for request\nlost my 2FA device\n### Code of Conduct\n- [X] I agree to follow the PSF Code of Conduct",
        "###PyPI username:\n\nalpha\n\n### **Reason for request**\n\nlost my 2FA device\n\n### Code of Conduct\n\n* [x] I agree to follow the [PSF Code of Conduct](https://example.org/coc)",
        "### PyPI Username ###\n\nalpha\n\n### Reason for request\n\n```\n### PyPI Username\nbeta\n```\nlost my 2FA device\n\n### Code of Conduct\n\n- [x] I agree to follow the PSF Code of Conduct",
        "<!-- ### PyPI Username\nbeta -->\n### PyPI Username\n\nalpha\n\n### Reason for request\n\n### Why\n\nlost my 2FA device\n\n### Code of Conduct\n\n- [x] I agree to follow the PSF Code of Conduct",
    ] {
        let got = to_value(read_request(&form, "Account recovery request", body))
            .expect("a reading is JSON");
        assert_eq!(got["form"], "form-2021", "{body}");
        assert_eq!(got["username"], "alpha", "{body}");
        assert_eq!(got["reasons"], json!(["lost_2fa"]), "{body}");
        assert_eq!(got["checkboxes"]["code_of_conduct"], true, "{body}");
        assert_eq!(got["missing"], json!([]), "{body}");
    }
}

#[test]
fn an_empty_body_lacks_a_name_and_a_reason() {
    let form = Form::built_in();
    for body in ["", "  ", "\r\n", "."] {
        let got = to_value(read_request(&form, "Account recovery request", body))
            .expect("a reading is JSON");
        assert_eq!(got["form"], "freeform");
        assert_eq!(got["missing"], json!(["username", "reason"]));
    }
}

#[test]
fn unticked_boxes_are_missing() {
    let body = form_with("alpha", "lost my phone with the 2FA app").replace("[x]", "[ ]");
    let got = to_value(read_request(&Form::built_in(), "", &body)).expect("a reading is JSON");
    assert_eq!(got["missing"], json!(["code_of_conduct"]));
}

#[test]
fn commands_are_found_where_a_person_typed_them() {
    let names = |body: &str| -> Vec<String> {
        find_commands(body)
            .into_iter()
            .map(|command| format!("{}:{}({})", command.line, command.name, command.arguments))
            .collect()
    };
    assert_eq!(names("/close"), ["1:close()"]);
    assert_eq!(
        names("Thanks!\r\n/Need  a branch \r\n/label a, b\r\n"),
        ["2:need(a branch)", "3:label(a, b)"]
    );
    assert_eq!(
        names("Hello\n\n/ask-address\n\n   /turn requester"),
        ["3:ask-address()", "5:turn(requester)"]
    );
    assert_eq!(names("/note see `x` and [y](z)"), ["1:note(see `x` and [y](z))"]);
    for body in [
        "> /close",
        "> quoted\n/close",
        "`/close`",
        "    /close",
        "```\n/close\n```",
        "~~~\n/close",
        "<!-- \n/close\n-->",
        "<div>\n/close\n</div>",
        "- /close",
        "- item\n/close",
        "1. /close",
        "# /close",
        "[/close](https://example.org)",
        "**/close**",
        "/usr/bin/close",
        "/",
        "/ close",
        "/2fa",
        "/close.now",
        "text /close",
        "On Fri, Feb 2, 2024 at 6:51 PM x ***@***.***> wrote:\n\n/close",
        "Am 02.02.24 um 18:51 schrieb x:\n\n/close",
        "Le ven. 2 févr. 2024 à 18:51, x ***@***.***> a écrit :\n\n/close",
        "-----Original Message-----\n\n/close",
        "From: x\nSent: Friday\n\n/close",
        "From: x ***@***.***>\nDate: Friday\n\n/close",
        "2024年8月15日(木) 9:49 x ***@***.***>:\n\n/close",
    ] {
        assert_eq!(names(body), Vec::<String>::new(), "{body}");
    }
    assert!(names(&format!("/{}", "a".repeat(31))).is_empty());
}

#[test]
fn secrets_are_blanked_and_nothing_else() {
    let token = format!("pypi-AgEIcHlwaS5vcmc{}", "Ab1_-".repeat(20));
    for (before, after) in [
        ("my code 3945025a1d744b7a!", "my code [removed]!"),
        ("codes:\n- 3945025a1d744b7a\n- d2f72d3758d66ff9\n", "codes:\n- [removed]\n- [removed]\n"),
        (token.as_str(), "[removed]"),
        ("otpauth://totp/PyPI:alpha?secret=JBSWY3DPEHPK3PXP&issuer=PyPI", "[removed]"),
        ("password: Harbor-Lantern-88, thanks", "password: [removed], thanks"),
    ] {
        assert_eq!(blank_secrets(before), after);
        assert_eq!(blank_secrets(after), after, "blanking twice changes nothing");
    }
    for harmless in [
        "mail alpha@example.net",
        "commit 3945025a1d744b7a",
        "https://github.com/a/b/commit/3945025a1d744b7ad2f72d3758d66ff93945025a",
        "0123456789abcdef",
        "123e4567-e89b-12d3-a456-426614174000",
        "pypi-AgEIcHlw*************************************",
        "password = pypi-AgEI...",
        "my password is unknown to me",
        "the password was lost",
    ] {
        assert_eq!(blank_secrets(harmless), harmless);
    }
    assert!(
        find_secrets("noreply@pypi.org, support@pypi.org, ***@***.***, someone@example.net")
            .is_empty()
    );
}

/// 64 KiB of whatever slows parsers down; unoptimized code may take twenty times the real budget.
#[test]
fn hostile_input_is_read_in_bounded_time() {
    let form = Form::built_in();
    let limit =
        if cfg!(debug_assertions) { Duration::from_millis(400) } else { Duration::from_millis(15) };
    let pieces = [
        "[",
        "]",
        "(",
        "![",
        "[](",
        "#",
        "# ",
        "### PyPI Username\n",
        "`",
        "``` \n",
        "> ",
        "- [x] ",
        "1",
        "1 ",
        "+1 2 ",
        "a@",
        "@",
        "a.",
        "\"",
        "“",
        "“\"a\"",
        "~~",
        "<",
        "<a ",
        "<!--",
        "-->",
        "/",
        "/a\n",
        "lost ",
        "no ",
        "not lost 2fa ",
        "a",
        "0f",
        "3945025a1d744b7a ",
        "password is ",
        "it is ",
        "恢",
        "é\u{301}",
        "🥲",
        "\r",
        "\r\n",
        "_",
        "*",
        "**a",
        "On 1 ",
        "On 1\n",
        "From: x\n",
        "1:11 ",
        "2024年",
        "username: ",
        "account is ",
        "pypi-",
        "otpauth://",
        "\u{0}",
        "|a|\n",
        "[^1]: ",
    ];
    let mut slow = Vec::new();
    for piece in pieces {
        let body = piece.repeat(65_536 / piece.len());
        let start = Instant::now();
        let reading = read_request(&form, piece, &body);
        let comment = read_comment(AuthorRole::Requester, &body);
        let blanked = blank_secrets(&body);
        let took = start.elapsed();
        slow.extend((took > limit).then(|| format!("{piece:?} took {took:?}")));
        assert!(
            reading.doubts.len() < 20
                && blanked.len() <= body.len() * 4
                && comment.sensitive.len() < 7
        );
        // Every half of it, so that cuts fall between the bytes of a character.
        let _ = read_request(&form, "", body.get(..body.len() / 2).unwrap_or_default());
    }
    assert!(slow.is_empty(), "{slow:#?}");
}
