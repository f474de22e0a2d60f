//! The texts built into the binary: every file of `templates/comments/`, whatever its name.
//!
//! Cargo does not notice a file that is new in a folder; touch this file, and it does.

use include_dir::{Dir, include_dir};

use super::base_topic;

static FOLDER: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates/comments");

/// File name and source of every built-in text, in order.
pub(super) fn texts() -> impl Iterator<Item = (&'static str, &'static str)> {
    let files = FOLDER.files().filter_map(|file| Some((file.path().to_str()?, file)));
    files
        .filter(|(name, _)| name.ends_with(".md"))
        .filter_map(|(name, file)| Some((name, file.contents_utf8()?)))
}

/// The source of one built-in text.
pub(super) fn source_of(file: &str) -> Option<&'static str> {
    FOLDER.get_file(file).and_then(|file| file.contents_utf8())
}

/// The list that ties sentences to their grounds.
pub(super) fn sources() -> &'static str {
    let file = FOLDER.get_file("sources.toml").and_then(|file| file.contents_utf8());
    file.expect("a test reads the list that is built in")
}

/// Whether this text is one of ours.
pub(super) fn has_topic(topic: &str) -> bool {
    texts().any(|(file, _)| base_topic(file) == Some(topic))
}
