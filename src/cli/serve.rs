//! `keydesk serve`: the bot.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::forms::form;
use super::reload::{read_rules, reload_when_told};
use super::runtime::wait_for;
use super::setup::{self, Ended};
use super::{Failure, Format, database};
use crate::clock::Clock;
use crate::engine::notify::{Chat, Notifier};
use crate::engine::pace::StorePace;
use crate::engine::{Engine, Parts, Rulebook, Rules};
use crate::github::CallError;
use crate::github::app::{AppKey, Authority, Credentials};
use crate::github::client::{Client, Exchange};
use crate::github::transport::Transport;
use crate::metrics::Metrics;
use crate::policy::NotifyStyle;
use crate::settings::{GivenCredentials, Settings};
use crate::store::Store;
use crate::trace;
use crate::web::{self, Web, connections};

/// What is in hand may take this long at the end; then it is left to the next start, which loses
/// nothing. Platforms kill a process soon after they asked it to stop.
const GRACE: Duration = Duration::from_secs(4);

/// Run the bot: receiver, workers and clock.
#[derive(Args)]
#[command(after_help = "\
Examples: GITHUB_APP_ID=1234 GITHUB_PRIVATE_KEY_PATH=app.pem GITHUB_WEBHOOK_SECRET=… keydesk serve
          keydesk serve --print-config
Without credentials and with KEYDESK_PUBLIC_URL it prints a link to a page that has GitHub make the App.
SIGHUP has it read policy, texts, form and chats again; SIGTERM ends it.")]
pub struct Serve {
    /// The configuration folder; `config/` if it is there, else what is built in
    #[arg(long, value_name = "DIR")]
    config: Option<PathBuf>,
    /// Print the configuration in force with the source of each value, and end; secrets are "set"
    #[arg(long)]
    print_config: bool,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Text, requires = "print_config")]
    format: Format,
}

impl Serve {
    /// Serves until it is told to stop.
    pub fn run(&self) -> Result<(), Failure> {
        let settings = Settings::from_environment(self.config.as_deref()).map_err(Failure::of)?;
        if self.print_config {
            return super::configuration::show(&settings, self.format);
        }
        super::logging::start(settings.has_json_logs, settings.log_filter.as_deref());
        wait_for(async {
            let Some((settings, listener)) = self.set_up(settings).await? else { return Ok(()) };
            check_settings(&settings)?;
            let store = database::open(&settings).await?;
            let clock = store.clock();
            let engine = Arc::new(build(&settings, store, clock)?);
            let reloading = reload_when_told(engine.clone(), self.config.clone(), settings.clone());
            let reloading = tokio::spawn(reloading);
            let served = serve(engine, &settings, listener).await;
            reloading.abort();
            served
        })
    }

    /// The settings to serve with, and the listener if there is one already; none where it was
    /// stopped before there were any.
    async fn set_up(
        &self,
        settings: Settings,
    ) -> Result<Option<(Settings, Option<TcpListener>)>, Failure> {
        let Some(public_url) = setup::address_to_set_up(&settings) else {
            return Ok(Some((settings, None)));
        };
        match setup::run(&settings, (self.config.as_deref(), public_url)).await? {
            Ended::Done(settings, listener) => Ok(Some((*settings, Some(listener)))),
            Ended::Stopped => Ok(None),
        }
    }
}

fn check_settings(settings: &Settings) -> Result<(), Failure> {
    check_credentials(settings)?;
    check_secret(settings)
}

/// Refuses to go on without credentials.
pub(super) fn check_credentials(settings: &Settings) -> Result<(), Failure> {
    if settings.credentials.is_none() {
        let cure = "set GITHUB_APP_ID and GITHUB_PRIVATE_KEY (or GITHUB_PRIVATE_KEY_PATH), or GITHUB_TOKEN for a trial. Or set KEYDESK_PUBLIC_URL to where this desk is reached, and `keydesk serve` has GitHub make the App. `keydesk demo` needs none";
        return Err(Failure::new("there are no GitHub credentials", cure));
    }
    Ok(())
}

/// Refuses to go on without a secret of the webhook.
pub(super) fn check_secret(settings: &Settings) -> Result<(), Failure> {
    if settings.webhook_secrets.is_empty() {
        let cure = "set GITHUB_WEBHOOK_SECRET to the secret of the webhook; without it anybody could forge requests";
        return Err(Failure::new("there is no webhook secret", cure));
    }
    Ok(())
}

/// Puts the engine together, within the runtime. GitHub is not asked anything yet.
pub(super) fn build(settings: &Settings, store: Store, clock: Clock) -> Result<Engine, Failure> {
    let metrics = Arc::new(Metrics::default());
    let pace = StorePace { store: store.clone(), clock: clock.clone(), limits: settings.limits };
    let client = connect(settings, clock.clone(), metrics.clone())?.paced(Arc::new(pace));
    let rules = read_rules(&settings.folder).map_err(Failure::of)?;
    let chats = chats(settings, &rules);
    Ok(Engine::new(Parts {
        store,
        github: Arc::new(client),
        rulebook: Rulebook::new(rules),
        form: form(&settings.folder)?,
        clock,
        limits: settings.limits,
        notifier: Notifier::new(chats),
        metrics,
        public_url: settings.public_url.clone(),
    }))
}

/// The chats that have an address, in the style the operator's policy gives them.
pub(super) fn chats(settings: &Settings, rules: &Rules) -> BTreeMap<String, Chat> {
    let styles = rules.policies.base_styles();
    let chats = settings.chats.iter().map(|(name, chat)| {
        let style = styles.get(name).copied().unwrap_or(NotifyStyle::Slack);
        (name.clone(), Chat { address: chat.url.clone(), style, secret: chat.secret.clone() })
    });
    chats.collect()
}

/// A client with the credentials of these settings. GitHub is not asked anything yet.
pub(super) fn connect(
    settings: &Settings,
    clock: Clock,
    metrics: Arc<Metrics>,
) -> Result<Client, Failure> {
    let address_cure = "set GITHUB_API_URL to a base such as https://api.github.com";
    let transport = Transport::new(&settings.api_url, clock)
        .map_err(|error| Failure::new(error, address_cure))?;
    let credentials = match &settings.credentials {
        Some(GivenCredentials::App { id, private_key }) => {
            let key = AppKey::new(*id, private_key);
            let cure =
                "set GITHUB_PRIVATE_KEY to the whole PEM file GitHub gave you, or to its base64";
            Credentials::App(Box::new(key.map_err(|error| Failure::new(error, cure))?))
        }
        Some(GivenCredentials::Token(token)) => Credentials::Token(token.clone()),
        None => {
            return Err(Failure::new(
                "there are no GitHub credentials",
                "set GITHUB_APP_ID or GITHUB_TOKEN",
            ));
        }
    };
    let on_request = Arc::new(move |exchange: &Exchange| {
        let status = match &exchange.outcome {
            Ok(status) => status.to_string(),
            Err(CallError::Limited { .. }) => "limited".to_owned(),
            Err(CallError::Refused { .. } | CallError::Unreachable(_)) => "unreachable".to_owned(),
            Err(CallError::Unclear(_)) => "unclear".to_owned(),
        };
        metrics.count_request(exchange.route, &status);
        if let Some(remaining) = exchange.remaining {
            metrics.set_budget("requests_per_hour", remaining);
        }
    });
    let authority = Authority::new(credentials, transport.clone());
    Ok(Client::new(transport, authority, on_request))
}

/// Opens the place to listen at.
pub(super) async fn bind(settings: &Settings) -> Result<TcpListener, Failure> {
    TcpListener::bind(settings.listen).await.map_err(|error| {
        Failure::new(
            format!("cannot listen on {}: {error}", settings.listen),
            "set LISTEN or PORT to one that is free",
        )
    })
}

async fn serve(
    engine: Arc<Engine>,
    settings: &Settings,
    listener: Option<TcpListener>,
) -> Result<(), Failure> {
    let listener = match listener {
        Some(listener) => listener,
        None => bind(settings).await?,
    };
    engine
        .renew_policies()
        .await
        .map_err(|error| Failure::new(error, "is the database whole and writable?"))?;
    let address = listener
        .local_addr()
        .map_or_else(|_| settings.listen.to_string(), |address| address.to_string());
    tracing::info!(listen = address, "keydesk is open");
    trace::start();
    let (stopper, stop) = watch::channel(false);
    let (pages, link) = super::pages::open(settings, &engine.store().clock(), stop.clone())?;
    if let Some(path) = link {
        // To whoever started it, and not into the log.
        println!("Staff pages, good once and for 15 minutes: http://{address}{path}");
    }
    let working = tokio::spawn(engine.clone().run(stop.clone()));
    let store = engine.store().clone();
    let web = Web::new(engine, settings.webhook_secrets.clone(), pages);
    let router = web::with_nothing_elsewhere(web::router(web.clone()), web);
    let mut stopping = stop;
    let mut serving = tokio::spawn(connections::serve(listener, router, async move {
        // An error means that nobody is left to say stop.
        let _ = stopping.wait_for(|is_stopping| *is_stopping).await;
    }));
    tokio::select! {
        () = told_to_stop() => {}
        _ = &mut serving => return Err(Failure::new("the receiver stopped", "start it again; nothing is lost")),
    }
    tracing::info!("closing: what is in hand is finished first");
    // Nobody listens only if everything is gone already.
    let _ = stopper.send(true);
    let finished = tokio::time::timeout(GRACE, async { tokio::join!(serving, working) }).await;
    if finished.is_err() {
        tracing::warn!("GitHub does not answer; what was in hand is taken up at the next start");
    }
    // A collector that does not answer is left.
    let _ = tokio::time::timeout(GRACE / 4, trace::finish()).await;
    store.tidy().await;
    Ok(())
}

/// Ends on SIGTERM or Ctrl-C.
pub(super) async fn told_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let interrupted = tokio::signal::ctrl_c();
    match signal(SignalKind::terminate()) {
        Ok(mut terminated) => {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
        }
        Err(_) => drop(interrupted.await),
    }
}
