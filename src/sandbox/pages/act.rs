//! What the buttons of the demo's pages do.

use axum::Form;
use axum::extract::Path;
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use http::header;
use jiff::SignedDuration;

use super::{Anchor, Answers, PERSON_COOKIE, TITLE, TOUR_COOKIE, Visit};
use crate::sandbox::seed::{PEOPLE, REQUEST_LABEL};
use crate::sandbox::state::{
    Acting, IssueChange, IssuePlace, NewIssue, Refusal, RepositoryName, StateReason,
};

type Fields = Form<Vec<(String, String)>>;
type IssuePath = Path<(String, String, u64)>;

fn field<'a>(fields: &'a [(String, String)], name: &str) -> &'a str {
    let found = fields.iter().find(|(field, _)| field == name);
    found.map(|(_, value)| value.as_str()).unwrap_or_default()
}

/// Where a form wants to go back to, if that is one of our own pages.
fn way_back(visit: &Visit, fields: &[(String, String)]) -> String {
    let back = field(fields, "back");
    let is_ours = back.starts_with(&format!("{}/", visit.prefix)) && !back.starts_with("//");
    let is_plain = !back.contains(['\\', '\r', '\n', '?', '#']);
    if is_ours && is_plain {
        return back.to_owned();
    }
    match visit.prefix.as_str() {
        "" => "/tracker".to_owned(),
        prefix => prefix.to_owned(),
    }
}

pub(super) async fn choose_person(visit: Visit, Form(fields): Fields) -> Response {
    let wanted = field(&fields, "login");
    let login = PEOPLE.iter().map(|(login, _)| *login).find(|login| *login == wanted);
    let login = login.unwrap_or(PEOPLE[0].0);
    let cookie = format!("{PERSON_COOKIE}={login}; Path=/; SameSite=Strict; HttpOnly");
    let back = Redirect::to(&way_back(&visit, &fields));
    (AppendHeaders([(header::SET_COOKIE, cookie)]), back).into_response()
}

/// Ends the tour, or shows it again.
pub(super) async fn choose_tour(visit: Visit, Form(fields): Fields) -> Response {
    let left = if field(&fields, "tour") == "off" { "" } else { "; Max-Age=0" };
    let cookie = format!("{TOUR_COOKIE}=off; Path=/; SameSite=Strict; HttpOnly{left}");
    let back = Redirect::to(&way_back(&visit, &fields));
    (AppendHeaders([(header::SET_COOKIE, cookie)]), back).into_response()
}

pub(super) async fn move_clock(visit: Visit, Form(fields): Fields) -> Response {
    let hours = match field(&fields, "by") {
        "hour" => 1,
        "day" => 24,
        "week" => 7 * 24,
        _ => return visit.problem(&Refusal::new(422, "The clock moves by hour, day or week.")),
    };
    visit.sandbox.move_clock(SignedDuration::from_hours(hours));
    visit.back_to(&way_back(&visit, &fields), Anchor::Top)
}

pub(super) async fn file_request(
    visit: Visit,
    Path((owner, name)): Path<(String, String)>,
    Form(fields): Fields,
) -> Response {
    let repository = RepositoryName::new(&owner, &name);
    let title = match field(&fields, "title").trim() {
        "" => TITLE.to_owned(),
        title => title.to_owned(),
    };
    let new = NewIssue {
        title,
        body: Some(Answers::from_fields(&fields).to_markdown()),
        labels: vec![REQUEST_LABEL.to_owned()],
        ..NewIssue::default()
    };
    let (actor, now) = (visit.actor(), visit.sandbox.now());
    let number =
        visit.sandbox.with(|state| state.acting(actor, now).create_issue(&repository, new));
    match number {
        Ok(number) => {
            let page = format!("{}/{owner}/{name}/issues/{number}", visit.prefix);
            visit.back_to(&page, Anchor::Top)
        }
        Err(refusal) => visit.problem(&refusal),
    }
}

/// Does something to an issue and leads back to it.
fn on_issue(
    visit: &Visit,
    path: (String, String, u64),
    anchor: Anchor,
    work: impl FnOnce(&mut Acting<'_>, &IssuePlace) -> Result<(), Refusal>,
) -> Response {
    let (owner, name, number) = path;
    let place = RepositoryName::new(&owner, &name).issue(number);
    let (actor, now) = (visit.actor(), visit.sandbox.now());
    let done = visit.sandbox.with(|state| work(&mut state.acting(actor, now), &place));
    match done {
        Ok(()) => {
            let page = format!("{}/{owner}/{name}/issues/{number}", visit.prefix);
            visit.back_to(&page, anchor)
        }
        Err(refusal) => visit.problem(&refusal),
    }
}

fn closing(open: bool, reason: StateReason) -> IssueChange {
    IssueChange { open: Some(open), state_reason: Some(reason), ..IssueChange::default() }
}

/// Comments, if something was written, and then closes or reopens, if that button was pressed.
pub(super) async fn comment(visit: Visit, Path(path): IssuePath, Form(fields): Fields) -> Response {
    let text = field(&fields, "text").to_owned();
    let change = match field(&fields, "to") {
        "open" => Some(closing(true, StateReason::Reopened)),
        "completed" => Some(closing(false, StateReason::Completed)),
        "not_planned" => Some(closing(false, StateReason::NotPlanned)),
        _ => None,
    };
    on_issue(&visit, path, Anchor::End, |acting, place| {
        if !text.trim().is_empty() {
            acting.create_comment(place, &text)?;
        }
        match change {
            Some(change) => acting.edit_issue(place, change),
            None => Ok(()),
        }
    })
}

/// Makes the ticked labels, and a new one if it was named, those of the issue.
pub(super) async fn change_labels(
    visit: Visit,
    Path(path): IssuePath,
    Form(fields): Fields,
) -> Response {
    let mut names: Vec<String> =
        fields.iter().filter(|(field, _)| field == "label").map(|(_, name)| name.clone()).collect();
    let new = field(&fields, "new").trim();
    if !new.is_empty() {
        names.push(new.to_owned());
    }
    on_issue(&visit, path, Anchor::Top, |acting, place| acting.set_labels(place, &names))
}

pub(super) async fn edit_body(
    visit: Visit,
    Path(path): IssuePath,
    Form(fields): Fields,
) -> Response {
    let body = Some(field(&fields, "text").to_owned());
    let title = Some(field(&fields, "title").to_owned()).filter(|title| !title.trim().is_empty());
    on_issue(&visit, path, Anchor::Top, |acting, place| {
        acting.edit_issue(place, IssueChange { title, body, ..IssueChange::default() })
    })
}
