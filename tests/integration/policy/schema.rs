//! The JSON Schema against the check it is made beside: what one lets pass the other does, and what
//! the check refuses for a key or a sort of value the schema refuses too.

use std::fs;
use std::path::Path;

use keydesk::policy::layers::merge;
use keydesk::policy::{kind_schema, schema};
use keydesk::settings::{Settings, server_schema};
use regex::Regex;
use serde_json::Value;

use super::{layer, refusal};

type Make = fn() -> Value;

const FILES: [(&str, Make); 3] = [
    ("config/policy.schema.json", schema),
    ("config/server.schema.json", server_schema),
    ("config/kind.schema.json", kind_schema),
];
const SHIPPED: [(&str, &str); 2] = [
    ("policy.toml", include_str!("../../../config/policy.toml")),
    ("demo.toml", include_str!("../../../config/demo.toml")),
];

/// `KEYDESK_DOCS=write cargo nextest run schema_files` writes the files anew.
#[test]
fn the_schema_files_are_made_of_the_tables() {
    for (file, schema) in FILES {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        let text = format!("{:#}\n", schema());
        if std::env::var("KEYDESK_DOCS").is_ok_and(|word| word == "write") {
            fs::write(&path, &text).expect("a file that can be written");
        }
        let there = fs::read_to_string(&path).unwrap_or_default();
        assert!(there == text, "{file} is not what the table says; see the comment of this test");
    }
}

#[test]
fn the_shipped_files_name_the_schema_and_keep_it() {
    for (name, text) in SHIPPED {
        assert!(text.starts_with("#:schema ./policy.schema.json\n"), "{name}");
        assert_eq!(faults(text), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn every_key_is_told_of() {
    let mut bare = Vec::new();
    keys(&schema(), "", &mut bare);
    keys(&server_schema(), "", &mut bare);
    keys(&kind_schema(), "", &mut bare);
    assert!(bare.is_empty(), "config/policy.toml or server.toml has no comment for {bare:?}");
    let labels = &schema()["properties"]["labels"]["properties"];
    assert_eq!(labels["escalated"]["description"], "it has waited too long");
    assert_eq!(labels["escalated"]["default"], "escalated");
}

fn keys(schema: &Value, path: &str, bare: &mut Vec<String>) {
    for (name, key) in schema["properties"].as_object().into_iter().flatten() {
        let path = format!("{path}.{name}");
        if key["description"].as_str().is_none_or(str::is_empty) {
            bare.push(path.clone());
        }
        keys(key, &path, bare);
    }
    for below in [&schema["items"], &schema["additionalProperties"]] {
        if below.is_object() {
            keys(below, path, bare);
        }
    }
}

/// Refused by both. The last two stand for what only the check knows.
#[test]
fn what_the_check_refuses_for_a_key_or_a_value_the_schema_refuses() {
    let wrong = [
        "[lables]\nrequest = \"x\"\n",
        "[labels]\nneeds_info = \"x\"\n",
        "[labels]\nrequest = 7\n",
        "[labels]\nrequest = \"\"\n",
        "[labels]\nrequest = \" \"\n",
        "[labels]\nrequest = \"a\\nb\"\n",
        "[labels]\nrequest = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"\n",
        "[labels.reasons]\nlost_2f = \"x\"\n",
        "[labels.looks.escalated]\ncolour = \"d93f0b\"\n",
        "[labels.looks.escalated]\ncolor = \"#d93f0b\"\n",
        "desk = \"act\"\n",
        "[desk]\nmode = \"watch\"\n",
        "[desk]\noverdue_per_hour = 0\n",
        "[desk]\noverdue_per_hour = \"30\"\n",
        "[clock]\nholidays = [2026-12-25]\n",
        "[clock]\nholidays = [\"25.12.2026\"]\n",
        "[clock]\nworking_days = \"mon\"\n",
        "[clock]\nworking_days = [\"wednesday\"]\n",
        "[clock]\ntimezone = \"UTC +1\"\n",
        "[clock]\naway = [{ from = \"2027-05-20\" }]\n",
        "[escalation]\nname = \"x\"\n",
        "[[escalation]]\nlabels = [\"late\"]\n",
        "[[escalation]]\nname = \"a\"\nafter = \"1 day\"\nassign = \"rotta\"\n",
        "[[escalation]]\nname = \"a\"\nafter = \"1 day\"\nmention = [\"everyone\"]\n",
        "[silence]\nremind_after = \"0 days\"\n",
        "[silence]\nremind_after = \"soon\"\n",
        "[silence]\nremind_after = \"1.5 hours\"\n",
        "[retention]\nrequest_text = \"never\"\n",
        "[rota]\nmembers = [\"alice\"]\n",
        "[notify]\nChat = { style = \"slack\" }\n",
        "[notify.chat]\nstyle = \"slack\"\nurl = \"https://hooks.example.org\"\n",
        "[digest]\nevery = \"sometimes\"\n",
        "[commands]\nrole = \"read\"\n",
        "[commands.roles]\ndecline = \"none\"\n",
        "[commands.roles]\n\"/decline\" = \"admin\"\n",
        "[[replies]]\nsummary = \"x\"\n",
        "[[replies]]\ncommand = \"close\"\n",
        "[[replies]]\ncommand = \"need\"\nsumary = \"x\"\n",
        "[[replies]]\ncommand = \"need\"\nturn = \"author\"\n",
        "[[replies]]\ncommand = \"need\"\ntemplate = \"../../secret\"\n",
        "[[replies]]\ncommand = \"need\"\narguments = [\"What?\"]\n",
        "[faq]\nend = [\"How?\"]\n",
    ];
    for text in wrong {
        assert_ne!(refusal(text), "nothing", "the check lets pass: {text}");
        assert_ne!(faults(text), Vec::<String>::new(), "the schema lets pass: {text}");
    }
}

#[test]
fn what_the_check_lets_pass_the_schema_does_not_refuse() {
    let right = [
        "",
        "[labels.reasons]\nother = \"\"\nlost_2fa = \"übel\"\n",
        "[labels.looks.new]\ncolor = \"D93F0B\"\ndescription = \"d\"\n",
        "[labels.looks.escalated]\ncolor = \"d93f0b\"\n",
        "[clock]\ntimezone = \"America/Argentina/Buenos_Aires\"\nholidays = []\n",
        "[clock]\ntimezone = \"Etc/GMT+5\"\naway = [{ from = \"2027-05-12\", until = \"2027-05-12\" }]\n",
        "[silence]\nremind_after = \"never\"\nclose_after = \" 5  Working   DAYS \"\n",
        "[silence]\nremind_after = \"036hours\"\n",
        "[[escalation]]\nname = \"a\"\nafter = \"2 Weeks\"\nmention = [\"@acme/re.co-very_1\", \"@a-b\"]\nassign = \"@alice\"\n",
        "[rota]\nmembers = [\"@user_corp\"]\n[notify.chat_2]\nstyle = \"generic\"\n[digest]\nevery = \"daily\"\nnotify = \"chat_2\"\n",
        "[commands.roles]\ndecline = \"maintain\"\n",
        "[[replies]]\ncommand = \"need\"\nturn = \"nobody\"\n",
        "[faq]\nend = \"\"\nnew-one_2 = \"Why?\"\n",
    ];
    for text in right {
        assert_eq!(refusal(text), "nothing", "the check refuses: {text}");
        assert_eq!(faults(text), Vec::<String>::new(), "the schema refuses: {text}");
    }
}

/// An editor sees one file; whether a name is made elsewhere it can't know.
#[test]
fn what_holds_between_keys_is_left_to_the_check() {
    let text = "[digest]\nevery = \"daily\"\nnotify = \"chat\"\n";
    assert!(merge(&[layer("policy.toml", text)]).is_err());
    assert_eq!(faults(text), Vec::<String>::new());
}

#[test]
fn the_settings_of_the_server_have_a_schema_too() {
    let shipped = include_str!("../../../config/server.toml");
    assert!(shipped.starts_with("#:schema ./server.schema.json\n"));
    let taken: Vec<&str> = shipped.lines().filter_map(|line| line.strip_prefix("#   ")).collect();
    assert_eq!(faults_by(&server_schema(), &taken.join("\n")), Vec::<String>::new());
    for text in [
        "databse_url = \"x\"\n",
        "database_url = \"mysql://x\"\n",
        "listen = 8080\n",
        "keydesk_log = \"xml\"\n",
        "keydesk_public_url = \"desk.example\"\n",
        "github_app_id = 1.5\n",
        "[notify.chat]\nurl = \"hooks\"\n",
        "[notify.chat]\nsecrt = \"s\"\n",
    ] {
        assert!(!Settings::check_file(&layer("server.toml", text)).is_empty(), "check: {text}");
        assert!(!faults_by(&server_schema(), text).is_empty(), "schema: {text}");
    }
    let database = &server_schema()["properties"]["database_url"];
    assert_eq!(database["default"], "sqlite://keydesk.db");
    assert!(database["description"].as_str().is_some_and(|text| text.starts_with("A file, or")));
}

/// What the schema of a policy finds wrong with a file.
fn faults(text: &str) -> Vec<String> {
    faults_by(&schema(), text)
}

fn faults_by(schema: &Value, text: &str) -> Vec<String> {
    let table: toml::Table = text.parse().expect("TOML");
    let value = serde_json::to_value(table).expect("JSON");
    let mut found = Vec::new();
    check(schema, &value, ("", &mut found));
    found
}

/// The few words of JSON Schema that ours uses; any other fails.
fn check(schema: &Value, value: &Value, (path, found): (&str, &mut Vec<String>)) {
    for (word, wanted) in schema.as_object().expect("a schema is an object") {
        let holds = match word.as_str() {
            "$schema" | "title" | "description" | "default" => true,
            "type" => match wanted {
                Value::Array(all) => all.iter().any(|one| is_of(one, value)),
                one => is_of(one, value),
            },
            "enum" => wanted.as_array().expect("a list").contains(value),
            "not" => !wanted["enum"].as_array().expect("a list").contains(value),
            "minimum" => {
                value.as_i64().is_none_or(|number| number >= wanted.as_i64().expect("a number"))
            }
            "maximum" => {
                value.as_i64().is_none_or(|number| number <= wanted.as_i64().expect("a number"))
            }
            "maxLength" => length(value) <= wanted.as_u64().expect("a number"),
            "maxItems" => value
                .as_array()
                .is_none_or(|list| list.len() as u64 <= wanted.as_u64().expect("a number")),
            "pattern" => value.as_str().is_none_or(|text| {
                Regex::new(wanted.as_str().expect("a pattern")).expect("a pattern").is_match(text)
            }),
            "required" => {
                let needed = wanted.as_array().expect("a list").iter();
                let mut needed = needed.map(|name| name.as_str().expect("a name"));
                value.as_object().is_none_or(|object| needed.all(|name| object.contains_key(name)))
            }
            "propertyNames" => {
                for name in value.as_object().into_iter().flat_map(|object| object.keys()) {
                    check(wanted, &Value::String(name.clone()), (&format!("{path}.{name}"), found));
                }
                true
            }
            "items" => {
                for item in value.as_array().into_iter().flatten() {
                    check(wanted, item, (&format!("{path}[]"), found));
                }
                true
            }
            "properties" | "additionalProperties" => {
                below(schema, (word, wanted), value, (path, found));
                true
            }
            other => panic!("the schema says `{other}`, which this test does not know"),
        };
        if !holds {
            found.push(format!("{path}: {word} {wanted}"));
        }
    }
}

fn below(
    schema: &Value,
    (word, wanted): (&str, &Value),
    value: &Value,
    (path, found): (&str, &mut Vec<String>),
) {
    for (name, value) in value.as_object().into_iter().flatten() {
        let path = format!("{path}.{name}");
        let known = schema["properties"].get(name);
        match (word, known) {
            ("properties", Some(known)) => check(known, value, (&path, found)),
            ("additionalProperties", None) if wanted == false => {
                found.push(format!("{path}: unknown"))
            }
            ("additionalProperties", None) => check(wanted, value, (&path, found)),
            _ => {}
        }
    }
}

fn is_of(wanted: &Value, value: &Value) -> bool {
    match wanted.as_str().expect("a type") {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64(),
        other => panic!("the schema says the type `{other}`"),
    }
}

fn length(value: &Value) -> u64 {
    value.as_str().map_or(0, |text| text.chars().count() as u64)
}
