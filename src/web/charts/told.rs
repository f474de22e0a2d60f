//! Makes charts of what the store tells.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::OnceCell;

use super::chart::{Chart, ChartName, Row};
use crate::policy::Policy;
use crate::reading::Reason;
use crate::store::{
    Desk, Measure, Month, NearStep, ReadRequest, Store, StoreError, Week, WeekCount,
};
use crate::triage::{self, IssueNumber};
use crate::web::words::{self, Moment};

/// So many of the newest requests are looked at for their reasons.
const NEWEST: u32 = 500;

/// So many days ahead steps are looked for.
const DAYS_AHEAD: i64 = 7;

/// More steps than a ladder has that somebody can oversee.
const STEPS_MAX: usize = 12;

/// The time a chart is over.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    /// So many weeks.
    pub weeks: i64,
    /// Up to now.
    pub now: Timestamp,
}

impl Span {
    fn first(self) -> Week {
        Week(Week::of(self.now).0 - self.weeks + 1)
    }

    fn weeks(self) -> impl Iterator<Item = Week> {
        (self.first().0..=Week::of(self.now).0).map(Week)
    }
}

/// A request near its step.
#[derive(Debug, Clone, serde::Serialize)]
pub(in crate::web) struct Near {
    /// Its number.
    pub number: IssueNumber,
    /// Its title, shortened.
    pub title: String,
    /// The step's name.
    pub step: String,
    /// When it is due, or was.
    pub due: Moment,
    /// Whether it is over.
    pub is_overdue: bool,
}

/// What the weeks tell, by kind.
pub(super) struct Weeks {
    span: Span,
    counts: Vec<WeekCount>,
}

impl Weeks {
    fn count(&self, week: Week, kinds: &[&str]) -> u64 {
        let counts = self.counts.iter().filter(|count| count.week == week);
        counts.filter(|count| kinds.contains(&count.kind.as_str())).map(|count| count.count).sum()
    }

    fn rows(&self, values: impl Fn(Week) -> Vec<u64>) -> Vec<Row> {
        self.span.weeks().map(|week| week_row(week, values(week))).collect()
    }
}

fn week_row(week: Week, values: Vec<u64>) -> Row {
    Row {
        label: week.start().strftime("%Y-%m-%d").to_string(),
        short: week.start().strftime("%-d %b").to_string(),
        values: values.into_iter().map(Some).collect(),
    }
}

const CAME: [&str; 2] = ["opened", "reopened"];
const ENDED: [&str; 2] = ["closed", "left"];

/// What charts of one desk are made of; what several need is asked for once.
pub(super) struct Teller<'a> {
    /// The store.
    pub store: &'a Store,
    /// The desk.
    pub desk: &'a Desk,
    /// Its policy.
    pub policy: &'a Policy,
    /// The time the charts are over.
    pub span: Span,
    /// What the weeks tell, once it was asked for.
    pub weeks: OnceCell<Weeks>,
}

impl Teller<'_> {
    /// One chart.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub(super) async fn chart(&self, name: ChartName) -> Result<Chart, StoreError> {
        let repository = self.desk.repository.id;
        Ok(match name {
            ChartName::Backlog => {
                backlog(self.weeks().await?, self.store.count_open(repository).await?)
            }
            ChartName::Arrivals => arrivals(self.weeks().await?),
            ChartName::Endings => endings(self.weeks().await?),
            ChartName::Escalations => escalations(self.weeks().await?),
            ChartName::FirstReply => self.waits(name, Measure::FirstReply).await?,
            ChartName::Resolution => self.waits(name, Measure::Resolution).await?,
            ChartName::Reasons => reasons(&self.store.newest_requests(repository, NEWEST).await?),
            ChartName::NearStep => days_left(&self.near().await?, self.span.now),
        })
    }

    async fn weeks(&self) -> Result<&Weeks, StoreError> {
        let ask = async || {
            let span = self.span;
            let asked = (span.first(), span.now);
            let counts = self.store.moments_by_week(self.desk.repository.id, asked).await?;
            Ok(Weeks { span, counts })
        };
        self.weeks.get_or_try_init(ask).await
    }

    async fn waits(&self, name: ChartName, measure: Measure) -> Result<Chart, StoreError> {
        let from = Month::of(self.span.first().start());
        let told = self.store.waits_by_month(self.desk.repository.id, measure, from).await?;
        let told: BTreeMap<Month, _> =
            told.into_iter().filter_map(|one| Some((one.month?, one))).collect();
        let rows = Month::all(from, self.span.now).into_iter().map(|month| {
            let wait = told.get(&month);
            let values = [
                wait.map(|wait| u64::from(wait.half_hours)),
                wait.map(|wait| u64::from(wait.most_hours)),
                Some(wait.map_or(0, |wait| wait.count)),
            ];
            Row { label: month.to_string(), short: month.short(), values: values.to_vec() }
        });
        let columns = ["half within", "nine in ten within", "requests"].map(str::to_owned).to_vec();
        Ok(Chart { name, key: "month", columns, drawn: 2, rows: rows.collect() })
    }

    /// Requests whose next step is overdue or due within days, soonest first.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub(super) async fn near(&self) -> Result<Vec<Near>, StoreError> {
        let now = self.span.now;
        let until = now.saturating_add(SignedDuration::from_hours(24 * DAYS_AHEAD)).unwrap_or(now);
        let found = self.store.near_steps(self.desk.repository.id, until).await?;
        let mut near: Vec<(Timestamp, Near)> = found
            .iter()
            .filter_map(|one| Some((one, triage::next_step(&one.ticket, self.policy)?)))
            .filter(|(_, (at, _))| *at <= until)
            .map(|(one, (at, step))| (at, Near::of(one, (at, step), now)))
            .collect();
        near.sort_by_key(|(at, one)| (*at, one.number));
        Ok(near.into_iter().map(|(_, one)| one).collect())
    }
}

/// What is open now, and back from there what the weeks added and took.
fn backlog(weeks: &Weeks, open_now: u64) -> Chart {
    let mut open = open_now;
    let mut rows: Vec<Row> = Vec::new();
    let spanned: Vec<Week> = weeks.span.weeks().collect();
    for week in spanned.into_iter().rev() {
        rows.push(week_row(week, vec![open]));
        let ended = weeks.count(week, &ENDED);
        open = (open + ended).saturating_sub(weeks.count(week, &CAME));
    }
    rows.reverse();
    let columns = vec!["open".to_owned()];
    Chart { name: ChartName::Backlog, key: "week from", columns, drawn: 1, rows }
}

fn arrivals(weeks: &Weeks) -> Chart {
    let rows = weeks.rows(|week| vec![weeks.count(week, &CAME), weeks.count(week, &ENDED)]);
    let columns = vec!["came".to_owned(), "ended".to_owned()];
    Chart { name: ChartName::Arrivals, key: "week from", columns, drawn: 2, rows }
}

fn endings(weeks: &Weeks) -> Chart {
    let kinds = [
        ("deflected", "solved by themselves"),
        ("recovered", "recovered by staff"),
        ("closed_for_silence", "closed for silence"),
    ];
    let rows =
        weeks.rows(|week| kinds.iter().map(|(kind, _)| weeks.count(week, &[kind])).collect());
    let columns = kinds.map(|(_, name)| name.to_owned()).to_vec();
    Chart { name: ChartName::Endings, key: "week from", columns, drawn: 3, rows }
}

/// All steps are drawn as one; the table tells them apart.
fn escalations(weeks: &Weeks) -> Chart {
    let escalated = weeks.counts.iter().filter(|count| count.kind == "escalated");
    let steps: BTreeSet<&str> = escalated.clone().map(|count| count.detail.as_str()).collect();
    let steps: Vec<&str> = steps.into_iter().take(STEPS_MAX).collect();
    let rows = weeks.rows(|week| {
        let of_step = |step: &&str| {
            let of_week = escalated.clone().filter(|count| count.week == week);
            of_week.filter(|count| count.detail == *step).map(|count| count.count).sum()
        };
        let all = weeks.count(week, &["escalated"]);
        std::iter::once(all).chain(steps.iter().map(of_step)).collect()
    });
    let named = steps.iter().map(|step| format!("step: {step}"));
    let columns = std::iter::once("all steps".to_owned()).chain(named).collect();
    Chart { name: ChartName::Escalations, key: "week from", columns, drawn: 1, rows }
}

fn reasons(requests: &[ReadRequest]) -> Chart {
    let of = |requests: &mut dyn Iterator<Item = &ReadRequest>, reason: Reason| {
        requests.filter(|request| request.reasons.contains(&reason)).count() as u64
    };
    let row = |reason: Reason| {
        let all = of(&mut requests.iter(), reason);
        let open = of(&mut requests.iter().filter(|request| request.is_open), reason);
        let label = words::reason(reason).to_owned();
        Row { short: label.clone(), label, values: vec![Some(all), Some(open)] }
    };
    let mut rows: Vec<Row> = Reason::ALL.into_iter().map(row).collect();
    let without = |is_wanted: &dyn Fn(&&ReadRequest) -> bool| {
        let unclear = requests.iter().filter(|request| request.reasons.is_empty());
        Some(unclear.filter(is_wanted).count() as u64)
    };
    rows.sort_by_key(|row| std::cmp::Reverse(row.values[0]));
    let values = vec![without(&|_| true), without(&|request| request.is_open)];
    rows.push(Row { label: "not clear".to_owned(), short: "not clear".to_owned(), values });
    let columns = vec!["requests".to_owned(), "of them open".to_owned()];
    Chart { name: ChartName::Reasons, key: "reason", columns, drawn: 1, rows }
}

impl Near {
    fn of(near: &NearStep, (at, step): (Timestamp, String), now: Timestamp) -> Self {
        let title: String = near.ticket.title.chars().take(100).collect();
        let title = if title.is_empty() { "(no title)".to_owned() } else { title };
        let is_overdue = at <= now || near.late_since.is_some();
        Self { number: near.ticket.number, title, step, due: Moment::new(at, now), is_overdue }
    }

    /// In how many days, begun ones whole.
    fn days(&self, now: Timestamp) -> i64 {
        let at: Timestamp = self.due.iso.parse().unwrap_or(now);
        at.duration_since(now).as_hours() / 24 + 1
    }
}

fn days_left(near: &[Near], now: Timestamp) -> Chart {
    let row = |label: String, count: usize| Row {
        short: label.clone(),
        label,
        values: vec![Some(count as u64)],
    };
    let overdue = near.iter().filter(|one| one.is_overdue).count();
    let within = |days: i64| {
        let count = near.iter().filter(|one| !one.is_overdue && one.days(now) == days).count();
        let plural = if days == 1 { "" } else { "s" };
        row(format!("within {days} day{plural}"), count)
    };
    let rows =
        std::iter::once(row("overdue".to_owned(), overdue)).chain((1..=DAYS_AHEAD).map(within));
    let columns = vec!["requests".to_owned()];
    Chart { name: ChartName::NearStep, key: "due", columns, drawn: 1, rows: rows.collect() }
}
