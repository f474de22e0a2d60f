//! `keydesk sources`: holds what the texts rely on against a checkout of Warehouse.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use super::{Failure, Format};
use crate::guidance::{self, Ground, Source};

/// Hold the texts' sources against a checkout of Warehouse.
#[derive(Args)]
#[command(after_help = "\
Examples: git clone --depth 1 https://github.com/pypi/warehouse
          keydesk sources warehouse
Exit code: 0 everything holds, 1 something moved, 2 wrong use")]
pub struct Sources {
    /// Folder of the checkout
    #[arg(value_name = "WAREHOUSE_DIR", value_parser = checkout)]
    folder: PathBuf,
    /// What to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// How one source stands in the checkout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Standing {
    /// The words stand in the file.
    Holds,
    /// There is no such file any more.
    FileGone,
    /// The file is there, and the words are not.
    TextMoved,
    /// The words are ours: somebody should put those of the file in their place.
    Unread,
    /// The ground is a page, which a checkout cannot show.
    Page,
}

#[derive(Serialize)]
struct Finding {
    #[serde(flatten)]
    source: Source,
    standing: Standing,
    /// `templates/comments/card.md:3` and what is said there.
    sentences: Vec<Sentence>,
}

#[derive(Serialize)]
struct Sentence {
    place: String,
    said: String,
}

impl Sources {
    /// Compares and tells.
    pub fn run(&self) -> Result<(), Failure> {
        let findings = compare(&self.folder);
        match self.format {
            Format::Text => print_text(&findings),
            Format::Json => {
                let json = serde_json::to_string_pretty(&findings);
                println!("{}", json.expect("strings and lists are JSON"));
            }
        }
        match count(&findings, |standing| standing.has_moved()) {
            0 => Ok(()),
            moved => Err(Failure::new(
                format!("the ground of {moved} sources moved"),
                "read the sentences again, correct them or `text` in templates/comments/sources.toml",
            )),
        }
    }
}

impl Standing {
    fn has_moved(self) -> bool {
        matches!(self, Self::FileGone | Self::TextMoved)
    }
}

/// A folder that is a checkout of Warehouse; else what to do, as the command line tells it.
fn checkout(path: &str) -> Result<PathBuf, String> {
    let cure = "help: git clone --depth 1 https://github.com/pypi/warehouse, and name its folder";
    let folder = PathBuf::from(path);
    if !folder.is_dir() {
        return Err(format!("there is no such folder\n{cure}"));
    }
    if !folder.join("warehouse").is_dir() {
        return Err(format!("this folder has no `warehouse/` in it\n{cure}"));
    }
    Ok(folder)
}

fn compare(folder: &Path) -> Vec<Finding> {
    let grounds = guidance::grounds();
    let mut read = BTreeMap::new();
    let judge = |source: Source| {
        let standing = match &source.file {
            None => Standing::Page,
            Some(file) => {
                let text = read.entry(file.clone()).or_insert_with(|| {
                    let bytes = fs::read(folder.join(file)).ok();
                    bytes.map(|bytes| without_blanks(&String::from_utf8_lossy(&bytes)))
                });
                standing(&source, text.as_deref())
            }
        };
        Finding { sentences: resting_on(&source.id, &grounds), source, standing }
    };
    guidance::sources().into_iter().map(judge).collect()
}

fn standing(source: &Source, text: Option<&str>) -> Standing {
    match text {
        None => Standing::FileGone,
        Some(text) if text.contains(&without_blanks(&source.text)) => Standing::Holds,
        Some(_) if source.seen => Standing::TextMoved,
        Some(_) => Standing::Unread,
    }
}

fn resting_on(id: &str, grounds: &[Ground]) -> Vec<Sentence> {
    let named = grounds.iter().filter(|ground| ground.ids.iter().any(|named| named == id));
    let sentence = |ground: &Ground| Sentence {
        place: format!("templates/comments/{}:{}", ground.file, ground.line),
        said: ground.sentence.clone(),
    };
    named.map(sentence).collect()
}

/// Code and pages are wrapped now and then, which changes no word of them.
fn without_blanks(text: &str) -> String {
    text.split_whitespace().collect()
}

fn count(findings: &[Finding], is_one: impl Fn(Standing) -> bool) -> usize {
    findings.iter().filter(|finding| is_one(finding.standing)).count()
}

fn print_text(findings: &[Finding]) {
    for finding in findings.iter().filter(|finding| finding.standing.has_moved()) {
        let Finding { source, standing, sentences } = finding;
        let file = source.file.as_deref().unwrap_or_default();
        match standing {
            Standing::FileGone => println!("{}: {file} is gone", source.id),
            _ => println!("{}: {file} no longer says: {}", source.id, source.text),
        }
        for Sentence { place, said } in sentences {
            println!("  {place}: {said}");
        }
    }
    let holding = count(findings, |standing| standing == Standing::Holds);
    let moved = count(findings, Standing::has_moved);
    let pages = count(findings, |standing| standing == Standing::Page);
    let unread = count(findings, |standing| standing == Standing::Unread);
    println!(
        "{holding} hold, {moved} moved; {pages} are pages, {unread} were never read in the code"
    );
}
