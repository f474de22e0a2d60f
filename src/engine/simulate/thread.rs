//! One issue in the play: what is still to happen to it, and its ticket.

use std::iter::Peekable;
use std::vec;

use jiff::Timestamp;

use super::done::Done;
use crate::engine::understand::Reader;
use crate::github::history::{IssueHistory, PastDelivery};
use crate::github::payload::What;
use crate::reading::{self, Reading, secrets};
use crate::triage::{Event, Repository, Ticket};

/// An issue, from its opening to its last word.
pub(super) struct Thread<'a> {
    /// Everything that really happened to it.
    pub past: &'a IssueHistory,
    /// Its desk.
    pub seat: usize,
    /// Its ticket, once it is one.
    pub ticket: Option<Ticket>,
    /// When its alarm rings.
    pub rings_at: Option<Timestamp>,
    /// What the bot did to it.
    pub done: Done,
    /// Told from the past when the issue is opened, so that only what is under way is held twice.
    coming: Option<Peekable<vec::IntoIter<PastDelivery>>>,
    words: Option<Words>,
}

/// What an issue says, remembered: its text hardly ever changes, and reading it takes longer than
/// all the rest.
struct Words {
    raw: (String, String),
    /// Labels by which some kind of request is recognised.
    labels: Vec<String>,
    title: String,
    body: String,
    reading: Reading,
}

impl<'a> Thread<'a> {
    /// An issue to which nothing has happened yet.
    pub(super) fn new(past: &'a IssueHistory, seat: usize) -> Self {
        Self {
            past,
            seat,
            ticket: None,
            rings_at: None,
            done: Done::default(),
            coming: None,
            words: None,
        }
    }

    /// The next thing that happened.
    pub(super) fn next(&mut self, repository: &Repository) -> Option<PastDelivery> {
        let past = self.past;
        let coming = || past.deliveries(repository).into_iter().peekable();
        self.coming.get_or_insert_with(coming).next()
    }

    /// When the one after it happened.
    pub(super) fn next_at(&mut self) -> Option<Timestamp> {
        Some(self.coming.as_mut()?.peek()?.at)
    }

    /// The event of a delivery, on the issue as it would be by now.
    pub(super) fn understand(&mut self, reader: Reader<'_>, past: PastDelivery) -> Option<Event> {
        let PastDelivery { guid, mut delivery, .. } = past;
        let (What::Issue(issue) | What::IssueLabel(issue, _) | What::Comment(issue, _)) =
            &mut delivery.what
        else {
            return None;
        };
        self.done.lay_over(issue, &delivery.action);
        let raw = (std::mem::take(&mut issue.title), std::mem::take(&mut issue.body));
        let labels = reader.form.telling(&issue.labels);
        // Without its text the issue is read in no time; the text is put in from memory.
        let mut event = reader.event(&delivery, &guid)?;
        self.done.leave_out_repetition(&mut event);
        let words = self.words(reader, raw, labels);
        if let Some(snapshot) = &mut event.issue {
            snapshot.title.clone_from(&words.title);
            snapshot.body.clone_from(&words.body);
            snapshot.reading.clone_from(&words.reading);
        }
        Some(event)
    }

    fn words(
        &mut self,
        reader: Reader<'_>,
        mut raw: (String, String),
        labels: Vec<String>,
    ) -> &Words {
        if self.done.is_blanked {
            raw = (secrets::blank_secrets(&raw.0), secrets::blank_secrets(&raw.1));
        }
        let known = self.words.take();
        let known = known.filter(|words| words.raw == raw && words.labels == labels);
        self.words.insert(known.unwrap_or_else(|| {
            let (title, body) = &raw;
            Words {
                title: secrets::blank_secrets(title),
                body: secrets::blank_secrets(body),
                reading: reading::read_labelled(reader.form, (title, body), &labels),
                raw,
                labels,
            }
        }))
    }
}
