//! The text of a request with what its reading rests on marked in it.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::reading::span::Part;
use crate::reading::{Evidence, Reading};
use crate::triage::Ticket;

/// A piece of the text.
#[derive(Debug, Serialize, PartialEq)]
pub(super) struct Segment {
    /// What it says.
    pub text: String,
    /// The rules that rest on it, in one line; empty where none does.
    pub title: String,
    /// Numbers of the notes that end here.
    pub notes: Vec<usize>,
}

/// One conclusion and its rule.
#[derive(Debug, Serialize)]
pub(super) struct Note {
    /// As it stands in the text; none where the rule rests on what is missing.
    pub number: Option<usize>,
    /// What was concluded.
    pub field: String,
    /// As what.
    pub value: String,
    /// Why.
    pub rule: String,
}

/// What a reading rests on, with its places in the text as it is kept, which is read again for them.
pub(super) fn placed(ticket: &Ticket, again: Reading) -> Vec<Evidence> {
    if ticket.reading.evidence.is_empty() {
        return found_again(ticket, again);
    }
    // Secrets were blanked since, so a conclusion keeps the places where it is still found.
    let is_same = |one: &Evidence, other: &Evidence| {
        one.field == other.field && one.value == other.value && one.rule == other.rule
    };
    let place = |one: &Evidence| {
        let found = again.evidence.iter().find(|other| is_same(one, other));
        Evidence { places: found.map(|it| it.places.clone()).unwrap_or_default(), ..one.clone() }
    };
    ticket.reading.evidence.iter().map(place).collect()
}

/// What is found where nothing was blanked, as far as it comes to what the ticket goes by: its author
/// may have erased the text since, and what it said still counts.
fn found_again(ticket: &Ticket, mut again: Reading) -> Vec<Evidence> {
    if ticket.title.is_empty() {
        return Vec::new();
    }
    ticket.corrections.apply(&mut again);
    let evidence = std::mem::take(&mut again.evidence);
    let json = |reading: &Reading| serde_json::to_value(reading).unwrap_or_default();
    let (kept, again) = (json(&ticket.reading), json(&again));
    let counts = |one: &Evidence| kept.get(&*one.field) == again.get(&*one.field);
    evidence.into_iter().filter(counts).collect()
}

/// The notes of a reading. Those with a place in the text are numbered, in the order of the text.
pub(super) fn notes(evidence: &[Evidence]) -> Vec<Note> {
    let note = |(index, one): (usize, &Evidence)| Note {
        number: (!one.places.is_empty()).then_some(index + 1),
        field: one.field.replace('_', " "),
        value: one.value.replace('_', " "),
        rule: one.rule.to_string(),
    };
    evidence.iter().enumerate().map(note).collect()
}

/// A title or body cut where marks begin and end.
pub(super) fn segments(text: &str, of: Part, evidence: &[Evidence]) -> Vec<Segment> {
    let marks: Vec<(usize, usize, usize)> = marks(text, of, evidence);
    let ends = marks.iter().flat_map(|(start, end, _)| [*start, *end]);
    let cuts: BTreeSet<usize> = ends.chain([0, text.len()]).collect();
    let cuts: Vec<usize> = cuts.into_iter().collect();
    let segment = |pair: &[usize]| {
        let (start, end) = (pair[0], pair[1]);
        let covers = marks.iter().filter(|(from, to, _)| *from <= start && end <= *to);
        let rules: BTreeSet<String> =
            covers.map(|(_, _, index)| title(&evidence[*index])).collect();
        let ending = marks.iter().filter(|(_, to, _)| *to == end);
        let notes: BTreeSet<usize> = ending.map(|(_, _, index)| index + 1).collect();
        Segment {
            text: text[start..end].to_owned(),
            title: rules.into_iter().collect::<Vec<_>>().join("; "),
            notes: notes.into_iter().collect(),
        }
    };
    cuts.windows(2).map(segment).collect()
}

/// Start, end and evidence of each mark that fits the text.
fn marks(text: &str, of: Part, evidence: &[Evidence]) -> Vec<(usize, usize, usize)> {
    let mut marks = Vec::new();
    for (index, one) in evidence.iter().enumerate() {
        for place in one.places.iter().filter(|place| place.of == of) {
            let (start, end) = (place.start as usize, place.end as usize);
            if start < end && text.get(start..end).is_some() {
                marks.push((start, end, index));
            }
        }
    }
    marks
}

fn title(evidence: &Evidence) -> String {
    format!("{}: {} ({})", evidence.field, evidence.value, evidence.rule).replace('_', " ")
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;
    use crate::reading::span::Place;

    fn evidence(field: &'static str, places: &[(u32, u32)]) -> Evidence {
        let place = |(start, end): &(u32, u32)| Place { of: Part::Body, start: *start, end: *end };
        Evidence {
            field: Cow::Borrowed(field),
            value: Cow::Borrowed("lost"),
            rule: Cow::Borrowed("a rule"),
            places: places.iter().map(place).collect(),
        }
    }

    #[test]
    fn marks_may_overlap_and_nothing_of_the_text_is_lost() {
        let text = "I lost my phöne and codes";
        let all =
            [evidence("reasons", &[(2, 16)]), evidence("recovery_codes", &[(2, 6), (21, 26)])];
        let segments = segments(text, Part::Body, &all);
        let joined: String = segments.iter().map(|segment| segment.text.as_str()).collect();
        assert_eq!(joined, text);
        let shown: Vec<(&str, &[usize])> = segments
            .iter()
            .filter(|segment| !segment.title.is_empty())
            .map(|segment| (segment.text.as_str(), segment.notes.as_slice()))
            .collect();
        assert_eq!(shown, [("lost", &[2][..]), (" my phöne", &[1][..]), ("codes", &[2][..])]);
    }

    #[test]
    fn places_that_do_not_fit_the_text_are_left_out() {
        let all = [evidence("reasons", &[(1, 2), (90, 95), (3, 3)])];
        let segments = segments("höm", Part::Body, &all);
        assert_eq!(segments.len(), 1);
        assert!(segments[0].title.is_empty());
    }
}
