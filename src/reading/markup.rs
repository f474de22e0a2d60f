//! How long a link, picture, tag or struck-out text is; every look ahead is bounded.

/// Bytes of a link's text, a tag or struck-out words; what is longer is no markup.
const MARKUP_BYTES_MAX: usize = 400;

/// The length of a bare link.
pub fn link_length(text: &str) -> Option<usize> {
    let is_link = ["http://", "https://", "www."].iter().any(|start| text.starts_with(start));
    let end = |byte: &u8| byte.is_ascii_whitespace() || b"<>()\"'`".contains(byte);
    is_link.then(|| text.bytes().position(|byte| end(&byte)).unwrap_or(text.len()))
}

/// The place of a byte near the beginning, before a line end or one of the others.
fn near(text: &str, wanted: u8, others: &[u8]) -> Option<usize> {
    let found = text
        .bytes()
        .take(MARKUP_BYTES_MAX)
        .position(|byte| byte == wanted || byte == b'\n' || others.contains(&byte))?;
    (text.as_bytes()[found] == wanted).then_some(found)
}

/// The length of `![text](target)`.
pub fn picture_length(text: &str) -> Option<usize> {
    let inside = text.strip_prefix("![")?;
    let text_end = near(inside, b']', b"[")?;
    let target = inside[text_end..].strip_prefix("](")?;
    let target_end = near(target, b')', b"(")?;
    Some("![".len() + text_end + "](".len() + target_end + 1)
}

/// The text of `[text](target)` and the length of the whole.
pub fn link_text(text: &str) -> Option<(&str, usize)> {
    let inside = &text[1..];
    let text_end = near(inside, b']', b"[")?;
    let target = inside[text_end..].strip_prefix("](")?;
    let target_end = near(target, b')', b"(")?;
    Some((&inside[..text_end], 1 + text_end + "](".len() + target_end + 1))
}

/// The length of `<name …>` or `</name>`.
pub fn tag_length(text: &str) -> Option<usize> {
    let name = text[1..].trim_start_matches('/');
    let is_name = name.starts_with(|first: char| first.is_ascii_alphabetic());
    let inside = &text[1..];
    is_name.then(|| near(inside, b'>', b"<")).flatten().map(|end| end + 2)
}

/// The length of `~~text~~`.
pub fn struck_length(text: &str) -> Option<usize> {
    let inside = text.strip_prefix("~~")?;
    let end = near(inside, b'~', b"").filter(|&end| end > 0)?;
    inside[end..].starts_with("~~").then_some(end + 4)
}
