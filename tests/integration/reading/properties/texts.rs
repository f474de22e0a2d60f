//! Texts of every kind that somebody, or something, could send.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::super::score::rows::corpus;

/// Titles and bodies of the corpus, comments as bodies without a title.
static CORPUS: LazyLock<Vec<(String, String)>> =
    LazyLock::new(|| corpus().into_iter().map(|row| (row.title, row.body)).collect());

/// What the form itself brings, in its shapes.
const FORM_PIECES: &[&str] = &[
    "### PyPI Username\n\n",
    "## PyPI Username\n",
    "PyPI Username\n===\n",
    "**Username:** ",
    "<h3>Reason</h3>\n",
    "### Reason for request\n\n",
    "## Reason\n",
    "### Recovery Codes\n\n",
    "### Code of Conduct\n\n",
    "### Acknowledgement\n\n",
    "### Project URL\n\n",
    "### What I tried\n\n",
    "_No response_\n\n",
    "None\n\n",
    "Lost access to email address\n\n",
    "Lost 2FA authentication app or security token\n\n",
    "- [x] I never generated or have lost access to the recovery codes for my account\n",
    "- [ ] I never generated or have lost access to the recovery codes for my account\n",
    "- [X] I agree to follow the PSF Code of Conduct\n",
    "* [x] I understand that it may take a significant amount of time\n",
    "I agree to follow the PSF Code of Conduct\n",
    "alpha\n\n",
    "`alpha_beta`\n\n",
    "alpha or beta\n",
    "alpha@example.net\n",
    "https://pypi.org/user/alpha/\n",
];

/// Marks and words with a meaning to Markdown, to YAML, or to us.
const MARKS: &[&str] = &[
    " ",
    " ",
    " ",
    "\n",
    "\n",
    "\n\n",
    "\r\n",
    "\r",
    "\t",
    "  \n",
    "\u{a0}",
    "\u{2028}",
    "\u{85}",
    "#",
    "### ",
    "===",
    "---",
    "***",
    "___",
    "```",
    "~~~",
    "```text\n",
    "`",
    "> ",
    ">> ",
    "- ",
    "* ",
    "1. ",
    "- [ ] ",
    "- [x] ",
    "[x] ",
    "[",
    "]",
    "(",
    ")",
    "](",
    "![",
    "<",
    ">",
    "<!--",
    "-->",
    "<div>",
    "</div>",
    "<br>",
    "|",
    "|-|",
    "\\",
    "**",
    "__",
    "~~",
    "_",
    "\"",
    "'",
    "“",
    "”",
    "«",
    "»",
    "„",
    "「",
    "」",
    ":",
    "：",
    ";",
    ",",
    ".",
    "...",
    "!",
    "?",
    "@",
    "@alpha",
    "a@a.",
    "***@***.***",
    "/close",
    "/need",
    " /",
    "https://",
    "https://github.com/a/b/tree/c",
    "http://x.y/(z)",
    "#1",
    "\u{0}",
    "\u{feff}",
    "\u{200b}",
    "\u{202e}",
    "é",
    "e\u{301}",
    "🥲",
    "👩‍💻",
    "✅",
    "☑️",
    "恢复代码",
    "アカウント",
    "계정",
    "שלום",
    "مرحبا",
    "Привет",
    "ß",
    "İ",
    "ﬁ",
    "%20",
    "&amp;",
    "&#0;",
];

/// Words the rules look for, and secrets or nearly.
const WORDS: &[&str] = &[
    "I ",
    "my ",
    "have ",
    "not ",
    "no ",
    "don't ",
    "lost ",
    "2fa ",
    "recovery codes ",
    "password ",
    "email ",
    "account ",
    "phone ",
    "cannot log in ",
    "I was hacked ",
    "username: ",
    "username is ",
    "password is ",
    "code: ",
    "codes:\n",
    "token ",
    "pypi-",
    "pypi-AgEIcHlwaS5vcmc",
    "3945025a1d744b7a ",
    "d2f72d3758d66ff9\n",
    "0123456789abcdef",
    "otpauth://totp/a?secret=JBSWY3DPEHPK3PXP",
    "Hunter-2-Lantern ",
    "+49 171 1234567 ",
    "+49 ",
    "passport ",
    "123456 ",
    "TestPyPI ",
    "test.pypi.org ",
    "Thanks ",
    "mail sent ",
    "any update",
    "Found my codes",
    "On Fri, Feb 2, 2024 at 6:51 PM x wrote:\n",
    "From: x\nSent: y\n",
    "Sent from my ",
    "Someone, perhaps you, ",
    "забыл пароль ",
    "perdí mi ",
];

const YAML: &[&str] = &[
    "name: a\n",
    "title: '",
    "body:\n",
    "body: ",
    "  - type: input\n",
    "  - type: checkboxes\n",
    "  - type: dropdown\n",
    "    id: username\n",
    "    attributes:\n",
    "      label: PyPI Username\n",
    "      label: Why\n",
    "      options:\n",
    "        - a\n",
    "        - label: I agree\n",
    "      render: text\n",
    "      value: |\n",
    "    validations: { required: true }\n",
    "- ",
    "? ",
    ": ",
    "&a ",
    "*a ",
    "<<: *a\n",
    "!!str ",
    "{",
    "}",
    "[",
    "]",
    ",",
    "\"",
    "'",
    "|",
    ">",
    "|2-\n",
    "%YAML 1.2\n",
    "---\n",
    "...\n",
    "# ",
    "\n",
    "  ",
    "\t",
    "~",
    "null",
    "yes",
    "1e999",
    "0x",
    ".nan",
    "\\",
    "\\x",
    "\u{feff}",
    "é",
    "@",
    "`",
];

/// Fields of issue forms, to be given a text.
const FIELDS: &[&str] = &[
    "  - type: markdown\n    attributes: { value: TEXT }\n",
    "  - type: input\n    id: username\n    attributes: { label: TEXT, placeholder: TEXT }\n",
    "  - type: input\n    id: TEXT\n    attributes: { label: PyPI Username }\n",
    "  - type: textarea\n    attributes: { label: TEXT, value: TEXT, render: text }\n",
    "  - type: textarea\n    id: reason\n    attributes: { label: TEXT, description: TEXT }\n",
    "  - type: dropdown\n    attributes: { label: Why, multiple: true, options: [TEXT, TEXT] }\n",
    "  - type: checkboxes\n    attributes: { label: TEXT, options: [{ label: TEXT }, { label: a }] }\n",
    "  - type: TEXT\n    attributes: { label: TEXT, options: { TEXT: TEXT } }\n",
];

/// Any text: any characters, piles of pieces, the form in disorder, cut and joined rows.
pub fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        2 => any_characters(),
        3 => pile(&[MARKS], 60),
        4 => pile(&[MARKS, WORDS, FORM_PIECES], 40),
        3 => prop::collection::vec(cut_row(), 1..4).prop_map(|cuts| cuts.concat()),
        3 => row_with_a_piece(),
        1 => long_lines(),
    ]
}

/// A text as people write it: the form's pieces, words, and rows of the corpus.
pub fn request_like() -> impl Strategy<Value = (String, String)> {
    let pieces = pile(&[FORM_PIECES, FORM_PIECES, WORDS], 20);
    prop_oneof![
        2 => row(),
        1 => (row(), pieces.clone()).prop_map(|((title, body), more)| (title, format!("{body}\n\n{more}"))),
        1 => pieces.prop_map(|body| ("Account recovery request".to_owned(), body)),
    ]
}

/// Titles, which have one line.
pub fn any_title() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec!["", "Account recovery request", "Lost 2FA, user alpha"]);
    prop_oneof![
        known.prop_map(str::to_owned),
        any_text().prop_map(|text| text.chars().take(256).collect()),
    ]
}

/// Issue forms: piles of pieces that are hardly ever one, and forms with odd texts in them.
pub fn any_yaml() -> impl Strategy<Value = String> {
    prop_oneof![
        1 => any_characters(),
        2 => pile(&[YAML], 40),
        1 => pile(&[YAML, MARKS, WORDS], 40),
        4 => prop::collection::vec((0..FIELDS.len(), yaml_text()), 0..8).prop_map(|fields| {
            let field = |(kind, label): (usize, String)| FIELDS[kind].replace("TEXT", &label);
            format!("name: a\nbody:\n{}", fields.into_iter().map(field).collect::<String>())
        }),
    ]
}

/// A text in quotation marks, in which nothing has a meaning to YAML.
fn yaml_text() -> impl Strategy<Value = String> {
    prop_oneof![any_characters(), pile(&[MARKS, WORDS, FORM_PIECES], 6)].prop_map(|text| {
        serde_json::to_string(&text).expect("a text is JSON, and all JSON is YAML")
    })
}

/// Answers of people: what stands under headings, and short texts.
pub fn answer() -> impl Strategy<Value = String> {
    let line = pile(&[WORDS], 8).prop_map(|text| text.replace('\n', " "));
    prop::collection::vec(line, 1..4).prop_map(|lines| lines.join("\n").trim().to_owned())
}

fn any_characters() -> impl Strategy<Value = String> {
    prop::collection::vec(any::<char>(), 0..120)
        .prop_map(|characters| characters.into_iter().collect())
}

fn pile(kinds: &[&'static [&'static str]], pieces_max: usize) -> BoxedStrategy<String> {
    let pieces: Vec<&str> = kinds.iter().copied().flatten().copied().collect();
    let piece = prop::sample::select(pieces);
    prop::collection::vec(piece, 0..pieces_max).prop_map(|pieces| pieces.concat()).boxed()
}

fn row() -> impl Strategy<Value = (String, String)> {
    (0..CORPUS.len()).prop_map(|number| CORPUS[number].clone())
}

/// Some stretch of a row, cut anywhere between two characters.
fn cut_row() -> impl Strategy<Value = String> {
    (row(), any::<prop::sample::Index>(), any::<prop::sample::Index>()).prop_map(
        |((_, body), start, length)| {
            let count = body.chars().count() + 1;
            let start = start.index(count);
            body.chars().skip(start).take(length.index(count - start)).collect()
        },
    )
}

/// A row into which somebody typed something.
fn row_with_a_piece() -> impl Strategy<Value = String> {
    (row(), any::<prop::sample::Index>(), pile(&[MARKS, WORDS], 4)).prop_map(
        |((_, body), place, piece)| {
            let place = place.index(body.chars().count() + 1);
            let (before, after): (Vec<_>, Vec<_>) =
                body.chars().enumerate().partition(|(number, _)| *number < place);
            let text =
                |part: Vec<(usize, char)>| part.into_iter().map(|(_, one)| one).collect::<String>();
            format!("{}{piece}{}", text(before), text(after))
        },
    )
}

fn long_lines() -> impl Strategy<Value = String> {
    let piece = pile(&[MARKS, WORDS], 4).prop_map(|text| text.replace('\n', ""));
    prop::collection::vec((piece, 1..800_usize), 1..4)
        .prop_map(|pieces| pieces.into_iter().map(|(piece, times)| piece.repeat(times)).collect())
}
