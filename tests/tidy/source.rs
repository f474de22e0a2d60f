//! Rust files as text: what is code in them, what only tests it, and where functions begin and end.

use std::fs;
use std::ops::Range;
use std::path::Path;

use regex::Regex;

/// One Rust file. The three texts have the same length and the same lines.
pub struct Source {
    /// Its path from the top of the repository, with slashes.
    pub path: String,
    /// As it stands on the disk.
    pub text: String,
    /// With blanks for comments and the contents of strings.
    pub code: String,
    /// With blanks for the test modules inside it, too.
    pub production: String,
    /// Its lines without those of test modules inside it.
    pub line_count: usize,
}

/// A function as it is written.
pub struct Function {
    /// Its name.
    pub name: String,
    /// The line of its `fn`.
    pub line: usize,
    /// Lines from its `fn` to its closing brace.
    pub line_count: usize,
    /// Parameters without `self`.
    pub parameter_count: usize,
}

impl Source {
    /// Reads the file at `path`, which is relative to `root`.
    pub fn read(root: &Path, path: &str) -> Self {
        let text = fs::read_to_string(root.join(path)).expect("a source is readable UTF-8");
        Self::new(path, text)
    }

    /// A source that is on no disk.
    pub fn new(path: &str, text: String) -> Self {
        let code = blank_comments_and_strings(&text);
        let tests = test_modules(&code);
        let mut production = code.clone().into_bytes();
        for range in &tests {
            blank(&mut production[range.clone()]);
        }
        let tested: usize = tests.iter().map(|range| code[range.clone()].lines().count()).sum();
        Self {
            path: path.to_owned(),
            line_count: text.lines().count() - tested,
            text,
            code,
            production: String::from_utf8(production).expect("blanks replace whole modules"),
        }
    }

    /// The line, from 1, of a byte in any of the texts.
    pub fn line_of(&self, offset: usize) -> usize {
        self.text.as_bytes()[..offset].iter().filter(|byte| **byte == b'\n').count() + 1
    }

    /// Every function outside test modules.
    pub fn functions(&self) -> Vec<Function> {
        let name = Regex::new(r"\bfn\s+(\w+)\s*").expect("a fixed pattern");
        name.captures_iter(&self.production)
            .map(|found| {
                let whole = found.get(0).expect("group 0 is the match");
                let (parameters, end) = signature_and_end(&self.production, whole.end());
                let line = self.line_of(whole.start());
                Function {
                    name: found[1].to_owned(),
                    line,
                    line_count: self.line_of(end) - line + 1,
                    parameter_count: count_parameters(&self.production[parameters]),
                }
            })
            .collect()
    }
}

/// Where the parameters stand, and where the function ends: at a brace, or at a semicolon.
fn signature_and_end(code: &str, after_name: usize) -> (Range<usize>, usize) {
    let bytes = code.as_bytes();
    let opening =
        if bytes[after_name] == b'<' { closing(code, after_name) + 1 } else { after_name };
    let end = closing(code, opening);
    let mut position = end + 1;
    while position < bytes.len() {
        match bytes[position] {
            b'(' | b'[' => position = closing(code, position),
            b'{' => return (opening + 1..end, closing(code, position)),
            b';' => return (opening + 1..end, position),
            _ => {}
        }
        position += 1;
    }
    (opening + 1..end, bytes.len() - 1)
}

/// Where the bracket that opens at `opening` closes. Comparisons don't occur in signatures, so
/// angles count inside angles and round brackets only.
pub fn closing(code: &str, opening: usize) -> usize {
    let bytes = code.as_bytes();
    let counts_angles = bytes[opening] == b'<';
    let mut depth = 0_usize;
    for (position, byte) in bytes.iter().enumerate().skip(opening) {
        let arrow = position > 0 && bytes[position - 1] == b'-';
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b'<' if counts_angles => depth += 1,
            b')' | b']' | b'}' => depth -= 1,
            b'>' if counts_angles && !arrow => depth -= 1,
            _ => continue,
        }
        if depth == 0 {
            return position;
        }
    }
    bytes.len() - 1
}

fn count_parameters(list: &str) -> usize {
    let receiver =
        Regex::new(r"^(&\s*('\w+\s+)?)?(mut\s+)?self\b").expect("a fixed pattern of a receiver");
    split_outside_brackets(list)
        .into_iter()
        .map(str::trim)
        .filter(|part| !part.is_empty() && !receiver.is_match(part))
        .count()
}

/// Parts between the commas that stand in no bracket.
pub fn split_outside_brackets(list: &str) -> Vec<&str> {
    let bytes = list.as_bytes();
    let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0_usize);
    for (position, byte) in bytes.iter().enumerate() {
        let arrow = position > 0 && bytes[position - 1] == b'-';
        match byte {
            b'(' | b'[' | b'{' | b'<' => depth += 1,
            b')' | b']' | b'}' => depth -= 1,
            b'>' if !arrow => depth -= 1,
            b',' if depth == 0 => {
                parts.push(&list[start..position]);
                start = position + 1;
            }
            _ => {}
        }
    }
    parts.push(&list[start..]);
    parts
}

fn test_modules(code: &str) -> Vec<Range<usize>> {
    let head = Regex::new(r"#\[cfg\(test\)\]\s*(#\[[^\]]*\]\s*)*mod\s+\w+\s*\{");
    head.expect("a fixed pattern")
        .find_iter(code)
        .map(|found| found.start()..closing(code, found.end() - 1) + 1)
        .collect()
}

fn blank(bytes: &mut [u8]) {
    for byte in bytes.iter_mut().filter(|byte| **byte != b'\n') {
        *byte = b' ';
    }
}

fn blank_comments_and_strings(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let mut position = 0;
    while position < text.len() {
        let end = token_end(text.as_bytes(), position);
        match end {
            Some(end) => {
                blank(&mut bytes[position..end]);
                position = end;
            }
            None => position += 1,
        }
    }
    String::from_utf8(bytes).expect("blanks replace whole tokens")
}

/// The end of the comment, string or character that begins here, if one does.
fn token_end(bytes: &[u8], start: usize) -> Option<usize> {
    let rest = &bytes[start..];
    let ends_at = |length: Option<usize>| Some(length.map_or(bytes.len(), |more| start + more));
    match rest {
        [b'/', b'/', ..] => ends_at(rest.iter().position(|byte| *byte == b'\n')),
        [b'/', b'*', ..] => ends_at(find(rest, b"*/").map(|at| at + 2)),
        [b'"', ..] => ends_at(quoted_length(rest, b'"')),
        [b'r', b'"' | b'#', ..] if !is_inside_word(bytes, start) => {
            let hashes = rest[1..].iter().take_while(|byte| **byte == b'#').count();
            if rest.get(1 + hashes) != Some(&b'"') {
                return None;
            }
            let tail = [vec![b'"'], vec![b'#'; hashes]].concat();
            let body = 2 + hashes;
            ends_at(find(&rest[body..], &tail).map(|at| body + at + tail.len()))
        }
        [b'\'', b'\\', ..] => ends_at(quoted_length(rest, b'\'')),
        [b'\'', first, ..] => {
            let width = match first {
                0..=0x7f => 1,
                0x80..=0xdf => 2,
                0xe0..=0xef => 3,
                0xf0..=0xff => 4,
            };
            (rest.get(1 + width) == Some(&b'\'')).then_some(start + width + 2)
        }
        _ => None,
    }
}

/// Whether the byte belongs to a longer name, as the `r` of `for` does; `br` and `cr` are strings.
fn is_inside_word(bytes: &[u8], start: usize) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    match bytes[..start] {
        [.., before, b'b' | b'c'] => is_word(before),
        [.., before] => is_word(before),
        [] => false,
    }
}

fn quoted_length(rest: &[u8], quote: u8) -> Option<usize> {
    let mut position = 1;
    while position < rest.len() {
        match rest[position] {
            b'\\' => position += 1,
            byte if byte == quote => return Some(position + 1),
            _ => {}
        }
        position += 1;
    }
    None
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}
