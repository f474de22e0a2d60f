//! A repository's own issue form: `.github/ISSUE_TEMPLATE/<name>.yml`, as GitHub defines it.
//!
//! [`IssueForm::parse`] takes whatever GitHub takes and a little more: unknown types and keys
//! survive, options may be plain texts or tables. What the fields mean is said in `meaning.rs`.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Parts of a YAML text; aliases count as often as they are used.
const NODES_MAX: usize = 20_000;

/// Bytes of one form file that are read.
pub const FORM_BYTES_MAX: usize = 64 * 1024;

/// Forms of one repository that are read.
pub const FORMS_MAX: usize = 20;

/// An issue form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssueForm {
    /// What the form is called where one is chosen.
    pub name: String,
    /// What is said about it there.
    pub description: String,
    /// The title it proposes.
    pub title: String,
    /// The labels it sets.
    pub labels: Vec<String>,
    /// Its fields, in order.
    pub fields: Vec<FormField>,
}

/// One element of a form's body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormField {
    /// What kind of element it is.
    pub kind: FieldKind,
    /// Its id; may be empty.
    pub id: String,
    /// Its label, which becomes a heading of the issue.
    pub label: String,
    /// What is said below the label.
    pub description: String,
    /// What is shown in it until something is typed.
    pub placeholder: String,
    /// What stands in it from the start.
    pub value: String,
    /// Whether its answer comes in a fence of code.
    pub is_rendered: bool,
    /// Whether it must be filled in.
    pub is_required: bool,
    /// What can be chosen or ticked.
    pub options: Vec<String>,
}

/// Kinds of elements.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum FieldKind {
    /// Text that is shown and never sent.
    Markdown,
    /// A field of many lines.
    Textarea,
    /// A field of one line.
    Input,
    /// One or several of a list.
    Dropdown,
    /// Boxes to tick.
    Checkboxes,
    /// A kind of later times, by its name.
    Unknown(String),
}

impl IssueForm {
    /// Reads a form file; the error names the line and what is wrong there.
    pub fn parse(yaml: &str) -> Result<IssueForm, String> {
        if yaml.len() > FORM_BYTES_MAX {
            return Err(format!("line 1: the file is longer than {FORM_BYTES_MAX} bytes"));
        }
        let options = serde_saphyr::options! {
            budget: serde_saphyr::budget! { max_nodes: NODES_MAX },
            strict_booleans: true,
            with_snippet: false,
        };
        let root: Value = serde_saphyr::from_str_with_options(yaml, options).map_err(|error| {
            let line = error.location().map_or(1, |place| place.line());
            let message = error.to_string();
            let what = message.lines().next().unwrap_or_default();
            let what = what.split(" at line ").next().unwrap_or_default();
            format!("line {line}: {what}")
        })?;
        let Some(body) = root.get("body").and_then(Value::as_array) else {
            return Err("line 1: there is no list `body`; a form names its fields there".to_owned());
        };
        let list = |key: &str| match &root[key] {
            Value::Array(items) => items.iter().map(text_of).collect(),
            Value::String(items) => items.split(',').map(|item| item.trim().to_owned()).collect(),
            _ => Vec::new(),
        };
        Ok(IssueForm {
            name: text_of(&root["name"]),
            description: text_of(&root["description"]),
            title: text_of(&root["title"]),
            labels: list("labels"),
            fields: body.iter().map(FormField::read).collect(),
        })
    }
}

impl FormField {
    fn read(element: &Value) -> Self {
        let attributes = &element["attributes"];
        let options = attributes["options"].as_array().into_iter().flatten();
        Self {
            kind: FieldKind::read(&text_of(&element["type"])),
            id: text_of(&element["id"]),
            label: text_of(&attributes["label"]),
            description: text_of(&attributes["description"]),
            placeholder: text_of(&attributes["placeholder"]),
            value: text_of(&attributes["value"]),
            is_rendered: !text_of(&attributes["render"]).is_empty(),
            is_required: element["validations"]["required"] == Value::Bool(true),
            options: options
                .map(|option| text_of(option.get("label").unwrap_or(option)))
                .filter(|option| !option.is_empty())
                .collect(),
        }
    }
}

impl FieldKind {
    fn read(name: &str) -> Self {
        match name {
            "markdown" => Self::Markdown,
            "textarea" => Self::Textarea,
            "input" => Self::Input,
            "dropdown" => Self::Dropdown,
            "checkboxes" => Self::Checkboxes,
            other => Self::Unknown(other.to_owned()),
        }
    }
}

/// A scalar as it would be shown; nothing for lists and tables.
fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => String::new(),
    }
}
