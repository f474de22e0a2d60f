//! Twice the text takes twice the time, and not four times: no text makes the reading slow.
//!
//! Each text is made of hostile pieces, 32 KiB and 64 KiB of it are timed, and the longer may take
//! three times as long and a little more. A machine that is busy makes single measurements wrong,
//! so whatever looks slow is measured again, and the best of all counts.

use std::hint::black_box;
use std::time::{Duration, Instant};

use keydesk::reading::form::Form;
use keydesk::reading::form::schema::IssueForm;
use keydesk::reading::secrets::blank_secrets;
use keydesk::reading::{AuthorRole, read_comment, read_request};
use proptest::prelude::*;

/// Bytes of the longer text, the length GitHub allows.
const BYTES: usize = 64 * 1024;

/// How much longer the longer text may take.
const RATIO_MAX: u32 = 3;

/// What no measurement tells from nothing. Unoptimised code takes many times the real time.
const FLOOR: Duration = Duration::from_millis(if cfg!(debug_assertions) { 40 } else { 4 });

/// The longest time for any text, however it grows.
const LIMIT: Duration = Duration::from_millis(if cfg!(debug_assertions) { 1000 } else { 50 });

/// How often something that looks slow is measured.
const MEASUREMENTS_MAX: usize = 6;

/// Pieces that slow parsers down, one subject a line, with dots between.
const HOSTILE: &[&str] = &[
    "[·]·(·)·![·[](·](·[a](·\\[·[^1]: ·[a]: ·[](<·(0)·(a ·a)·{·}·[passport](",
    "#·# ·### PyPI Username\n·PyPI Username\n---\n·---\n·===\n·a\n===\n·- ·-·- a\n·* \n·1. ·- [x] ·- [ ] ·- [x] I agree\n·[x]",
    "`·`a·``` \n·```\n·~~~\n·    a\n·> ·>·>\n·\t·  \n·\n·\n\n·\r·\r\n",
    "\"·\"a ·\"a\"·'·'a ·“·”·“a·‘·«·»·„·「·」",
    "_·__·_a_·a_·*·**·***·**a·**a** ·*a_·~~·~~a",
    "<·<a ·<a·</·<!--·-->·<!-- -->·<div>·<![CDATA[·<?·&·&a;·|·|a|\n·|-|\n·| a | b\n",
    "@·a@·@a ·a@a.·a.·.@·***@***.***·https://·https://a ·http://a.b/·www.·//·%20·#1 ",
    "/·/a\n·On 1 ·On 1\n·On 1 wrote·1:11·1:11 ·From: x\n·From: x\nDate·2024年·2024年1:·г. в 1:11 ·--- ·-- \n·Sent from my\n·____________________\n",
    "a·a ·a\n·A·É·lost ·no ·not ·not lost 2fa ·2fa lost ·I have ·I ·my ·n't ·and ·but ·if ·or ·a or ·a, b ·Found ",
    "username: ·username ·user ·account is ·my account ·it is ·is ",
    "1·1 ·1 1 ·+1 2 ·+49 ·phone 1234567 ·123456 ·1234-·0f·0f ·3945-·3945025a1d744b7a ·3945025a1d744b7a\n·3945 025a 1d74 4b7a ",
    "password ·password: ·password is ·password: a1b2c3 ·pass pass ·pass: A1bbbbb or B2cccccc or \n·it was A1aaaa or ·code ·codes: ·codes:\n·密码是·ПАРОЛЬ",
    "token ·pypi-·pypi-Ag·pypi-AgEIcHlwaS5vcmc·ghp_·otpauth://·otpauth://a?secret=·passport ·passport no 1234·ID ·身份证号1234567",
    ":·: ·: a\n·=·== ·;·,·.·...·. ·?·!·\\·$·ab-",
    "恢·恢复代码·恢 ·，·。·。a·ア·계정·é·e\u{301}·ß·İ·🥲·👩\u{200d}·\u{200d}·\u{fe0f}·\u{0}·\u{feff}",
];

/// What reads a text, by its name.
type Reader = (&'static str, fn(&str));

/// Everything that reads a text; the other parts of the reading are parts of these.
const READERS: [Reader; 3] = [
    ("request", |text| drop(black_box(read_request(&Form::built_in(), "", text)))),
    ("comment", |text| drop(black_box(read_comment(AuthorRole::Requester, text)))),
    ("blanking", |text| drop(black_box(blank_secrets(text)))),
];

/// A text of any length made of pieces: one after the other, again and again, or each in a row.
#[derive(Debug, Clone)]
enum Mixture {
    Woven(Vec<&'static str>),
    InRows(Vec<&'static str>),
}

impl Mixture {
    fn text(&self, bytes: usize) -> String {
        match self {
            Self::Woven(pieces) => filled(&pieces.concat(), bytes),
            Self::InRows(pieces) => {
                pieces.iter().map(|piece| filled(piece, bytes / pieces.len())).collect()
            }
        }
    }
}

fn filled(piece: &str, bytes: usize) -> String {
    piece.repeat(bytes / piece.len())
}

fn hostile() -> Vec<&'static str> {
    HOSTILE.iter().flat_map(|pieces| pieces.split('·')).collect()
}

/// The readers that are slower than they may be on twice the text.
fn complaints(mixture: &Mixture, readers: &[Reader]) -> Vec<String> {
    let (half, whole) = (mixture.text(BYTES / 2), mixture.text(BYTES));
    let slow = |(name, reader): &Reader| {
        let (mut for_half, mut for_whole) = (Duration::MAX, Duration::MAX);
        for _ in 0..MEASUREMENTS_MAX {
            for_whole = for_whole.min(time(*reader, &whole));
            if for_whole <= FLOOR {
                return None;
            }
            for_half = for_half.min(time(*reader, &half));
            if for_whole <= LIMIT.min(for_half * RATIO_MAX + FLOOR) {
                return None;
            }
        }
        Some(format!("{name}: {for_half:?} for half of it and {for_whole:?} for {mixture:?}"))
    };
    readers.iter().filter_map(slow).collect()
}

fn time(reader: fn(&str), text: &str) -> Duration {
    let start = Instant::now();
    reader(text);
    start.elapsed()
}

/// The first reading makes the tables ready.
fn make_ready() {
    READERS.iter().for_each(|(_, reader)| reader("I lost my phone"));
}

/// Holds readers against each hostile piece in a row of its own.
fn check_rows(readers: &[Reader]) {
    make_ready();
    let rows = hostile().into_iter().map(|piece| Mixture::Woven(vec![piece]));
    let slow: Vec<String> = rows.flat_map(|row| complaints(&row, readers)).collect();
    assert!(slow.is_empty(), "{slow:#?}");
}

#[test]
fn a_request_of_hostile_pieces_takes_time_in_proportion() {
    check_rows(&READERS[..1]);
}

#[test]
fn a_comment_of_hostile_pieces_takes_time_in_proportion() {
    check_rows(&READERS[1..]);
}

#[test]
fn an_issue_form_of_hostile_pieces_takes_time_in_proportion() {
    let reader: Reader = ("issue form", |text| drop(black_box(IssueForm::parse(text))));
    let pieces =
        ["- ", "[", "{", "&a ", "*a ", "? ", "a: ", "- a\n", "\"", "'", "|\n", "# \n", "!a "];
    let pieces =
        pieces.into_iter().chain(["a\n", " ", "\t", "---\n", "%", "\\", "{a: ", "[a, ", "é"]);
    let rows = pieces.map(|piece| Mixture::Woven(vec![piece]));
    let slow: Vec<String> = rows.flat_map(|row| complaints(&row, &[reader])).collect();
    assert!(slow.is_empty(), "{slow:#?}");
}

fn mixture() -> impl Strategy<Value = Mixture> {
    let pieces = prop::collection::vec(prop::sample::select(hostile()), 2..4);
    (pieces, any::<bool>()).prop_map(|(pieces, is_woven)| {
        if is_woven { Mixture::Woven(pieces) } else { Mixture::InRows(pieces) }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, max_shrink_iters: 50, ..super::times(1) })]

    #[test]
    fn a_mixture_of_hostile_pieces_takes_time_in_proportion(mixture in mixture()) {
        make_ready();
        let slow = complaints(&mixture, &READERS);
        prop_assert!(slow.is_empty(), "{slow:#?}");
    }
}
