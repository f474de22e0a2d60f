//! Any text as a comment of everybody who may write one.

#![no_main]

use keydesk::reading::commands::find_commands;
use keydesk::reading::read_comment;
use keydesk_fuzz::{in_time, invariants, text_of};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let text = text_of(data);
    for role in invariants::ROLES {
        invariants::comment(role, &text);
        in_time("reading the comment", || drop(read_comment(role, &text)));
    }
    in_time("finding its commands", || drop(find_commands(&text)));
});
