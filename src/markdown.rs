//! Markdown to safe HTML, near enough to how GitHub shows a comment.
//!
//! Raw HTML appears as text but for a few bare tags; HTML comments are hidden; only links to
//! http, https and mail work; every line break counts.

use std::sync::LazyLock;

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, TextMergeStream, html};
use regex::{Captures, Regex};

/// Tags without attributes that GitHub lets through and the bot may use.
static HARMLESS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"&lt;(/?(?:details|summary|sub|sup|kbd|br))&gt;").expect("a fixed pattern")
});

static COMMENT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?s)<!--.*?(?:-->|$)").expect("a fixed pattern"));

/// Bare addresses, issue numbers and people in running text.
static LINKED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?P<url>https?://[^\s<>()]+[^\s<>().,;:!?'])|(?:^|\W)(?:#(?P<number>\d+)\b|(?P<person>@[A-Za-z\d][A-Za-z\d-]*(?:/[A-Za-z\d-]+)?))",
    )
    .expect("a fixed pattern")
});

/// The HTML of a text; `issues` is the address of the tracker's issues.
pub fn to_html(text: &str, issues: &str) -> String {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let mut events = Vec::new();
    let mut raw: Option<String> = None;
    let mut links_open = 0_usize;
    let mut is_code = false;
    for event in TextMergeStream::new(Parser::new_ext(text, options)) {
        match event {
            Event::Start(Tag::HtmlBlock) => raw = Some(String::new()),
            Event::End(TagEnd::HtmlBlock) => {
                let block = raw.take().unwrap_or_default();
                events.push(Event::Html(shown(&block).into()));
            }
            Event::Html(part) => match &mut raw {
                Some(block) => block.push_str(&part),
                None => events.push(Event::Html(shown(&part).into())),
            },
            Event::InlineHtml(part) => events.push(Event::InlineHtml(shown(&part).into())),
            Event::SoftBreak => events.push(Event::HardBreak),
            Event::TaskListMarker(is_ticked) => events.push(Event::InlineHtml(box_of(is_ticked))),
            Event::Text(text) if links_open == 0 && !is_code => {
                events.push(Event::InlineHtml(linked(&text, issues).into()));
            }
            other => {
                match &other {
                    Event::Start(Tag::Link { .. } | Tag::Image { .. }) => links_open += 1,
                    Event::End(TagEnd::Link | TagEnd::Image) => links_open -= 1,
                    Event::Start(Tag::CodeBlock(_)) => is_code = true,
                    Event::End(TagEnd::CodeBlock) => is_code = false,
                    _ => {}
                }
                events.push(with_safe_address(other));
            }
        }
    }
    let mut page = String::new();
    html::push_html(&mut page, events.into_iter());
    page
}

/// A box that only shows, with words for those who do not see it.
fn box_of(is_ticked: bool) -> CowStr<'static> {
    let html = match is_ticked {
        true => r#"<input type="checkbox" disabled checked aria-label="ticked"> "#,
        false => r#"<input type="checkbox" disabled aria-label="not ticked"> "#,
    };
    html.into()
}

/// Raw HTML as text, without its comments.
fn shown(raw: &str) -> String {
    let visible = COMMENT.replace_all(raw, "");
    HARMLESS.replace_all(&escaped(visible.trim_end()), "<$1>").into_owned()
}

fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    text.replace('"', "&quot;")
}

fn linked(text: &str, issues: &str) -> String {
    let mut page = String::new();
    let mut end = 0;
    for found in LINKED.captures_iter(text) {
        let Some((place, link)) = link(&found, issues) else {
            continue;
        };
        page.push_str(&escaped(&text[end..place.0]));
        page.push_str(&link);
        end = place.1;
    }
    page.push_str(&escaped(&text[end..]));
    page
}

/// Where the linked part lies, and its HTML.
fn link(found: &Captures<'_>, issues: &str) -> Option<((usize, usize), String)> {
    if let Some(url) = found.name("url") {
        let address = escaped(url.as_str());
        let link = format!("<a href=\"{address}\" rel=\"nofollow\">{address}</a>");
        return Some(((url.start(), url.end()), link));
    }
    if let Some(number) = found.name("number") {
        let digits = number.as_str();
        let link = format!("<a href=\"{}/{digits}\">#{digits}</a>", escaped(issues));
        return Some(((number.start() - 1, number.end()), link));
    }
    let person = found.name("person")?;
    let link = format!("<strong class=\"person\">{}</strong>", escaped(person.as_str()));
    Some(((person.start(), person.end()), link))
}

/// Takes the address out of links that lead anywhere but to pages and mail.
fn with_safe_address(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            let dest_url = safe(dest_url);
            Event::Start(Tag::Link { link_type, dest_url, title, id })
        }
        Event::Start(Tag::Image { link_type, dest_url, title, id }) => {
            let dest_url = safe(dest_url);
            Event::Start(Tag::Image { link_type, dest_url, title, id })
        }
        other => other,
    }
}

fn safe(address: CowStr<'_>) -> CowStr<'_> {
    let lower = address.trim().to_ascii_lowercase();
    let is_relative = !lower.contains(':') && !lower.starts_with("//");
    let known = ["http://", "https://", "mailto:"];
    if is_relative || known.iter().any(|scheme| lower.starts_with(scheme)) {
        address
    } else {
        CowStr::Borrowed("#")
    }
}

#[cfg(test)]
mod tests {
    use super::to_html;

    fn check(text: &str, html: &str) {
        assert_eq!(to_html(text, "/i").trim(), html, "for {text:?}");
    }

    #[test]
    fn what_could_harm_is_shown_as_text() {
        check("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;");
        check("a <b onclick=x>b</b>", "<p>a &lt;b onclick=x&gt;b&lt;/b&gt;</p>");
        check("[a](javascript:x)", "<p><a href=\"#\">a</a></p>");
        check("<!-- keydesk\nmarker -->\n\nhello <!-- x -->", "<p>hello </p>");
        check("<details open>", "&lt;details open&gt;");
        check("a<br>b", "<p>a<br>b</p>");
    }

    #[test]
    fn people_issues_addresses_and_lines_are_marked() {
        check(
            "see #12, @ada",
            "<p>see <a href=\"/i/12\">#12</a>, <strong class=\"person\">@ada</strong></p>",
        );
        check(
            "(https://x.y/z?a=1&b=2).",
            "<p>(<a href=\"https://x.y/z?a=1&amp;b=2\" rel=\"nofollow\">https://x.y/z?a=1&amp;b=2</a>).</p>",
        );
        check("a\nb", "<p>a<br />\nb</p>");
        check("mail support@pypi.org", "<p>mail support@pypi.org</p>");
        check("`#1 @a`", "<p><code>#1 @a</code></p>");
    }
}
