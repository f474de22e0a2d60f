//! `keydesk parse`: what a text says, as JSON.

use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::PathBuf;

use clap::Args;
use memchr::memchr;
use serde::Deserialize;

use super::Failure;
use super::forms::form;
use super::issue_line::IssueLine;
use crate::policy::kinds;
use crate::reading::form::Form;
use crate::reading::form::schema::IssueForm;
use crate::reading::{self, AuthorRole};
use crate::settings::ConfigFolder;

/// Read a request or a comment and print what it says as JSON.
#[derive(Args)]
#[command(after_help = "Example: printf '### PyPI Username\\n\\nada\\n' | keydesk parse")]
pub struct Parse {
    /// The file to read; standard input without one
    file: Option<PathBuf>,
    /// One JSON object a line in, one reading a line out
    #[arg(long)]
    jsonl: bool,
    /// Like --jsonl, and each line is a comment: {"author_role","body"}
    #[arg(long)]
    comments: bool,
    /// An issue form of the repository, whose labels are then headings; may be given several times
    #[arg(long = "form", value_name = "FORM.yml")]
    forms: Vec<PathBuf>,
    /// A configuration folder, whose forms are read with
    #[arg(long, value_name = "DIR")]
    config: Option<PathBuf>,
}

/// Bytes read and written at once.
const BUFFER_BYTES: usize = 64 * 1024;

#[derive(Deserialize)]
struct CommentLine {
    author_role: AuthorRole,
    #[serde(default)]
    body: Option<String>,
}

impl Parse {
    /// Reads and prints.
    pub fn run(&self) -> Result<(), Failure> {
        let mut input = self.open()?;
        let mut output = BufWriter::with_capacity(BUFFER_BYTES, std::io::stdout().lock());
        let written = if self.jsonl || self.comments {
            self.read_lines(input, &mut output)?
        } else {
            self.read_one(&mut input, &mut output)?
        };
        match written.and_then(|()| output.flush()) {
            Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(Failure::new(
                format!("the answer could not be written: {error}"),
                "look at the place it is written to",
            )),
            _ => Ok(()),
        }
    }

    /// The built-in form, or that of the folder, with those that were named.
    fn form(&self) -> Result<Form, Failure> {
        let mut schemas = Vec::new();
        for path in &self.forms {
            let text = std::fs::read_to_string(path).map_err(|error| {
                Failure::new(format!("{}: {error}", path.display()), "name a file that can be read")
            })?;
            schemas.push(IssueForm::parse(&text).map_err(|error| {
                let cure = "write it as GitHub's issue forms are written: a list `body` of fields";
                Failure::new(format!("{}: {error}", path.display()), cure)
            })?);
        }
        let base = match &self.config {
            None => Form::built_in(),
            Some(folder) => {
                let folder = ConfigFolder::read(folder).map_err(Failure::of)?;
                kinds::read(&folder.kinds).map_err(Failure::of)?;
                form(&folder)?
            }
        };
        Ok(base.with_schemas(&schemas))
    }

    fn name(&self) -> String {
        self.file
            .as_ref()
            .map_or_else(|| "standard input".to_owned(), |file| file.display().to_string())
    }

    fn open(&self) -> Result<Box<dyn BufRead>, Failure> {
        let Some(path) = &self.file else {
            return Ok(Box::new(std::io::stdin().lock()));
        };
        let file = std::fs::File::open(path).map_err(|error| {
            Failure::new(format!("{}: {error}", path.display()), "name a file that can be read")
        })?;
        Ok(Box::new(BufReader::with_capacity(BUFFER_BYTES, file)))
    }

    fn read_one(
        &self,
        input: &mut dyn Read,
        output: &mut dyn Write,
    ) -> Result<std::io::Result<()>, Failure> {
        let mut bytes = Vec::new();
        input.read_to_end(&mut bytes).map_err(|error| self.unreadable(&error.to_string()))?;
        let body = String::from_utf8_lossy(&bytes);
        let reading = reading::read_request(&self.form()?, "", &body);
        let json = serde_json::to_string_pretty(&reading)
            .map_err(|error| self.unreadable(&error.to_string()))?;
        Ok(writeln!(output, "{json}"))
    }

    fn read_lines(
        &self,
        mut input: Box<dyn BufRead>,
        output: &mut dyn Write,
    ) -> Result<std::io::Result<()>, Failure> {
        let form = self.form()?;
        let (mut line, mut json) = (Vec::new(), Vec::new());
        let mut issue = IssueLine::default();
        for number in 1.. {
            line.clear();
            let length = next_line(&mut *input, &mut line);
            if length.map_err(|error| self.unreadable(&error.to_string()))? == 0 {
                break;
            }
            if line.trim_ascii().is_empty() {
                continue;
            }
            json.clear();
            let answered = if self.comments {
                answer_comment(&line, &mut json)
            } else {
                issue.read(&line).map(|()| {
                    reading::read_request(&form, &issue.title, &issue.body).write_json(&mut json);
                })
            };
            answered.map_err(|error| self.unreadable_line(number, &error))?;
            json.push(b'\n');
            if let Err(error) = output.write_all(&json) {
                return Ok(Err(error));
            }
        }
        Ok(Ok(()))
    }

    fn unreadable_line(&self, number: usize, error: &serde_json::Error) -> Failure {
        let shape = if self.comments {
            r#"{"author_role": "requester", "body": "…"}"#
        } else {
            r#"{"title": "…", "body": "…"}"#
        };
        let place = format!("{}:{number}: {error}", self.name());
        Failure::new(place, format!("each line is one JSON object such as {shape}"))
    }

    fn unreadable(&self, why: &str) -> Failure {
        Failure::new(format!("{}: {why}", self.name()), "name a file that can be read")
    }
}

/// Adds the next line with its end; gives its length, 0 where there is none. Like `read_until`, which
/// looks for the end more slowly.
fn next_line(input: &mut dyn BufRead, line: &mut Vec<u8>) -> std::io::Result<usize> {
    loop {
        let there = match input.fill_buf() {
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            there => there?,
        };
        let end = memchr(b'\n', there).map(|end| end + 1);
        let taken = end.unwrap_or(there.len());
        line.extend_from_slice(&there[..taken]);
        input.consume(taken);
        if end.is_some() || taken == 0 {
            return Ok(line.len());
        }
    }
}

fn answer_comment(line: &[u8], json: &mut Vec<u8>) -> serde_json::Result<()> {
    let line: CommentLine = serde_json::from_slice(line)?;
    let body = line.body.unwrap_or_default();
    serde_json::to_writer(json, &reading::read_comment(line.author_role, &body))
}
