//! Puts the table into a page of the documentation.

use std::fs;
use std::path::Path;

const BEGIN: &str = "<!-- score table: begin -->";
const END: &str = "<!-- score table: end -->";

/// Replaces what stands between the two comments of a page; the error says what is wrong.
pub fn put(path: &Path, table: &str) -> Result<(), String> {
    let page = fs::read_to_string(path).map_err(|error| error.to_string())?;
    let lacks = || format!("the page lacks `{BEGIN}` or, below it, `{END}`");
    let (above, rest) = page.split_once(BEGIN).ok_or_else(lacks)?;
    let (_, below) = rest.split_once(END).ok_or_else(lacks)?;
    let page = format!("{above}{BEGIN}\n```text\n{}\n```\n{END}{below}", table.trim_end());
    fs::write(path, page).map_err(|error| error.to_string())
}
