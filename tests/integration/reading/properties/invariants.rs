//! What holds for any text at all. The property tests and the fuzz targets both assert it.
//!
//! Every function panics with the text in its message when something does not hold.

use keydesk::reading::evidence::Evidence;
use keydesk::reading::form::schema::IssueForm;
use keydesk::reading::form::{Form, split};
use keydesk::reading::secrets::{blank_secrets, find_secrets, is_blanked};
use keydesk::reading::span::Part;
use keydesk::reading::{AuthorRole, CommentReading, Reading, read_comment, read_request};

/// Everybody who may write a comment.
pub const ROLES: [AuthorRole; 3] =
    [AuthorRole::Requester, AuthorRole::Maintainer, AuthorRole::Bystander];

/// Reads a request whose evidence must lie in its texts.
pub fn request(form: &Form, title: &str, body: &str) -> Reading {
    let reading = read_request(form, title, body);
    lies_inside(&reading.evidence, title, body);
    reading
}

/// Reads a comment whose evidence must lie in its text.
pub fn comment(role: AuthorRole, body: &str) -> CommentReading {
    let reading = read_comment(role, body);
    lies_inside(&reading.evidence, "", body);
    for command in &reading.commands {
        let lines = body.split('\n').map(|line| line.matches('\r').count() + 1).sum();
        assert!((1..=lines).contains(&command.line), "{command:?} in {body:?}");
    }
    reading
}

/// Looks for secrets, whose places must be in order, and blanks them until none is left.
pub fn blanked(text: &str) -> String {
    let mut end = 0;
    for secret in find_secrets(text) {
        let piece = text.get(secret.start..secret.end);
        assert!(piece.is_some_and(|piece| !piece.is_empty()), "{secret:?} in {text:?}");
        assert!(end <= secret.start, "{secret:?} begins before {end} in {text:?}");
        end = secret.end;
    }
    let blanked = blank_secrets(text);
    let left = find_secrets(&blanked).into_iter().find(|secret| is_blanked(secret.kind));
    assert!(left.is_none(), "{left:?} is left in {blanked:?} of {text:?}");
    blanked
}

/// Reads an issue form and, where it is one, a body by it.
pub fn issue_form(yaml: &str, body: &str) {
    match IssueForm::parse(yaml) {
        Ok(schema) => {
            let form = Form::built_in().with_schema(&schema);
            let form_of_all = Form::built_in().with_schemas(&[schema.clone(), schema]);
            for form in [form, form_of_all] {
                taken_apart(&form, body);
                request(&form, "", body);
            }
        }
        Err(error) => assert!(error.starts_with("line "), "{error:?} for {yaml:?}"),
    }
}

/// Takes a body apart, of which every answer must be a slice.
pub fn taken_apart(form: &Form, body: &str) {
    let sheet = split(form, body);
    let whole = body.as_bytes().as_ptr_range();
    let answers = sheet.username.iter().chain([&sheet.reason]);
    let answers = answers.chain(sheet.others.iter().map(|field| &field.answer));
    for block in answers.flat_map(|answer| &answer.blocks) {
        let piece = block.as_bytes().as_ptr_range();
        assert!(whole.start <= piece.start && piece.end <= whole.end, "{block:?} of {body:?}");
    }
}

fn lies_inside(evidence: &[Evidence], title: &str, body: &str) {
    for one in evidence {
        for place in &one.places {
            let text = match place.of {
                Part::Title => title,
                Part::Body => body,
            };
            let piece = text.get(place.start as usize..place.end as usize);
            assert!(piece.is_some(), "{one:?} lies outside of {title:?}, {body:?}");
            assert!(piece != Some(""), "{one:?} is empty in {title:?}, {body:?}");
        }
    }
}
