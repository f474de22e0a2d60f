//! The tables' own format, so that adding a word needs no Rust.
//!
//! ```text
//! # What is spoken of.        a comment
//! [factor]                    the meaning of what follows
//! en: 2fa, security key|keys  a language, and phrases with commas between;
//!   backup app                a line that begins with a blank goes on with the one above
//! ```

/// What a table's sections stand for.
pub trait Meaning: Copy {
    /// The value a section name stands for.
    fn of_section(section: &str) -> Option<Self>;
}

/// One phrase of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'a, M> {
    /// The section it stands in.
    pub meaning: M,
    /// ISO 639-1 code of its language.
    pub language: &'a str,
    /// The phrase as it is written.
    pub phrase: &'a str,
}

/// Goes through the phrases of a table in order; the error names the line.
pub fn read_entries<'a, M: Meaning>(
    table: &'a str,
    mut take: impl FnMut(Entry<'a, M>),
) -> Result<(), String> {
    let mut meaning = None;
    let mut language = "";
    for (number, line) in table.lines().enumerate() {
        let wrong = |what: &str| format!("line {}: {what}: {line}", number + 1);
        if line.starts_with('#') || line.trim_ascii().is_empty() {
            continue;
        }
        if let Some(section) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            meaning = Some(M::of_section(section).ok_or_else(|| wrong("no such section"))?);
            continue;
        }
        let mut phrases = line;
        if !line.starts_with(' ') {
            (language, phrases) =
                line.split_once(':').ok_or_else(|| wrong("no language before the phrases"))?;
        }
        if language.len() != 2 {
            return Err(wrong("a language is two letters"));
        }
        let meaning = meaning.ok_or_else(|| wrong("a phrase before any section"))?;
        let phrases =
            pieces(phrases, b',').map(str::trim_ascii).filter(|phrase| !phrase.is_empty());
        phrases.for_each(|phrase| take(Entry { meaning, language, phrase }));
    }
    Ok(())
}

/// The pieces of a short text between signs of ASCII; for such the quickest way.
pub fn pieces(text: &str, sign: u8) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest.take()?;
        let Some(end) = text.bytes().position(|byte| byte == sign) else { return Some(text) };
        rest = Some(&text[end + 1..]);
        Some(&text[..end])
    })
}
