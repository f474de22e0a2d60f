//! Single parts of the reading: names, titles and commands.

use keydesk::reading::commands::find_commands;
use keydesk::reading::form::Form;
use keydesk::reading::read_request;
use serde_json::{json, to_value};

pub fn form_with(username: &str, reason: &str) -> String {
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
fn a_title_may_say_everything() {
    let form = Form::built_in();
    for title in [
        "Lost 2FA device for user kim_lee",
        "Account recovery: 2FA lost (user kim_lee)",
        "2FA lost, username: kim_lee",
    ] {
        let got = to_value(read_request(&form, title, "")).expect("a reading is JSON");
        assert_eq!(got["username"], "kim_lee", "{title}");
        assert_eq!(got["reasons"], json!(["lost_2fa"]), "{title}");
        assert_eq!(got["is_account_recovery"], true, "{title}");
        assert_eq!(got["missing"], json!([]), "{title}");
    }
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
fn a_line_wrapped_by_a_mail_program_goes_on() {
    let form = Form::built_in();
    let reason = "I have tried every one of them twice and the recovery codes\nI printed in spring are refused by the page that asks for them.";
    for body in [reason.to_owned(), reason.replace('\n', " "), reason.replace('\n', "\r\n")] {
        let got = to_value(read_request(&form, "Account recovery request", &body))
            .expect("a reading is JSON");
        assert_eq!(got["reasons"], json!(["recovery_codes_rejected"]), "{body}");
    }
}
