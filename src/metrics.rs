//! Figures for Prometheus. Label values come from closed lists, never from what people write.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

/// Two labels of a family.
macro_rules! labels {
    ($($(#[$doc:meta])* $name:ident { $($field:ident),+ })+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
        struct $name { $($field: String),+ }
    )+};
}

labels! {
    DeliveryLabels { event, outcome }
    ActionLabels { kind, outcome }
    QueueLabels { queue }
    TurnLabels { turn }
    RequestLabels { route, status }
    BudgetLabels { kind }
    MomentLabels { kind }
    WaitLabels { measure, quantile }
    MeasureLabels { measure }
    SweepLabels { kind, outcome }
}

/// Everything that is counted.
pub struct Metrics {
    registry: Registry,
    deliveries: Family<DeliveryLabels, Counter>,
    ack_seconds: Histogram,
    actions: Family<ActionLabels, Counter>,
    queue_depth: Family<QueueLabels, Gauge<i64, AtomicI64>>,
    tickets_open: Family<TurnLabels, Gauge<i64, AtomicI64>>,
    oldest_wait_seconds: Family<TurnLabels, Gauge<i64, AtomicI64>>,
    github_requests: Family<RequestLabels, Counter>,
    github_budget_remaining: Family<BudgetLabels, Gauge<i64, AtomicI64>>,
    moments: Family<MomentLabels, Counter>,
    waiting_seconds: Family<WaitLabels, Gauge<i64, AtomicI64>>,
    waiting_count: Family<MeasureLabels, Gauge<i64, AtomicI64>>,
    requests_made: AtomicU64,
    requests_unchanged: AtomicU64,
    sweeps: Family<SweepLabels, Counter>,
    swept_deliveries: Counter,
    store_round_trips: Gauge<i64, AtomicI64>,
}

/// What concerns the machines rather than the tickets.
fn register_machines(registry: &mut Registry, metrics: &Metrics) {
    registry.register(
        "swept_deliveries",
        "What never came and was found",
        metrics.swept_deliveries.clone(),
    );
    registry.register(
        "store_round_trips",
        "How often this process has waited for the answer of its database server",
        metrics.store_round_trips.clone(),
    );
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("keydesk");
        let metrics = Self {
            deliveries: Family::default(),
            ack_seconds: Histogram::new(exponential_buckets(0.000_25, 2.0, 16)),
            actions: Family::default(),
            queue_depth: Family::default(),
            tickets_open: Family::default(),
            oldest_wait_seconds: Family::default(),
            github_requests: Family::default(),
            github_budget_remaining: Family::default(),
            moments: Family::default(),
            waiting_seconds: Family::default(),
            waiting_count: Family::default(),
            requests_made: AtomicU64::new(0),
            requests_unchanged: AtomicU64::new(0),
            sweeps: Family::default(),
            swept_deliveries: Counter::default(),
            store_round_trips: Gauge::default(),
            registry: Registry::default(),
        };
        registry.register("deliveries", "Webhooks received", metrics.deliveries.clone());
        registry.register(
            "ack_seconds",
            "From the last byte of a webhook to its answer",
            metrics.ack_seconds.clone(),
        );
        registry.register("actions", "Actions performed on GitHub", metrics.actions.clone());
        registry.register("queue_depth", "What waits to be handled", metrics.queue_depth.clone());
        registry.register("sweeps", "Looks for what never came", metrics.sweeps.clone());
        registry.register("tickets_open", "Open tickets by turn", metrics.tickets_open.clone());
        registry.register(
            "oldest_wait_seconds",
            "Longest wait by turn",
            metrics.oldest_wait_seconds.clone(),
        );
        registry.register("github_requests", "Requests to GitHub", metrics.github_requests.clone());
        registry.register(
            "github_budget_remaining",
            "What GitHub still allows",
            metrics.github_budget_remaining.clone(),
        );
        registry.register("moments", "What happened to tickets", metrics.moments.clone());
        registry.register(
            "waiting_seconds",
            "Within what time so many requests had their first reply or were resolved, lately",
            metrics.waiting_seconds.clone(),
        );
        registry.register(
            "waiting_count",
            "Over how many requests the waiting time is measured",
            metrics.waiting_count.clone(),
        );
        register_machines(&mut registry, &metrics);
        Self { registry, ..metrics }
    }
}

impl Metrics {
    /// Counts a webhook. Events GitHub may add some day count as `other`.
    pub fn count_delivery(&self, event: &str, outcome: &str) {
        let is_known = matches!(
            event,
            "issues"
                | "issue_comment"
                | "push"
                | "label"
                | "repository"
                | "installation"
                | "installation_repositories"
                | "ping"
        );
        let event = if is_known { event } else { "other" }.to_owned();
        self.deliveries.get_or_create(&DeliveryLabels { event, outcome: outcome.to_owned() }).inc();
    }

    /// Notes how long an answer to GitHub took.
    pub fn observe_ack(&self, seconds: f64) {
        self.ack_seconds.observe(seconds);
    }

    /// Counts a look for what never came.
    pub fn count_sweep(&self, kind: &str, outcome: &str) {
        let labels = SweepLabels { kind: kind.to_owned(), outcome: outcome.to_owned() };
        self.sweeps.get_or_create(&labels).inc();
    }

    /// Counts something that never came and was found.
    pub fn count_swept(&self) {
        self.swept_deliveries.inc();
    }

    /// Counts an action.
    pub fn count_action(&self, kind: &str, outcome: &str) {
        let labels = ActionLabels { kind: kind.to_owned(), outcome: outcome.to_owned() };
        self.actions.get_or_create(&labels).inc();
    }

    /// Counts a request to GitHub.
    pub fn count_request(&self, route: &str, status: &str) {
        self.requests_made.fetch_add(1, Ordering::Relaxed);
        if status == "304" {
            self.requests_unchanged.fetch_add(1, Ordering::Relaxed);
        }
        let labels = RequestLabels { route: route.to_owned(), status: status.to_owned() };
        self.github_requests.get_or_create(&labels).inc();
    }

    /// How many requests were made to GitHub, and to how many it answered that nothing is new.
    pub fn request_counts(&self) -> (u64, u64) {
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        (count(&self.requests_made), count(&self.requests_unchanged))
    }

    /// Notes how much of a limit is left.
    pub fn set_budget(&self, kind: &str, remaining: i64) {
        self.github_budget_remaining
            .get_or_create(&BudgetLabels { kind: kind.to_owned() })
            .set(remaining);
    }

    /// Notes how often the database server was waited for.
    pub fn set_round_trips(&self, count: u64) {
        self.store_round_trips.set(i64::try_from(count).unwrap_or(i64::MAX));
    }

    /// Notes how much waits in a queue.
    pub fn set_queue_depth(&self, queue: &str, depth: i64) {
        self.queue_depth.get_or_create(&QueueLabels { queue: queue.to_owned() }).set(depth);
    }

    /// Counts what happened to a ticket.
    pub fn count_moment(&self, kind: &str) {
        self.moments.get_or_create(&MomentLabels { kind: kind.to_owned() }).inc();
    }

    /// Notes how long requests waited: over how many, and within how many hours half and nine in
    /// ten of them were over. Without any there is no time to tell.
    pub fn set_waiting(&self, measure: &str, count: u64, hours: Option<(u32, u32)>) {
        let labels = MeasureLabels { measure: measure.to_owned() };
        self.waiting_count.get_or_create(&labels).set(i64::try_from(count).unwrap_or(i64::MAX));
        let (half, most) = hours.unzip();
        for (quantile, hours) in [("0.5", half), ("0.9", most)] {
            let labels = WaitLabels { measure: measure.to_owned(), quantile: quantile.to_owned() };
            match hours {
                Some(hours) => {
                    self.waiting_seconds.get_or_create(&labels).set(i64::from(hours) * 3_600);
                }
                None => {
                    self.waiting_seconds.remove(&labels);
                }
            }
        }
    }

    /// Notes the open tickets of a turn, and how long the oldest waits.
    pub fn set_turn(&self, turn: &str, count: i64, oldest_wait_seconds: i64) {
        let labels = TurnLabels { turn: turn.to_owned() };
        self.tickets_open.get_or_create(&labels).set(count);
        self.oldest_wait_seconds.get_or_create(&labels).set(oldest_wait_seconds);
    }

    /// Everything as Prometheus reads it.
    pub fn text(&self) -> String {
        let mut text = String::new();
        encode(&mut text, &self.registry).expect("writing to a string cannot fail");
        text
    }
}
