//! The operator's own texts, read from a folder.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use super::{Guidance, TemplateProblem, base_topic, topic_of, translations};

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
    // English first: what translations follow must be there.
    paths.sort_by_key(|path| name_of(path).matches('.').count());
    paths.iter().filter_map(|path| add_file(guidance, path).err()).collect()
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Translations of a text that was replaced would say something else.
fn drop_translations(guidance: &mut Guidance, topic: &str) {
    let of_topic = guidance.follows.keys().filter(|file| topic_of(file) == topic);
    for file in of_topic.cloned().collect::<Vec<_>>() {
        guidance.drop_translation(&file);
    }
}

fn add_file(guidance: &mut Guidance, path: &Path) -> Result<(), TemplateProblem> {
    let file = name_of(path);
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
    if let Some(topic) = base_topic(&file)
        && guidance.hashes.get(topic).is_some_and(|hash| *hash != translations::hash(&source))
    {
        drop_translations(guidance, topic);
    }
    guidance.add(&file, &source).map_err(|error| TemplateProblem::from_error(&file, &error))?;
    guidance.operators.insert(file);
    Ok(())
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
