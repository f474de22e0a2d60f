//! A page of Markdown as a story needs it: lines with their numbers, taken as headings, quotes,
//! fenced blocks and lists.

/// What a page consists of, each with the number of its first line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Block {
    /// `# …`, with the count of its signs.
    Heading(usize, String),
    /// `> …`, without the signs.
    Quote(String),
    /// A fenced block: what stands behind the fence, and what is in it.
    Fenced(String, String),
    /// `- …`, one item.
    Item(String),
    /// Anything else.
    Prose(String),
}

/// A block and where it stands; lines are counted from one, `last` is its last line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Placed {
    pub(super) line: usize,
    pub(super) last: usize,
    pub(super) block: Block,
}

/// Takes a page apart.
///
/// # Errors
/// Where a fence is not closed.
pub(super) fn blocks(text: &str) -> Result<Vec<Placed>, String> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let line = lines[at];
        if line.trim().is_empty() {
            at += 1;
            continue;
        }
        let (block, count) = match fence_of(line) {
            Some(fence) => fenced(&lines[at..], fence)
                .ok_or_else(|| format!("{}: this fence is never closed", at + 1))?,
            None => unfenced(&lines[at..]),
        };
        found.push(Placed { line: at + 1, last: at + count, block });
        at += count;
    }
    Ok(found)
}

fn fence_of(line: &str) -> Option<&str> {
    let count = line.chars().take_while(|&sign| sign == '`').count();
    (count >= 3).then(|| &line[..count])
}

fn fenced(lines: &[&str], fence: &str) -> Option<(Block, usize)> {
    let about = lines[0][fence.len()..].trim().to_owned();
    let length = lines[1..].iter().position(|line| line.trim_end() == fence)?;
    let mut inside = lines[1..=length].join("\n");
    if length > 0 {
        inside.push('\n');
    }
    Some((Block::Fenced(about, inside), length + 2))
}

fn unfenced(lines: &[&str]) -> (Block, usize) {
    let first = lines[0];
    if first.starts_with('>') {
        let count = count_of(lines, |line| line.starts_with('>'));
        let quoted = lines[..count].iter().map(|line| {
            let line = &line[1..];
            line.strip_prefix(' ').unwrap_or(line)
        });
        return (Block::Quote(quoted.collect::<Vec<_>>().join("\n")), count);
    }
    if let Some(item) = first.strip_prefix("- ") {
        let count = 1 + count_of(&lines[1..], |line| line.starts_with("  "));
        let rest = lines[1..count].iter().map(|line| format!(" {}", line.trim()));
        return (Block::Item(item.trim().to_owned() + &rest.collect::<String>()), count);
    }
    let level = first.chars().take_while(|&sign| sign == '#').count();
    if level > 0 && first[level..].starts_with(' ') {
        return (Block::Heading(level, first[level..].trim().to_owned()), 1);
    }
    let is_prose = |line: &str| {
        !line.trim().is_empty()
            && !line.starts_with(['>', '#'])
            && !line.starts_with("- ")
            && fence_of(line).is_none()
    };
    let count = count_of(lines, is_prose).max(1);
    (Block::Prose(lines[..count].join(" ")), count)
}

fn count_of(lines: &[&str], is_part: impl Fn(&str) -> bool) -> usize {
    lines.iter().take_while(|line| is_part(line)).count()
}

#[test]
fn a_page_is_taken_apart() {
    let text = "# T\nwhy\nso\n\n````x\n```\n- a\n````\n> q\n> > r\n>\n- one\n  more\n- two\n";
    let kinds: Vec<(usize, usize, Block)> = blocks(text)
        .expect("a page")
        .into_iter()
        .map(|one| (one.line, one.last, one.block))
        .collect();
    let expected = [
        (1, 1, Block::Heading(1, "T".to_owned())),
        (2, 3, Block::Prose("why so".to_owned())),
        (5, 8, Block::Fenced("x".to_owned(), "```\n- a\n".to_owned())),
        (9, 11, Block::Quote("q\n> r\n".to_owned())),
        (12, 13, Block::Item("one more".to_owned())),
        (14, 14, Block::Item("two".to_owned())),
    ];
    assert_eq!(kinds, expected);
    assert_eq!(blocks("a\n\n```\nb\n"), Err("3: this fence is never closed".to_owned()));
}
