//! `docs/POLICY.md` and `docs/SETTINGS.md`: every key of the two files, from their schemas, which are
//! made of the tables that check them and of the comments in the shipped files.

use std::fmt::Write as _;

use keydesk::policy::layers::BUILT_IN;
use keydesk::policy::schema;
use keydesk::settings::server_schema;
use serde_json::Value;

use super::{cell, hold, prose};

const POLICY: &str = "\
# The policy

Everything the owners of a desk may decide. The whole of it, with the same words as here, is
`config/policy.toml`, which is built into the program; a file of yours says only what is different.
Two may: `policy.toml` in the configuration folder, for all repositories of an installation, and
`.github/keydesk.toml` on a repository's default branch, for that one, read on each push. Each is laid
over what comes before: tables merge key by key, lists are replaced whole, and `[[replies]]` merge by
`command`.

A duration is written as people say it: `\"90 minutes\"`, `\"36 hours\"`, `\"30 days\"`, `\"2 weeks\"`,
`\"5 working days\"`; [Time](TIME.md) says how it is reckoned. `keydesk check` tells of every mistake with
its line and cure, and a broken file changes nothing.

This page is made of the table in `src/policy/keys.rs` and the comments in `config/policy.toml`;
`tests/integration/book/reference.rs` keeps it so.
";

const SETTINGS: &str = "\
# The settings

Where Keydesk runs and as whom. Each is an environment variable, and a key of `server.toml` in the
configuration folder; the environment wins, and an empty variable counts as unset. `keydesk serve
--print-config` shows what is in force and where it was said, and `keydesk doctor` whether it works.

This page is made of the table in `src/settings/values.rs` and the comments in `config/server.toml`;
`tests/integration/book/reference.rs` keeps it so.

| variable | key of `server.toml` | without it | says |
|---|---|---|---|
";

/// What the patterns of the schema mean, in words.
const PATTERNS: &[(&str, &str)] = &[
    ("^[0-9A-Fa-f]{6}$", "six hexadecimal digits"),
    ("^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$", "a date, such as `2027-05-12`"),
    ("^[A-Za-z][A-Za-z0-9_+/-]*$", "a time zone"),
    ("^@[A-Za-z0-9_][A-Za-z0-9_-]{0,38}$", "`@login`"),
    ("^@[A-Za-z0-9_][A-Za-z0-9_-]{0,38}(/[A-Za-z0-9._-]+)?$", "`@login` or `@organisation/team`"),
    ("^(rota|@[A-Za-z0-9_][A-Za-z0-9_-]{0,38})$", "`rota` or `@login`"),
    ("^[a-z][a-z0-9_]{0,49}$", "a name of small letters, digits and `_`"),
    ("^[a-z][a-z0-9_-]{0,49}$", "a name of small letters, digits, `_` and `-`"),
    ("^[a-z][a-z-]{0,49}$", "a name of small letters and `-`"),
    ("^[a-z][a-z_]{0,49}$", "a name of small letters and `_`"),
];

/// `KEYDESK_DOCS=write cargo nextest run policy_page` writes the page anew.
#[test]
fn the_policy_page_is_made_of_its_schema() {
    let schema = schema();
    let mut page = POLICY.to_owned();
    let tables = schema["properties"].as_object().expect("the tables");
    let mut names: Vec<&String> = tables.keys().collect();
    let header = |name: &str| [format!("\n[{name}]\n"), format!("\n[[{name}]]\n")];
    names.sort_by_key(|name| header(name).iter().filter_map(|header| BUILT_IN.find(header)).min());
    names.into_iter().for_each(|name| section(&mut page, name, &tables[name]));
    hold("docs/POLICY.md", &page);
}

/// `KEYDESK_DOCS=write cargo nextest run settings_page` writes the page anew.
#[test]
fn the_settings_page_is_made_of_its_schema() {
    let mut page = SETTINGS.to_owned();
    let shipped = include_str!("../../../config/server.toml");
    let schema = server_schema();
    let mut said_last = String::new();
    for (name, key) in in_order(&schema, |name| shipped.find(&format!("#   {name} = "))) {
        let said = prose(key["description"].as_str().unwrap_or_default());
        let about = if said == said_last { "as above" } else { &said };
        if name == "notify" {
            for word in ["url", "secret"] {
                let variable = format!("NOTIFY_CHAT_{}", word.to_uppercase());
                let about = if word == "url" { about } else { "as above" };
                let _ = writeln!(page, "| `{variable}` | `notify.chat.{word}` | | {about} |");
            }
            continue;
        }
        let _ = writeln!(
            page,
            "| `{}` | `{name}` | {} | {about} |",
            name.to_uppercase(),
            shipped_value(key)
        );
        said_last = said;
    }
    page.push_str(
        "\n`CHAT` and `chat` stand for the name of a chat, as a policy says it under `[notify]`.\n",
    );
    hold("docs/SETTINGS.md", &page);
}

/// The keys of a table as its manual has them.
fn in_order(table: &Value, place: impl Fn(&str) -> Option<usize>) -> Vec<(&str, &Value)> {
    let keys = table["properties"].as_object().into_iter().flatten();
    let mut keys: Vec<(&str, &Value)> = keys.map(|(name, key)| (name.as_str(), key)).collect();
    keys.sort_by_key(|(name, _)| place(name).unwrap_or(usize::MAX));
    keys
}

/// The tables that a key holds, if it does: as they are written, and what one of them is.
fn tables_of<'a>(path: &str, key: &'a Value) -> Option<(String, &'a Value)> {
    if key["items"]["properties"].is_object() {
        return Some((format!("[[{path}]]"), &key["items"]));
    }
    if key["additionalProperties"]["properties"].is_object() {
        return Some((format!("[{path}.NAME]"), &key["additionalProperties"]));
    }
    (key["type"] == "object").then(|| (format!("[{path}]"), key))
}

fn section(page: &mut String, path: &str, key: &Value) {
    let (header, table) = tables_of(path, key).expect("a section is made of a table");
    let about = prose(key["description"].as_str().unwrap_or_default());
    let _ = write!(page, "\n## `{header}`\n\n{about}\n");
    let start = BUILT_IN.find(&format!("[{path}]")).unwrap_or_default();
    // Lists are told of above their first entry.
    let start = if header.starts_with("[[") { 0 } else { start };
    let place = |name: &str| {
        let written = [format!("\n{name} = "), format!("\n#   {name}  ")];
        written.iter().filter_map(|one| BUILT_IN[start..].find(one)).min()
    };
    let keys = in_order(table, place);
    let needed = |name: &str| {
        let list = table["required"].as_array().into_iter().flatten();
        list.into_iter().any(|one| one == name)
    };
    page.push_str("\n| key | may be | as shipped | says |\n|---|---|---|---|\n");
    let names = &key["propertyNames"];
    if names.is_object() && header == format!("[{path}]") {
        let _ = writeln!(page, "| {} | {} | | |", sort(names), sort(&key["additionalProperties"]));
    }
    let mut below = Vec::new();
    for (name, key) in keys {
        let path = format!("{path}.{name}");
        if tables_of(&path, key).is_some() {
            below.push((path, key));
            continue;
        }
        let about = prose(key["description"].as_str().unwrap_or_default());
        let shipped = if needed(name) { "needed".to_owned() } else { shipped_value(key) };
        let _ = writeln!(page, "| `{name}` | {} | {shipped} | {about} |", sort(key));
    }
    below.into_iter().for_each(|(path, key)| section(page, &path, key));
}

/// What a key holds as shipped, in TOML.
fn shipped_value(key: &Value) -> String {
    let Some(value) = key.get("default") else { return String::new() };
    let value = toml::Value::try_from(value).expect("what came from TOML goes back");
    format!("`{}`", cell(&value.to_string()))
}

/// What may stand at a key, in words.
fn sort(key: &Value) -> String {
    if let Some(words) = key["enum"].as_array() {
        let words: Vec<String> =
            words.iter().map(|word| format!("`{}`", word.as_str().expect("a word"))).collect();
        return words.join(", ");
    }
    if let Some(most) = key["maximum"].as_i64() {
        return format!("{} to {most}", key["minimum"]);
    }
    match key["type"].as_str().expect("a type") {
        "array" => format!("a list: {}", sort(&key["items"])),
        "string" => cell(&text(key)),
        other => panic!("say in words what a key of type `{other}` may be"),
    }
}

fn text(key: &Value) -> String {
    let pattern = key["pattern"].as_str().expect("every text of a policy has a look");
    if pattern.contains("[Ww][Ee][Ee][Kk]") {
        let never = if pattern.starts_with("^(never|") { " or `never`" } else { "" };
        return format!("a duration{never}");
    }
    if let Some(characters_max) = key["maxLength"].as_u64() {
        let nothing = if pattern.starts_with("^(") { ", or nothing" } else { "" };
        return format!("a line of at most {characters_max} characters{nothing}");
    }
    let words = PATTERNS.iter().find(|(known, _)| *known == pattern);
    words.unwrap_or_else(|| panic!("PATTERNS has no words for {pattern}")).1.to_owned()
}
