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

/// The phrases of a table in order; the error names the line.
pub fn entries<M: Meaning>(table: &str) -> Result<Vec<Entry<'_, M>>, String> {
    let mut entries = Vec::new();
    let mut meaning = None;
    let mut language = "";
    for (number, line) in table.lines().enumerate() {
        let wrong = |what: &str| format!("line {}: {what}: {line}", number + 1);
        if line.trim().is_empty() || line.starts_with('#') {
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
        let phrases = phrases.split(',').map(str::trim).filter(|phrase| !phrase.is_empty());
        entries.extend(phrases.map(|phrase| Entry { meaning, language, phrase }));
    }
    Ok(entries)
}
