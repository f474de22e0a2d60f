//! What the comments of `config/policy.toml` say of each key.
//!
//! A key is told of by the comment behind it, or by the lines straight above it; a table by the
//! lines straight above its header. A line `#   word   text` among those tells of the key `word`
//! in what follows, and goes on in lines that are indented further.

use std::collections::BTreeMap;

/// How far such a line is indented, and how far at least those that go on.
const INDENT: &str = "#   ";
const FURTHER: &str = "#        ";

/// Sentences by key: `clock`, `clock.timezone`, `replies.turn`.
pub(super) fn descriptions(manual: &str) -> BTreeMap<String, String> {
    let mut reader = Reader::default();
    manual.lines().for_each(|line| reader.line(line));
    reader.found
}

/// What is said of the keys of a file that has all of them commented out: `#   key = value` after the
/// lines that tell of it, and `#   [table.name]` before those of a table.
pub(crate) fn descriptions_of_examples(manual: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let (mut prose, mut table, mut is_after_example) = (Vec::new(), String::new(), false);
    for line in manual.lines() {
        let Some(comment) = line.strip_prefix('#') else {
            (prose, table, is_after_example) = (Vec::new(), String::new(), false);
            continue;
        };
        let comment = comment.trim();
        if !line.starts_with(INDENT) {
            if std::mem::take(&mut is_after_example) {
                prose.clear();
            }
            prose.extend(Some(comment).filter(|comment| !comment.starts_with('─')));
        } else if let Some(header) = comment.strip_prefix('[') {
            let name = header.trim_end_matches(']').split('.').next().unwrap_or_default();
            found.entry(name.to_owned()).or_insert_with(|| prose.join(" "));
            table = format!("{name}.");
        } else if let Some((key, _)) = comment.split_once(" = ") {
            is_after_example = true;
            found.entry(format!("{table}{key}")).or_insert_with(|| prose.join(" "));
        }
    }
    found
}

#[derive(Default)]
struct Reader {
    found: BTreeMap<String, String>,
    /// The table one is in.
    table: String,
    prose: Vec<String>,
    /// Keys told of in the lines read last.
    words: Vec<(String, String)>,
}

impl Reader {
    fn line(&mut self, line: &str) {
        if let Some(comment) = line.strip_prefix('#') {
            self.comment(line, comment.trim());
        } else if let Some(header) = line.strip_prefix('[') {
            self.table = header.trim_matches(['[', ']']).to_owned();
            let table = self.table.clone();
            let about = self.prose.join(" ");
            self.tell(table, about);
        } else if let Some((key, value)) = line.split_once(" = ") {
            let behind = value.rsplit_once("  # ").map(|(_, comment)| comment.trim().to_owned());
            let about = behind.unwrap_or_else(|| self.prose.join(" "));
            let key = if self.table.is_empty() {
                key.to_owned()
            } else {
                format!("{}.{key}", self.table)
            };
            self.tell(key, about);
        } else {
            self.forget();
        }
    }

    fn comment(&mut self, line: &str, comment: &str) {
        if comment.starts_with('─') {
            return;
        }
        if line.starts_with(FURTHER) {
            if let Some((_, about)) = self.words.last_mut() {
                about.push(' ');
                about.push_str(comment);
            }
        } else if line.starts_with(INDENT) {
            let is_word = |word: &str| {
                word.chars()
                    .all(|letter| "_0123456789".contains(letter) || letter.is_ascii_lowercase())
            };
            if let Some((word, about)) = comment.split_once("  ").filter(|(word, _)| is_word(word))
            {
                self.words.push((word.to_owned(), about.trim().to_owned()));
            }
        } else if !comment.is_empty() {
            self.prose.push(comment.to_owned());
        }
    }

    /// The first that is said of a key counts.
    fn tell(&mut self, key: String, about: String) {
        for (word, about) in std::mem::take(&mut self.words) {
            self.found.entry(format!("{key}.{word}")).or_insert(about);
        }
        if !about.is_empty() {
            self.found.entry(key).or_insert(about);
        }
        self.forget();
    }

    fn forget(&mut self) {
        self.prose.clear();
        self.words.clear();
    }
}
