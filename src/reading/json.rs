//! Writes a reading as one line of JSON: byte for byte what serde writes, in a fifth of its time.
//!
//! The names of fields are known, so they are copied with all marks between them; only values are
//! looked through for signs that JSON wants escaped. A test holds both ways against each other.

use std::borrow::Cow;

use super::evidence::{Doubt, Evidence};
use super::span::{Part, Place};
use super::{Missing, OtherField, Reading};

impl Reading {
    /// Adds the reading to a text as JSON.
    pub fn write_json(&self, out: &mut Vec<u8>) {
        let mut json = Json { out };
        json.fixed(r#"{"is_account_recovery":"#).flag(Some(self.is_account_recovery));
        json.fixed(r#","form":"#).name(self.form.name());
        json.fixed(r#","username":"#);
        match &self.username {
            Some(name) => json.text(name),
            None => json.fixed("null"),
        };
        json.fixed(r#","username_candidates":"#);
        json.list(&self.username_candidates, |json, name| _ = json.text(name));
        json.fixed(r#","reasons":"#)
            .list(&self.reasons, |json, reason| _ = json.name(reason.name()));
        json.fixed(r#","email_access":"#).name(self.email_access.name());
        json.fixed(r#","password_known":"#).name(self.password_known.name());
        json.fixed(r#","recovery_codes":"#).name(self.recovery_codes.name());
        json.fixed(r#","checkboxes":{"recovery_codes":"#).flag(self.checkboxes.recovery_codes);
        json.fixed(r#","code_of_conduct":"#).flag(self.checkboxes.code_of_conduct);
        json.fixed(r#","acknowledgement":"#).flag(self.checkboxes.acknowledgement);
        json.fixed(r#"},"site":"#).name(self.site.name());
        json.fixed(r#","other_fields":"#).list(&self.other_fields, Json::other_field);
        json.fixed(r#","language":"#).text(&self.language);
        json.fixed(r#","sensitive":"#)
            .list(&self.sensitive, |json, kind| _ = json.name(kind.name()));
        json.fixed(r#","missing":"#)
            .list(&self.missing, |json, missing| _ = json.name(missing.name()));
        json.fixed(r#","doubts":"#).list(&self.doubts, Json::doubt);
        json.fixed(r#","evidence":"#).list(&self.evidence, Json::evidence);
        if let Some(kind) = &self.kind {
            json.fixed(r#","kind":"#).text(kind);
            self.write_fields(&mut json);
        }
        json.fixed("}");
    }

    /// What only other kinds of requests have.
    fn write_fields(&self, json: &mut Json<'_>) {
        for (number, (name, value)) in self.fields.iter().enumerate() {
            json.fixed(if number == 0 { r#","fields":{"# } else { "," });
            json.text(name).fixed(":").text(value);
        }
        if !self.fields.is_empty() {
            json.fixed("}");
        }
        if !self.missing_fields.is_empty() {
            json.fixed(r#","missing_fields":"#);
            json.list(&self.missing_fields, |json, name| _ = json.text(name));
        }
    }
}

impl Missing {
    /// Its name as in the reading.
    pub fn name(self) -> &'static str {
        match self {
            Self::Username => "username",
            Self::Reason => "reason",
            Self::CodeOfConduct => "code_of_conduct",
            Self::Acknowledgement => "acknowledgement",
        }
    }
}

/// A text of JSON that grows at its end.
struct Json<'o> {
    out: &'o mut Vec<u8>,
}

impl Json<'_> {
    #[inline]
    fn fixed(&mut self, piece: &str) -> &mut Self {
        self.out.extend_from_slice(piece.as_bytes());
        self
    }

    fn text(&mut self, text: &str) -> &mut Self {
        if has_escapes(text) {
            serde_json::to_writer(&mut *self.out, text).expect("memory takes every text");
            return self;
        }
        self.out.reserve(text.len() + 2);
        self.fixed("\"").fixed(text).fixed("\"")
    }

    /// A text of the program's own, which has nothing to escape.
    fn name(&mut self, name: &'static str) -> &mut Self {
        self.fixed("\"").fixed(name).fixed("\"")
    }

    /// A key with the quotation mark behind it, and a text that is the program's own where it is
    /// borrowed and then needs no look.
    #[inline(always)]
    fn own_text(&mut self, (key, text): (&str, &Cow<'static, str>)) -> &mut Self {
        match text {
            Cow::Borrowed(own) => self.fixed(key).fixed(own),
            Cow::Owned(text) => self.fixed(key).looked_through(text),
        }
    }

    fn looked_through(&mut self, text: &str) -> &mut Self {
        if !has_escapes(text) {
            return self.fixed(text);
        }
        // Both quotation marks come with what `text` writes.
        self.out.pop();
        self.text(text).out.pop();
        self
    }

    fn flag(&mut self, flag: Option<bool>) -> &mut Self {
        self.fixed(match flag {
            Some(true) => "true",
            Some(false) => "false",
            None => "null",
        })
    }

    fn number(&mut self, number: u32) -> &mut Self {
        match number {
            0..10 => self.out.push(digit(number)),
            10..100 => self.out.extend_from_slice(&[digit(number / 10), digit(number % 10)]),
            100..1000 => self.out.extend_from_slice(&three_digits(number)),
            1000.. => {
                self.number(number / 1000).out.extend_from_slice(&three_digits(number % 1000));
            }
        }
        self
    }

    fn list<T>(&mut self, items: &[T], write: impl Fn(&mut Self, &T)) {
        self.fixed("[");
        for (number, item) in items.iter().enumerate() {
            if number > 0 {
                self.fixed(",");
            }
            write(self, item);
        }
        self.fixed("]");
    }

    fn place(&mut self, place: &Place) {
        self.fixed(match place.of {
            Part::Title => r#"{"of":"title","start":"#,
            Part::Body => r#"{"of":"body","start":"#,
        });
        self.number(place.start).fixed(r#","end":"#).number(place.end).fixed("}");
    }

    fn other_field(&mut self, field: &OtherField) {
        self.fixed(r#"{"label":"#).text(&field.label);
        self.fixed(r#","places":"#).list(&field.places, Self::place);
        self.fixed("}");
    }

    fn doubt(&mut self, doubt: &Doubt) {
        let Doubt { field, why } = doubt;
        self.own_text((r#"{"field":""#, field)).own_text((r#"","why":""#, why));
        self.fixed("\"}");
    }

    fn evidence(&mut self, evidence: &Evidence) {
        let Evidence { field, value, rule, places } = evidence;
        self.own_text((r#"{"field":""#, field));
        self.own_text((r#"","value":""#, value));
        self.own_text((r#"","rule":""#, rule));
        self.fixed(r#"","places":"#).list(places, Self::place);
        self.fixed("}");
    }
}

fn digit(number: u32) -> u8 {
    b'0' + number as u8
}

fn three_digits(number: u32) -> [u8; 3] {
    [digit(number / 100), digit(number / 10 % 10), digit(number % 10)]
}

/// Whether JSON wants any byte of a text escaped. Without a way out of the loop it is many at once.
fn has_escapes(text: &str) -> bool {
    let is_escaped = |byte: u8| byte < b' ' || byte == b'"' || byte == b'\\';
    text.bytes().fold(false, |any, byte| any | is_escaped(byte))
}
