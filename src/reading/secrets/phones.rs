//! Telephone numbers: international ones, those named so, and those of a well-known shape.

use super::near::{before, is_ideographic, next_digit};
use super::spotting::{Marked, Meaning};
use super::{Found, Sensitive};

/// Words before a telephone number.
pub const NAMES: &[&str] = &[
    // English
    "phone",
    "telephone",
    "tel",
    "mobile",
    "cell",
    "cellphone",
    "whatsapp",
    "my number",
    "contact number",
    "call me",
    "reach me",
    "text me",
    "sms",
    // Chinese, Japanese, Korean
    "电话",
    "電話",
    "手机",
    "手機",
    "联系方式",
    "携帯",
    "ケータイ",
    "전화",
    "휴대폰",
    "핸드폰",
    "연락처",
    // Russian
    "телефон",
    "тел",
    "моб",
    "мобильн",
    "позвон",
    // Spanish, Portuguese, French, Italian
    "teléfono",
    "telefono",
    "móvil",
    "movil",
    "celular",
    "telefone",
    "telemóvel",
    "téléphone",
    "tél",
    "portable",
    "cellulare",
    // German, Turkish, Indonesian
    "telefon",
    "handy",
    "mobil",
    "rufnummer",
    "cep",
    "gsm",
    "telepon",
    "telp",
    "no hp",
    "hp:",
    "nomor hp",
    "ponsel",
];

/// How far before a number its name may stand.
const NAME_BYTES_MAX: usize = 24;

/// Digits that any telephone number has at most.
const DIGITS_MAX: usize = 15;

/// Digits with blanks and marks between, as a telephone number could be written.
struct Number {
    start: usize,
    end: usize,
    digits: usize,
    has_plus: bool,
    /// Whether nothing of the row was left over.
    is_all: bool,
    /// How many digits each group has, the unused ones 0.
    groups: [usize; DIGITS_MAX],
}

/// Adds the telephone numbers of a text.
pub fn add(marked: &Marked<'_>, found: &mut Found) {
    let bytes = marked.text.as_bytes();
    let mut from = 0;
    while let Some(digit) = next_digit(bytes, from) {
        let end = row_end(bytes, digit);
        if end - digit >= 7 {
            let number = number_at(bytes, digit, end);
            if is_phone(marked, &number) {
                found.add(Sensitive::Phone, number.start, number.end);
            }
        }
        from = end;
    }
}

/// The end of a row of digits with at most three blanks, brackets or the like between.
fn row_end(bytes: &[u8], digit: usize) -> usize {
    let mut end = digit;
    let mut place = digit;
    while place < bytes.len() && place - end <= 3 {
        match bytes[place] {
            b'0'..=b'9' => end = place + 1,
            b' ' | b'-' | b'(' | b')' | b'/' => {}
            // A point ends a sentence when a blank follows.
            b'.' if bytes.get(place + 1).is_some_and(u8::is_ascii_digit) => {}
            _ => break,
        }
        place += 1;
    }
    end
}

/// The number that begins at a digit: as many groups as a number can have.
fn number_at(bytes: &[u8], digit: usize, row_end: usize) -> Number {
    let lead = bytes[..digit].iter().rev().take(2).take_while(|&&byte| matches!(byte, b'(' | b'+'));
    let start = digit - lead.count();
    let mut number = Number {
        start,
        end: digit,
        digits: 0,
        has_plus: bytes[start..digit].contains(&b'+'),
        is_all: false,
        groups: [0; DIGITS_MAX],
    };
    let mut count = 0;
    let mut place = digit;
    while place < row_end {
        let width = bytes[place..row_end].iter().take_while(|byte| byte.is_ascii_digit()).count();
        if number.digits + width > DIGITS_MAX {
            return number;
        }
        if width > 0 {
            number.groups[count] = width;
            number.digits += width;
            number.end = place + width;
            count += 1;
        }
        place += width.max(1);
    }
    number.is_all = true;
    number
}

fn is_phone(marked: &Marked<'_>, number: &Number) -> bool {
    let is_international = number.has_plus && (9..=DIGITS_MAX).contains(&number.digits);
    let is_shaped = number.is_all && has_known_shape(marked.text, number);
    if marked.is_in_link(number.start) || is_continued(marked.text, number) {
        return false;
    }
    (is_international || is_shaped) && !is_glued(marked.text, number)
        || (7..=DIGITS_MAX).contains(&number.digits)
            && is_named(marked, number)
            && !is_date(marked.text, number)
            && !is_network_address(marked.text, number)
}

fn is_letter(letter: char) -> bool {
    letter.is_alphanumeric() && !is_ideographic(letter)
}

/// Part of a path, a version or a longer name.
fn is_glued(text: &str, number: &Number) -> bool {
    let joins = |letter| {
        matches!(letter, '/' | '#' | '-' | '.' | '_' | '=' | ':' | '+' | '(') || is_letter(letter)
    };
    text[..number.start].ends_with(joins)
}

/// The beginning or middle of a word, as in a hash.
fn is_continued(text: &str, number: &Number) -> bool {
    text[number.end..].starts_with(is_letter)
}

/// A word for telephones stands just before, with no other number between.
fn is_named(marked: &Marked<'_>, number: &Number) -> bool {
    let is_gap =
        |gap: &str| !gap.contains(|letter: char| letter.is_ascii_digit() || letter == '\n');
    marked
        .words_before(number.start, NAME_BYTES_MAX)
        .find(|word| word.meaning == Meaning::Phone)
        .is_some_and(|word| is_gap(&marked.text[word.end..number.start]))
}

/// Shapes that hardly anything but a telephone number has.
fn has_known_shape(text: &str, number: &Number) -> bool {
    let written = &text[number.start..number.end];
    let joints = |joint: char| written.matches(joint).count();
    match number.groups[..5] {
        // North America: on a line of its own however it is joined, elsewhere with its marks.
        [3, 3, 4, 0, _] => {
            is_alone_on_line(text, number) || joints('-') == 2 || written.starts_with('(')
        }
        [1, 3, 3, 4, 0] => is_alone_on_line(text, number) || joints('-') == 3,
        // Japan and Korea.
        [3, 4, 4, 0, _] => written.starts_with('0') && joints('-') == 2,
        _ => false,
    }
}

fn is_alone_on_line(text: &str, number: &Number) -> bool {
    let line = before(text, number.start, 40);
    let line = line.rfind('\n').map_or(line, |at| &line[at + 1..]);
    line.trim().is_empty()
        && (text.len() == number.end || text[number.end..].starts_with(['\n', '\r', ' ']))
}

/// A year, a month and a day in any of the usual orders.
fn is_date(text: &str, number: &Number) -> bool {
    let written = &text[number.start..number.end];
    let has_century = |year: &str| year.starts_with("19") || year.starts_with("20");
    match number.groups {
        [4, 1..=2, 1..=2, ..] => has_century(written),
        [1..=2, 1..=2, 4, 0, ..] => {
            written.len() >= 4 && has_century(&written[written.len() - 4..])
        }
        [8, 0, ..] => has_century(written) && written[4..6] <= *"12" && written[6..] <= *"31",
        _ => false,
    }
}

/// Four numbers up to 255 with points between.
fn is_network_address(text: &str, number: &Number) -> bool {
    let parts = text[number.start..number.end].split('.');
    let is_byte = |part: &str| part.parse::<u8>().is_ok();
    parts.clone().count() == 4 && parts.clone().all(is_byte)
}
