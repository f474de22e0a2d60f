//! Real input: GitHub's own examples of webhooks, and the corpus of requests as people write them.

use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use super::desk::Desk;
use super::stand_in::StandIn;
use super::wire::Hook;

const EXAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/target/webhooks-examples");
const CORPUS: &str = include_str!("../../corpus/requests.jsonl");

/// Event and payload of every example; GitHub.com and Enterprise Server.
fn examples() -> Vec<(String, String)> {
    let package = Path::new(EXAMPLES).join("package");
    assert!(
        package.is_dir(),
        "GitHub's webhook examples are not here; fetch them with: tests/setup"
    );
    let folders = std::fs::read_dir(package).expect("a folder").flatten();
    let files = folders.map(|entry| entry.path().join("index.json")).filter(|path| path.is_file());
    let mut examples = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(file).expect("a file");
        let events: Vec<Value> = serde_json::from_str(&text).expect("JSON");
        for event in &events {
            let name = event["name"].as_str().expect("a name");
            let payloads = event["examples"].as_array().expect("examples");
            examples.extend(payloads.iter().map(|one| (name.to_owned(), one.to_string())));
        }
    }
    examples
}

#[tokio::test]
async fn every_example_of_github_is_accepted_and_handled() {
    let github = StandIn::start().await;
    let desk = Desk::started(&github).await;
    let (mut taken, mut kept) = (0, 0);
    for (index, (event, payload)) in examples().into_iter().enumerate() {
        let answer = desk.wire.post(&Hook::new(&event, &format!("example-{index}"), payload)).await;
        assert!(matches!(answer.status, 200 | 202), "{event} {index}: {}", answer.text);
        taken += 1;
        kept += u32::from(answer.status == 202);
    }
    desk.settled(&github, Duration::from_secs(60)).await;
    println!("{taken} examples taken, {kept} of them of use");
    assert!(taken > 300 && kept > 30, "all of them were read");
    assert_eq!(desk.wire.depths().await.set_aside, 0);
    assert!(!desk.log().contains("panicked"));
}

#[tokio::test]
async fn every_request_of_the_corpus_goes_the_whole_way() {
    let github = StandIn::start().await;
    let desk = Desk::started(&github).await;
    let mut opened = Vec::new();
    for line in CORPUS.lines() {
        let row: Value = serde_json::from_str(line).expect("a row");
        let is_request = row["is_account_recovery"] == true;
        let title: String = row["title"].as_str().unwrap_or("").chars().take(256).collect();
        let title = if title.trim().is_empty() { "no title" } else { &title };
        let body = row["body"].as_str().unwrap_or_default();
        // The form sets the label; who files something else goes another way.
        let labels: &[&str] = if is_request { &["account-recovery"] } else { &[] };
        opened.push((github.open(title, body, labels), is_request, row["src"].clone()));
    }
    desk.settled(&github, Duration::from_secs(60)).await;
    let mut cards = 0;
    for (number, is_request, source) in opened {
        let comments = github.marked(number);
        cards += comments.len();
        if is_request {
            assert_eq!(comments.len(), 1, "row {source} gets one card");
            assert!(github.labels(number).len() >= 2, "row {source} gets its labels");
        } else {
            assert!(comments.len() <= 1, "row {source}");
        }
    }
    println!("{cards} cards");
    assert_eq!(desk.wire.depths().await.set_aside, 0);
    assert!(!desk.log().contains("given up"), "nothing was given up");
}
