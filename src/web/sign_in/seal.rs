//! What makes cookies and forms ours: chance, marks nobody else can make, and the cookies' names.

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderValue, header};
use hmac::{Hmac, KeyInit, Mac};
use ring::rand::{SecureRandom, SystemRandom};
use sha2::{Digest, Sha256};

/// Where unguessable bytes come from. Tests hand over their own.
pub type Chance = Arc<dyn Fn() -> [u8; 32] + Send + Sync>;

/// The machine's own chance.
pub fn system_chance() -> Chance {
    let source = SystemRandom::new();
    Arc::new(move || {
        let mut bytes = [0; 32];
        source.fill(&mut bytes).expect("a machine without chance cannot serve anybody safely");
        bytes
    })
}

/// Marks texts so that they are known again as ours.
#[derive(Clone)]
pub struct Seal {
    mac: Hmac<Sha256>,
}

impl Seal {
    /// A seal made with this key.
    pub fn new(key: &[u8]) -> Self {
        Self { mac: Hmac::new_from_slice(key).expect("a key of any length will do") }
    }

    /// The mark of a text made for a purpose.
    pub(super) fn mark(&self, purpose: &str, text: &str) -> String {
        hex::encode(self.begun(purpose, text).finalize().into_bytes())
    }

    /// Whether it is the mark of this text for this purpose; in constant time.
    pub(super) fn fits(&self, purpose: &str, text: &str, mark: &str) -> bool {
        let mut bytes = [0; 32];
        hex::decode_to_slice(mark, &mut bytes).is_ok()
            && self.begun(purpose, text).verify_slice(&bytes).is_ok()
    }

    fn begun(&self, purpose: &str, text: &str) -> Hmac<Sha256> {
        let mut mac = self.mac.clone();
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(text.as_bytes());
        mac
    }

    /// `text.mark`.
    pub(super) fn sealed(&self, purpose: &str, text: &str) -> String {
        format!("{text}.{}", self.mark(purpose, text))
    }

    /// The text of what [`sealed`](Self::sealed) made; none if it was made by somebody else.
    pub(super) fn opened<'a>(&self, purpose: &str, sealed: &'a str) -> Option<&'a str> {
        let (text, mark) = sealed.rsplit_once('.')?;
        self.fits(purpose, text, mark).then_some(text)
    }
}

/// SHA-256 in hexadecimal digits.
pub(in crate::web) fn digest(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}

/// A cookie of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum Cookie {
    /// Who is signed in.
    Session,
    /// A sign-in that was begun.
    SignIn,
    /// Who sets the desk up.
    SetUp,
}

impl Cookie {
    /// Its name. Over HTTPS it is one that browsers take from this very host only.
    fn name(self, is_https: bool) -> &'static str {
        match (self, is_https) {
            (Self::Session, true) => "__Host-keydesk",
            (Self::Session, false) => "keydesk",
            (Self::SignIn, true) => "__Host-keydesk-sign-in",
            (Self::SignIn, false) => "keydesk-sign-in",
            (Self::SetUp, true) => "__Host-keydesk-set-up",
            (Self::SetUp, false) => "keydesk-set-up",
        }
    }

    /// The header that sets it for so many seconds; 0 takes it away.
    pub(in crate::web) fn set(self, value: &str, seconds: u32, is_https: bool) -> HeaderValue {
        let name = self.name(is_https);
        let secure = if is_https { "; Secure" } else { "" };
        let text =
            format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
        HeaderValue::from_str(&text).expect("cookies of ours are digits, letters and dots")
    }

    /// What the browser sent.
    pub(in crate::web) fn find(self, headers: &HeaderMap, is_https: bool) -> Option<&str> {
        let name = self.name(is_https);
        headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|line| line.to_str().ok())
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_marks_for_the_same_purpose_fit() {
        let (ours, theirs) = (Seal::new(b"ours"), Seal::new(b"theirs"));
        let sealed = ours.sealed("session", "abc");
        assert_eq!(ours.opened("session", &sealed), Some("abc"));
        assert_eq!(ours.opened("csrf", &sealed), None);
        assert_eq!(theirs.opened("session", &sealed), None);
        assert_eq!(ours.opened("session", &sealed.replace("abc", "abd")), None);
        assert_eq!(ours.opened("session", "abc"), None);
        assert_eq!(ours.opened("session", "abc.zz"), None);
    }

    #[test]
    fn over_https_a_cookie_is_bound_to_this_host() {
        let set = Cookie::Session.set("a", 60, true);
        let wanted = "__Host-keydesk=a; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure";
        assert_eq!(set, wanted);
        let headers = HeaderMap::from_iter([(
            header::COOKIE,
            HeaderValue::from_static("x=1; __Host-keydesk=a; keydesk=b"),
        )]);
        assert_eq!(Cookie::Session.find(&headers, true), Some("a"));
        assert_eq!(Cookie::Session.find(&headers, false), Some("b"));
        assert_eq!(Cookie::SignIn.find(&headers, true), None);
    }
}
