//! What keydesk is installed with: `fly.toml`, `Dockerfile`, `packaging/compose.yaml` and the unit of
//! systemd. No platform is here to try them on, so each is read as far as it tells the program
//! anything, and the program is started as it says.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use keydesk::settings::server_schema;
use serde_json::Value;

use super::desk::Desk;
use super::stand_in::StandIn;
use crate::postgres::server::Server;

type Variables = BTreeMap<String, String>;

fn read(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn fly() -> toml::Table {
    read("fly.toml").parse().expect("TOML")
}

fn compose() -> Value {
    serde_saphyr::from_str(&read("packaging/compose.yaml")).expect("YAML")
}

/// What an instruction of the Dockerfile says, the last time it is given.
fn instruction(name: &str) -> String {
    let text = read("Dockerfile").replace("\\\n", " ");
    let mut lines = text.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    lines.next_back().unwrap_or_else(|| panic!("Dockerfile has no {name}")).trim().to_owned()
}

/// The lines of the unit, by key.
fn unit(key: &str) -> Vec<String> {
    let text = read("packaging/keydesk.service");
    let lines = text.lines().filter_map(|line| line.strip_prefix(key)?.strip_prefix('='));
    lines.map(str::to_owned).collect()
}

/// `A=1 B=2`
fn assignments(text: &str) -> Variables {
    let pair = |word: &str| word.split_once('=').map(|(name, value)| (name.into(), value.into()));
    text.split_whitespace().filter_map(pair).collect()
}

fn texts(table: &Value) -> Variables {
    let pairs = table.as_object().expect("a table").iter();
    pairs.map(|(name, value)| (name.clone(), value.as_str().expect("text").into())).collect()
}

/// What each package says in the environment.
fn environments() -> [(&'static str, Variables); 4] {
    let fly = serde_json::to_value(&fly()["env"]).expect("text");
    let compose = compose()["services"]["keydesk"]["environment"].take();
    [
        ("fly.toml", texts(&fly)),
        ("Dockerfile", assignments(&instruction("ENV"))),
        ("compose.yaml", texts(&compose)),
        ("keydesk.service", assignments(&unit("Environment").join(" "))),
    ]
}

/// Names of variables that somebody is told to set, in any of the files.
fn names_told(text: &str) -> Vec<String> {
    let pattern = regex::Regex::new(r"\b([A-Z][A-Z_]+)=").expect("a fixed pattern");
    pattern.captures_iter(text).map(|found| found[1].to_owned()).collect()
}

#[test]
fn packages_name_settings_that_there_are() {
    let schema = server_schema();
    let known = |name: &str| {
        let is_chat = name.starts_with("NOTIFY_") && name.ends_with("_URL");
        is_chat || schema["properties"].get(name.to_lowercase()).is_some()
    };
    let mut told: Vec<(&str, String)> = Vec::new();
    for (file, variables) in environments() {
        told.extend(variables.into_keys().map(|name| (file, name)));
    }
    told.extend(names_told(&read("fly.toml")).into_iter().map(|name| ("fly.toml", name)));
    let example = names_told(&read("packaging/keydesk.env.example"));
    assert!(example.len() > 5, "{example:?}");
    told.extend(example.into_iter().map(|name| ("keydesk.env.example", name)));
    // The database's own, which its address is made of.
    told.retain(|(_, name)| name != "POSTGRES_PASSWORD");
    let unknown: Vec<_> = told.iter().filter(|(_, name)| !known(name)).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

#[test]
fn ports_volumes_and_folders_agree() {
    let fly = fly();
    let port = fly["http_service"]["internal_port"].as_integer().expect("a port").to_string();
    let listens = |variables: &Variables| {
        variables.get("LISTEN").is_none_or(|listen| listen.ends_with(&format!(":{port}")))
    };
    let default = &server_schema()["properties"]["listen"]["default"];
    assert_eq!(*default, format!("0.0.0.0:{port}"));
    assert!(environments().iter().all(|(_, variables)| listens(variables)));
    assert_eq!(instruction("EXPOSE"), port);
    assert_eq!(
        fly["checks"]["alive"]["port"].as_integer().map(|port| port.to_string()),
        Some(port.clone())
    );
    assert_eq!(
        fly["metrics"]["port"].as_integer().map(|port| port.to_string()),
        Some(port.clone())
    );
    let published = compose()["services"]["keydesk"]["ports"][0].take();
    assert_eq!(published, format!("127.0.0.1:{port}:{port}"));

    let volume = fly["mounts"]["destination"].as_str().expect("a folder").to_owned();
    assert_eq!(instruction("VOLUME"), volume);
    let [(_, fly_told), (_, image_told), _, (_, unit_told)] = environments();
    for told in [fly_told, image_told] {
        assert!(told["DATABASE_URL"].starts_with(&format!("sqlite://{volume}/")), "{told:?}");
    }
    let state = format!("sqlite:///var/lib/{}/", unit("StateDirectory")[0]);
    assert!(unit_told["DATABASE_URL"].starts_with(&state));
    assert!(read("packaging/start").contains(&volume), "it hands the volume over");
}

#[test]
fn one_machine_of_256_megabytes_never_sleeps() {
    let fly = fly();
    let machine = &fly["vm"].as_array().expect("machines")[0];
    assert_eq!(machine["memory"].as_str(), Some("256mb"));
    let service = &fly["http_service"];
    assert_eq!(service["auto_stop_machines"].as_str(), Some("off"));
    assert_eq!(service["min_machines_running"].as_integer(), Some(1));
    assert_eq!(unit("MemoryMax"), ["256M"]);
    assert_eq!(compose()["services"]["keydesk"]["mem_limit"], "256m");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_package_starts_the_program_and_asks_after_its_health() {
    let fly = fly();
    let text = |value: &toml::Value| value.as_str().expect("text").to_owned();
    let compose = compose();
    let asked = |list: &Value| {
        let last = list.as_array().and_then(|list| list.last()).and_then(Value::as_str);
        last.and_then(|url| url.split(":8080/").nth(1)).expect("an address").to_owned()
    };
    let image = instruction("HEALTHCHECK");
    let image: Value =
        serde_json::from_str(&image[image.find('[').expect("a list")..]).expect("JSON");
    let checks = [
        vec![
            text(&fly["http_service"]["checks"].as_array().expect("checks")[0]["path"]),
            text(&fly["checks"]["alive"]["path"]),
            text(&fly["metrics"]["path"]),
        ],
        vec![asked(&image)],
        vec![asked(&compose["services"]["keydesk"]["healthcheck"]["test"])],
        vec!["healthz".to_owned()],
    ];
    let started = unit("ExecStart")[0].clone();
    let arguments = started.strip_prefix("/usr/local/bin/keydesk ").expect("our program");
    assert_eq!(instruction("CMD"), format!("[\"{arguments}\"]"), "the unit and the image agree");
    let server = Server::start();
    let github = StandIn::start().await;
    for ((file, variables), paths) in environments().into_iter().zip(checks) {
        let mut desk = Desk::new(&github);
        for (name, value) in &variables {
            let value = match name.as_str() {
                "LISTEN" => "127.0.0.1:0".to_owned(),
                "DATABASE_URL" if value.starts_with("postgres:") => server.new_database(),
                "DATABASE_URL" => format!("sqlite://{}", desk.path("keydesk.db").display()),
                _ => value.clone(),
            };
            desk = desk.with(name, &value);
        }
        let mut command = desk.command(env!("CARGO_BIN_EXE_keydesk"));
        command.args(arguments.split(' '));
        desk.start_as(command, &github).await;
        for path in paths {
            let answer = desk.wire.get(path.trim_start_matches('/')).await;
            assert_eq!(answer.status, 200, "{file}: {path}");
        }
    }
}

#[test]
fn a_deployment_is_refused_whose_settings_are_wrong() {
    let release = fly()["deploy"]["release_command"].as_str().expect("a command").to_owned();
    let folder = tempfile::tempdir().expect("a folder");
    let run = |url: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_keydesk"));
        command.args(release.split(' ')).current_dir(folder.path()).env_clear();
        command.env("KEYDESK_PUBLIC_URL", url).output().expect("the binary")
    };
    assert!(run("https://desk.example.org").status.success());
    let refused = run("desk.example.org");
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("KEYDESK_PUBLIC_URL"));
    assert!(
        std::fs::read_dir(folder.path()).expect("a folder").next().is_none(),
        "it leaves nothing"
    );
}

#[test]
fn scripts_are_read_by_their_shells() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut scripts = Vec::new();
    for folder in ["packaging", "tests", ".ci"] {
        let entries = std::fs::read_dir(root.join(folder)).expect("a folder");
        scripts.extend(entries.map(|entry| entry.expect("a file").path()));
    }
    let mut count = 0;
    for script in scripts.into_iter().filter(|path| path.is_file()) {
        let text = std::fs::read_to_string(&script).expect("text");
        let shell = match text.lines().next() {
            Some("#!/bin/sh") => "sh",
            Some("#!/usr/bin/env bash") => "bash",
            _ => continue,
        };
        count += 1;
        let output = Command::new(shell).arg("-n").arg(&script).output().expect("a shell");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {said}", script.display());
    }
    assert!(count >= 7, "only {count} were found");
}

#[test]
fn what_a_release_is_made_of_is_listed() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("packaging/sbom");
    let output = Command::new(script).arg("x86_64-unknown-linux-musl").output().expect("bash");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let list: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(list["bomFormat"], "CycloneDX");
    let itself = &list["metadata"]["component"];
    assert_eq!(itself["version"], env!("CARGO_PKG_VERSION"));
    let parts = list["components"].as_array().expect("crates");
    let lock: toml::Table = read("Cargo.lock").parse().expect("TOML");
    let locked = lock["package"].as_array().expect("crates");
    for part in parts {
        let of = |one: &&toml::Value| {
            one["name"].as_str() == part["name"].as_str()
                && one["version"].as_str() == part["version"].as_str()
        };
        let locked = locked.iter().find(of).unwrap_or_else(|| panic!("not locked: {part}"));
        let checksum = locked.get("checksum").and_then(toml::Value::as_str);
        assert_eq!(part["hashes"][0]["content"].as_str(), checksum, "{part}");
        let licence = part["licenses"][0]["expression"].as_str().unwrap_or_default();
        assert!(!licence.is_empty() && !licence.contains('/'), "{part}");
    }
    let names: Vec<&str> = parts.iter().filter_map(|part| part["name"].as_str()).collect();
    assert!(names.contains(&"axum") && names.contains(&"libsqlite3-sys"), "{names:?}");
    assert!(!names.contains(&"criterion"), "what only tests is not in a release");
}

#[test]
fn the_version_is_the_newest_of_the_changelog() {
    let changes = read("CHANGELOG.md");
    let versions: Vec<&str> = changes
        .lines()
        .filter_map(|line| line.strip_prefix("## [")?.split(']').next())
        .filter(|version| *version != "Unreleased")
        .collect();
    assert_eq!(versions.first(), Some(&env!("CARGO_PKG_VERSION")));
    let image = compose()["services"]["keydesk"]["image"].take();
    assert_eq!(image, format!("keydesk:{}", env!("CARGO_PKG_VERSION")));
}
