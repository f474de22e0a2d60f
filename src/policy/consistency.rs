//! What must hold between the keys of a merged policy: every name that is used is there.

use std::collections::BTreeMap;

use super::keys::{Key, Shape};
use super::problem::{Wrong, quote, unknown};
use super::tree::{Kind, Node, Problems};
use super::value::COMMANDS_WITH_CODE;

/// Checks a merged tree.
pub(crate) fn check(tree: &Node, shape: &Shape, problems: &mut Problems<'_>) {
    missing_keys(tree, "the policy", shape, problems);
    label_names(tree, problems);
    clock(tree, problems);
    escalation(tree, problems);
    chat(tree, at(tree, &["digest", "notify"]), problems);
    command_names(tree, problems);
}

fn at<'n>(tree: &'n Node, path: &[&str]) -> Option<&'n Node> {
    path.iter().try_fold(tree, |node, key| node.get(key))
}

fn items<'n>(tree: &'n Node, path: &[&str]) -> &'n [Node] {
    at(tree, path).map_or(&[], Node::items)
}

/// Notes every key that must be there and is not.
pub(super) fn missing_keys(node: &Node, name: &str, shape: &Shape, problems: &mut Problems<'_>) {
    match shape {
        Shape::Table(keys) => missing_in(node, &quote(name), keys, problems),
        Shape::Named(_, of) => {
            for (name, child) in node.table() {
                missing_keys(child, name, of, problems);
            }
        }
        Shape::List(of) => {
            for item in node.items() {
                missing_keys(item, name, of, problems);
            }
        }
        Shape::Entries { keys, identity, .. } => {
            let is_named = |entry: &&Node| {
                !entry.get(identity).is_some_and(|name| matches!(name.kind, Kind::Wrong))
            };
            // Without its right name nobody knows which entry was meant, and what it then has.
            for entry in node.items().iter().filter(is_named) {
                missing_in(entry, &format!("this entry of `{name}`"), keys, problems);
            }
        }
        Shape::Text(_) | Shape::Plain(_) | Shape::Number(..) | Shape::Word(_) => {}
    }
}

fn missing_in(node: &Node, name: &str, keys: &[Key], problems: &mut Problems<'_>) {
    if !matches!(node.kind, Kind::Table(_)) {
        return;
    }
    for key in keys {
        match node.get(key.name) {
            Some(child) => missing_keys(child, key.name, &key.shape, problems),
            None if key.needed => {
                let what = format!("{name} lacks its key `{}`", key.name);
                problems
                    .add(node.place, Wrong::new(what).with_cure(format!("add `{} = …`", key.name)));
            }
            None => {}
        }
    }
}

/// Labels that say different things have different names, also for GitHub, which ignores case.
fn label_names(tree: &Node, problems: &mut Problems<'_>) {
    let mut seen: BTreeMap<String, (&str, &Node)> = BTreeMap::new();
    for (key, node) in tree.get("labels").map(Node::table).into_iter().flatten() {
        let Some(name) = node.text() else { continue };
        if let Some((other, twin)) = seen.insert(name.to_lowercase(), (key, node)) {
            // The later layer's key is the one to change.
            let (key, other, place) = if twin.place.layer > node.place.layer {
                (other, key.as_str(), twin.place)
            } else {
                (key.as_str(), other, node.place)
            };
            let what = format!("`{key}` and `{other}` are the same label {}", quote(name));
            problems.add(place, Wrong::new(what).with_cure("give each its own name"));
        }
    }
}

fn clock(tree: &Node, problems: &mut Problems<'_>) {
    if let Some(days) = at(tree, &["clock", "working_days"])
        && matches!(&days.kind, Kind::List(days) if days.is_empty())
    {
        let wrong = Wrong::new("no day of the week is a working day");
        problems.add(days.place, wrong.with_cure("name one at least, such as \"mon\""));
    }
    for away in items(tree, &["clock", "away"]) {
        let date = |key| away.get(key).and_then(Node::text);
        // Dates written year first are in order as text.
        if let (Some(from), Some(until)) = (date("from"), date("until"))
            && until < from
        {
            let what = format!("this time away ends on {until}, before it starts on {from}");
            problems.add(away.place, Wrong::new(what).with_cure("swap `from` and `until`"));
        }
    }
}

fn escalation(tree: &Node, problems: &mut Problems<'_>) {
    let nobody = items(tree, &["rota", "members"]).is_empty();
    for step in items(tree, &["escalation"]) {
        if let Some(assign) = step.get("assign")
            && assign.text() == Some("rota")
            && nobody
        {
            let wrong = Wrong::new("`assign = \"rota\"` needs somebody in the rota");
            problems.add(assign.place, wrong.with_cure("add members to [rota], or name a person"));
        }
        chat(tree, step.get("notify"), problems);
    }
}

/// Holds the name of a chat against the tables of `[notify]`.
fn chat(tree: &Node, notify: Option<&Node>, problems: &mut Problems<'_>) {
    let chats = at(tree, &["notify"]).map(Node::table);
    if let (Some(notify), Some(chats)) = (notify, chats)
        && let Some(name) = notify.text()
        && !chats.contains_key(name)
    {
        let mut wrong = unknown("chat", name, chats.keys().map(String::as_str));
        let near = wrong.cure.take().map_or(String::new(), |cure| format!("{cure} Or "));
        let cure = format!("{near}add a table [notify.{name}] with its style");
        problems.add(notify.place, wrong.with_cure(cure));
    }
}

/// Every command that is named is there.
fn command_names(tree: &Node, problems: &mut Problems<'_>) {
    let replies = items(tree, &["replies"]).iter();
    let replies = replies.filter_map(|reply| reply.get("command").and_then(Node::text));
    let commands = COMMANDS_WITH_CODE.iter().copied().chain(replies);
    for command in items(tree, &["commands", "off"]) {
        let Some(name) = command.text() else { continue };
        if !commands.clone().any(|known| known == name) {
            problems.add(command.place, unknown("command", name, commands.clone()));
        }
    }
    for (command, role) in at(tree, &["commands", "roles"]).map(Node::table).into_iter().flatten() {
        if !commands.clone().any(|known| known == command) {
            problems.add(role.place, unknown("command", command, commands.clone()));
        }
    }
}
