//! `keydesk demo`: the bot and a stand-in GitHub in one process, everything in memory.

use std::net::SocketAddr;
use std::sync::Arc;

use clap::Args;
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::Failure;
use super::runtime::wait_for;
use super::serve::{build, told_to_stop};
use crate::clock;
use crate::engine::{Engine, Stop};
use crate::sandbox::clock::Flow;
use crate::sandbox::seed::tracker;
use crate::sandbox::state::{Actor, Role};
use crate::sandbox::{Sandbox, SandboxSettings};
use crate::settings::{Environment, GivenCredentials, OauthClient, Settings};
use crate::store::Store;
use crate::web::sign_in::system_chance;
use crate::web::{self, Pages, Web, connections};

/// The demo tracker's own policy: short enough that a week's jump shows something.
const POLICY: &str = include_str!("../../config/demo.toml");
const WEBHOOK_SECRET: &str = "demo";

/// Run the bot with a stand-in GitHub in one process, everything in memory.
#[derive(Args)]
#[command(after_help = "Example: keydesk demo --listen 127.0.0.1:9000")]
pub struct Demo {
    /// Where to open it
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
}

impl Demo {
    /// Runs until it is told to stop.
    pub fn run(&self) -> Result<(), Failure> {
        super::logging::start(false, std::env::var("RUST_LOG").ok().as_deref());
        wait_for(self.serve())
    }

    async fn serve(&self) -> Result<(), Failure> {
        let listener = TcpListener::bind(self.listen).await.map_err(|error| {
            Failure::new(
                format!("cannot listen on {}: {error}", self.listen),
                "choose another place with --listen 127.0.0.1:9000",
            )
        })?;
        let address =
            listener.local_addr().map_err(|error| Failure::new(error, "start it again"))?;
        let (sandbox, engine, settings) = open_desk(address)?;
        println!("The desk is open: http://{address}/");
        println!(
            "File a request, answer it, change who you are, move the clock, and look at it from the desk's own pages. Ctrl-C ends it; nothing is kept."
        );
        let (stopper, stop) = watch::channel(false);
        let pages = open_pages(&settings, stop.clone())?;
        let working = tokio::spawn(engine.clone().run(stop));
        let delivering = tokio::spawn({
            let sandbox = sandbox.clone();
            async move { sandbox.keep_delivering().await }
        });
        let following = tokio::spawn(follow_clock(sandbox.clone(), engine.clone()));
        let router = web::router(Web::new(engine, vec![WEBHOOK_SECRET.into()], pages))
            .merge(sandbox.tracker())
            .merge(sandbox.sign_in())
            .merge(sandbox.api_at("/api/v3"));
        connections::serve(listener, router, told_to_stop()).await;
        delivering.abort();
        following.abort();
        // Nobody listens only if the workers are gone already.
        let _ = stopper.send(true);
        drop(working.await);
        Ok(())
    }
}

/// A tracker with three people, and a bot that watches it over HTTP as it would watch GitHub.
fn open_desk(address: SocketAddr) -> Result<(Sandbox, Arc<Engine>, Settings), Failure> {
    let start = clock::system()();
    let sandbox = Sandbox::new(SandboxSettings {
        flow: Flow::Flowing,
        webhook_url: Some(format!("http://{address}/webhooks/github")),
        webhook_secret: WEBHOOK_SECRET.to_owned(),
        api_url: format!("http://{address}/api/v3"),
        pages_url: format!("http://{address}"),
        desk_url: Some(format!("http://{address}")),
        ..SandboxSettings::starting_at(start)
    });
    let again = "this is a fault of the demo itself; start it again";
    let bot_login = SandboxSettings::starting_at(start).bot_login();
    let seeded = sandbox.with(|state| {
        state.seed_demo(start, Some(POLICY))?;
        state.acting(Actor::App, start).give_role(&tracker(), &bot_login, Role::Write)
    });
    seeded.map_err(|refusal| {
        Failure::new(format!("the tracker could not be set up: {refusal:?}"), again)
    })?;
    let token = sandbox.with(|state| state.create_personal_token(&bot_login));
    let nothing_kept = ("DATABASE_URL".to_owned(), "sqlite://:memory:".to_owned());
    let environment = Environment::from([nothing_kept]);
    let mut settings = Settings::load(None, &environment).map_err(Failure::of)?;
    settings.api_url = format!("http://{address}/api/v3");
    let (id, secret) = sandbox.with(|state| state.settings.oauth_client.clone());
    settings.session_key = Some(hex::encode(system_chance()()).into());
    settings.oauth = Some(OauthClient { id, secret: secret.into() });
    settings.credentials = Some(GivenCredentials::Token(token.into()));
    let store = Store::in_memory().map_err(|error| Failure::new(error, again))?;
    let engine = build(&settings, store, sandbox.clock().as_function())?;
    Ok((sandbox, Arc::new(engine), settings))
}

/// The desk's own pages. Who comes first sees the tracker, which leads there.
fn open_pages(settings: &Settings, stop: Stop) -> Result<Pages, Failure> {
    let (pages, _) = super::pages::open(settings, &clock::system(), stop)?;
    Ok(Pages { tracker: Some("/tracker".to_owned()), is_https: false, ..pages })
}

/// Tells the bot whenever a person moves the clock.
async fn follow_clock(sandbox: Sandbox, engine: Arc<Engine>) {
    let mut jumps = sandbox.clock().jumps();
    while jumps.changed().await.is_ok() {
        engine.clock_moved();
    }
}
