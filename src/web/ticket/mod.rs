//! `GET /tickets/{owner}/{repository}/{number}` and what is done there.
//!
//! Nothing is decided here: a button becomes an event, and what it would do is asked of the same
//! decision.

mod evidence;
mod forms;
mod history;
mod view;

use std::time::Duration;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::Web;
use super::access::{self, For};
use super::page::{Page, Problem};
use super::sign_in::{Staff, StaffForm};
use crate::engine::button::{NoPreview, press_key};
use crate::reading::CommandLine;
use crate::store::TicketReport;
use crate::triage::{Press, Presser};
use forms::Given;

/// How long a pressed button is waited for before its page is shown without its end.
const PATIENCE: Duration = Duration::from_secs(3);
/// How often it is looked for meanwhile, beside every change.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Where a ticket is.
pub(super) type TicketPath = Path<(String, String, u64)>;

#[derive(Deserialize)]
pub(super) struct PageQuery {
    /// The button that was pressed just before.
    pressed: Option<String>,
    /// How much was taken up again just before.
    again: Option<usize>,
}

/// The ticket's page.
pub(super) async fn page(
    State(web): State<Web>,
    staff: Staff,
    Path(path): TicketPath,
    Query(query): Query<PageQuery>,
) -> Result<Response, Problem> {
    let place = Place::find(&web, &staff, (path, For::Looking)).await?;
    let aside = web.engine.store().set_aside_of(place.report.ticket.id).await?;
    let mut content = view::TicketPage::of(&web, (&place, aside));
    content.notice = place.notice(&query);
    content.commands =
        forms::groups(&place.report, &web.engine.in_force(&place.report.desk).policy);
    Ok(Page { template: "ticket.html", here: "queue", content }.show(&web, Some(&staff)))
}

/// What a button would do, and the button.
pub(super) async fn preview(
    State(web): State<Web>,
    staff: Staff,
    Path(path): TicketPath,
    Query(fields): Query<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let place = Place::find(&web, &staff, (path, For::Looking)).await?;
    let policy = &web.engine.in_force(&place.report.desk).policy;
    let given = Given::read(&fields, policy).ok_or_else(Problem::not_here)?;
    let shown = match given.line() {
        None => None,
        Some(command) => {
            let press = Press { command, by: presser(&staff) };
            let report = &place.report;
            let asked = web.engine.preview((&report.desk, &report.ticket), &press).await;
            Some(asked.map_err(no_preview)?)
        }
    };
    let id = hex::encode(&(web.pages.chance)()[..16]);
    let content = view::PreviewPage::of((&place, &given), shown, id);
    Ok(Page { template: "preview.html", here: "queue", content }.show(&web, Some(&staff)))
}

/// Presses a button.
pub(super) async fn press(
    State(web): State<Web>,
    Path(path): TicketPath,
    StaffForm { staff, fields }: StaffForm,
) -> Result<Response, Problem> {
    let place = Place::find(&web, &staff, (path, For::Changing)).await?;
    let id = fields.get("id").filter(|id| is_id(id)).ok_or_else(Problem::forged)?;
    let command = pressed_line(fields.get("command"), fields.get("arguments"));
    let press = Press { command: command.ok_or_else(Problem::forged)?, by: presser(&staff) };
    let mut changes = web.engine.changes();
    web.engine.press(place.report.ticket.id, (id, &press)).await?;
    let decided = async {
        while !web.engine.store().is_applied(press_key(id)).await? {
            tokio::select! {
                _ = changes.changed() => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
        Ok::<(), Problem>(())
    };
    // Whether it is decided by then or not: it is kept, and the page tells.
    if let Ok(looked) = tokio::time::timeout(PATIENCE, decided).await {
        looked?;
    }
    Ok(Redirect::to(&format!("{}?pressed={id}", place.address)).into_response())
}

/// Takes up again what was given up or set aside.
pub(super) async fn retry(
    State(web): State<Web>,
    Path(path): TicketPath,
    StaffForm { staff, .. }: StaffForm,
) -> Result<Response, Problem> {
    let place = Place::find(&web, &staff, (path, For::Changing)).await?;
    let named = (place.repository.clone(), place.report.ticket.number.0);
    let retried = web.engine.store().retry_ticket(named, web.engine.now()).await?;
    web.engine.clock_moved();
    let count = retried.map_or(0, |retried| retried.actions + retried.deliveries);
    Ok(Redirect::to(&format!("{}?again={count}", place.address)).into_response())
}

/// A ticket that somebody may see.
struct Place {
    /// `owner/name`, as the desk knows it.
    repository: String,
    /// The address of its page.
    address: String,
    report: TicketReport,
}

impl Place {
    /// The ticket, if it is known and this person may see it.
    async fn find(
        web: &Web,
        staff: &Staff,
        ((owner, name, number), what): ((String, String, u64), For),
    ) -> Result<Self, Problem> {
        let report = web.engine.store().report(format!("{owner}/{name}"), number).await?;
        let report = report.ok_or_else(Problem::not_here)?;
        access::check(web, staff, (&report.desk, what)).await?;
        let repository = report.desk.repository.full_name();
        let address = format!("/tickets/{repository}/{}", report.ticket.number);
        Ok(Self { repository, address, report })
    }

    /// What came of what was done just before.
    fn notice(&self, query: &PageQuery) -> Option<view::Notice> {
        if let Some(id) = query.pressed.as_deref().filter(|id| is_id(id)) {
            let key = press_key(id);
            let reasons = self.report.history.iter().filter(|row| row.event_key == key);
            let reasons: Vec<String> = reasons.map(|row| row.reason.clone()).collect();
            return Some(view::Notice::of_press(reasons));
        }
        query.again.map(view::Notice::of_retry)
    }
}

fn presser(staff: &Staff) -> Presser {
    use crate::triage::Person;
    match staff.session.person {
        Some(id) => {
            Presser::Person(Person { id, login: staff.session.login.clone(), is_bot: false })
        }
        None => Presser::Operator,
    }
}

/// The id a button was shown with: 16 bytes in hexadecimal digits.
fn is_id(id: &str) -> bool {
    id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// A command as it would stand in a comment: a name, and one line of arguments.
fn pressed_line(name: Option<&str>, arguments: Option<&str>) -> Option<CommandLine> {
    let name = name?;
    let is_name = (1..=30).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    let arguments = arguments.unwrap_or_default();
    let is_short = arguments.len() <= forms::ARGUMENTS_BYTES_MAX;
    (is_name && is_short).then(|| CommandLine {
        name: name.to_owned(),
        arguments: forms::one_line(arguments),
        line: 1,
    })
}

fn no_preview(error: NoPreview) -> Problem {
    match error {
        NoPreview::Call(error) => Problem::no_role(&error),
        NoPreview::Store(error) => error.into(),
        NoPreview::Failed(why) => {
            let now = "The text or the policy needs mending; `keydesk check` says where.";
            let title = "This cannot be shown";
            Problem::new(StatusCode::INTERNAL_SERVER_ERROR, title, why, now)
        }
    }
}
