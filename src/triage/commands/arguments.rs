//! What stands after a command's name, as typed values; or a clear word on what should stand there.

use super::{Call, Refusal};
use crate::reading::Known;
use crate::triage::ids::{IssueNumber, UserId};

/// What GitHub lets a label's name have.
const LABEL_CHARACTERS_MAX: usize = 50;

/// More labels than anybody means.
const LABELS_MAX: usize = 20;

/// What GitHub lets a login have.
const LOGIN_CHARACTERS_MAX: usize = 39;

/// `yes` or `no`, in the words people use.
pub(super) fn yes_or_no(call: &Call) -> Result<Known, Refusal> {
    match call.arguments().to_lowercase().trim_end_matches(['.', '!']) {
        "yes" | "y" | "true" => Ok(Known::Yes),
        "no" | "n" | "false" | "none" => Ok(Known::No),
        _ => Err(Refusal::new("Say yes or no after the command.", format!("/{} yes", call.name()))),
    }
}

/// The number of an issue of this repository: `#12`, `12` or its address. `own_url` is the address
/// of the issue the command stands in.
///
/// # Errors
/// What is wrong with it, as a sentence.
pub fn issue_number(typed: &str, own_url: &str) -> Result<IssueNumber, &'static str> {
    let typed = typed.trim();
    let number = if typed.starts_with("https://") {
        let folder = own_url.rsplit_once('/').map_or("", |(folder, _)| folder);
        let rest = typed.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/'));
        rest.ok_or("That is no request of this repository.")?
    } else {
        typed.strip_prefix('#').unwrap_or(typed)
    };
    let digits = number.split(['#', '?']).next().unwrap_or_default();
    let parsed = digits.parse().ok().filter(|number| *number > 0);
    parsed.map(IssueNumber).ok_or("Name the other request by its number.")
}

/// A login, with or without its `@`; the speaker's own where none is named.
pub(super) fn login_or_own(call: &Call) -> Result<String, Refusal> {
    let typed = call.arguments();
    // The operator of the machine has no login to look after anything with.
    if typed.is_empty() && call.speaker.person.id != UserId(0) {
        return Ok(call.speaker.person.login.0.clone());
    }
    let login = typed.strip_prefix('@').unwrap_or(typed);
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    if (1..=LOGIN_CHARACTERS_MAX).contains(&login.len()) && login.bytes().all(is_allowed) {
        return Ok(login.to_owned());
    }
    Err(Refusal::new("Name one person.", format!("/{} @login", call.name())))
}

/// Names of labels between commas or spaces; quotes hold those with spaces.
pub(super) fn labels(call: &Call) -> Result<Vec<String>, Refusal> {
    let refuse = |why: &str| Err(Refusal::new(why, format!("/{} \"needs review\"", call.name())));
    let Some(names) = split_names(call.arguments()) else {
        return refuse("A quote is opened and not closed.");
    };
    if names.is_empty() {
        return refuse("Name the labels, those with spaces in quotes.");
    }
    if names.len() > LABELS_MAX {
        return refuse("These are more labels than I take at once: at most 20.");
    }
    let is_long = |name: &String| name.chars().count() > LABEL_CHARACTERS_MAX;
    if names.iter().any(is_long) {
        return refuse("A label has at most 50 characters.");
    }
    Ok(names)
}

/// Splits at commas and spaces outside of quotes; none where a quote is not closed.
fn split_names(text: &str) -> Option<Vec<String>> {
    let mut names = Vec::new();
    let mut name = String::new();
    let mut quote = None;
    for character in text.chars() {
        match quote {
            Some(open) if is_closing(character, open) => quote = None,
            Some(_) => name.push(character),
            None if matches!(character, '"' | '\u{201c}' | '\u{201e}') => quote = Some(character),
            None if character == '\'' && name.is_empty() => quote = Some(character),
            None if character == ',' || character.is_whitespace() => {
                names.push(std::mem::take(&mut name));
            }
            None => name.push(character),
        }
    }
    names.push(name);
    let names: Vec<String> =
        names.iter().map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect();
    quote.is_none().then_some(names)
}

/// Phones and word processors set curly quotes.
fn is_closing(character: char, open: char) -> bool {
    match open {
        '"' | '\'' => character == open,
        _ => matches!(character, '\u{201c}' | '\u{201d}' | '"'),
    }
}

/// The nearest of some words, if it is near enough to have been meant.
pub(super) fn nearest<'a>(
    typed: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let typed: String = typed.chars().take(60).collect();
    let distance = |word: &str| strsim::damerau_levenshtein(&typed.to_lowercase(), word);
    let best = known.into_iter().map(|word| (distance(word), word)).min()?;
    (best.0 <= 2 || best.0 * 3 <= best.1.chars().count()).then_some(best.1)
}
