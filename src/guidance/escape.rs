//! Makes strings that people wrote harmless in Markdown, and the few deliberate exceptions.
//!
//! GitHub turns Markdown into HTML first and looks for `@name`, `#123`, commits and addresses
//! afterwards, so a backslash alone does not stop those: an invisible space (U+200B) breaks them up.

use std::fmt::Write as _;

use minijinja::value::Value;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State};

/// Invisible, and no part of any name, number or address.
const BREAK: char = '\u{200b}';

/// Longest login GitHub gives.
const LOGIN_CHARACTERS_MAX: usize = 39;

/// Makes every `{{ … }}` escape itself, and adds the filters that make exceptions.
pub(super) fn install(environment: &mut Environment<'_>) {
    environment.set_auto_escape_callback(|_| AutoEscape::Custom("markdown".into()));
    environment.set_formatter(format_value);
    environment.add_filter("mention", |login: &str| marked(mention(login)));
    environment.add_filter("policy_mention", |name: &str| marked(policy_mention(name)));
    environment.add_filter("web_address", |url: &str| marked(web_address(url)));
    environment.add_filter("issue_number", |number: String| marked(issue_number(&number)));
    environment.add_filter("code", |text: &str| marked(code(text)));
    environment.add_filter("with_links", |text: &str| marked(with_links(text)));
}

fn marked(markdown: String) -> Value {
    Value::from_safe_string(markdown)
}

fn format_value(output: &mut Output, _: &mut State, value: &Value) -> Result<(), Error> {
    let written = match value.as_str() {
        Some(text) if value.is_safe() => output.write_str(text),
        Some(text) => output.write_str(&escape(text)),
        None => output.write_str(&escape(&value.to_string())),
    };
    written.map_err(|_| Error::new(ErrorKind::WriteFailure, "could not write the text"))
}

/// One line of plain text that Markdown shows as it was written.
pub(super) fn escape(text: &str) -> String {
    let line = fold(text);
    let mut escaped = String::with_capacity(line.len() + line.len() / 8);
    let mut rest = line.as_str();
    escape_line_start(&mut escaped, &mut rest);
    let mut characters = rest.char_indices().peekable();
    let mut is_inside_word = false;
    while let Some((at, character)) = characters.next() {
        let begins_word = !is_inside_word;
        is_inside_word = character.is_ascii_alphanumeric();
        match character {
            _ if begins_word && is_commit(&rest[at..]) => {
                escaped.push(character);
                escaped.push(BREAK);
            }
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '{' | '}' | '|' | '~' | '$' | '!' | '^' => {
                escaped.push('\\');
                escaped.push(character);
            }
            '@' => {
                escaped.push('@');
                escaped.push(BREAK);
            }
            '#' => {
                escaped.push_str("\\#");
                escaped.push(BREAK);
            }
            ':' if characters.peek().is_some_and(|(_, next)| *next == '/') => {
                escaped.push(':');
                escaped.push(BREAK);
            }
            '.' if ends_with_word(&escaped, "www") => {
                escaped.push(BREAK);
                escaped.push('.');
            }
            '-' if ends_with_word(&escaped, "gh") => {
                escaped.push(BREAK);
                escaped.push('-');
            }
            plain => escaped.push(plain),
        }
    }
    escaped
}

/// What makes a list, a heading or a rule only where a line begins: `-`, `+`, `=`, `1.`, `1)`.
fn escape_line_start(escaped: &mut String, rest: &mut &str) {
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (number, tail) = rest.split_at(digits);
    let is_marker =
        if digits == 0 { tail.starts_with(['-', '+', '=']) } else { tail.starts_with(['.', ')']) };
    if is_marker {
        escaped.push_str(number);
        escaped.push('\\');
        escaped.push_str(&tail[..1]);
        *rest = &tail[1..];
    }
}

/// Whether the text begins with what GitHub takes for a commit: 7 to 40 hexadecimal digits.
fn is_commit(text: &str) -> bool {
    let length = text.bytes().take_while(u8::is_ascii_alphanumeric).count();
    (7..=40).contains(&length) && text.bytes().take(length).all(|byte| byte.is_ascii_hexdigit())
}

fn ends_with_word(text: &str, word: &str) -> bool {
    let start = text.len().checked_sub(word.len());
    start.and_then(|start| text.get(start..)).is_some_and(|end| end.eq_ignore_ascii_case(word))
}

/// One line: runs of white space and control characters become one space, and the characters that
/// turn the direction of what follows are dropped.
fn fold(text: &str) -> String {
    let is_turning =
        |character| matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let kept = text.chars().filter(|character| !is_turning(*character));
    let spaced: String =
        kept.map(|character| if character.is_control() { ' ' } else { character }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `@login` if this is a login, else the text as plain text.
pub(super) fn mention(login: &str) -> String {
    let name = login.strip_suffix("[bot]").unwrap_or(login);
    if !is_login(name) {
        return escape(login);
    }
    if name.len() < login.len() { format!("@{name}\\[bot\\]") } else { format!("@{name}") }
}

/// `@login` or `@org/team` as a policy names people, else the text as plain text.
pub(super) fn policy_mention(name: &str) -> String {
    let bare = name.strip_prefix('@').unwrap_or(name);
    match bare.split_once('/') {
        Some((owner, team)) if is_login(owner) && is_team(team) => format!("@{owner}/{team}"),
        Some(_) => escape(name),
        None if is_login(bare) => format!("@{bare}"),
        None => escape(name),
    }
}

fn is_login(name: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    (1..=LOGIN_CHARACTERS_MAX).contains(&name.len()) && name.bytes().all(is_allowed)
}

/// A team's short name may be longer than a login.
fn is_team(name: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    (1..=100).contains(&name.len()) && name.bytes().all(is_allowed)
}

/// `#12` for the number of an issue, with or without its `#`; else plain text.
pub(super) fn issue_number(number: &str) -> String {
    let digits = number.strip_prefix('#').unwrap_or(number);
    let is_number = (1..=10).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    if is_number { format!("#{digits}") } else { escape(number) }
}

/// An address that may stand between the round brackets of a link, or bare; else plain text.
pub(super) fn web_address(url: &str) -> String {
    if is_web_address(url) { url.to_owned() } else { escape(url) }
}

/// Whether it is one, and holds nothing that means more to Markdown.
pub(super) fn is_web_address(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty()) && url.bytes().all(is_address_byte)
}

fn is_address_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~:/?#=&%+,".contains(&byte)
}

/// A code span that shows exactly this text, on one line; nothing for nothing.
pub(super) fn code(text: &str) -> String {
    // Code is not hidden, yet whoever looks for our hidden marks sees only the letters.
    let line = fold(text).replace("<!--", "<\u{200b}!--");
    if line.is_empty() {
        return String::new();
    }
    let longest = line.split(|character| character != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if line.starts_with('`') || line.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{line}{pad}{fence}")
}

/// Plain text in which `https://` addresses stay links: for what staff write, never for others.
pub(super) fn with_links(text: &str) -> String {
    let mut marked = String::new();
    for word in fold(text).split(' ') {
        if !marked.is_empty() {
            marked.push(' ');
        }
        let address = word.trim_end_matches(['.', ',', ':', '?', '!', ')']);
        let is_link = address.len() > "https://".len()
            && address.starts_with("https://")
            && address.bytes().all(is_address_byte);
        if is_link {
            // Writing to a string cannot fail.
            let _ = write!(marked, "<{address}>{}", escape(&word[address.len()..]));
        } else {
            marked.push_str(&escape(word));
        }
    }
    marked
}
