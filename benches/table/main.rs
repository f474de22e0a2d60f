//! Every figure beside its limit, with peers in the same run where there are some:
//! `cargo bench --bench table`, on a quiet machine, some 15 minutes; `-- stored build` for some parts.
//!
//! Prints rows for `docs/PERFORMANCE.md`. Needs Node 20 and npm for the peers, and 12 GB of disk for
//! a million tickets. Processes, load and the stand-in GitHub share the machine; figures are medians
//! of several runs, and ratios are of runs that took turns.

mod bare;
mod desk;
mod github;
mod load;
mod new_request;
mod probot;
mod program;
mod reading;
mod receiving;
mod row;
#[path = "../samples.rs"]
mod samples;
mod stored;

use row::Row;

const PARTS: [&str; 8] =
    ["receiving", "hanging", "request", "stored", "reading", "decision", "size", "build"];

async fn measure(part: &str) -> Vec<Row> {
    match part {
        "receiving" => receiving::beside_peers().await,
        "hanging" => receiving::while_github_hangs().await,
        "request" => new_request::alone().await,
        "stored" => stored::growth_start_and_pages().await,
        "reading" => reading::beside_peer(),
        "decision" => reading::decision(),
        "size" => program::size(),
        "build" => program::clean_build(),
        other => panic!("there is no part `{other}`; there are {}", PARTS.join(", ")),
    }
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if let [argument, port, file] = words.as_slice()
        && argument == bare::ARGUMENT
    {
        return bare::receive(port, file);
    }
    let chosen: Vec<&str> =
        words.iter().map(String::as_str).filter(|word| !word.starts_with("--")).collect();
    let chosen = if chosen.is_empty() { PARTS.to_vec() } else { chosen };
    let fetched = std::process::Command::new("tests/setup").status();
    assert!(fetched.is_ok_and(|status| status.success()), "tests/setup failed");
    println!("| work | figure | limit | reached | made of |\n|---|---|---|---|---|");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    for part in chosen {
        for row in runtime.block_on(measure(part)) {
            row.print();
        }
    }
}
