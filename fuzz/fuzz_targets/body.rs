//! Any text as the body of a request, its first line as the title.

#![no_main]

use std::sync::LazyLock;

use keydesk::reading::form::Form;
use keydesk::reading::read_request;
use keydesk::reading::secrets::blank_secrets;
use keydesk_fuzz::{in_time, invariants, text_of};
use libfuzzer_sys::fuzz_target;

static FORM: LazyLock<Form> = LazyLock::new(Form::built_in);

fuzz_target!(|data: &[u8]| {
    let text = text_of(data);
    let (title, body) = text.split_once('\n').unwrap_or(("", &text));
    invariants::request(&FORM, title, body);
    invariants::taken_apart(&FORM, body);
    invariants::blanked(&text);
    in_time("reading the request", || drop(read_request(&FORM, title, body)));
    in_time("blanking its secrets", || drop(blank_secrets(&text)));
});
