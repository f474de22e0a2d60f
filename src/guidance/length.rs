//! Keeps a comment tidy, and shorter than what GitHub takes.

/// GitHub takes 65,536 characters; the rest is room for the hidden marker and what it may become.
pub(super) const CHARACTERS_MAX: usize = 60_000;

const CUT: &str = "*This text was too long for one comment and ends here.*";

/// No blanks at line ends, never two empty lines together, none at the start or end.
pub(super) fn tidy(markdown: &str) -> String {
    let mut tidied = String::with_capacity(markdown.len());
    let mut is_after_gap = true;
    for line in markdown.lines().map(str::trim_end) {
        if line.is_empty() && is_after_gap {
            continue;
        }
        is_after_gap = line.is_empty();
        tidied.push_str(line);
        tidied.push('\n');
    }
    tidied.truncate(tidied.trim_end().len());
    tidied
}

/// Cuts a text that is too long at the end of a paragraph, or at a word, and says so.
pub(super) fn fit(markdown: &str, characters_max: usize) -> String {
    let room = characters_max - CUT.chars().count() - "\n\n".len();
    let Some((limit, _)) = markdown.char_indices().nth(characters_max) else {
        return markdown.to_owned();
    };
    let end = markdown.char_indices().nth(room).map_or(limit, |(end, _)| end);
    let head = &markdown[..end];
    // What ends in the first half is a paragraph, or a word, that is worth more in part than not at all.
    let is_late = |at: &usize| *at > end / 2;
    let at_paragraph = head.rfind("\n\n").filter(is_late);
    let cut_at = at_paragraph.or_else(|| head.rfind(' ').filter(is_late)).unwrap_or(end);
    let kept = &head[..cut_at];
    // Half an escape would swallow the line break after it.
    let backslashes = kept.len() - kept.trim_end_matches('\\').len();
    let whole = &kept[..kept.len() - backslashes % 2];
    format!("{}\n\n{CUT}", whole.trim_end())
}
