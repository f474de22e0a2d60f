//! Lines of Markdown, and sentences made comparable.

use memchr::memchr_iter;

/// The lines of a text, each with the place where it begins; after a last line end comes an empty one.
pub fn lines_of(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    let ends = memchr_iter(b'\n', text.as_bytes()).chain([text.len()]);
    ends.map(move |end| {
        let line = (start, &text[start..end]);
        start = end + 1;
        line
    })
}

/// Follows fenced code through the lines of a text.
#[derive(Default)]
pub struct Fences {
    open: Option<(char, usize)>,
}

impl Fences {
    /// Whether this line is part of fenced code, its fences included.
    pub fn covers(&mut self, line: &str) -> bool {
        let trimmed = line.trim_start();
        let mark = trimmed.chars().next().unwrap_or(' ');
        let length = match mark {
            '`' | '~' => trimmed.chars().take_while(|&character| character == mark).count(),
            _ => 0,
        };
        match self.open {
            Some((open_mark, open_length)) => {
                let closes = mark == open_mark
                    && length >= open_length
                    && trimmed[length..].trim().is_empty();
                if closes {
                    self.open = None;
                }
                true
            }
            None if length >= 3 && !(mark == '`' && trimmed[length..].contains('`')) => {
                self.open = Some((mark, length));
                true
            }
            None => false,
        }
    }
}

/// A line of nothing but `---`, `***` or `___`.
pub fn is_rule(line: &str) -> bool {
    let mut marks = line.chars().filter(|character| !character.is_whitespace());
    let Some(first) = marks.next() else {
        return false;
    };
    matches!(first, '-' | '*' | '_' | '=')
        && marks.by_ref().take(200).all(|mark| mark == first)
        && line.trim().len() >= 3
}
