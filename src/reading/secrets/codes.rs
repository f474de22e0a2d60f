//! Recovery codes: sixteen hexadecimal digits, and the grouped shapes people copy them in.

use super::near::next_digit;
use super::spotting::{Marked, Meaning};
use super::{Found, SecretSpan, Sensitive};

/// Words that speak of recovery codes.
pub const NAMES: &[&str] = &[
    "recovery",
    "recover code",
    "backup code",
    "back up code",
    "rescue code",
    "emergency code",
    "scratch code",
    "wiederherstellung",
    "notfallcode",
    "récupération",
    "recuperation",
    "secours",
    "recuperación",
    "recuperacion",
    "recuperação",
    "recuperacao",
    "códigos de respaldo",
    "recupero",
    "ripristino",
    "recuperer",
    "récupérer",
    "восстановлен",
    "резервный код",
    "резервные код",
    "恢复",
    "恢復",
    "备用码",
    "備用碼",
    "备份代码",
    "リカバリ",
    "回復コード",
    "復旧コード",
    "バックアップコード",
    "복구",
    "백업 코드",
    "kurtarma",
    "yedek kod",
    "pemulihan",
    "kode cadangan",
    "herstelcode",
];

/// Words that name another thing written in hexadecimal digits. The nearest name on the line wins.
pub const OTHER_NAMES: &[&str] = &[
    "commit",
    "sha",
    "sha1",
    "sha256",
    "sha512",
    "hash",
    "hashes",
    "md5",
    "blake",
    "digest",
    "checksum",
    "revision",
    "changeset",
    "request id",
    "trace",
    "span id",
    "ray id",
    "cf ray",
    "uuid",
    "guid",
    "etag",
    "key id",
    "gpg",
    "pgp",
    "fingerprint",
    "serial",
    "build",
    "blob",
    "object id",
    "device id",
    "android id",
    "session id",
    "order number",
];

/// Endings of file names that have a hash in front of them.
const FILE_ENDINGS: &[&str] = &[
    "js", "css", "map", "json", "txt", "png", "jpg", "jpeg", "gif", "svg", "webp", "whl", "gz",
    "zip", "html", "pdf", "log", "woff",
];

/// How far before a code, on its line, its name may stand.
const NAME_BYTES_MAX: usize = 60;

/// How codes are written: digits in a group, groups, and the joints between them.
struct Shape {
    digits: usize,
    groups: usize,
    joints: &'static [u8],
}

/// The first is sure by itself, the second where codes are spoken of, the others right after.
const SHAPES: &[Shape] = &[
    Shape { digits: 16, groups: 1, joints: b"" },
    Shape { digits: 4, groups: 4, joints: b" -" },
    Shape { digits: 8, groups: 2, joints: b" -" },
    Shape { digits: 5, groups: 2, joints: b"-" },
];

/// Adds the codes of a text. Every real code but one in ten million has a digit, so digits lead.
pub fn add(marked: &Marked<'_>, found: &mut Found) {
    let bytes = marked.text.as_bytes();
    let mut codes = Vec::new();
    let mut doubtful = Vec::new();
    let mut from = 0;
    while let Some(digit) = next_digit(bytes, from) {
        let (start, end) = run_around(bytes, digit, from);
        from = end;
        let Some(shape) = SHAPES.iter().find(|shape| shape.digits == end - start) else { continue };
        let (first, last) = groups_around(bytes, (start, end), shape);
        from = last;
        // Groups left over at the end of the row are something else.
        let width = (shape.digits + 1) * shape.groups;
        let last = first + (last - first + 1) / width * width;
        if last == first || is_part_of_more(marked, first, last - 1) {
            continue;
        }
        for start in (first..last).step_by(width) {
            let span = code_at(start, start + width - 1);
            match judge(marked, span, shape, codes.last()) {
                Verdict::Code => codes.push(span),
                Verdict::CodeAmongCodes => doubtful.push(span),
                Verdict::Other => {}
            }
        }
    }
    if !codes.is_empty() {
        found.extend(doubtful);
    }
    found.extend(codes);
}

fn code_at(start: usize, end: usize) -> SecretSpan {
    SecretSpan { kind: Sensitive::RecoveryCode, start, end }
}

/// The whole run of hexadecimal digits that one digit belongs to.
fn run_around(bytes: &[u8], digit: usize, from: usize) -> (usize, usize) {
    let before =
        bytes[from..digit].iter().rev().take_while(|byte| byte.is_ascii_hexdigit()).count();
    let after = bytes[digit..].iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
    (digit - before, digit + after)
}

/// The row of equal groups that one group belongs to.
fn groups_around(bytes: &[u8], group: (usize, usize), shape: &Shape) -> (usize, usize) {
    let (mut first, mut last) = group;
    if shape.groups == 1 {
        return group;
    }
    let step = shape.digits + 1;
    let is_group =
        |start: usize| bytes[start..start + shape.digits].iter().all(u8::is_ascii_hexdigit);
    // To the left stand only groups without a digit, so two at most are worth a look.
    while first >= step
        && group.0 - first < 2 * step
        && shape.joints.contains(&bytes[first - 1])
        && is_group(first - step)
    {
        first -= step;
    }
    while last + step <= bytes.len() && shape.joints.contains(&bytes[last]) && is_group(last + 1) {
        last += step;
    }
    (first, last)
}

enum Verdict {
    Code,
    /// Only digits: an order number as likely, unless codes stand around it.
    CodeAmongCodes,
    Other,
}

fn judge(
    marked: &Marked<'_>,
    span: SecretSpan,
    shape: &Shape,
    last: Option<&SecretSpan>,
) -> Verdict {
    let code = &marked.text.as_bytes()[span.start..span.end];
    let name = name_before(marked, span.start);
    let is_called_code = name == Some(Meaning::Code);
    let is_in_list = last.is_some_and(|last| span.start - last.end <= NAME_BYTES_MAX);
    let is_shaped = match (shape.digits, shape.groups) {
        (16, _) => true,
        (4, _) => is_called_code || is_in_list || marked.speaks_of(Meaning::Code),
        _ => is_called_code || is_in_list,
    };
    if !is_shaped || !looks_random(code) || name == Some(Meaning::Hash) {
        Verdict::Other
    } else if is_called_code && shape.groups == 1 || code.iter().any(u8::is_ascii_alphabetic) {
        Verdict::Code
    } else if shape.groups == 1 {
        Verdict::CodeAmongCodes
    } else {
        Verdict::Other
    }
}

/// What the line before a place calls it: a code or something else.
fn name_before(marked: &Marked<'_>, place: usize) -> Option<Meaning> {
    marked
        .words_before(place, NAME_BYTES_MAX)
        .find(|word| matches!(word.meaning, Meaning::Code | Meaning::Hash))
        .filter(|word| !marked.text[word.end..place].contains('\n'))
        .map(|word| word.meaning)
}

/// No counting up or down and no few digits over and over, as examples have.
fn looks_random(code: &[u8]) -> bool {
    let (mut same, mut up, mut down) = (0, 0, 0);
    let (mut count, mut seen) = (0, 0_u128);
    let mut last = 0;
    for digit in code.iter().filter(|byte| byte.is_ascii_hexdigit()).map(u8::to_ascii_lowercase) {
        same += usize::from(digit == last);
        up += usize::from(digit == last + 1);
        down += usize::from(digit + 1 == last);
        seen |= 1 << digit;
        count += 1;
        last = digit;
    }
    let has_digit = code.iter().any(u8::is_ascii_digit);
    has_digit && seen.count_ones() >= 5 && (same + up.max(down)) * 8 < count * 5
}

/// Part of a link, a UUID, a longer name or a file name.
fn is_part_of_more(marked: &Marked<'_>, start: usize, end: usize) -> bool {
    let bytes = marked.text.as_bytes();
    let at =
        |place: Option<usize>| place.and_then(|place| bytes.get(place)).copied().unwrap_or(b' ');
    let (second, before) = (at(start.checked_sub(2)), at(start.checked_sub(1)));
    let (after, then) = (at(Some(end)), at(Some(end + 1)));
    let is_joined_before = match before {
        // A bullet or the plus of a diff, without its blank.
        b'-' | b'+' => !second.is_ascii_whitespace(),
        b'=' => !is_code_assignment(marked, start),
        b'/' | b'_' | b'#' | b'@' | b'&' | b'%' => true,
        _ => before.is_ascii_alphanumeric(),
    };
    let is_joined_after = match after {
        b'-' => !then.is_ascii_whitespace(),
        b'/' | b'_' | b'=' | b'@' | b'%' => true,
        b'.' => is_file_ending(&marked.text[end + 1..]),
        _ => after.is_ascii_alphanumeric(),
    };
    is_joined_before || is_joined_after || marked.is_in_link(start)
}

/// `recovery_code=…` gives a code away; `?v=…` does not.
fn is_code_assignment(marked: &Marked<'_>, start: usize) -> bool {
    marked.words_before(start, 8).any(|word| word.meaning == Meaning::Code)
}

fn is_file_ending(rest: &str) -> bool {
    FILE_ENDINGS.iter().any(|ending| {
        rest.strip_prefix(ending)
            .is_some_and(|rest| !rest.starts_with(|next: char| next.is_ascii_alphanumeric()))
    })
}
