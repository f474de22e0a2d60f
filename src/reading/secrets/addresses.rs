//! E-mail addresses of people.

use memchr::memchr_iter;

use super::near::after;
use super::spotting::Marked;
use super::{Found, Sensitive};

/// What every link has; an `@` inside a link is no address.
pub const LINK_MARKS: &[&str] = &["://"];

/// Addresses of staff and machinery, which everybody may read, those below them included.
const PUBLIC_DOMAINS: &[&str] =
    &["pypi.org", "python.org", "github.com", "pypa.io", "psf.io", "users.noreply.gitlab.com"];

/// Names before the `@` that stand for anybody.
const ANYBODY: &[&str] = &[
    "someone",
    "somebody",
    "anyone",
    "you",
    "your",
    "yourname",
    "your.name",
    "name",
    "user",
    "username",
    "email",
    "mail",
    "xxx",
    "xxxx",
    "xx",
    "noreply",
    "no-reply",
    "donotreply",
    "git",
    "hg",
    "example",
    "youremail",
    "your-email",
    "your_email",
    "your.email",
    "firstname.lastname",
    "first.last",
    "foo",
    "me",
];

/// Characters of the part before the `@`, in bytes; no mail system takes longer ones.
const NAME_BYTES_MAX: usize = 64;

/// Adds the addresses of a text.
pub fn add(marked: &Marked<'_>, found: &mut Found) {
    for at in memchr_iter(b'@', marked.text.as_bytes()) {
        let Some((start, end)) = address_around(marked.text, at) else { continue };
        if start < at
            && at + 1 < end
            && is_personal(&marked.text[start..at], &marked.text[at + 1..end])
            && !is_handle_or_place(marked.text, start, end)
            && !marked.is_in_link(start)
        {
            found.add(Sensitive::EmailAddress, start, end);
        }
    }
}

/// The bytes around an `@` that can belong to an address, without the stars of bold type.
fn address_around(text: &str, at: usize) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let in_name = |byte: &&u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'%' | b'+' | b'*' | b'-')
    };
    let in_domain = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'*' | b'-');
    let name = bytes[..at].iter().rev().take(NAME_BYTES_MAX).take_while(in_name).count();
    let domain = bytes[at + 1..].iter().take_while(in_domain).count();
    let (start, end) = (at - name, at + 1 + domain);
    if name == 0 || !bytes[at + 1..end].contains(&b'.') {
        return None;
    }
    let address = text[start..end].trim_end_matches(['.', '-']);
    let stars = address.len() - address.trim_start_matches('*').len();
    let end_stars = address.len() - address.trim_end_matches('*').len();
    if stars == end_stars && stars < name {
        let end = start + address.len() - stars;
        let kept = text[start + stars..end].trim_end_matches(['.', '-']);
        return Some((start + stars, start + stars + kept.len()));
    }
    Some((start, start + address.len()))
}

fn is_personal(name: &str, domain: &str) -> bool {
    let ending = domain.rsplit('.').next().unwrap_or_default();
    let is_host = ending.len() >= 2
        && ending.bytes().all(|letter| letter.is_ascii_alphabetic())
        && !domain.contains("..")
        && !is_version(domain);
    is_host
        && !name.contains('*')
        && !domain.contains('*')
        && !is_public(domain)
        && !is_anybody(name)
}

fn is_public(domain: &str) -> bool {
    PUBLIC_DOMAINS.iter().any(|public| {
        domain.len().checked_sub(public.len()).is_some_and(|above| {
            domain[above..].eq_ignore_ascii_case(public)
                && (above == 0 || domain[..above].ends_with('.'))
        })
    })
}

fn is_anybody(name: &str) -> bool {
    let name = name.trim_matches(['.', '-', '_']);
    ANYBODY.iter().any(|anybody| anybody.eq_ignore_ascii_case(name))
}

/// `name@1.2.3-rc.one` is a release; `163.com` is a mail provider.
fn is_version(domain: &str) -> bool {
    domain.split('.').take(2).all(|part| part.starts_with(|first: char| first.is_ascii_digit()))
}

/// `@name@server` is a handle and `name@host:path` a place to fetch from.
fn is_handle_or_place(text: &str, start: usize, end: usize) -> bool {
    if text[..start].ends_with('@') {
        return true;
    }
    let Some(path) = text[end..].strip_prefix(':') else { return false };
    let path = after(path, 0, 80).split(char::is_whitespace).next().unwrap_or_default();
    path.contains('/') || path.contains(".git")
}
