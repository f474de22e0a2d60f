//! Any text as an issue form, and the same text as a request that was filed with it.

#![no_main]

use keydesk::reading::form::schema::IssueForm;
use keydesk_fuzz::{in_time, invariants, text_of};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let text = text_of(data);
    invariants::issue_form(&text, &text);
    in_time("reading the issue form", || drop(IssueForm::parse(&text)));
});
