//! Set-up mode of `keydesk serve`: where nobody said who the bot is, GitHub makes its App.

use std::path::Path;

use tokio::net::TcpListener;

use super::forms::form;
use super::reload::read_rules;
use super::serve::{bind, told_to_stop};
use super::{Failure, database, pages};
use crate::clock;
use crate::github::manifest::AppMaker;
use crate::settings::{CREDENTIALS_FILE, Settings, credentials_path};
use crate::web::setup::{SetUp, SetUpParts};
use crate::web::sign_in::system_chance;
use crate::web::{connections, setup_router};

/// What wins over the credentials that GitHub hands over.
const STRONGER: [&str; 3] =
    ["GITHUB_WEBHOOK_SECRET", "GITHUB_OAUTH_CLIENT_ID", "GITHUB_OAUTH_CLIENT_SECRET"];

/// How set-up mode ended.
pub(super) enum Ended {
    /// There are credentials now; the listener is the one of the desk.
    Done(Box<Settings>, TcpListener),
    /// Somebody told it to stop.
    Stopped,
}

/// Whether a desk with these settings is to be set up, and where people will find it.
pub(super) fn address_to_set_up(settings: &Settings) -> Option<&str> {
    settings.public_url.as_deref().filter(|_| settings.credentials.is_none())
}

/// Serves the set-up until there are credentials.
pub(super) async fn run(
    settings: &Settings,
    (folder, public_url): (Option<&Path>, &str),
) -> Result<Ended, Failure> {
    // What is wrong with these had better be said before GitHub makes anything.
    read_rules(&settings.folder).map_err(Failure::of)?;
    form(&settings.folder)?;
    let clock = clock::system();
    let (setup, path) = SetUp::new(SetUpParts {
        maker: AppMaker::new(&settings.api_url),
        public_url: public_url.to_owned(),
        file: credentials_path(&database::address(settings)?),
        in_the_way: settings.given(&STRONGER),
        layout: pages::layout(&settings.folder)?,
        clock,
        chance: system_chance(),
        is_https: pages::is_https(settings),
    });
    let listener = bind(settings).await?;
    let (listener, kept) = doubled(listener).map_err(|error| {
        Failure::new(format!("cannot listen on {}: {error}", settings.listen), "start it again")
    })?;
    let address = listener.local_addr().map(|address| address.to_string()).unwrap_or_default();
    tracing::info!(listen = address, "keydesk waits to be set up");
    // To whoever started it, and not into the log.
    println!("Set Keydesk up, good once and for an hour: {public_url}{path}");
    let mut is_done = false;
    let ending = async {
        tokio::select! {
            () = told_to_stop() => {}
            () = setup.can_go_on() => is_done = true,
        }
    };
    connections::serve(listener, setup_router(setup.clone()), ending).await;
    if !is_done {
        return Ok(Ended::Stopped);
    }
    let settings = Settings::from_environment(folder).map_err(Failure::of)?;
    tracing::info!("set up: the App's credentials stand in {CREDENTIALS_FILE}");
    Ok(Ended::Done(Box::new(settings), kept))
}

/// A second handle on a listener, which keeps whoever comes while the first is closed.
fn doubled(listener: TcpListener) -> std::io::Result<(TcpListener, TcpListener)> {
    let first = listener.into_std()?;
    let second = first.try_clone()?;
    Ok((TcpListener::from_std(first)?, TcpListener::from_std(second)?))
}
