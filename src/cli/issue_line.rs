//! Title and body out of one line of JSON.
//!
//! A line as programs write it needs no more than its escapes undone. Whatever else stands in it,
//! other keys, `\u`, a mistake, is left to serde, which also says what is wrong.

use memchr::memchr2;
use serde::Deserialize;

/// The texts of one line. The next line takes their room over.
#[derive(Default)]
pub struct IssueLine {
    /// The title, empty where there is none.
    pub title: String,
    /// The body, likewise.
    pub body: String,
}

#[derive(Deserialize)]
struct AnyLine {
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    body: Option<String>,
}

impl IssueLine {
    /// Takes in a line of JSON.
    pub fn read(&mut self, line: &[u8]) -> serde_json::Result<()> {
        if self.read_texts(line).is_none() {
            let line: AnyLine = serde_json::from_slice(line)?;
            self.title = line.title.unwrap_or_default();
            self.body = line.body.unwrap_or_default();
        }
        Ok(())
    }

    /// Takes in an object of a title and a body, each of them a text that is there once.
    fn read_texts(&mut self, line: &[u8]) -> Option<()> {
        let line = std::str::from_utf8(line).ok()?.trim_matches(BLANKS);
        // No way out of the loop, so that it is many bytes at once.
        if line.bytes().fold(false, |any, byte| any | byte.is_ascii_control()) {
            return None;
        }
        self.title.clear();
        self.body.clear();
        let rest = behind(line, "{")?;
        let rest = text_into(&mut self.title, behind(behind(rest, "\"title\"")?, ":")?)?;
        let rest = behind(behind(rest, ",")?, "\"body\"")?;
        let rest = text_into(&mut self.body, behind(rest, ":")?)?;
        (rest.trim_start_matches(' ') == "}").then_some(())
    }
}

/// What JSON allows between its signs.
const BLANKS: [char; 4] = [' ', '\t', '\r', '\n'];

/// What follows a sign and the blanks before it.
fn behind<'l>(line: &'l str, sign: &str) -> Option<&'l str> {
    line.trim_start_matches(' ').strip_prefix(sign)
}

/// Adds the text that comes next without its escapes; gives what follows it.
fn text_into<'l>(text: &mut String, line: &'l str) -> Option<&'l str> {
    let mut rest = behind(line, "\"")?;
    text.reserve(rest.len());
    loop {
        // Line ends come in pairs, and a search is more than a look.
        let end = match rest.as_bytes().first()? {
            b'"' | b'\\' => 0,
            _ => memchr2(b'"', b'\\', rest.as_bytes())?,
        };
        text.push_str(&rest[..end]);
        if rest.as_bytes()[end] == b'"' {
            return Some(&rest[end + 1..]);
        }
        text.push(match rest.as_bytes().get(end + 1)? {
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            _ => return None,
        });
        rest = &rest[end + 2..];
    }
}

#[cfg(test)]
mod tests {
    use super::IssueLine;

    #[test]
    fn a_line_means_what_serde_says() {
        for line in [
            r#"{"title":"a","body":"b"}"#,
            r#"{ "title" : "a\n\n\"\\\/\t\r" , "body" : "é密" } "#,
            r#"{"body":"b","title":"a"}"#,
            r#"{"title":null,"body":"b\u00e9"}"#,
            r#"{"body":"b"}"#,
            r#"{"title":"a","body":"b","number":7}"#,
            r#"{"title":"a","title":"b","body":"c"}"#,
            "{\"title\":\"a\",\"body\":\"b\tc\"}",
            r#"{"title":"a","body":"b""#,
            r#"{"title":"a","body":"b"}}"#,
            r#"{"title":"a","body":"\x"}"#,
        ] {
            let mut read = IssueLine { title: "before".to_owned(), body: "before".to_owned() };
            let is_read = read.read(line.as_bytes()).is_ok();
            let serde: Option<super::AnyLine> = serde_json::from_str(line).ok();
            assert_eq!(is_read, serde.is_some(), "{line}");
            if let Some(serde) = serde {
                assert_eq!(read.title, serde.title.unwrap_or_default(), "{line}");
                assert_eq!(read.body, serde.body.unwrap_or_default(), "{line}");
            }
        }
    }
}
