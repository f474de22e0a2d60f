//! Other kinds of requests: `config/forms/<name>.toml`, checked. Each says by what such an issue is
//! recognised, what its fields are, and how it is answered.
//!
//! What recognising takes, the fields and their headings, `reading` takes from the same text; here is
//! what a decision goes by, and everything that can be wrong. To add a key: its line here, its field
//! in [`RequestKind`], its comment in `config/examples/pypi-limits/forms/file-limit.toml`.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::keys::{Key, Merge, Shape, needed, optional};
use super::layer::Layer;
use super::problem::{Problem, Wrong, quote, unknown};
use super::tree::{self, Node, Place, Problems};
use super::{TurnAfter, consistency, manual, schema, sort};

/// A kind of request beside account recovery, as far as decisions go by it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RequestKind {
    /// The name of its file.
    #[serde(default)]
    pub name: String,
    /// By what it is recognised.
    pub recognised: Recognised,
    /// How it is answered.
    pub answer: KindAnswer,
    /// What its form asks for, in order.
    pub fields: Vec<KindField>,
}

/// By what an issue is recognised; its headings and title are the reading's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recognised {
    /// Labels that say it.
    #[serde(default)]
    pub labels: Vec<String>,
}

/// How a kind of request is answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KindAnswer {
    /// Labels each request gets, in the place of `[labels] request`.
    pub labels: Vec<String>,
    /// Whose turn it is once nothing is missing.
    pub turn: TurnAfter,
    /// A text → the one that is said in its place; `card` is always among them.
    pub texts: BTreeMap<String, String>,
}

/// One field of a form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KindField {
    /// What texts call it.
    pub name: String,
    /// Its headings; the first is what people are told.
    pub headings: Vec<String>,
    /// What is asked for where it is missing; without it the field may be left empty.
    #[serde(default)]
    pub asks: Option<String>,
    /// What may be chosen → the label it brings.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
}

impl RequestKind {
    /// A field by its name.
    pub fn field(&self, name: &str) -> Option<&KindField> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The text said in the place of this one.
    pub fn text<'a>(&'a self, template: &'a str) -> &'a str {
        self.answer.texts.get(template).map_or(template, String::as_str)
    }

    /// Every label it may put on.
    pub fn labels(&self) -> impl Iterator<Item = &String> {
        self.answer.labels.iter().chain(self.fields.iter().flat_map(|field| field.labels.values()))
    }
}

const KIND: Shape = Shape::Table(&[
    needed("recognised", Shape::Table(RECOGNISED)),
    needed("answer", Shape::Table(ANSWER)),
    needed("fields", Shape::Entries { keys: FIELDS, identity: "name", merge: Merge::Replace }),
]);

const RECOGNISED: &[Key] = &[
    needed("needs", Shape::List(&Shape::Text(sort::ARGUMENT))),
    optional("titles", LINES),
    optional("labels", LABELS),
];

const ANSWER: &[Key] = &[
    needed("labels", LABELS),
    needed("turn", Shape::Word(&["maintainers", "requester"])),
    needed("texts", Shape::Named(sort::TEMPLATE, &Shape::Text(sort::TEMPLATE))),
];

const FIELDS: &[Key] = &[
    needed("name", Shape::Text(sort::ARGUMENT)),
    needed("kind", Shape::Word(&["line", "text", "choice", "boxes"])),
    needed("headings", LINES),
    optional("asks", Shape::Text(sort::LINE)),
    optional("labels", Shape::Named(sort::LINE, &Shape::Text(sort::LABEL))),
];

const LINES: Shape = Shape::List(&Shape::Text(sort::LINE));
const LABELS: Shape = Shape::List(&Shape::Text(sort::LABEL));

/// The text whose place each kind must fill.
const CARD: &str = "card";

/// The shipped example, which tells of every key.
const MANUAL: &str = include_str!("../../config/examples/pypi-limits/forms/file-limit.toml");

/// The JSON Schema (draft 2020-12) of such a file.
pub fn kind_schema() -> Value {
    let title = "Another kind of request: config/forms/<name>.toml";
    schema::write(title, &KIND, (manual::descriptions(MANUAL), toml::Table::new()))
}

/// The kinds that these files make, by name; or everything that is wrong, by file and place.
///
/// # Errors
/// Every problem with its place and cure.
pub fn read(layers: &[Layer]) -> Result<Vec<RequestKind>, Vec<Problem>> {
    let layers: Vec<&Layer> = layers.iter().collect();
    let mut problems = Problems::new(&layers);
    let mut trees = Vec::new();
    for index in 0..layers.len() {
        let found = problems.count();
        let Some(tree) = tree::read(index, &KIND, &mut problems) else { continue };
        consistency::missing_keys(&tree, "the file", &KIND, &mut problems);
        if problems.count() == found {
            check(&tree, &mut problems);
        }
        trees.push((index, tree));
    }
    if problems.is_empty() {
        refuse_rivals(&trees, &layers, &mut problems);
    }
    let mut kinds = Vec::new();
    for (index, tree) in trees.into_iter().filter(|_| problems.is_empty()).collect::<Vec<_>>() {
        let place = tree.place;
        match (name_of(layers[index]), RequestKind::deserialize(tree.into_toml())) {
            (Ok(name), Ok(kind)) => kinds.push(RequestKind { name: name.to_owned(), ..kind }),
            (Err(wrong), _) => problems.add(place, wrong),
            (_, Err(error)) => problems.add(place, Wrong::new(error.message())),
        }
    }
    kinds.sort_by(|one, other| one.name.cmp(&other.name));
    if problems.is_empty() { Ok(kinds) } else { Err(problems.into_sorted()) }
}

/// The kind's name, which is its file's.
pub fn name_of_file(name: &str) -> &str {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    file.strip_suffix(".toml").unwrap_or(file)
}

fn name_of(layer: &Layer) -> Result<&str, Wrong> {
    let name = name_of_file(&layer.name);
    let wrong = |_| {
        Wrong::new(format!("{} is no name for a kind of request", quote(name)))
            .with_cure("call the file by small letters, digits and `-`, such as file-limit.toml")
    };
    sort::TEMPLATE.check(name).map_err(wrong).map(|()| name)
}

/// What must hold between the keys of one file.
fn check(tree: &Node, problems: &mut Problems<'_>) {
    let fields = entries(tree);
    let names = || fields.iter().filter_map(|field| field.get("name")?.text());
    let needs = tree.get("recognised").and_then(|recognised| recognised.get("needs"));
    for need in needs.map(Node::items).into_iter().flatten() {
        let Some(name) = need.text() else { continue };
        if !names().any(|known| known == name) {
            problems.add(need.place, unknown("field", name, names()));
        }
    }
    if let Some(needs) = needs.filter(|needs| needs.items().is_empty()) {
        let wrong = Wrong::new("nothing tells this kind from others");
        problems.add(needs.place, wrong.with_cure("name the fields whose headings only it has"));
    }
    let texts = tree.get("answer").and_then(|answer| answer.get("texts"));
    if let Some(texts) = texts.filter(|texts| texts.get(CARD).is_none()) {
        let wrong = Wrong::new("no text answers the request");
        problems.add(texts.place, wrong.with_cure("add `card = \"…\"`, the name of the text"));
    }
    twin_headings(fields, problems);
    for field in fields {
        let is_choice = field.get("kind").and_then(Node::text) == Some("choice");
        if let Some(labels) = field.get("labels").filter(|_| !is_choice) {
            let wrong = Wrong::new("only what is chosen brings a label");
            problems.add(labels.place, wrong.with_cure("write `kind = \"choice\"`"));
        }
        if let Some(headings) = field.get("headings").filter(|all| all.items().is_empty()) {
            let wrong = Wrong::new("a field without a heading is never found");
            problems.add(headings.place, wrong.with_cure("name the label the form has for it"));
        }
    }
}

fn entries(tree: &Node) -> &[Node] {
    tree.get("fields").map_or(&[], Node::items)
}

/// One heading stands for one field.
fn twin_headings(fields: &[Node], problems: &mut Problems<'_>) {
    let mut seen = BTreeMap::new();
    for field in fields {
        let name = field.get("name").and_then(Node::text).unwrap_or_default();
        for heading in field.get("headings").map(Node::items).into_iter().flatten() {
            let Some(text) = heading.text() else { continue };
            let other = *seen.entry(plain(text)).or_insert(name);
            if other != name {
                let what = format!("the heading {} is that of `{other}`, too", quote(text));
                problems.add(
                    heading.place,
                    Wrong::new(what).with_cure("leave it with the field it belongs to"),
                );
            }
        }
    }
}

/// Two kinds that ask for the same headings could not be told apart.
fn refuse_rivals(trees: &[(usize, Node)], layers: &[&Layer], problems: &mut Problems<'_>) {
    let needs: Vec<(Vec<BTreeSet<String>>, Place, &str)> = trees
        .iter()
        .filter_map(|(index, tree)| {
            let needs = tree.get("recognised")?.get("needs")?;
            let headings = |name: &str| {
                let field = entries(tree)
                    .iter()
                    .find(|field| field.get("name").and_then(Node::text) == Some(name))?;
                let headings = field.get("headings")?.items().iter();
                Some(headings.filter_map(Node::text).map(plain).collect())
            };
            let all = needs.items().iter().filter_map(|need| headings(need.text()?)).collect();
            Some((all, needs.place, layers[*index].name.as_str()))
        })
        .collect();
    for (at, (headings, place, _)) in needs.iter().enumerate() {
        let rival = needs[..at].iter().find(|(other, ..)| is_same_claim(headings, other));
        if let Some((.., name)) = rival {
            let what = format!("{name} is recognised by the same headings");
            let cure = "name a field here or there whose heading the other form does not have";
            problems.add(*place, Wrong::new(what).with_cure(cure));
        }
    }
}

fn is_same_claim(one: &[BTreeSet<String>], other: &[BTreeSet<String>]) -> bool {
    let covers = |those: &[BTreeSet<String>], these: &[BTreeSet<String>]| {
        those.iter().all(|field| these.iter().any(|known| !known.is_disjoint(field)))
    };
    covers(one, other) && covers(other, one)
}

/// A heading as headings are compared: by its letters and digits.
fn plain(heading: &str) -> String {
    let words = heading.split(|character: char| !character.is_alphanumeric());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ").to_lowercase()
}
