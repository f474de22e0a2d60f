//! A layer's text as a tree in which every value knows its place, and the merging of such trees.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::keys::{Key, Merge, Shape};
use super::layer::Layer;
use super::problem::{Problem, Wrong, quote, unknown};
use super::sort::Sort;
use super::value;

/// Where something stands: a layer and the byte it begins at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) layer: usize,
    pub(crate) offset: usize,
}

/// A value and its place.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) place: Place,
    pub(crate) kind: Kind,
}

/// What a value is.
#[derive(Debug, Clone)]
pub(crate) enum Kind {
    Text(String),
    Number(i64),
    Table(BTreeMap<String, Node>),
    List(Vec<Node>),
    /// Something was here and was found wrong; the problem is told.
    Wrong,
}

impl Node {
    /// The value under a key, if this is a table that has it.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        self.table().get(key)
    }

    /// The values of a list; none if it is no list.
    pub(crate) fn items(&self) -> &[Self] {
        match &self.kind {
            Kind::List(items) => items,
            Kind::Text(_) | Kind::Number(_) | Kind::Table(_) | Kind::Wrong => &[],
        }
    }

    /// The keys and values of a table; none if it is no table.
    pub(crate) fn table(&self) -> &BTreeMap<String, Self> {
        static NOTHING: BTreeMap<String, Node> = BTreeMap::new();
        match &self.kind {
            Kind::Table(table) => table,
            Kind::Text(_) | Kind::Number(_) | Kind::List(_) | Kind::Wrong => &NOTHING,
        }
    }

    /// The text, if it is one.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Text(text) => Some(text),
            Kind::Number(_) | Kind::Table(_) | Kind::List(_) | Kind::Wrong => None,
        }
    }

    /// The same without places.
    pub(crate) fn into_toml(self) -> toml::Value {
        match self.kind {
            Kind::Text(text) => toml::Value::String(text),
            Kind::Number(number) => toml::Value::Integer(number),
            Kind::List(items) => items.into_iter().map(Self::into_toml).collect::<Vec<_>>().into(),
            Kind::Table(table) => toml::Value::Table(
                table.into_iter().map(|(key, node)| (key, node.into_toml())).collect(),
            ),
            Kind::Wrong => toml::Value::Boolean(false),
        }
    }
}

/// Problems as they are found in the layers.
pub(crate) struct Problems<'a> {
    layers: &'a [&'a Layer],
    found: Vec<Problem>,
}

/// More than anybody reads; keeps a hostile file from costing time.
const PROBLEMS_MAX: usize = 500;

impl<'a> Problems<'a> {
    /// None yet.
    pub(crate) fn new(layers: &'a [&'a Layer]) -> Self {
        Self { layers, found: Vec::new() }
    }

    /// Notes one more.
    pub(crate) fn add(&mut self, place: Place, wrong: Wrong) {
        if self.found.len() < PROBLEMS_MAX {
            self.found.push(Problem::at(self.layers[place.layer], place.offset, wrong));
        }
    }

    /// All of them, by file and place; a file's turn is its layer's.
    pub(crate) fn into_sorted(mut self) -> Vec<Problem> {
        let rank =
            |problem: &Problem| self.layers.iter().position(|layer| layer.name == problem.file);
        self.found.sort_by_key(|problem| (rank(problem), problem.line, problem.column));
        self.found
    }

    /// How many there are so far.
    pub(crate) fn count(&self) -> usize {
        self.found.len()
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }
}

/// Reads one layer; `None` if it is no TOML at all.
pub(crate) fn read(layer: usize, shape: &Shape, problems: &mut Problems<'_>) -> Option<Node> {
    let text = problems.layers[layer].text.as_str();
    let (document, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let offset = error.span().map_or(text.len(), |span| span.start);
        problems.add(
            Place { layer, offset },
            Wrong::new(format!("this is not TOML: {}", error.message())),
        );
    }
    if !errors.is_empty() {
        return None;
    }
    let mut reader = Reader { layer, problems };
    let document = Spanned::new(document.span(), DeValue::Table(document.into_inner()));
    Some(reader.node("the file", shape, &document))
}

struct Reader<'a, 'b> {
    layer: usize,
    problems: &'a mut Problems<'b>,
}

/// More than any list needs; the calendar and the ladder go through theirs again and again.
pub(super) const ENTRIES_MAX: usize = 500;

type Value<'i> = Spanned<DeValue<'i>>;

impl Reader<'_, '_> {
    fn node(&mut self, name: &str, shape: &Shape, value: &Value<'_>) -> Node {
        let place = self.place(value.span().start);
        let kind = match (shape, value.get_ref()) {
            (Shape::List(_) | Shape::Entries { .. }, DeValue::Array(items))
                if items.len() > ENTRIES_MAX =>
            {
                let what = format!("{} has at most {ENTRIES_MAX} entries", quote(name));
                self.problems.add(place, Wrong::new(what));
                Kind::Wrong
            }
            (Shape::Text(sort) | Shape::Plain(sort), DeValue::String(text)) => {
                self.text(place, text, sort.check(text))
            }
            (Shape::Plain(sort), DeValue::Integer(number)) => {
                let digits = number.to_string();
                let verdict = sort.check(&digits);
                self.text(place, &digits, verdict)
            }
            (Shape::Number(least, most), DeValue::Integer(number)) => {
                self.number(place, number, (*least, *most))
            }
            (Shape::Word(words), DeValue::String(text)) => {
                let known = words.contains(&text.as_ref());
                let verdict =
                    if known { Ok(()) } else { Err(unknown("value", text, words.iter().copied())) };
                self.text(place, text, verdict)
            }
            (Shape::Table(keys), DeValue::Table(table)) => self.table(name, keys, table),
            (Shape::Named(sort, of), DeValue::Table(table)) => self.named(*sort, of, table),
            (Shape::List(of), DeValue::Array(items)) => {
                Kind::List(items.iter().map(|item| self.node(name, of, item)).collect())
            }
            (Shape::Entries { keys, identity, .. }, DeValue::Array(items)) => {
                let entries = items.iter().map(|item| self.node(name, &Shape::Table(keys), item));
                let entries = entries.collect::<Vec<_>>();
                self.refuse_twins(identity, &entries);
                Kind::List(entries)
            }
            (_, found) => {
                self.problems.add(place, wrong_type(name, shape, found));
                Kind::Wrong
            }
        };
        Node { place, kind }
    }

    fn number(
        &mut self,
        place: Place,
        number: &toml::de::DeInteger<'_>,
        (least, most): (i64, i64),
    ) -> Kind {
        match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) if (least..=most).contains(&number) => Kind::Number(number),
            Ok(_) | Err(_) => {
                let wrong = Wrong::new(format!("{number} is not between {least} and {most}"));
                self.problems.add(place, wrong.with_cure("write one of these numbers"));
                Kind::Wrong
            }
        }
    }

    fn text(&mut self, place: Place, text: &str, verdict: Result<(), Wrong>) -> Kind {
        match verdict {
            Ok(()) => Kind::Text(text.to_owned()),
            Err(wrong) => {
                self.problems.add(place, wrong);
                Kind::Wrong
            }
        }
    }

    fn table(&mut self, name: &str, keys: &[Key], table: &DeTable<'_>) -> Kind {
        let mut nodes = BTreeMap::new();
        for (key, value) in table {
            let written = key.get_ref().as_ref();
            if let Some(known) = keys.iter().find(|known| known.name == written) {
                nodes.insert(written.to_owned(), self.node(written, &known.shape, value));
            } else {
                let place = self.place(key.span().start);
                self.problems.add(place, unknown_key(name, written, keys, value.get_ref()));
            }
        }
        Kind::Table(nodes)
    }

    fn named(&mut self, sort: Sort, of: &Shape, table: &DeTable<'_>) -> Kind {
        let mut nodes = BTreeMap::new();
        for (key, value) in table {
            let written = key.get_ref().as_ref();
            let node = self.node(written, of, value);
            match sort.check(written) {
                Ok(()) => drop(nodes.insert(written.to_owned(), node)),
                Err(wrong) => self.problems.add(self.place(key.span().start), wrong),
            }
        }
        Kind::Table(nodes)
    }

    fn refuse_twins(&mut self, identity: &str, entries: &[Node]) {
        let mut seen = BTreeMap::new();
        for name in entries.iter().filter_map(|entry| entry.get(identity)) {
            let Some(text) = name.text() else { continue };
            if seen.insert(text, ()).is_some() {
                let what = format!("the {identity} {} stands here twice", quote(text));
                self.problems
                    .add(name.place, Wrong::new(what).with_cure("name each one differently"));
            }
        }
    }

    fn place(&self, offset: usize) -> Place {
        Place { layer: self.layer, offset }
    }
}

fn unknown_key(table: &str, written: &str, keys: &[Key], value: &DeValue<'_>) -> Wrong {
    let is_address = value.as_str().is_some_and(|text| text.contains("://"));
    let is_chat = keys.iter().any(|key| key.name == "style");
    if is_chat && (is_address || ["url", "address", "webhook"].contains(&written)) {
        return Wrong::new(
            "the address of a chat may not stand in a policy, where all can read it",
        )
        .with_cure(format!("take it out and {}", value::address_cure(table)));
    }
    unknown("key", written, keys.iter().map(|key| key.name))
}

fn wrong_type(name: &str, shape: &Shape, found: &DeValue<'_>) -> Wrong {
    let (wanted, cure) = match shape {
        Shape::Text(_) | Shape::Word(_) => ("text", Some("put the value in quotes".to_owned())),
        Shape::Plain(_) => ("text or a whole number", None),
        Shape::Number(..) => {
            ("a whole number", Some("write it in digits, without quotes".to_owned()))
        }
        Shape::Table(_) | Shape::Named(..) => ("a table", None),
        Shape::List(_) => ("a list", Some("write it in brackets: [ … ]".to_owned())),
        Shape::Entries { .. } => ("a list of tables", Some(format!("begin each with [[{name}]]"))),
    };
    let found = match found {
        DeValue::String(_) => "text",
        DeValue::Integer(_) => "a number",
        DeValue::Float(_) if matches!(shape, Shape::Number(..)) => "a number with a point",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date without quotes",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    };
    // Quotes around a list or a table would cure nothing.
    let cure = cure.filter(|_| wanted != "text" || !["a list", "a table"].contains(&found));
    Wrong { what: format!("{} wants {wanted}, and this is {found}", quote(name)), cure }
}

/// Lays a later layer's tree over an earlier one's.
pub(crate) fn merge(below: Node, above: Node, shape: &Shape) -> Node {
    match (below.kind, above.kind, shape) {
        (Kind::Table(below_table), Kind::Table(above_table), Shape::Table(keys)) => {
            let of = |name: &str| keys.iter().find(|key| key.name == name).map(|key| &key.shape);
            Node {
                place: above.place,
                kind: Kind::Table(merge_tables(below_table, above_table, of)),
            }
        }
        (Kind::Table(below_table), Kind::Table(above_table), Shape::Named(_, of)) => {
            let table = merge_tables(below_table, above_table, |_| Some(*of));
            Node { place: above.place, kind: Kind::Table(table) }
        }
        (
            Kind::List(below_list),
            Kind::List(above_list),
            Shape::Entries { keys, identity, merge: Merge::ByIdentity },
        ) => {
            let list = merge_entries(below_list, above_list, keys, identity);
            Node { place: above.place, kind: Kind::List(list) }
        }
        (_, kind, _) => Node { place: above.place, kind },
    }
}

fn merge_tables<'s>(
    mut below: BTreeMap<String, Node>,
    above: BTreeMap<String, Node>,
    shape_of: impl Fn(&str) -> Option<&'s Shape>,
) -> BTreeMap<String, Node> {
    for (key, node) in above {
        let merged = match (below.remove(&key), shape_of(&key)) {
            (Some(old), Some(shape)) => merge(old, node, shape),
            (Some(_) | None, _) => node,
        };
        below.insert(key, merged);
    }
    below
}

fn merge_entries(
    mut below: Vec<Node>,
    above: Vec<Node>,
    keys: &'static [Key],
    identity: &str,
) -> Vec<Node> {
    let name = |node: &Node| node.get(identity).and_then(Node::text).map(str::to_owned);
    for entry in above {
        let same = below.iter().position(|old| name(old).is_some() && name(old) == name(&entry));
        match same {
            Some(index) => below[index] = merge(below[index].clone(), entry, &Shape::Table(keys)),
            None => below.push(entry),
        }
    }
    below
}
