//! Settings that cannot work are refused with the place and the cure, and wrong use with 2.

use std::path::Path;
use std::process::{Command, Output};

use super::stand_in::KEY_PATH;

fn keydesk(
    arguments: &[&str],
    environment: &[(&str, &str)],
    folder: &Path,
) -> (Option<i32>, String) {
    let Output { status, stdout, stderr } = Command::new(env!("CARGO_BIN_EXE_keydesk"))
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .envs(environment.iter().copied())
        .output()
        .expect("the binary");
    let said = String::from_utf8_lossy(&stderr).into_owned();
    assert!(stdout.is_empty(), "errors go to standard error");
    (status.code(), said)
}

const TOKEN: [(&str, &str); 3] =
    [("GITHUB_TOKEN", "t"), ("GITHUB_WEBHOOK_SECRET", "s"), ("LISTEN", "127.0.0.1:0")];

#[test]
fn serve_says_what_is_missing() {
    let folder = tempfile::tempdir().expect("a folder");
    let refused = |environment: &[(&str, &str)], words: &[&str]| {
        let (code, said) = keydesk(&["serve"], environment, folder.path());
        assert_eq!(code, Some(1), "{said}");
        assert!(said.starts_with("error: "), "{said}");
        for word in words {
            assert!(said.contains(word), "`{word}` is not in: {said}");
        }
    };
    refused(&[], &["credentials", "help: ", "GITHUB_APP_ID", "GITHUB_TOKEN"]);
    refused(&TOKEN[..1], &["help: ", "GITHUB_WEBHOOK_SECRET"]);
    refused(&[("GITHUB_APP_ID", "1"), TOKEN[1]], &["GITHUB_PRIVATE_KEY"]);
    refused(&[("GITHUB_APP_ID", "one"), TOKEN[1]], &["GITHUB_APP_ID", "number"]);
    let app = [("GITHUB_APP_ID", "1"), TOKEN[1]];
    let with = |name, value| [app[0], app[1], (name, value)];
    refused(&with("GITHUB_PRIVATE_KEY", "no key"), &["help: ", "PEM"]);
    refused(&with("GITHUB_PRIVATE_KEY_PATH", "/nowhere.pem"), &["/nowhere.pem"]);
    refused(&[TOKEN[0], TOKEN[1], ("LISTEN", "here")], &["LISTEN"]);
    refused(&[TOKEN[0], TOKEN[1], ("PORT", "eighty")], &["PORT"]);
    refused(&[TOKEN[0], TOKEN[1], ("DATABASE_URL", "mysql://x")], &["DATABASE_URL", "help: "]);
    refused(
        &[TOKEN[0], TOKEN[1], ("DATABASE_URL", "sqlite:///nowhere/desk.db")],
        &["/nowhere/desk.db", "help: "],
    );
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let taken = listener.local_addr().expect("an address").to_string();
    refused(&[TOKEN[0], TOKEN[1], ("LISTEN", &taken)], &[&taken, "help: "]);
    let key = std::fs::read_to_string(KEY_PATH).expect("the key");
    let (_, said) = keydesk(
        &["serve"],
        &[("GITHUB_APP_ID", "1"), ("GITHUB_PRIVATE_KEY", &key[..400]), TOKEN[1]],
        folder.path(),
    );
    assert!(said.starts_with("error: ") && !said.contains(&key[100..140]), "{said}");
}

#[test]
fn unknown_keys_are_refused_with_their_place_and_the_nearest_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).expect("a file");
    };
    let refused = |words: &[&str]| {
        let config = folder.path().display().to_string();
        let (code, said) = keydesk(&["serve", "--config", &config], &TOKEN, folder.path());
        assert_eq!(code, Some(1), "{said}");
        for word in words {
            assert!(said.contains(word), "`{word}` is not in: {said}");
        }
    };
    write("server.toml", "# mine\nlisten = \"127.0.0.1:0\"\n  databas_url = \"x\"\n");
    refused(&["error: ", "server.toml:3:3", "`databas_url`", "database_url"]);
    write("server.toml", "listen = [\n");
    refused(&["error: ", "server.toml:"]);
    write("server.toml", "");
    write("policy.toml", "[labels]\nrequst = \"x\"\n");
    refused(&["error: ", "policy.toml:2:1", "requst`", "`request`"]);
    let nowhere = ["serve", "--config", "/nowhere"];
    let (code, said) = keydesk(&nowhere, &TOKEN, folder.path());
    assert!(code == Some(1) && said.contains("/nowhere"), "{said}");
}

#[test]
fn wrong_use_ends_with_two() {
    let folder = tempfile::tempdir().expect("a folder");
    for arguments in [&["serv"][..], &["serve", "--confg", "x"], &["serve", "--config"], &[]] {
        let (code, said) = keydesk(arguments, &[], folder.path());
        assert_eq!(code, Some(2), "{arguments:?}: {said}");
        assert!(!said.is_empty());
    }
}
