//! Writes what happened into a story, in the place of what was expected.

use super::play::{Played, true_phrases};
use super::seen::Effect;
use super::story::{Step, Story};

/// The story with its lists made anew; what effects must say stays where it is so.
pub(super) fn rewritten(text: &str, story: &Story, played: &[Played]) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for (step, played) in story.steps.iter().zip(played).rev() {
        let list = list(step, &played.seen);
        match step.listed {
            Some((first, last)) => drop(lines.splice(first - 1..last, list)),
            None => {
                let spaced = std::iter::once(String::new()).chain(list);
                drop(lines.splice(step.last_line..step.last_line, spaced));
            }
        }
    }
    lines.join("\n") + "\n"
}

fn list(step: &Step, seen: &[Effect]) -> Vec<String> {
    if seen.is_empty() {
        return vec!["- nothing".to_owned()];
    }
    seen.iter().map(|effect| line(step, effect)).collect()
}

fn line(step: &Step, effect: &Effect) -> String {
    let mut line = format!("- {}", effect.told);
    let expected = step.expected.iter().find(|one| one.effect == effect.told);
    let phrases = expected.map(|expected| true_phrases(expected, effect)).unwrap_or_default();
    let mut last = None;
    for (phrase, is_there) in phrases {
        let word = match (is_there, last == Some(is_there)) {
            (_, true) => "",
            (true, false) => "saying ",
            (false, false) => "not saying ",
        };
        line.push_str(&format!(", {word}\"{phrase}\""));
        last = Some(is_there);
    }
    wrapped(&line)
}

/// At most a hundred signs a line, as far as its commas allow.
fn wrapped(line: &str) -> String {
    const WIDTH: usize = 100;
    let mut lines: Vec<String> = Vec::new();
    for part in line.split_inclusive(", ") {
        match lines.last_mut() {
            Some(last) if last.chars().count() + part.trim_end().chars().count() <= WIDTH => {
                last.push_str(part);
            }
            Some(last) => {
                last.truncate(last.trim_end().len());
                lines.push(format!("  {part}"));
            }
            None => lines.push(part.to_owned()),
        }
    }
    lines.join("\n")
}
