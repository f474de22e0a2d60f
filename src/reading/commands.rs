//! Finds the slash-commands of a comment: the lines that a person typed as commands, and no others.
//!
//! Only lines of top-level paragraphs count, so nothing quoted, fenced, listed, linked, hidden in
//! HTML or left over from an e-mail reply can act.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::CommandLine;
use super::mail::start_of_reply;
use super::span::with_plain_line_ends;

/// Letters of the longest name that is taken for a command.
const NAME_LETTERS_MAX: usize = 30;

/// Commands read from one comment; more than a person would ever type.
const COMMANDS_MAX: usize = 200;

/// Every command of a comment in order, with its line counted from 1.
pub fn find_commands(body: &str) -> Vec<CommandLine> {
    if !body.contains('/') {
        return Vec::new();
    }
    let body = with_plain_line_ends(body);
    let end = start_of_reply(&body).unwrap_or(body.len());
    let mut lines = LineCounter::new(&body);
    line_starts(&body)
        .into_iter()
        .take_while(|&start| start < end)
        .filter_map(|start| {
            let (name, arguments) = command_at(&body[start..])?;
            Some(CommandLine { name, arguments, line: lines.line_of(start) })
        })
        .take(COMMANDS_MAX)
        .collect()
}

/// Where the lines of top-level paragraphs begin with plain text.
fn line_starts(body: &str) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut depth = 0_usize;
    let mut is_at_line_start = false;
    for (event, range) in
        Parser::new_ext(body, Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES).into_offset_iter()
    {
        match event {
            Event::Start(Tag::Paragraph) if depth == 0 => {
                depth = 1;
                is_at_line_start = true;
            }
            Event::Start(_) => {
                depth += 1;
                is_at_line_start = false;
            }
            Event::End(TagEnd::Paragraph) if depth == 1 => depth = 0,
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::SoftBreak | Event::HardBreak if depth == 1 => is_at_line_start = true,
            Event::Text(_) => {
                if is_at_line_start && depth == 1 {
                    starts.push(range.start);
                }
                is_at_line_start = false;
            }
            _ => is_at_line_start = false,
        }
    }
    starts
}

fn command_at(text: &str) -> Option<(String, String)> {
    let line = text.lines().next()?;
    let typed = line.strip_prefix('/')?;
    let name_end = typed.find(char::is_whitespace).unwrap_or(typed.len());
    let (name, arguments) = typed.split_at(name_end);
    let is_name = name.len() <= NAME_LETTERS_MAX
        && name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.chars().all(|character| character.is_ascii_alphabetic() || character == '-');
    is_name.then(|| (name.to_ascii_lowercase(), arguments.trim().to_owned()))
}

/// Counts line numbers forwards, so that many commands cost one pass.
struct LineCounter<'a> {
    text: &'a str,
    counted_to: usize,
    line: usize,
}

impl<'a> LineCounter<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, counted_to: 0, line: 1 }
    }

    fn line_of(&mut self, place: usize) -> usize {
        self.line += self.text[self.counted_to..place].matches('\n').count();
        self.counted_to = place;
        self.line
    }
}
