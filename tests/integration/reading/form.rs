//! Bodies taken apart by the headings and boxes of the form, whatever happened to them.

use std::time::{Duration, Instant};

use keydesk::reading::form::{Form, LineKind, Section, Sheet, split};
use keydesk::reading::{Checkboxes, FormKind, read_request};
use serde_json::{json, to_value};

use super::parts::form_with;

fn built_in(body: &str) -> Sheet<'_> {
    split(&Form::built_in(), body)
}

fn name<'a>(sheet: &Sheet<'a>) -> Option<Vec<&'a str>> {
    let blocks = sheet.username.clone()?.blocks;
    Some(blocks.into_iter().map(str::trim).collect())
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
fn every_piece_is_a_slice_of_the_body() {
    let body = form_with("alpha", "I lost it.\n\n### Why\n\nNo idea.");
    let sheet = built_in(&body);
    let reason = sheet.reason.blocks[0];
    let start = reason.as_ptr() as usize - body.as_ptr() as usize;
    assert_eq!(&body[start..start + reason.len()], reason);
    assert_eq!(reason, "\nI lost it.\n\n### Why\n\nNo idea.\n");
    assert_eq!(name(&sheet), Some(vec!["alpha"]));
    let tick = sheet.boxes.code_of_conduct.expect("the box is there");
    assert!(tick.is_ticked);
    assert_eq!(tick.line, "- [x] I agree to follow the PSF Code of Conduct");
    let headings: Vec<_> =
        sheet.headings.iter().map(|heading| (heading.section, heading.label)).collect();
    assert_eq!(
        headings,
        [
            (Section::Username, "PyPI Username"),
            (Section::Reason, "Reason for request"),
            (Section::CodeOfConduct, "Code of Conduct"),
        ]
    );
}

#[test]
fn a_heading_is_known_in_every_dress() {
    for heading in [
        "# PyPI Username",
        "###### PyPI Username",
        "###PyPI username",
        "   ### PyPI Username",
        "### PyPI\u{a0}Username :",
        "### **PyPI Username**",
        "### \u{200b}PyPI Username",
        "PyPI Username\n===",
        "PyPI Username\n-------------",
        "**PyPI Username**",
        "**PyPI Username:**",
        "__PyPI Username__:",
        "**PyPI Username**\n- - -",
        "<h3>PyPI Username</h3>",
    ] {
        let body = format!("{heading}\nalpha\n\n### Reason for request\n\nlost");
        let sheet = built_in(&body);
        assert_eq!(sheet.headings.len(), 2, "{heading:?}: {:?}", sheet.headings);
        assert_eq!(name(&sheet), Some(vec!["alpha"]), "{heading:?}");
    }
    let bold = "**PyPI Username:** `alpha`\n\n**Reason for request:**\n\nlost";
    assert_eq!(name(&built_in(bold)), Some(vec!["`alpha`"]));
    assert_eq!(built_in(bold).kind, FormKind::Freeform);
    for rest in ["### PyPI Username: alpha", "### **PyPI Username:** alpha", "## username：alpha"]
    {
        assert_eq!(name(&built_in(rest)), Some(vec!["alpha"]), "{rest:?}");
    }
    for none in [
        "    ### PyPI Username\nalpha",
        "> ### PyPI Username\n> alpha",
        "PyPI Username\nalpha",
        "**PyPI Username** alpha",
        "**PyPI Username**\n\nI lost it",
        "**PyPI Username:** alpha\n\nI lost it",
        "####### PyPI Username\nalpha",
        "```\n### PyPI Username\n```\nalpha",
    ] {
        assert_eq!(built_in(none).headings, [], "{none:?}");
    }
}

#[test]
fn doubled_headings_go_on_with_their_section() {
    let sheet = built_in(
        "### PyPI Username\nalpha\n### Reason for request\nlost\n### PyPI Username\nbeta\n",
    );
    assert_eq!(name(&sheet), Some(vec!["alpha", "beta"]));
    assert_eq!(sheet.reason.blocks[..], ["lost"]);
}

#[test]
fn a_fence_that_nothing_closes_hides_no_heading() {
    let body = "### Reason for request\n```\n# x\n```\n```text\nlog\n### PyPI Username\nalpha\n";
    let sheet = built_in(body);
    assert_eq!(name(&sheet), Some(vec!["alpha"]));
    assert_eq!(sheet.reason.blocks[..], ["```\n# x\n```\n```text\nlog"]);
}

#[test]
fn without_a_heading_the_reason_is_all_but_the_name() {
    let body = "Hello\n### PyPI Username\nalpha\n### Code of Conduct\n- [x] I agree\nlost it";
    let sheet = built_in(body);
    assert_eq!(sheet.reason.blocks[..], ["Hello", "lost it"]);
    assert_eq!(sheet.boxes.checkboxes().code_of_conduct, Some(true));
}

#[test]
fn fields_of_other_forms_keep_their_names() {
    let body = "### Project URL\n\nhttps://example.org\n\n### New limit\n\n_No response_";
    let sheet = built_in(body);
    let others: Vec<_> = sheet
        .others
        .iter()
        .map(|field| (field.label, field.answer.blocks.join("").trim().to_owned()))
        .collect();
    assert_eq!(sheet.kind, FormKind::OtherForm);
    assert_eq!(
        others,
        [
            ("Project URL", "https://example.org".to_owned()),
            ("New limit", "_No response_".to_owned()),
        ]
    );
}

#[test]
fn a_box_is_ticked_by_whatever_mark_stands_in_it() {
    const SENTENCE: &str = "I agree to follow the PSF Code of Conduct";
    for (before, after, is_ticked) in [
        ("- [x] ", "", Some(true)),
        ("- [X]", "", Some(true)),
        ("-[x] ", "", Some(true)),
        ("* [ x ] ", "", Some(true)),
        ("1. [x] ", "", Some(true)),
        ("- [✅] ", "", Some(true)),
        ("- [✔\u{fe0f}] ", "", Some(true)),
        ("- \\[x\\] ", "", Some(true)),
        ("> - [x] ", "", Some(true)),
        ("☑ ", "", Some(true)),
        ("☑\u{fe0f} ", "", Some(true)),
        ("✅", "", Some(true)),
        ("- ✓ ", "", Some(true)),
        ("X ", "", Some(true)),
        ("", " ✅", Some(true)),
        ("", " [x]", Some(true)),
        ("- [x] [", "](https://example.org/conduct)", Some(true)),
        ("- [ ] ", "", Some(false)),
        ("- [] ", "", Some(false)),
        ("- [\u{a0}] ", "", Some(false)),
        ("☐ ", "", Some(false)),
        ("", "", None),
        ("- ", "", None),
        ("- [yes](https://example.org) ", "", None),
    ] {
        let line = format!("{before}{SENTENCE}{after}");
        let boxes = built_in(&line).boxes.checkboxes();
        let wanted = Checkboxes { code_of_conduct: is_ticked, ..Checkboxes::default() };
        assert_eq!(boxes, wanted, "{line:?}");
    }
    let twice = format!("> - [x] {SENTENCE}\n- [ ] {SENTENCE}");
    assert_eq!(built_in(&twice).boxes.checkboxes().code_of_conduct, Some(false));
}

#[test]
fn lines_of_the_form_are_known() {
    let form = Form::built_in();
    assert!((form.kind_of_line("Lost access to email address.") == LineKind::Option));
    assert!(!(form.kind_of_line("Lost access to email address and more") == LineKind::Option));
    assert!((form.kind_of_line("**Request for account recovery:**") == LineKind::Noise));
    assert!((form.kind_of_line("_No response_") == LineKind::Noise));
    assert!(
        (form.kind_of_line("I agree to follow the PSF Code of Conduct, of course")
            == LineKind::Noise)
    );
    assert!(
        !(form.kind_of_line("") == LineKind::Noise)
            && !(form.kind_of_line("I agree") == LineKind::Noise)
            && !(form.kind_of_line("恢复") == LineKind::Noise)
    );
    for own in ["", "Account recovery request", "account%20recovery request:", " !"] {
        assert!(form.is_own_title(own), "{own}");
    }
    assert!(form.is_own_title("Account recovery request Account recovery request"));
    assert!(!form.is_own_title("Account recovery request for ada"));
}

/// Unoptimized code takes thirty times as long as the real budget of a millisecond, and a machine
/// may be busy: what is not linear takes seconds.
#[test]
fn taking_apart_is_linear() {
    let limit = Duration::from_millis(if cfg!(debug_assertions) { 150 } else { 5 });
    let form = Form::built_in();
    let _ = split(&form, "");
    for piece in [
        "[",
        "- [",
        "- [x] ",
        "#",
        "# \n",
        "### PyPI Username\n",
        "a\n---\n",
        "**a**\n",
        "](",
        "[](",
        "```a\n",
        "```\n",
        "~~~~\n```\n",
        ">",
        "> - [x] I\n",
        ":",
        "###:",
        "<h1>",
        "☑",
        "x ",
        "1",
        "\n",
        " ",
        " \n",
        "-\n",
        "=\n",
        "- - -\n",
        "I agree to follow the ",
        "\u{200b}",
        "K",
    ] {
        let body = piece.repeat(65_536 / piece.len());
        let start = Instant::now();
        let sheet = split(&form, &body);
        let noise = body.lines().filter(|line| form.kind_of_line(line) == LineKind::Noise).count();
        let is_title = form.is_own_title(&body);
        let took = start.elapsed();
        assert!(took < limit, "{piece:?} took {took:?}: {noise} {is_title} {:?}", sheet.kind);
    }
}
