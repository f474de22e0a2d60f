//! A repository's own issue form as the schema of its requests.

use keydesk::reading::form::schema::{FieldKind, FormField, IssueForm};
use keydesk::reading::form::{Form, LineKind, Section, Sheet, split};
use keydesk::reading::{FormKind, read_request};
use proptest::prelude::*;

const OWN: &str = r#"
name: Locked out
description: Ask for your account back
title: "[Locked out] "
labels: ["account-recovery", help]
body:
  - type: markdown
    attributes: { value: "Read this first" }
  - type: input
    id: login
    attributes: { label: Your account on the index, placeholder: octocat }
    validations: { required: true }
  - type: dropdown
    id: kind
    attributes:
      label: What happened?
      multiple: true
      options: [My phone is gone, "Yes, hacked", Other]
  - type: textarea
    attributes:
      label: Tell us more
      value: |
        Since when:
        What you tried:
      render: text
  - type: signature
    id: sign
    colour: blue
    attributes: { label: Sign here }
  - type: checkboxes
    attributes:
      label: Agreements
      options:
        - label: I have no recovery codes any more
        - label: I keep to the [Code of Conduct](https://example.org)
          required: true
        - label: I know that this may take a significant amount of time.
        - label: I have read the manual
"#;

const NAME_CLAIM: &str = "
name: Claim a name
body:
  - { type: input, id: project, attributes: { label: Which project name } }
  - { type: input, attributes: { label: Your PyPI username } }
  - { type: textarea, attributes: { label: Reasons for the request } }
  - { type: textarea, attributes: { label: How you reached the owner } }
";

fn schema(yaml: &str) -> IssueForm {
    IssueForm::parse(yaml).expect("a form")
}

fn trimmed<'a>(blocks: &[&'a str]) -> Vec<&'a str> {
    blocks.iter().map(|block| block.trim()).collect()
}

fn others<'a>(sheet: &Sheet<'a>) -> Vec<(&'a str, Vec<&'a str>)> {
    sheet.others.iter().map(|field| (field.label, trimmed(&field.answer.blocks))).collect()
}

#[test]
fn a_form_file_is_read_with_what_nobody_knows() {
    let form = schema(OWN);
    assert_eq!(form.labels, ["account-recovery", "help"]);
    assert_eq!(form.title, "[Locked out]");
    let kinds: Vec<&FieldKind> = form.fields.iter().map(|field| &field.kind).collect();
    let unknown = FieldKind::Unknown("signature".to_owned());
    assert_eq!(
        kinds,
        [
            &FieldKind::Markdown,
            &FieldKind::Input,
            &FieldKind::Dropdown,
            &FieldKind::Textarea,
            &unknown,
            &FieldKind::Checkboxes,
        ]
    );
    assert_eq!(form.fields[2].options, ["My phone is gone", "Yes, hacked", "Other"]);
    assert!(form.fields[3].is_rendered && form.fields[1].is_required);
    let bare = schema("body:\n- type: dropdown\n  attributes: {label: 7, options: [yes, No, 1.5]}");
    assert_eq!(bare.fields[0].label, "7");
    assert_eq!(bare.fields[0].options, ["yes", "No", "1.5"]);
}

#[test]
fn a_broken_form_file_says_where() {
    for (yaml, line) in [
        ("", "line 1: "),
        ("body: 1", "line 1: "),
        ("name: x\nbody: [\n", "line 2: "),
        ("name: x\nbody:\n  - a: b\n c: d\n", "line 4: "),
        ("name: a\nname: b\nbody: []", "line 2: "),
    ] {
        let error = IssueForm::parse(yaml).expect_err(yaml);
        assert!(error.starts_with(line) && error.len() > line.len(), "{yaml:?}: {error}");
    }
    let bomb = "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\nbody: [*d,*d,*d,*d,*d,*d,*d,*d,*d]\n";
    IssueForm::parse(bomb).expect_err("an alias bomb");
    IssueForm::parse(&"# long\n".repeat(10_000)).expect_err("70 kB");
}

#[test]
fn the_repositorys_own_words_are_headings() {
    let form = Form::built_in().with_schema(&schema(OWN));
    let body = "### Your account on the index\n\nalpha\n\n### What happened?\n\nMy phone is gone, Other\n\n### Tell us more\n\n```text\nSince when: May\n### My phone\nWhat you tried:\n```\n\n### Sign here\n\n_No response_\n\n### Agreements\n\n- [x] I have no recovery codes any more\n- [ ] I keep to the [Code of Conduct](https://example.org)\n- [x] I know that this may take a significant amount of time.\n- [ ] I have read the manual\n";
    let sheet = split(&form, body);
    assert_eq!(sheet.kind, FormKind::Form2021);
    assert_eq!(trimmed(&sheet.username.clone().expect("a name").blocks), ["alpha"]);
    assert_eq!(
        trimmed(&sheet.reason.blocks),
        ["My phone is gone, Other", "Since when: May\n### My phone\nWhat you tried:"]
    );
    let boxes = sheet.boxes.checkboxes();
    assert_eq!(boxes.recovery_codes, Some(true));
    assert_eq!(boxes.code_of_conduct, Some(false));
    assert_eq!(boxes.acknowledgement, Some(true));
    assert_eq!(
        others(&sheet),
        [
            ("Sign here", vec!["_No response_"]),
            ("Agreements", vec!["- [ ] I have read the manual"]),
        ]
    );
    assert!(
        (form.kind_of_line("Yes, hacked") == LineKind::Option)
            && (form.kind_of_line("Other") == LineKind::Option)
    );
    assert!(
        (form.kind_of_line("My phone is gone, Other") == LineKind::Option)
            && !(form.kind_of_line("phone") == LineKind::Option)
    );
    assert!(
        (form.kind_of_line("What you tried:") == LineKind::Noise)
            && !(form.kind_of_line("What you tried: all") == LineKind::Noise)
    );
    assert!(form.is_own_title("[Locked out]") && form.is_own_title("Account recovery request"));
    let reading = read_request(&form, "[Locked out] ", body);
    assert_eq!(reading.username.as_deref(), Some("alpha"));
    let old = "### PyPI Username\n\nalpha\n\n### Reason for request\n\nlost\n\n### Recovery Codes\n\n- [x] I never generated or have lost access to the recovery codes for my account";
    let sheet = split(&form, old);
    assert_eq!(sheet.kind, FormKind::Form2024);
    assert_eq!(trimmed(&sheet.reason.blocks), ["lost"]);
}

#[test]
fn another_form_of_the_repository_is_another_form() {
    let built_in = Form::built_in();
    let (own, claim) = (schema(OWN), schema(NAME_CLAIM));
    assert!(built_in.is_about(&own));
    assert!(!built_in.is_about(&claim));
    let body = "### Which project name\n\nspam\n\n### How you reached the owner\n\nby mail";
    assert_eq!(split(&built_in, body).kind, FormKind::Freeform);
    let both = [claim, own];
    let form = built_in.with_schemas(&both);
    let sheet = split(&form, body);
    assert_eq!(sheet.kind, FormKind::OtherForm);
    assert_eq!(others(&sheet)[0], ("Which project name", vec!["spam"]));
    let renamed = split(&form, "### Your account on the index\n\nalpha");
    assert_eq!(renamed.headings[0].section, Section::Username);
}

#[test]
fn of_two_forms_with_name_and_reason_the_one_about_recovery_is_meant() {
    let ban = "name: Appeal\nbody:\n- {type: input, attributes: {label: Username}}\n- {type: textarea, attributes: {label: Reason}}\n- {type: input, attributes: {label: Ban number}}\n- {type: input, attributes: {label: Forum}}\n";
    let form = Form::built_in().with_schemas(&[schema(ban), schema(OWN)]);
    let sheet = split(&form, "### Username\n\na\n\n### Ban number\n\n1\n\n### Forum\n\nb\n");
    assert_eq!(sheet.kind, FormKind::OtherForm);
    let alone = Form::built_in().with_schemas(&[schema(ban)]);
    let sheet = split(&alone, "### Username\n\na\n\n### Ban number\n\n1\n\n### Forum\n\nb\n");
    assert_eq!(sheet.kind, FormKind::Form2021);
}

/// What one field is asked and answered.
#[derive(Debug, Clone)]
struct Asked {
    field: FormField,
    answer: String,
    ticks: Vec<bool>,
}

fn field(kind: FieldKind, label: &str, options: Vec<String>) -> FormField {
    FormField {
        kind,
        id: String::new(),
        label: label.to_owned(),
        description: String::new(),
        placeholder: String::new(),
        value: String::new(),
        is_rendered: false,
        is_required: false,
        options,
    }
}

fn answers() -> impl Strategy<Value = String> {
    let line = "[a-zA-Z0-9 .,;:!é中'()#>*-]{0,40}";
    proptest::collection::vec(line, 0..5).prop_map(|lines| {
        let text = lines.join("\n");
        let text = text.trim();
        if text.is_empty() { "_No response_".to_owned() } else { text.to_owned() }
    })
}

fn asked() -> impl Strategy<Value = Vec<Asked>> {
    let username = prop::sample::select(vec!["Your account on the hub", "Login name", "Username"]);
    let reason = prop::sample::select(vec!["Why are you locked out?", "Reason", "What happened"]);
    // No word that means something begins so.
    let extra = ("[B-Z]x[a-z]{2,7}( [qz][a-z]{2,6}){1,3}", 0..4_usize);
    let extras = proptest::collection::vec((extra, answers(), any::<[bool; 3]>()), 0..5);
    (username, reason, answers(), answers(), extras, any::<bool>()).prop_map(
        |(username, reason, name, why, extras, is_turned)| {
            let one = |kind, label: &str, answer| Asked {
                field: field(kind, label, Vec::new()),
                answer,
                ticks: Vec::new(),
            };
            let mut all =
                vec![one(FieldKind::Input, username, name), one(FieldKind::Textarea, reason, why)];
            for (index, ((label, kind), answer, ticks)) in extras.into_iter().enumerate() {
                // A number of its own keeps every label from being another's.
                let label = format!("{label} {index}");
                all.push(match kind {
                    0 => one(FieldKind::Input, &label, answer),
                    1 => one(FieldKind::Unknown("slider".to_owned()), &label, answer),
                    _ => {
                        let options: Vec<String> =
                            (0..3).map(|place| format!("Statement {place} of {index}")).collect();
                        let lines: Vec<String> = options
                            .iter()
                            .zip(ticks)
                            .map(|(option, tick)| {
                                format!("- [{}] {option}", if tick { "x" } else { " " })
                            })
                            .collect();
                        Asked {
                            field: field(FieldKind::Checkboxes, &label, options),
                            answer: lines.join("\n"),
                            ticks: ticks.to_vec(),
                        }
                    }
                });
            }
            if is_turned {
                all.reverse();
            }
            all
        },
    )
}

fn rendered(all: &[Asked]) -> String {
    all.iter().map(|one| format!("### {}\n\n{}\n\n", one.field.label, one.answer)).collect()
}

proptest! {
    #[test]
    fn what_a_form_renders_is_read_back(all in asked()) {
        let form = IssueForm {
            name: "Account recovery".to_owned(),
            description: String::new(),
            title: String::new(),
            labels: Vec::new(),
            fields: all.iter().map(|one| one.field.clone()).collect(),
        };
        let form = Form::built_in().with_schema(&form);
        let body = rendered(&all);
        let sheet = split(&form, &body);
        prop_assert_eq!(sheet.headings.len(), all.len());
        let mut rest = others(&sheet).into_iter();
        for one in &all {
            prop_assert!(one.ticks.len() == one.field.options.len());
            let (label, blocks) = match sheet.headings.iter().find(|known| known.label == one.field.label).map(|known| known.section) {
                Some(Section::Username) => ("", trimmed(&sheet.username.clone().unwrap_or_default().blocks)),
                Some(Section::Reason) => ("", trimmed(&sheet.reason.blocks)),
                _ => rest.next().unwrap_or_default(),
            };
            prop_assert!(label.is_empty() || label == one.field.label);
            prop_assert_eq!(blocks.join("\n"), one.answer.trim());
        }
    }

    #[test]
    fn no_text_is_too_odd(yaml in "(?s).{0,300}", body in "(?s).{0,300}") {
        if let Ok(form) = IssueForm::parse(&yaml) {
            let _ = Form::built_in().with_schema(&form);
        }
        let _ = split(&Form::built_in(), &body);
    }

    #[test]
    fn no_pile_of_pieces_is_too_odd(
        pieces in proptest::collection::vec(prop::sample::select(vec![
            "### PyPI Username", "\n", "- [x] ", "[", "]", "(", "```", "~~~", "---", "===", "**", ":",
            "Reason for request", "**Reason:**", "I agree to follow the PSF Code of Conduct", "✅",
            "<h3>", "</h3>", "é", "\u{fe0f}", "> ", "x", " ", "\u{a0}", "body:", "- type: input", "  ", "&a", "*a", "{", "}", "|",
        ]), 0..60),
    ) {
        let text = pieces.concat();
        if let Ok(form) = IssueForm::parse(&text) {
            let _ = Form::built_in().with_schemas(&[form]);
        }
        let sheet = split(&Form::built_in(), &text);
        let range = text.as_bytes().as_ptr_range();
        let answers = sheet.username.iter().chain([&sheet.reason]);
        for block in answers.flat_map(|answer| &answer.blocks) {
            prop_assert!(range.start <= block.as_ptr() && block.as_bytes().as_ptr_range().end <= range.end);
        }
    }
}
