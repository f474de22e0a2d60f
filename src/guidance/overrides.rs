//! The operator's own texts, read from a folder.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use super::{Guidance, TemplateProblem, topic_of};

/// Adds every text of `folder`; what cannot be used comes back as a problem.
pub(super) fn add(guidance: &mut Guidance, folder: &Path) -> Vec<TemplateProblem> {
    let shown = folder.display().to_string();
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        // No folder, no texts of one's own.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Vec::new(),
        Err(error) => {
            let cure = "make the folder readable for this program";
            return vec![TemplateProblem::of_file(
                &shown,
                format!("cannot be read: {error}"),
                cure,
            )];
        }
    };
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths.retain(|path| path.extension() == Some(OsStr::new("md")));
    let mut problems: Vec<_> =
        paths.iter().filter_map(|path| add_file(guidance, path).err()).collect();
    if problems.is_empty() {
        problems = lonely_translations(guidance);
    }
    problems
}

/// Translations of a text that readers of other languages would miss.
fn lonely_translations(guidance: &Guidance) -> Vec<TemplateProblem> {
    let files = guidance.environment.templates().map(|(file, _)| file);
    let mut lonely: Vec<_> = files.filter(|file| !guidance.has(topic_of(file))).collect();
    lonely.sort_unstable();
    let tell = |file: &str| {
        let what = format!("translates {}.md, which does not exist", topic_of(file));
        TemplateProblem::of_file(file, what, "add that text for everybody else")
    };
    lonely.into_iter().map(tell).collect()
}

fn add_file(guidance: &mut Guidance, path: &Path) -> Result<(), TemplateProblem> {
    let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    if !is_template_name(&file) {
        let what = "is not the name of a text";
        let cure = "name it <topic>.md or <topic>.<language>.md in small letters, digits and `-`, \
                    for example card.md or card.pt.md";
        return Err(TemplateProblem::of_file(&file, what, cure));
    }
    let source = fs::read_to_string(path).map_err(|error| {
        let cure = "make it a readable file of UTF-8 text";
        TemplateProblem::of_file(&file, format!("cannot be read: {error}"), cure)
    })?;
    guidance.add(&file, source).map_err(|error| TemplateProblem::from_error(&file, &error))
}

/// `lost-2fa.md` or `lost-2fa.pt.md`.
fn is_template_name(file: &str) -> bool {
    let Some(stem) = file.strip_suffix(".md") else {
        return false;
    };
    let (topic, language) = match stem.split_once('.') {
        Some((topic, language)) => (topic, Some(language)),
        None => (stem, None),
    };
    let is_small = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let is_language = |code: &str| {
        matches!(code.len(), 2 | 3) && code.bytes().all(|byte| byte.is_ascii_lowercase())
    };
    !topic.is_empty() && topic.bytes().all(is_small) && language.is_none_or(is_language)
}
