//! Layers of policy texts become one checked [`Policy`].
//!
//! Each layer is walked against [`super::keys`], so that every mistake is told with its place;
//! then the layers are merged: tables key by key, arrays replaced whole, replies by their command.
//! What one value alone cannot show (a chat that is not there, two steps of one name) is checked
//! last, and told at the place the value came from.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue};
use toml::{Table, Value};

use super::Policy;
use super::consistency::{self, Misfit};
use super::keys::{self, Node};
use super::problem::nearest;

pub use super::problem::Problem;

/// The policy built into the binary: complete, and the manual of every key.
pub const BUILT_IN: &str = include_str!("../../config/policy.toml");

/// One policy text, as people know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layer {
    /// The file's name, such as `config/policy.toml`.
    pub name: String,
    /// What it says.
    pub text: String,
}

/// Where each value came from: its path → layer and span.
type Places = BTreeMap<String, (usize, Range<usize>)>;

/// The built-in policy.
pub fn built_in() -> Policy {
    merge(&[]).expect("a test checks the built-in policy")
}

/// The built-in policy with these layers on top, later ones over earlier ones.
///
/// # Errors
/// Every problem of every layer.
pub fn merge(layers: &[Layer]) -> Result<Policy, Vec<Problem>> {
    let built_in = Layer { name: "built-in policy".to_owned(), text: BUILT_IN.to_owned() };
    let layers: Vec<&Layer> = std::iter::once(&built_in).chain(layers).collect();
    let mut merged = Table::new();
    let mut walk = Walk::default();
    for (index, layer) in layers.iter().enumerate() {
        walk.layer(index, layer, &mut merged);
    }
    if !walk.problems.is_empty() {
        return Err(walk.problems);
    }
    let policy = Policy::deserialize(merged).map_err(|error| {
        vec![Problem::at(&layers[layers.len() - 1].name, ("", None), error.message())]
    })?;
    let problems: Vec<Problem> = consistency::check(&policy)
        .into_iter()
        .map(|misfit| walk.locate(misfit, &layers))
        .collect();
    if problems.is_empty() { Ok(policy) } else { Err(problems) }
}

#[derive(Default)]
struct Walk {
    problems: Vec<Problem>,
    places: Places,
}

/// The layer a value stands in.
#[derive(Clone, Copy)]
struct At<'a> {
    index: usize,
    layer: &'a Layer,
}

impl Walk {
    fn layer(&mut self, index: usize, layer: &Layer, merged: &mut Table) {
        let table = match DeTable::parse(&layer.text) {
            Ok(table) => table,
            Err(error) => {
                let place = (layer.text.as_str(), error.span());
                self.problems.push(Problem::at(
                    &layer.name,
                    place,
                    error.message().trim().replace('\n', ", "),
                ));
                return;
            }
        };
        let before = self.problems.len();
        let at = At { index, layer };
        let span = table.span();
        let root = Spanned::new(span, DeValue::Table(table.into_inner()));
        self.value(at, ("", &root), &keys::POLICY);
        if self.problems.len() == before
            && let Value::Table(over) = to_value(root.get_ref())
        {
            merge_tables(merged, over);
        }
    }

    fn value(&mut self, at: At, (path, value): (&str, &Spanned<DeValue>), node: &Node) {
        self.places.insert(path.to_owned(), (at.index, value.span()));
        match (node, value.get_ref()) {
            (Node::Table(known), DeValue::Table(table)) => self.table(at, (path, table), known),
            (Node::Map(check, node), DeValue::Table(table)) => {
                for (key, value) in table {
                    if let Err(what) = check(key.get_ref()) {
                        self.problem(at, key.span(), (what, None));
                    }
                    self.value(at, (&joined(path, key.get_ref()), value), node);
                }
            }
            (Node::Array(node), DeValue::Array(array)) => {
                for (index, value) in array.iter().enumerate() {
                    self.value(at, (&format!("{path}[{index}]"), value), node);
                }
            }
            (Node::Rows(required, node), DeValue::Array(array)) => {
                for (index, row) in array.iter().enumerate() {
                    self.row(at, (path, index, row), (required, node));
                }
            }
            (Node::Text(check), DeValue::String(text)) => {
                if let Err(what) = check(text) {
                    self.problem(at, value.span(), (what, None));
                }
            }
            (_, other) => {
                let what =
                    format!("`{path}` must be {}, and this is {}", wanted(node), kind(other));
                self.problem(at, value.span(), (what, None));
            }
        }
    }

    fn table(&mut self, at: At, (path, table): (&str, &DeTable), known: &[(&str, Node)]) {
        for (key, value) in table {
            let name: &str = key.get_ref();
            match known.iter().find(|(known, _)| *known == name) {
                Some((_, node)) => self.value(at, (&joined(path, name), value), node),
                None => {
                    let cure = cure_of_unknown(path, name, known);
                    self.problem(
                        at,
                        key.span(),
                        (format!("unknown key `{}`", joined(path, name)), Some(cure)),
                    );
                }
            }
        }
    }

    fn row(
        &mut self,
        at: At,
        (path, index, row): (&str, usize, &Spanned<DeValue>),
        (required, node): (&[&str], &Node),
    ) {
        let name = row.get_ref().get("command").and_then(|command| command.get_ref().as_str());
        let row_path =
            name.map_or_else(|| format!("{path}[{index}]"), |name| format!("{path}.{name}"));
        self.value(at, (&row_path, row), node);
        for key in required {
            if row.get_ref().is_table() && row.get_ref().get(*key).is_none() {
                self.problem(
                    at,
                    row.span(),
                    (format!("this entry of `{path}` has no `{key}`"), None),
                );
            }
        }
    }

    /// Where a value came from: the last layer that set it, or one of its tables.
    fn locate(&self, misfit: Misfit, layers: &[&Layer]) -> Problem {
        let set = self.places.get(&misfit.path);
        let above = misfit.path.rsplit_once('.').and_then(|(table, _)| self.places.get(table));
        let (index, span) = set
            .or(above)
            .map_or((layers.len() - 1, None), |(index, span)| (*index, Some(span.clone())));
        let layer = layers[index];
        Problem::at(&layer.name, (&layer.text, span), misfit.what).with_cure(misfit.cure)
    }

    fn problem(&mut self, at: At, span: Range<usize>, (what, cure): (String, Option<String>)) {
        let problem = Problem::at(&at.layer.name, (&at.layer.text, Some(span)), what);
        self.problems.push(problem.with_cure(cure));
    }
}

fn cure_of_unknown(path: &str, name: &str, known: &[(&str, Node)]) -> String {
    if path.starts_with("notify.") && matches!(name, "url" | "address" | "webhook" | "webhook_url")
    {
        let chat = path.trim_start_matches("notify.").to_uppercase();
        return format!(
            "anybody can read a policy: set NOTIFY_{chat}_URL where keydesk runs, or server.toml there"
        );
    }
    let names = known.iter().map(|(name, _)| *name);
    nearest(name, names.clone())
        .unwrap_or_else(|| format!("the keys here are {}", names.collect::<Vec<_>>().join(", ")))
}

fn joined(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

fn wanted(node: &Node) -> &'static str {
    match node {
        Node::Table(_) | Node::Map(..) => "a table",
        Node::Array(_) => "an array",
        Node::Rows(..) => "an array of tables",
        Node::Text(_) => "text in quotes",
    }
}

fn kind(value: &DeValue) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) => "a number",
        DeValue::Float(_) => "a fraction",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date without quotes",
        DeValue::Array(_) => "an array",
        DeValue::Table(_) => "a table",
    }
}

/// The value without its places. After the walk only text, arrays and tables are left.
fn to_value(value: &DeValue) -> Value {
    match value {
        DeValue::Array(array) => {
            Value::Array(array.iter().map(|value| to_value(value.get_ref())).collect())
        }
        DeValue::Table(table) => {
            let pairs = table
                .iter()
                .map(|(key, value)| (key.get_ref().to_string(), to_value(value.get_ref())));
            Value::Table(pairs.collect())
        }
        DeValue::String(text) => Value::String(text.to_string()),
        other => Value::String(format!("{other:?}")),
    }
}

fn merge_tables(base: &mut Table, over: Table) {
    for (key, value) in over {
        match (base.get_mut(&key), value) {
            (Some(Value::Table(base)), Value::Table(over)) => merge_tables(base, over),
            (Some(Value::Array(base)), Value::Array(over)) if key == "replies" => {
                merge_replies(base, over)
            }
            (_, value) => {
                base.insert(key, value);
            }
        }
    }
}

fn merge_replies(base: &mut Vec<Value>, over: Vec<Value>) {
    for reply in over {
        let same = base.iter_mut().find(|known| known.get("command") == reply.get("command"));
        match (same, reply) {
            (Some(Value::Table(known)), Value::Table(reply)) => known.extend(reply),
            (_, reply) => base.push(reply),
        }
    }
}
