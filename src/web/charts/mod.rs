//! `GET /charts` and `GET /charts/{name}.csv`: how the desk is doing, repository by repository.

mod chart;
mod draw;
mod told;

use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::sync::OnceCell;

use super::Web;
use super::access;
use super::page::{Page, Problem};
use super::queue;
use super::sign_in::Staff;
use crate::policy::Policy;
use crate::store::Desk;
pub(super) use chart::{Chart, ChartName};
use chart::{Row, Unit};
use told::{Near, Span, Teller};

/// Spans that can be chosen, in weeks, and what they are called.
const SPANS: [(i64, &str); 3] = [(26, "half a year"), (52, "a year"), (104, "two years")];

/// So many requests near their step are listed.
const NEAR_SHOWN: usize = 50;

/// What the address chooses.
#[derive(Debug, Deserialize)]
pub(super) struct ChartQuery {
    /// `owner/name`; the first one may see without.
    repository: Option<String>,
    /// One of [`SPANS`].
    weeks: Option<String>,
}

impl ChartQuery {
    /// The span asked for. An odd word counts for nothing.
    fn span(&self, now: Timestamp) -> Span {
        let asked = self.weeks.as_deref().and_then(|weeks| weeks.parse::<i64>().ok());
        let known = SPANS.iter().map(|(weeks, _)| *weeks).find(|weeks| Some(*weeks) == asked);
        Span { weeks: known.unwrap_or(SPANS[0].0), now }
    }

    /// The desk asked for, of those one may see.
    fn desk<'a>(&self, desks: &'a [Desk]) -> Option<&'a Desk> {
        let asked = self.repository.as_deref().filter(|name| !name.is_empty());
        match asked {
            None => desks.first(),
            Some(name) => {
                desks.iter().find(|desk| desk.repository.full_name().eq_ignore_ascii_case(name))
            }
        }
    }
}

#[derive(Serialize)]
struct ChartsPage {
    repository: String,
    /// Empty where there is one repository only.
    repositories: Vec<(String, bool)>,
    spans: Vec<(i64, &'static str, bool)>,
    charts: Vec<ShownChart>,
    near: Vec<Near>,
    /// How many more are near their step than are listed.
    more: usize,
}

#[derive(Serialize)]
struct ShownChart {
    name: &'static str,
    title: &'static str,
    about: &'static str,
    /// None where there is nothing to draw.
    svg: Option<String>,
    legend: Vec<(&'static str, String)>,
    key: &'static str,
    columns: Vec<String>,
    rows: Vec<(String, Vec<String>)>,
    csv: String,
}

/// The page.
pub(super) async fn page(
    State(web): State<Web>,
    staff: Staff,
    Query(query): Query<ChartQuery>,
) -> Result<Response, Problem> {
    let desks = access::visible_desks(&web, &staff).await?.desks;
    if desks.is_empty() {
        return Ok(queue::no_desk(&web, &staff, "charts"));
    }
    let desk = query.desk(&desks).ok_or_else(Problem::not_here)?;
    let span = query.span(web.engine.now());
    let repository = desk.repository.full_name();
    let in_force = web.engine.in_force(desk);
    let teller = teller(&web, (desk, &in_force.policy), span);
    let mut charts = Vec::new();
    for name in ChartName::ALL {
        let chart = teller.chart(name).await?;
        charts.push(ShownChart::of(&chart, (&repository, span.weeks)));
    }
    let mut near = teller.near().await?;
    let more = near.len().saturating_sub(NEAR_SHOWN);
    near.truncate(NEAR_SHOWN);
    let several = desks.iter().filter(|_| desks.len() > 1);
    let content = ChartsPage {
        repositories: several
            .map(|one| (one.repository.full_name(), one.repository.id == desk.repository.id))
            .collect(),
        repository,
        spans: SPANS.map(|(weeks, name)| (weeks, name, weeks == span.weeks)).to_vec(),
        charts,
        near,
        more,
    };
    Ok(Page { template: "charts.html", here: "charts", content }.show(&web, Some(&staff)))
}

/// One chart as spreadsheets read it.
pub(super) async fn csv(
    State(web): State<Web>,
    staff: Staff,
    Path(file): Path<String>,
    Query(query): Query<ChartQuery>,
) -> Result<Response, Problem> {
    let name = file.strip_suffix(".csv").and_then(ChartName::find).ok_or_else(Problem::not_here)?;
    let (chart, _) = find(&web, (&staff, &query), name).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}.csv\"", name.name())),
    ];
    Ok((headers, chart.csv()).into_response())
}

fn teller<'a>(web: &'a Web, (desk, policy): (&'a Desk, &'a Policy), span: Span) -> Teller<'a> {
    Teller { store: web.engine.store(), desk, policy, span, weeks: OnceCell::new() }
}

/// A chart that somebody may see, and the repository it is of.
///
/// # Errors
/// [`Problem::not_here`] where they may not see it, and what keeps the desk from telling.
pub(super) async fn find(
    web: &Web,
    (staff, query): (&Staff, &ChartQuery),
    name: ChartName,
) -> Result<(Chart, String), Problem> {
    let desks = access::visible_desks(web, staff).await?.desks;
    let desk = query.desk(&desks).ok_or_else(Problem::not_here)?;
    let in_force = web.engine.in_force(desk);
    let span = query.span(web.engine.now());
    let chart = teller(web, (desk, &in_force.policy), span).chart(name).await?;
    Ok((chart, desk.repository.full_name()))
}

impl ShownChart {
    fn of(chart: &Chart, (repository, weeks): (&str, i64)) -> Self {
        let name = chart.name;
        let legend = chart.columns.iter().take(chart.drawn).enumerate();
        let legend = legend.map(|(index, column)| (draw::mark(index), column.clone()));
        let row = |row: &Row| {
            let values = row.values.iter().enumerate();
            (row.label.clone(), values.map(|(at, value)| shown(chart, (at, *value))).collect())
        };
        Self {
            name: name.name(),
            title: name.title(),
            about: name.about(),
            svg: (!chart.is_empty()).then(|| draw::svg(chart)),
            legend: if chart.drawn > 1 { legend.collect() } else { Vec::new() },
            key: chart.key,
            columns: chart.columns.clone(),
            rows: chart.rows.iter().map(row).collect(),
            csv: format!("/charts/{}.csv?repository={repository}&weeks={weeks}", name.name()),
        }
    }
}

/// A value as the table says it. What is drawn of a chart of times are hours.
fn shown(chart: &Chart, (column, value): (usize, Option<u64>)) -> String {
    match (value, chart.name.unit()) {
        (None, _) => "–".to_owned(),
        (Some(hours), Unit::Hours) if column < chart.drawn => format!("{hours} h"),
        (Some(value), Unit::Hours | Unit::Count) => value.to_string(),
    }
}
