//! Buttons: what they show, and that they do what the same command does in a comment.

use keydesk::markdown::to_html;
use keydesk::sandbox::github::{CallFault, CallFaultKind};
use keydesk::sandbox::seed::tracker;
use keydesk::triage::{LabelState, Ticket};

use super::desk::{Desk, FIRST, MIRA, request};

/// What a command leaves behind, as far as it does not name its own ticket or moment.
fn left_behind(ticket: &Ticket) -> String {
    // Of a label that was asked for only the next webhook tells that it is there.
    let is_on = |state: &LabelState| match state {
        LabelState::Adding | LabelState::PuttingBack | LabelState::Present => true,
        LabelState::PinnedPresent => true,
        LabelState::Removing | LabelState::PinnedAbsent => false,
        LabelState::RefusedAdding | LabelState::RefusedRemoving => false,
    };
    let on = ticket.labels.iter().filter(|(_, state)| is_on(state));
    let labels: Vec<&String> = on.map(|(label, _)| label).collect();
    format!(
        "{:?} {:?} {} snoozed {} answered {} mailed {} climbed {:?} {labels:?} {:?}",
        ticket.turn,
        ticket.stage,
        ticket.is_open,
        ticket.snoozed_until.is_some(),
        ticket.answered_at.is_some(),
        ticket.mailed_at.is_some(),
        ticket.climbed,
        ticket.reading.reasons,
    )
}

/// Comments without their markers and numbers of issues.
fn plain(told: Vec<String>) -> Vec<String> {
    let without_marker =
        |text: &String| text.split("<!-- keydesk:").next().unwrap_or_default().to_owned();
    told.iter()
        .map(without_marker)
        .map(|text| text.replace("issues/2", "issues/1").replace("#1", "#2"))
        .collect()
}

#[tokio::test]
async fn a_button_does_what_the_command_does_in_a_comment() {
    let commands = [
        ("initiated", ""),
        ("ask-address", ""),
        ("need", "the name of one project"),
        ("recovered", ""),
        ("decline", "We cannot be sure."),
        ("turn", "requester"),
        ("snooze", "3 days"),
        ("escalate", ""),
        ("reason", "lost_email"),
        ("label", "\"needs review\" urgent"),
        ("assign", ""),
        ("close", "not planned"),
        ("faq", "waiting"),
        ("guide", "lost-codes"),
        ("sent", ""),
        ("codes", "yes"),
        ("help", ""),
        ("snooze", "for ever"),
    ];
    for (command, argument) in commands {
        let desk = Desk::open().await;
        for name in ["ada", "grace"] {
            desk.file("Locked out", &request(name, "I lost my phone.")).await;
        }
        let typed = format!("/{command} {argument}");
        desk.says(MIRA, 1, typed.trim()).await;
        let mut mira = desk.signed_in(MIRA).await;
        let pressed = mira.press("/tickets/acme/support/2", command, argument).await;
        assert!(pressed.words().contains("by @mira-maintainer on the desk's page"), "{command}");
        desk.settled().await;
        let (by_comment, by_button) = (desk.report(1).await.ticket, desk.report(2).await.ticket);
        assert_eq!(left_behind(&by_comment), left_behind(&by_button), "{typed}");
        assert_eq!(desk.seen(1), desk.seen(2), "{typed}");
        let (one, other) = (plain(desk.told(1)), plain(desk.told(2)));
        let is_refused = pressed.words().contains("was not carried out");
        assert_eq!(is_refused, argument == "for ever");
        if !is_refused {
            assert_eq!(one, other, "{typed}");
        }
    }
}

#[tokio::test]
async fn pressing_twice_does_it_once() {
    let desk = Desk::open().await;
    desk.file("Locked out", &request("ada", "I lost my phone.")).await;
    let mut mira = desk.signed_in(MIRA).await;
    let shown = mira.preview(FIRST, "initiated", "").await;
    let fields = ["csrf", "id", "command", "arguments"].map(|name| (name, shown.field(name)));
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let told_before = desk.told(1).len();
    let press = format!("{FIRST}/press");
    let mut again = mira.clone();
    let (one, two) = tokio::join!(mira.post(&press, &fields), again.post(&press, &fields));
    assert_eq!((one.status, two.status), (303, 303));
    assert_eq!(mira.post(&press, &fields).await.status, 303);
    desk.settled().await;
    assert_eq!(desk.told(1).len(), told_before + 1);
    let history = desk.report(1).await.history;
    let said = history.iter().filter(|row| row.reason.contains("/initiated by @")).count();
    assert_eq!(said, 1);
    // The same command shown again is another button.
    mira.press(FIRST, "initiated", "").await;
    desk.settled().await;
    assert_eq!(desk.told(1).len(), told_before + 2);
}

#[tokio::test]
async fn what_is_shown_is_what_is_posted() {
    let desk = Desk::open().await;
    desk.file("Perdu", &request("ada", "J'ai perdu mon téléphone et je ne peux plus entrer."))
        .await;
    let mut mira = desk.signed_in(MIRA).await;
    let before = desk.report(1).await;
    let shown = mira.preview(FIRST, "need", "le nom <b>d'un</b> projet @everybody").await;
    assert_eq!(desk.report(1).await.history.len(), before.history.len(), "to look changes nothing");
    assert_eq!(desk.told(1).len(), 1);
    mira.press(FIRST, "need", "le nom <b>d'un</b> projet @everybody").await;
    desk.settled().await;
    let posted = desk.told(1).pop().expect("a comment");
    let posted = posted.split("\n\n<!-- keydesk:").next().expect("a text");
    let issues = format!("{}/acme/support/issues", desk.home);
    assert!(shown.text.contains(&to_html(posted, &issues)), "{posted}\n{}", shown.text);
    let empty = mira.preview(FIRST, "need", "").await;
    assert!(empty.text.contains("Show what it does") && !empty.text.contains("Do it"));
    let refused = mira.preview(FIRST, "snooze", "for ever").await;
    assert!(refused.words().contains("It would not be carried out"));
    assert!(!refused.text.contains("Do it"));
}

#[tokio::test]
async fn a_command_that_needs_a_higher_role_is_refused_with_the_reason() {
    let desk = Desk::open().await;
    desk.file("Locked out", &request("ada", "I lost my phone.")).await;
    let policy = b"[commands.roles]\nrecovered = \"maintain\"\n";
    let now = desk.sandbox.now();
    desk.sandbox.with(|state| {
        let mut app = state.acting(keydesk::sandbox::state::Actor::App, now);
        app.push_file(&tracker(), ".github/keydesk.toml", Some(policy)).expect("a push");
    });
    desk.settled().await;
    let mut mira = desk.signed_in(MIRA).await;
    let shown = mira.preview(FIRST, "recovered", "").await;
    assert!(shown.words().contains("for people with the role maintain or more"));
    // Who presses all the same, by hand, gets no further.
    let fields = ["csrf", "id"].map(|name| (name, shown.field(name)));
    let [(_, csrf), (_, id)] = &fields;
    let fields = [("csrf", csrf.as_str()), ("id", id), ("command", "recovered")];
    let answer = mira.post(&format!("{FIRST}/press"), &fields).await;
    let page = mira.get(answer.header("location")).await;
    assert!(page.words().contains("was not carried out"), "{}", page.words());
    assert!(desk.report(1).await.ticket.is_open);
}

#[tokio::test]
async fn every_command_has_a_button_that_can_be_shown() {
    let desk = Desk::open().await;
    desk.file("Locked out", &request("ada", "I lost my phone.")).await;
    let mut mira = desk.signed_in(MIRA).await;
    let page = mira.get(FIRST).await.text;
    let links = page.split("preview?command=").skip(1);
    let names: Vec<String> =
        links.map(|rest| rest.split('"').next().unwrap_or_default().to_owned()).collect();
    assert!(names.len() > 35, "{names:?}");
    for name in names {
        for argument in ["", "yes"] {
            let shown = mira.preview(FIRST, &name, argument).await;
            assert_eq!(shown.status, 200, "{name}: {}", shown.words());
        }
    }
}

#[tokio::test]
async fn what_was_given_up_is_shown_and_tried_again() {
    let desk = Desk::open().await;
    desk.file("Locked out", &request("ada", "I lost my phone.")).await;
    let mut mira = desk.signed_in(MIRA).await;
    let kind = CallFaultKind::Refused(422);
    desk.github.fail(CallFault { call: Some("create_comment"), skip: 0, times: 1, kind });
    mira.press(FIRST, "initiated", "").await;
    desk.settled().await;
    let page = mira.get(FIRST).await;
    assert!(page.words().contains("Given up comment initiated"), "{}", page.words());
    assert!(mira.get("/?flag=stuck").await.words().contains("something given up"));
    let csrf = page.field("csrf");
    let answer = mira.post(&format!("{FIRST}/retry"), &[("csrf", &csrf)]).await;
    let page = mira.get(answer.header("location")).await;
    assert!(page.words().contains("One thing is tried again now."), "{}", page.words());
    desk.settled().await;
    let page = mira.get(FIRST).await;
    assert!(!page.words().contains("Given up"), "{}", page.words());
    assert!(desk.told(1).iter().any(|text| text.contains("a recovery has been started")));
}
