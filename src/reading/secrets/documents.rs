//! Identity documents: pictures and files called so, and their numbers.

use super::near::{after, before};
use super::spotting::{Marked, Meaning, Spotted};
use super::{Found, Sensitive};

/// Words for documents that prove who a person is.
pub const NAMES: &[&str] = &[
    // English
    "passport",
    "driver's license",
    "driver's licence",
    "drivers license",
    "drivers licence",
    "driver license",
    "driver licence",
    "driving license",
    "driving licence",
    "id card",
    "identity card",
    "identification card",
    "identity document",
    "national id",
    "government id",
    "photo id",
    "residence permit",
    "social security number",
    "ssn",
    "aadhaar",
    // German, French, Spanish, Portuguese, Italian
    "reisepass",
    "ausweis",
    "führerschein",
    "fuehrerschein",
    "passeport",
    "carte d'identité",
    "carte d'identite",
    "permis de conduire",
    "pasaporte",
    "dni",
    "nie:",
    "cédula",
    "cedula",
    "documento de identidad",
    "carnet de conducir",
    "licencia de conducir",
    "passaporte",
    "carteira de identidade",
    "carteira de motorista",
    "documento de identidade",
    "bilhete de identidade",
    "cartão de cidadão",
    "cpf",
    "cnh",
    "passaporto",
    "carta d'identità",
    "carta d'identita",
    "patente di guida",
    // Russian, Turkish, Indonesian
    "паспорт",
    "удостоверение личности",
    "водительск",
    "kimlik",
    "nüfus cüzdan",
    "pasaport",
    "ehliyet",
    "ktp",
    "nik",
    "paspor",
    "kartu tanda penduduk",
    // Chinese, Japanese, Korean
    "身份证",
    "身分證",
    "身份證",
    "护照",
    "護照",
    "驾驶证",
    "驾照",
    "駕照",
    "身分証",
    "パスポート",
    "運転免許",
    "免許証",
    "マイナンバー",
    "在留カード",
    "여권",
    "신분증",
    "주민등록",
    "운전면허",
];

/// What stands between a document and its number.
const NUMBER_MARKS: &[&str] = &[
    "no",
    "number",
    "nr",
    "#",
    ":",
    "：",
    "号",
    "號",
    "番号",
    "번호",
    "nummer",
    "numéro",
    "numero",
    "número",
    "номер",
    "№",
    "nomor",
    "n°",
    "nº",
    "numarası",
    " is ",
];

/// Endings of pictures and scans.
const PICTURE_ENDINGS: &[&str] =
    &[".jpg", ".jpeg", ".png", ".gif", ".webp", ".heic", ".pdf", ".tif", ".tiff", ".bmp"];

/// Where people put pictures of theirs.
const PICTURE_PLACES: &[&str] = &[
    "user-attachments/",
    "user-images.githubusercontent.com",
    "/assets/",
    "/files/",
    "imgur.com",
    "drive.google.com",
    "dropbox.com",
    "postimg",
    "ibb.co",
];

/// Homes of software; a link there is to a library that is called so.
const SOFTWARE_PLACES: &[&str] =
    &["github.com/", "gitlab.com/", "pypi.org/", "npmjs.com/", "readthedocs", "passportjs.org"];

/// Words that are looked around at most; nobody names more documents.
const WORDS_MAX: usize = 1000;

/// How far a picture or link reaches around the word.
const REACH_BYTES_MAX: usize = 120;

/// The piece of a line around a word that no bracket parts.
struct Piece {
    start: usize,
    end: usize,
    is_picture: bool,
}

/// Adds the documents of a text.
pub fn add(marked: &Marked<'_>, found: &mut Found) {
    let mut piece: Option<Piece> = None;
    for word in marked.words_of(Meaning::Document).take(WORDS_MAX) {
        // Words of one piece share its answer, so that nothing is looked at twice.
        let known = piece.take().filter(|known| word.end <= known.end);
        let here = known.unwrap_or_else(|| piece_around(marked, &word));
        if here.is_picture || has_number(marked.text, &word) {
            found.add(Sensitive::IdDocument, word.start, word.end);
        }
        piece = Some(here);
    }
}

fn piece_around(marked: &Marked<'_>, word: &Spotted) -> Piece {
    let parts = ['[', ']', '<', '>', '\n'];
    let text = marked.text;
    let left = before(text, word.start, REACH_BYTES_MAX);
    let right = after(text, word.end, REACH_BYTES_MAX);
    let start = word.start - left.len() + left.rfind(parts).map_or(0, |at| at + 1);
    let end = word.end + right.find(parts).unwrap_or(right.len());
    let mut piece = Piece { start, end, is_picture: false };
    piece.is_picture = is_link_text(text, &piece)
        || is_link_target(text, &piece, word)
        || is_image_tag(text, &piece)
        || is_picture_address(marked, word)
        || names_what_follows(text, word.end, &piece);
    piece
}

/// `![passport](…)` and `[my passport](…)`, but not a library that is called so.
fn is_link_text(text: &str, piece: &Piece) -> bool {
    let target = after(text, piece.end, 200).strip_prefix("](").unwrap_or_default();
    let target = target.split([')', '\n']).next().unwrap_or_default();
    text[..piece.start].ends_with('[')
        && !target.is_empty()
        && (text[..piece.start].ends_with("![") || !is_software(target))
}

fn is_software(target: &str) -> bool {
    SOFTWARE_PLACES.iter().any(|place| target.contains(place)) && !is_picture(target)
}

fn is_picture(target: &str) -> bool {
    let target = target.to_ascii_lowercase();
    PICTURE_PLACES.iter().any(|&place| target.contains(place))
        || PICTURE_ENDINGS.iter().any(|ending| target.ends_with(ending))
}

/// `[Image](…/passport.jpg)`.
fn is_link_target(text: &str, piece: &Piece, word: &Spotted) -> bool {
    let target = text[piece.start..piece.end].split([')', ' ']).next().unwrap_or_default();
    text[..piece.start].ends_with(']')
        && word.start < piece.start + target.len()
        && target.strip_prefix('(').is_some_and(is_picture)
}

/// `<img alt="passport" src="…">`.
fn is_image_tag(text: &str, piece: &Piece) -> bool {
    let tag = &text[piece.start..piece.end];
    text[..piece.start].ends_with('<')
        && tag.as_bytes().get(..4).is_some_and(|name| name.eq_ignore_ascii_case(b"img "))
        && tag.contains("src=")
}

/// `https://…/passport.jpg` by itself.
fn is_picture_address(marked: &Marked<'_>, word: &Spotted) -> bool {
    marked.link_at(word.start).is_some_and(is_picture)
}

/// `My passport: https://github.com/user-attachments/…`, also when the link is on the next line.
fn names_what_follows(text: &str, word_end: usize, piece: &Piece) -> bool {
    let rest = &text[word_end..piece.end];
    let has_link =
        |rest: &str| rest.find("://").is_some_and(|at| is_picture(first_word(&rest[at..])));
    let colon = rest.trim_end().trim_end_matches(['!', '*']).trim_end();
    let next = after(text, piece.end, REACH_BYTES_MAX).trim_start();
    let next_is_picture = next.starts_with("[") && text[..piece.end].ends_with('!')
        || next.starts_with("![")
        || next.starts_with("<img")
        || next.starts_with("http") && is_picture(first_word(next));
    has_link(rest) || colon.ends_with([':', '：']) && next_is_picture
}

fn first_word(text: &str) -> &str {
    text.split(|letter: char| letter.is_whitespace() || letter == ')').next().unwrap_or_default()
}

/// `Passport No. K1234567`, `DNI 12345678Z`.
fn has_number(text: &str, word: &Spotted) -> bool {
    let line = after(text, word.end, 48).split('\n').next().unwrap_or_default();
    let Some(digit) = line.find(|letter: char| letter.is_ascii_digit()) else { return false };
    let is_part = |letter: char| letter.is_ascii_uppercase() || letter == '-';
    let gap = line[..digit].trim_end_matches(is_part);
    let number = &line[gap.len()..];
    let joined = number
        .find(|letter: char| !letter.is_ascii_alphanumeric() && !matches!(letter, '-' | ' '))
        .map_or(number, |end| &number[..end]);
    let digits = joined.bytes().take(24).filter(u8::is_ascii_digit).count();
    let first = joined.split(' ').next().unwrap_or_default();
    let first_digits = first.bytes().filter(u8::is_ascii_digit).count();
    if gap.trim().is_empty() {
        return first_digits >= 6 && !is_date(first);
    }
    let is_marked = gap.chars().count() <= 24 && {
        let gap = gap.to_lowercase();
        NUMBER_MARKS.iter().any(|mark| gap.contains(mark))
    };
    is_marked
        && first.len() <= 18
        && (first_digits >= 4 && first.len() >= 6 || digits >= 8)
        && !is_date(first)
}

/// `2023-10-11`, or a year.
fn is_date(number: &str) -> bool {
    let mut parts = number.split('-');
    let is_year = parts.next().is_some_and(|year| year.len() == 4 && year.starts_with(['1', '2']));
    is_year && parts.all(|part| part.len() <= 2)
}
