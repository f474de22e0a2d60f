//! What layers make together.

use keydesk::policy::layers::{built_in, merge};
use keydesk::policy::{Mode, Role, Span, TurnAfter};

use super::{layer, policy};

fn span(words: &str) -> Option<Span> {
    Some(words.parse().expect("a span"))
}

#[test]
fn a_file_that_says_nothing_changes_nothing() {
    assert_eq!(policy(&[""]), built_in());
    assert_eq!(policy(&["", "# nothing\n[labels]\n[labels.reasons]\n"]), built_in());
}

#[test]
fn the_whole_shipped_file_as_a_layer_changes_nothing() {
    assert_eq!(policy(&[keydesk::policy::layers::BUILT_IN]), built_in());
}

#[test]
fn tables_merge_key_by_key_and_later_layers_win() {
    let merged = policy(&[
        "[silence]\nremind_after = \"10 days\"\n[desk]\nmode = \"observe\"\n",
        "[silence]\nremind_after = \"2 weeks\"\n[labels]\nrequest = \"help\"\n",
    ]);
    assert_eq!(merged.silence.remind_after, span("2 weeks"));
    assert_eq!(merged.silence.close_after, built_in().silence.close_after);
    assert_eq!(merged.desk.mode, Mode::Observe);
    assert_eq!(merged.labels.request, "help");
    assert_eq!(merged.labels.escalated, "escalated");
}

#[test]
fn lists_are_replaced_whole() {
    let merged = policy(&[
        "[clock]\nworking_days = [\"sun\"]\nholidays = [\"2026-12-25\"]\n[[escalation]]\nname = \"a\"\nafter = \"1 day\"\n[[escalation]]\nname = \"b\"\nafter = \"2 days\"\n",
        "[clock]\nholidays = []\n[[escalation]]\nname = \"c\"\nafter = \"3 days\"\n",
    ]);
    assert_eq!(merged.clock.working_days.len(), 1);
    assert!(merged.clock.holidays.is_empty());
    assert_eq!(merged.escalation.len(), 1);
    assert_eq!(merged.escalation[0].name, "c");
    assert!(policy(&["escalation = []\n"]).escalation.is_empty());
}

#[test]
fn replies_merge_by_command_and_new_ones_come_last() {
    let merged = policy(&[
        "[[replies]]\ncommand = \"need\"\nturn = \"nobody\"\n[[replies]]\ncommand = \"thanks\"\nsummary = \"Say thanks\"\ntemplate = \"thanks\"\n",
        "[[replies]]\ncommand = \"thanks\"\nadd_labels = [\"nice\"]\n",
    ]);
    let shipped = built_in();
    assert_eq!(merged.replies.len(), shipped.replies.len() + 1);
    let need = merged.replies.iter().find(|reply| reply.command == "need").expect("still there");
    assert_eq!(need.turn, Some(TurnAfter::Nobody));
    assert_eq!((need.template.as_str(), need.arguments.len()), ("need", 1));
    let thanks = merged.replies.last().expect("one was added");
    assert_eq!((thanks.command.as_str(), thanks.summary.as_str()), ("thanks", "Say thanks"));
    assert_eq!(thanks.add_labels, ["nice"]);
}

#[test]
fn what_is_shipped_can_be_switched_off() {
    let merged = policy(&[
        "[silence]\nremind_after = \"never\"\n[labels.reasons]\nlost_2fa = \"\"\nother = \"odd\"\n",
    ]);
    assert_eq!(merged.silence.remind_after, None);
    assert_eq!(merged.labels.reasons.get("lost_2fa"), None);
    assert_eq!(merged.labels.reasons.get("other").map(String::as_str), Some("odd"));
}

#[test]
fn names_made_in_one_layer_serve_another() {
    let merged = policy(&[
        "[notify.chat]\nstyle = \"generic\"\n[rota]\nmembers = [\"@alice\"]\n",
        "[[escalation]]\nname = \"a\"\nafter = \"36 hours\"\nassign = \"rota\"\nnotify = \"chat\"\nmention = [\"@acme/recovery\", \"@bob\"]\n",
        "[commands.roles]\ndecline = \"maintain\"\nturn = \"admin\"\n",
    ]);
    assert_eq!(merged.escalation[0].notify.as_deref(), Some("chat"));
    assert_eq!(merged.commands.roles["decline"], Role::Maintain);
}

#[test]
fn a_policy_survives_being_kept_as_json() {
    let merged = policy(&[
        "[silence]\nclose_after = \"never\"\n[clock]\ntimezone = \"Europe/Berlin\"\nholidays = [\"2026-12-25\"]\naway = [{ from = \"2027-05-12\", until = \"2027-05-20\", why = \"PyCon US\" }]\n",
    ]);
    let json = serde_json::to_string(&merged).expect("serialises");
    let back: keydesk::policy::Policy = serde_json::from_str(&json).expect("reads back");
    assert_eq!(back, merged);
}

#[test]
fn one_broken_layer_leaves_the_others_unblamed() {
    let chat = layer("operator", "[notify.chat\n");
    let step =
        layer("repository", "[[escalation]]\nname = \"a\"\nafter = \"1 day\"\nnotify = \"chat\"\n");
    let problems = merge(&[chat, step]).expect_err("one is no TOML");
    assert!(problems.iter().all(|problem| problem.file == "operator"));
}
