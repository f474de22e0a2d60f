//! Settings from `server.toml` and the environment.

use std::path::Path;

use base64::Engine as _;
use insta::assert_snapshot;
use keydesk::settings::{Environment, GivenCredentials, Settings};
use secrecy::ExposeSecret;
use tempfile::TempDir;

use super::in_words;

const KEY: &str = "-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----\n";

fn environment(variables: &[(&str, &str)]) -> Environment {
    variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn folder(server: &str) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    std::fs::write(folder.path().join("server.toml"), server).expect("written");
    folder
}

fn load(folder: Option<&Path>, variables: &[(&str, &str)]) -> Settings {
    Settings::load(folder, &environment(variables))
        .unwrap_or_else(|problems| panic!("{}", in_words(&problems)))
}

/// What is wrong, with the folder's own name taken out.
fn refusal(server: &str, variables: &[(&str, &str)]) -> String {
    let folder = folder(server);
    match Settings::load(Some(folder.path()), &environment(variables)) {
        Ok(_) => "nothing".to_owned(),
        Err(problems) => in_words(&problems).replace(&format!("{}/", folder.path().display()), ""),
    }
}

#[test]
fn nothing_said_gives_what_the_manual_promises() {
    let settings = load(None, &[]);
    assert_eq!(settings.database_url.expose_secret(), "sqlite://keydesk.db");
    assert_eq!(settings.listen.to_string(), "0.0.0.0:8080");
    assert_eq!(settings.api_url, "https://api.github.com");
    assert_eq!((settings.limits.per_minute, settings.limits.per_hour), (Some(80), Some(500)));
    assert!(settings.credentials.is_none() && settings.webhook_secrets.is_empty());
    assert!(!settings.has_json_logs);
}

#[test]
fn the_shipped_file_changes_nothing() {
    let shipped = folder(include_str!("../../../config/server.toml"));
    let (with, without) = (load(Some(shipped.path()), &[]), load(None, &[]));
    assert_eq!(format!("{with:?}"), format!("{without:?}"));
}

#[test]
fn every_line_of_the_shipped_file_is_right_when_it_is_taken() {
    let lines = include_str!("../../../config/server.toml").lines();
    let taken = lines.filter_map(|line| line.strip_prefix("#   ")).collect::<Vec<_>>().join("\n");
    // The two private keys are placeholders.
    assert_snapshot!(refusal(&taken, &[]), @"
    server.toml:6:22: this is no private key
    help: give the PEM text that GitHub made, or its base64, all of it
    ");
}

#[test]
fn the_environment_wins_and_an_empty_variable_is_none() {
    let folder = folder(
        "listen = \"127.0.0.1:9000\"\ngithub_api_url = \"https://file.example/api/v3/\"\ngithub_content_per_minute = 0\n",
    );
    let settings = load(
        Some(folder.path()),
        &[
            ("GITHUB_CONTENT_PER_HOUR", "0"),
            ("GITHUB_API_URL", ""),
            ("PORT", "3000"),
            ("GITHUB_WEBHOOK_SECRET", "new, old,"),
            ("KEYDESK_LOG", "json"),
            ("RUST_LOG", "debug"),
        ],
    );
    assert_eq!(settings.listen.to_string(), "127.0.0.1:3000");
    assert_eq!(settings.api_url, "https://file.example/api/v3");
    assert_eq!((settings.limits.per_minute, settings.limits.per_hour), (None, None));
    assert_eq!(settings.webhook_secrets.len(), 2);
    assert!(settings.has_json_logs);
    let both = load(None, &[("LISTEN", "[::1]:1"), ("PORT", "2")]);
    assert_eq!(both.listen.to_string(), "[::1]:1");
}

#[test]
fn a_private_key_comes_as_text_as_base64_or_as_a_file() {
    let packed = base64::prelude::BASE64_STANDARD.encode(KEY);
    let in_one_line = KEY.replace('\n', "\\n");
    for given in [KEY, &packed, &in_one_line] {
        let settings = load(None, &[("GITHUB_APP_ID", "7"), ("GITHUB_PRIVATE_KEY", given)]);
        let Some(GivenCredentials::App { id: 7, private_key }) = settings.credentials else {
            panic!("an App was given");
        };
        assert_eq!(private_key.expose_secret().trim(), KEY.trim());
    }
    let folder = folder("github_app_id = 7\ngithub_private_key_path = \"app.pem\"\n");
    std::fs::write(folder.path().join("app.pem"), KEY).expect("written");
    let settings = load(Some(folder.path()), &[("GITHUB_TOKEN", "t")]);
    assert!(matches!(settings.credentials, Some(GivenCredentials::App { id: 7, .. })));
}

#[test]
fn chats_come_from_both_places() {
    let folder = folder(
        "[notify.chat]\nurl = \"https://a.example/1\"\nsecret = \"s\"\n[notify.night]\nurl = \"https://b.example\"\n",
    );
    let settings = load(
        Some(folder.path()),
        &[("NOTIFY_CHAT_URL", "https://c.example"), ("NOTIFY_OPS_URL", "https://d.example")],
    );
    let urls = settings.chats.iter().map(|(name, chat)| {
        format!("{name} {} {}", chat.url.expose_secret(), chat.secret.is_some())
    });
    assert_snapshot!(urls.collect::<Vec<_>>().join("\n"), @"
    chat https://c.example true
    night https://b.example false
    ops https://d.example false
    ");
}

#[test]
fn wrong_settings_are_told_with_place_or_variable() {
    let server = "databse_url = \"x\"\nlisten = 8080\nDATABASE_URL = \"y\"\ngithub_content_per_hour = \"many\"\nkeydesk_log = \"jsn\"\n[notify.chat]\nurl = \"hooks\"\nsecrt = \"s\"\n";
    assert_snapshot!(refusal(server, &[]), @r#"
    server.toml:1:1: unknown key `databse_url`
    help: did you mean `database_url`?
    server.toml:2:10: `listen` wants text, and this is a number
    help: put the value in quotes
    server.toml:3:1: unknown key `DATABASE_URL`
    help: did you mean `database_url`?
    server.toml:4:27: this is no whole number, or too large a one
    help: write digits only
    server.toml:5:15: unknown value `jsn`
    help: did you mean `json`?
    server.toml:7:7: this is no web address
    help: begin it with "https://"
    server.toml:8:1: unknown key `secrt`
    help: did you mean `secret`?
    "#);
    let variables = [
        ("DATABASE_URL", "mysql://user:hunter2@host/db"),
        ("LISTEN", "here"),
        ("PORT", "99999"),
        ("GITHUB_APP_ID", "seven"),
        ("GITHUB_PRIVATE_KEY", "hunter2"),
        ("GITHUB_API_URL", "api.github.com"),
        ("GITHUB_WEBHOOK_SECRET", ","),
        ("KEYDESK_LOG", "xml"),
        ("NOTIFY_CHAT_URL", "hunter2"),
    ];
    let told = refusal("", &variables);
    assert!(!told.contains("hunter2"));
    assert_snapshot!(told, @r#"
    DATABASE_URL: this is no address of a database
    help: write "sqlite://keydesk.db" or "postgres://user:password@host/name"
    GITHUB_API_URL: this is no web address
    help: begin it with "https://"
    GITHUB_APP_ID: this is no whole number, or too large a one
    help: write digits only
    GITHUB_PRIVATE_KEY: this is no private key
    help: give the PEM text that GitHub made, or its base64, all of it
    GITHUB_WEBHOOK_SECRET: there is no secret between the commas
    KEYDESK_LOG: unknown value `xml`
    help: known: `json`, `text`
    LISTEN: this is no address to listen on
    help: write an IP address and a port, such as "0.0.0.0:8080"
    NOTIFY_CHAT_URL: this is no web address
    help: begin it with "https://"
    PORT: this is no whole number, or too large a one
    help: write digits only
    "#);
}

#[test]
fn half_an_app_is_told_with_its_cure() {
    let told = [
        refusal("", &[("GITHUB_APP_ID", "7")]),
        refusal("", &[("GITHUB_PRIVATE_KEY", KEY)]),
        refusal("", &[("GITHUB_APP_ID", "7"), ("GITHUB_PRIVATE_KEY_PATH", "/nowhere/app.pem")]),
        refusal("github_private_key_path = \"server.toml\"\n", &[("GITHUB_APP_ID", "7")]),
    ];
    assert_snapshot!(told.join("\n"), @"
    GITHUB_APP_ID: the App's private key is missing
    help: set GITHUB_PRIVATE_KEY or GITHUB_PRIVATE_KEY_PATH
    GITHUB_PRIVATE_KEY: the App's number is missing
    help: set GITHUB_APP_ID to the number on the App's settings page
    GITHUB_PRIVATE_KEY_PATH: cannot read /nowhere/app.pem: No such file or directory (os error 2)
    help: name the .pem file that GitHub gave for the App
    GITHUB_PRIVATE_KEY_PATH: server.toml holds no private key
    help: name the .pem file that GitHub gave for the App
    ");
}

#[test]
fn a_secret_never_shows_when_settings_are_printed() {
    let settings = load(
        None,
        &[
            ("DATABASE_URL", "postgres://user:hunter2@host/db"),
            ("GITHUB_TOKEN", "hunter2"),
            ("GITHUB_WEBHOOK_SECRET", "hunter2"),
            ("KEYDESK_SESSION_KEY", "hunter2"),
            ("GITHUB_OAUTH_CLIENT_ID", "id"),
            ("GITHUB_OAUTH_CLIENT_SECRET", "hunter2"),
            ("NOTIFY_CHAT_URL", "https://hunter2"),
            ("NOTIFY_CHAT_SECRET", "hunter2"),
        ],
    );
    assert!(!format!("{settings:?}").contains("hunter2"));
}
