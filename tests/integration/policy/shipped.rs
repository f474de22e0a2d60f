//! The shipped files hold what is promised, and the three places of each key agree.

use std::collections::BTreeSet;

use insta::assert_snapshot;
use keydesk::policy::layers::{BUILT_IN, built_in};
use keydesk::policy::{COMMANDS_WITH_CODE, Reply};

#[test]
fn labels_have_the_names_people_rely_on() {
    let labels = built_in().labels;
    let names = [
        labels.request,
        labels.needs_information,
        labels.awaiting_requester,
        labels.awaiting_maintainers,
        labels.escalated,
        labels.exposed_secret,
        labels.test_site,
    ];
    assert_snapshot!(names.join("\n"), @r"
    account-recovery
    needs information
    status: awaiting response
    status: awaiting maintainers
    escalated
    security issue
    test pypi issue
    ");
    assert_eq!(labels.reasons["lost_2fa"], "lost 2FA");
    assert_eq!(labels.reasons["unverified_email"], "unverified email");
    assert!(!labels.reasons.contains_key("other"));
}

#[test]
fn every_shipped_label_has_looks() {
    let policy = built_in();
    let labels = &policy.labels;
    let mut names = BTreeSet::from([
        &labels.request,
        &labels.needs_information,
        &labels.awaiting_requester,
        &labels.awaiting_maintainers,
        &labels.escalated,
        &labels.exposed_secret,
        &labels.test_site,
    ]);
    names.extend(labels.reasons.values());
    names.extend(policy.escalation.iter().flat_map(|step| &step.labels));
    names.extend(policy.replies.iter().flat_map(|reply| &reply.add_labels));
    assert_eq!(names, labels.looks.keys().collect());
}

fn row(reply: &Reply) -> String {
    let said = |value: Option<String>| value.unwrap_or_else(|| "-".to_owned());
    let turn = said(reply.turn.map(|turn| format!("{turn:?}")));
    let stage = said(reply.stage.map(|stage| format!("{stage:?}")));
    let close = said(reply.close.map(|close| format!("{close:?}")));
    let list = |names: &[String]| if names.is_empty() { "-".to_owned() } else { names.join(" ") };
    let (labels, arguments) = (list(&reply.add_labels), list(&reply.arguments));
    format!("/{} | {turn} | {stage} | {close} | {labels} | {arguments}", reply.command)
}

#[test]
fn the_twelve_replies_do_what_their_table_says() {
    let policy = built_in();
    assert!(policy.replies.iter().all(|reply| reply.template == reply.command));
    let rows = policy.replies.iter().map(row).collect::<Vec<_>>();
    assert_snapshot!(rows.join("\n"), @"
    /ask-address | Requester | - | - | - | -
    /confirm-address | Requester | - | - | unverified email | -
    /initiated | Requester | Recovering | - | - | -
    /recovered | Nobody | Recovered | Completed | - | -
    /no-mail | Requester | - | - | - | -
    /address-taken | Requester | - | - | - | -
    /english | Requester | - | - | - | -
    /need | Requester | - | - | needs information | what
    /follow-up | Requester | - | - | - | -
    /close-silent | Nobody | - | NotPlanned | - | -
    /decline | Nobody | - | NotPlanned | - | why
    /aup | Nobody | - | NotPlanned | - | -
    ");
}

#[test]
fn time_is_as_the_manual_promises() {
    let policy = built_in();
    let words = |span: Option<keydesk::policy::Span>| span.expect("set").to_string();
    assert_eq!(words(policy.silence.remind_after), "30 days");
    assert_eq!(words(policy.silence.close_after), "7 days");
    assert_eq!(policy.retention.request_text.to_string(), "180 days");
    let steps = policy.escalation.iter().map(|step| format!("{} {}", step.name, step.after));
    assert_eq!(steps.collect::<Vec<_>>(), ["first reply overdue 10 working days"]);
    assert!(policy.escalation.iter().all(|step| step.mention.is_empty()));
}

/// Every name in a tree of JSON, but not the names that people choose.
fn keys(value: &serde_json::Value, found: &mut BTreeSet<String>) {
    match value {
        serde_json::Value::Object(object) => {
            for (key, value) in object {
                found.insert(key.clone());
                if key != "looks" {
                    keys(value, found);
                }
            }
        }
        serde_json::Value::Array(items) => items.iter().for_each(|item| keys(item, found)),
        serde_json::Value::Null
        | serde_json::Value::Bool(_)
        | serde_json::Value::Number(_)
        | serde_json::Value::String(_) => {}
    }
}

#[test]
fn every_key_of_the_policy_is_in_the_manual() {
    let mut found = BTreeSet::new();
    keys(&serde_json::to_value(built_in()).expect("serialises"), &mut found);
    let missing = found.iter().filter(|key| !BUILT_IN.contains(key.as_str())).collect::<Vec<_>>();
    assert!(missing.is_empty(), "config/policy.toml says nothing of {missing:?}");
}

#[test]
fn no_reply_takes_the_name_of_a_command_with_code() {
    let commands = COMMANDS_WITH_CODE.iter().collect::<BTreeSet<_>>();
    assert_eq!(commands.len(), COMMANDS_WITH_CODE.len());
    assert!(
        built_in()
            .replies
            .iter()
            .all(|reply| !COMMANDS_WITH_CODE.contains(&reply.command.as_str()))
    );
}

/// Every key there is, set.
const COMPLETE: &str = r##"
[clock]
timezone = "Europe/Berlin"
working_days = ["sat"]
holidays = ["2026-12-25"]
away = [{ from = "2027-05-12", until = "2027-05-20", why = "PyCon US" }]
[[escalation]]
name = "a"
after = "1 minute"
labels = ["late"]
mention = ["@acme/recovery"]
assign = "rota"
notify = "chat"
[rota]
members = ["@alice"]
[notify.chat]
style = "generic"
[commands.roles]
decline = "admin"
[[replies]]
command = "thanks"
summary = "Say thanks"
template = "thanks"
turn = "maintainers"
add_labels = ["a"]
remove_labels = ["b"]
stage = "reviewing"
close = "duplicate"
arguments = ["whom"]
"##;

#[test]
fn a_policy_written_out_is_read_again_key_by_key() {
    let complete = super::policy(&[COMPLETE]);
    let text = toml::to_string(&complete).expect("a policy is made of text, lists and tables");
    assert_eq!(super::policy(&[&text]), complete);
}
