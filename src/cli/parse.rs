//! `keydesk parse`: what a text says, as JSON.

use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::PathBuf;

use clap::Args;
use serde::Deserialize;

use super::Failure;
use crate::reading::form::Form;
use crate::reading::form::schema::IssueForm;
use crate::reading::{self, AuthorRole};

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
}

#[derive(Deserialize)]
struct IssueLine {
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    body: Option<String>,
}

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
        let mut output = BufWriter::new(std::io::stdout().lock());
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

    /// The built-in form with those that were named.
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
        Ok(Form::built_in().with_schemas(&schemas))
    }

    fn name(&self) -> String {
        self.file
            .as_ref()
            .map_or_else(|| "standard input".to_owned(), |file| file.display().to_string())
    }

    fn open(&self) -> Result<Box<dyn BufRead>, Failure> {
        let Some(path) = &self.file else {
            return Ok(Box::new(BufReader::new(std::io::stdin())));
        };
        let file = std::fs::File::open(path).map_err(|error| {
            Failure::new(format!("{}: {error}", path.display()), "name a file that can be read")
        })?;
        Ok(Box::new(BufReader::new(file)))
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
        input: Box<dyn BufRead>,
        output: &mut dyn Write,
    ) -> Result<std::io::Result<()>, Failure> {
        let form = self.form()?;
        for (index, line) in input.split(b'\n').enumerate() {
            let line = line.map_err(|error| self.unreadable(&error.to_string()))?;
            if line.trim_ascii().is_empty() {
                continue;
            }
            let json = self.read_line(&form, &line).map_err(|error| {
                let place = format!("{}:{}: {error}", self.name(), index + 1);
                let shape = if self.comments {
                    r#"{"author_role": "requester", "body": "…"}"#
                } else {
                    r#"{"title": "…", "body": "…"}"#
                };
                Failure::new(place, format!("each line is one JSON object such as {shape}"))
            })?;
            if let Err(error) = writeln!(output, "{json}") {
                return Ok(Err(error));
            }
        }
        Ok(Ok(()))
    }

    fn read_line(&self, form: &Form, line: &[u8]) -> serde_json::Result<String> {
        if self.comments {
            let line: CommentLine = serde_json::from_slice(line)?;
            let body = line.body.unwrap_or_default();
            serde_json::to_string(&reading::read_comment(line.author_role, &body))
        } else {
            let line: IssueLine = serde_json::from_slice(line)?;
            let (title, body) = (line.title.unwrap_or_default(), line.body.unwrap_or_default());
            serde_json::to_string(&reading::read_request(form, &title, &body))
        }
    }

    fn unreadable(&self, why: &str) -> Failure {
        Failure::new(format!("{}: {why}", self.name()), "name a file that can be read")
    }
}
