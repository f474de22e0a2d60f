//! What the page of operations is given.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::Serialize;

use crate::policy::layers::Sourced;
use crate::settings::ShownSetting;
use crate::store::{AsideDelivery, BudgetUse, Desk, Limits, OutboxRow};
use crate::triage::RepositoryId;
use crate::web::Web;
use crate::web::access::Visible;
use crate::web::page::Problem;
use crate::web::words::Moment;

/// So many digests of each repository are shown.
const DIGESTS_SHOWN: usize = 3;

/// Points GitHub gives an installation each minute, less what a repeated request may cost.
const POINTS_PER_MINUTE: i64 = 880;

/// The page.
#[derive(Serialize)]
pub(in crate::web) struct Operations {
    /// What came of what was done just before.
    pub notice: Option<&'static str>,
    /// Repositories that are left out, since GitHub does not say what one may see there.
    unsaid: usize,
    /// What concerns all repositories; none for those who may not see it.
    whole: Option<Whole>,
    set_aside: Vec<Aside>,
    budgets: Vec<Budget>,
    desks: Vec<ShownDesk>,
}

/// What concerns all repositories.
#[derive(Serialize)]
struct Whole {
    waiting: u64,
    oldest: Option<Moment>,
    webhooks_swept: Option<Moment>,
    duties: Vec<Duty>,
    /// What is wrong with the configuration folder, so that an earlier reading is in force.
    problem: Option<String>,
    settings: Vec<ShownSetting>,
    version: &'static str,
}

#[derive(Serialize)]
struct Duty {
    name: String,
    holder: String,
    until: Moment,
}

/// A delivery that was set aside.
#[derive(Serialize)]
struct Aside {
    id: i64,
    guid: String,
    event: String,
    repository: Option<String>,
    number: Option<u64>,
    received: Moment,
    problem: String,
}

#[derive(Serialize)]
struct Budget {
    /// `installation 7 (acme/support)`, or the token.
    name: String,
    used: Vec<Used>,
    pauses: Vec<(&'static str, Moment)>,
}

#[derive(Serialize)]
struct Used {
    what: &'static str,
    used: i64,
    /// None where there is no limit.
    limit: Option<i64>,
}

/// What is of one repository.
#[derive(Serialize)]
struct ShownDesk {
    repository: String,
    mode: String,
    revision: String,
    problem: Option<String>,
    issues_swept: Option<Moment>,
    waiting: Vec<Deed>,
    given_up: Vec<Deed>,
    settings: Vec<Sourced>,
    /// Where values come from, and how many come from there.
    sources: BTreeMap<String, usize>,
    digests: Vec<Digest>,
}

/// Something to be done on GitHub.
#[derive(Serialize)]
struct Deed {
    number: Option<u64>,
    what: String,
    planned: Moment,
    due: Moment,
    is_later: bool,
    attempts: i64,
    why: String,
}

#[derive(Serialize)]
struct Digest {
    at: Moment,
    text: String,
}

impl Operations {
    /// Everything somebody may see.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub(super) async fn gather(
        web: &Web,
        visible: &Visible,
        is_admin: bool,
    ) -> Result<Self, Problem> {
        let (store, now) = (web.engine.store(), web.engine.now());
        let desks = &visible.desks;
        let names: BTreeMap<RepositoryId, String> =
            desks.iter().map(|desk| (desk.repository.id, desk.repository.full_name())).collect();
        let sweeps: BTreeMap<String, Timestamp> = store.list_sweeps().await?.into_iter().collect();
        let aside = store.list_set_aside().await?.into_iter();
        let is_seen = |one: &AsideDelivery| {
            is_admin || one.repository.is_some_and(|id| names.contains_key(&id))
        };
        let set_aside = aside.filter(is_seen).map(|one| Aside::of(one, &names, now)).collect();
        let mut shown = Vec::new();
        for desk in desks {
            shown.push(ShownDesk::of(web, desk, &sweeps).await?);
        }
        let whole = if is_admin { Some(Whole::of(web, &sweeps).await?) } else { None };
        let budgets = budgets(web, desks).await?;
        Ok(Self { notice: None, unsaid: visible.unsaid, whole, set_aside, budgets, desks: shown })
    }
}

impl Whole {
    async fn of(web: &Web, sweeps: &BTreeMap<String, Timestamp>) -> Result<Self, Problem> {
        let (store, now) = (web.engine.store(), web.engine.now());
        let (waiting, oldest) = store.inbox().await?;
        let duties = store.list_duties().await?.into_iter();
        Ok(Self {
            waiting,
            oldest: oldest.map(|at| Moment::new(at, now)),
            webhooks_swept: sweeps.get("webhooks").map(|at| Moment::new(*at, now)),
            duties: duties
                .map(|(name, holder, until)| Duty { name, holder, until: Moment::new(until, now) })
                .collect(),
            problem: web.engine.folder_problem(),
            settings: web.pages.settings.clone(),
            version: env!("CARGO_PKG_VERSION"),
        })
    }
}

impl Aside {
    fn of(one: AsideDelivery, names: &BTreeMap<RepositoryId, String>, now: Timestamp) -> Self {
        Self {
            id: one.id,
            guid: one.guid,
            event: one.event,
            repository: one.repository.and_then(|id| names.get(&id).cloned()),
            number: one.number,
            received: Moment::new(one.received_at, now),
            problem: one.problem,
        }
    }
}

/// The budgets of the installations these desks work with.
async fn budgets(web: &Web, desks: &[Desk]) -> Result<Vec<Budget>, Problem> {
    let of = |desk: &Desk| desk.repository.installation.map_or(0, |installation| installation.0);
    let installations: BTreeSet<u64> = desks.iter().map(of).collect();
    let mut budgets = Vec::new();
    for installation in installations {
        let names = desks.iter().filter(|desk| of(desk) == installation);
        let names: Vec<String> = names.map(|desk| desk.repository.full_name()).collect();
        let name = match installation {
            0 => "the token".to_owned(),
            id => format!("installation {id} ({})", names.join(", ")),
        };
        let used = web.engine.store().budget_use(installation, web.engine.now()).await?;
        budgets.push(Budget::of(name, &used, (web.engine.limits(), web.engine.now())));
    }
    Ok(budgets)
}

impl Budget {
    fn of(name: String, used: &BudgetUse, (limits, now): (Limits, Timestamp)) -> Self {
        let has_limits = limits.per_minute.is_some() || limits.per_hour.is_some();
        let rows = [
            ("points of this minute", used.points, has_limits.then_some(POINTS_PER_MINUTE)),
            ("writes of this minute", used.content_minute, limits.per_minute.map(i64::from)),
            ("writes of this hour", used.content_hour, limits.per_hour.map(i64::from)),
        ];
        let pauses = used.pauses.iter().map(|(scope, until)| {
            let what = match scope.as_str() {
                "all" => "every request",
                "content" => "comments and labels",
                _ => "what nobody waits for",
            };
            (what, Moment::new(*until, now))
        });
        let used = rows.map(|(what, used, limit)| Used { what, used, limit });
        Self { name, used: used.into(), pauses: pauses.collect() }
    }
}

impl ShownDesk {
    async fn of(
        web: &Web,
        desk: &Desk,
        sweeps: &BTreeMap<String, Timestamp>,
    ) -> Result<Self, Problem> {
        let (store, now) = (web.engine.store(), web.engine.now());
        let repository = desk.repository.id;
        let (waiting, given_up) = store.outbox(repository).await?;
        let in_force = web.engine.in_force(desk);
        let settings = web.engine.policy_sources(desk);
        let mut sources = BTreeMap::new();
        for one in &settings {
            *sources.entry(one.source.clone()).or_insert(0) += 1;
        }
        let digests = store.list_digests(repository).await?.into_iter().take(DIGESTS_SHOWN);
        let swept = sweeps.get(&format!("issues:{repository}"));
        let mode = settings.iter().find(|one| one.key == "desk.mode");
        Ok(Self {
            repository: desk.repository.full_name(),
            mode: mode.map_or(String::new(), |one| one.value.trim_matches('"').to_owned()),
            revision: in_force.revision.clone(),
            problem: desk.problem.as_ref().map(|problem| problem.words().to_owned()),
            issues_swept: swept.map(|at| Moment::new(*at, now)),
            waiting: waiting.into_iter().map(|row| Deed::of(row, now)).collect(),
            given_up: given_up.into_iter().map(|row| Deed::of(row, now)).collect(),
            settings,
            sources,
            digests: digests
                .map(|digest| Digest { at: Moment::new(digest.at, now), text: digest.text })
                .collect(),
        })
    }
}

impl Deed {
    fn of(row: OutboxRow, now: Timestamp) -> Self {
        let is_later = row.due_at > now;
        let why = match row.why.as_str() {
            "" if is_later => "put off".to_owned(),
            "" => "waits for its turn".to_owned(),
            why => why.to_owned(),
        };
        Self {
            number: row.number,
            what: row.summary,
            planned: Moment::new(row.planned_at, now),
            due: Moment::new(row.due_at, now),
            is_later,
            attempts: row.attempts,
            why,
        }
    }
}
