//! The labelled rows: the corpus, and what was invented beside it.

use serde_json::Value;

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An issue with its title.
    Request,
    /// A reason alone, as it would stand in the form.
    Reason,
    /// A comment.
    Comment,
}

/// One labelled text.
#[derive(Debug)]
pub struct Row {
    /// What it is.
    pub kind: Kind,
    /// What it should be read as.
    pub wanted: Value,
    /// Its title.
    pub title: String,
    /// Its text.
    pub body: String,
    file: &'static str,
    line: usize,
}

/// The surrogates of real threads.
pub fn corpus() -> Vec<Row> {
    let requests = include_str!("../../../corpus/requests.jsonl");
    let comments = include_str!("../../../corpus/comments.jsonl");
    let mut rows = rows_of(Kind::Request, "requests.jsonl", requests);
    rows.extend(rows_of(Kind::Comment, "comments.jsonl", comments));
    rows
}

/// The rows that were made up.
pub fn invented() -> Vec<Row> {
    let requests = include_str!("../../../corpus/invented/requests.jsonl");
    let reasons = include_str!("../../../corpus/invented/reasons.jsonl");
    let comments = include_str!("../../../corpus/invented/comments.jsonl");
    let mut rows = rows_of(Kind::Request, "invented/requests.jsonl", requests);
    rows.extend(rows_of(Kind::Reason, "invented/reasons.jsonl", reasons));
    rows.extend(rows_of(Kind::Comment, "invented/comments.jsonl", comments));
    rows
}

fn rows_of(kind: Kind, file: &'static str, lines: &str) -> Vec<Row> {
    let row = |(index, line): (usize, &str)| {
        let wanted: Value = serde_json::from_str(line).expect("each line is JSON");
        let text = |key: &str| wanted[key].as_str().unwrap_or_default().to_owned();
        let body = match kind {
            Kind::Request | Kind::Comment => text("body"),
            Kind::Reason => format!("### Reason for request\n\n{}\n", text("text")),
        };
        Row { kind, title: text("title"), body, wanted, file, line: index + 1 }
    };
    lines.lines().enumerate().map(row).collect()
}

impl Row {
    /// File and line, with the title where there is one.
    pub fn name(&self) -> String {
        format!("{}:{} {}", self.file, self.line, self.title).trim_end().to_owned()
    }
}
