//! What `serve` hands to the staff pages: who may come in, and how it is kept sealed.

use std::sync::Arc;

use secrecy::ExposeSecret;

use super::Failure;
use crate::clock::Clock;
use crate::engine::Stop;
use crate::github::sign_in::SignIn;
use crate::settings::{ConfigFolder, Settings};
use crate::web::sign_in::{Chance, Entrance, OneTimeLink, Seal, system_chance};
use crate::web::{Layout, Pages};

/// A key that is shorter can be guessed.
const KEY_BYTES_MIN: usize = 32;

/// How the staff pages are served, and the path of the one-time link if that is how one comes in.
///
/// # Errors
/// What is wrong with the key or a template, with the cure.
pub(super) fn open(
    settings: &Settings,
    clock: &Clock,
    stop: Stop,
) -> Result<(Pages, Option<String>), Failure> {
    let chance = system_chance();
    let (entrance, link) = entrance(settings, clock, &chance);
    let seal = seal(settings, &chance, &entrance)?;
    let public_url = settings.public_url.clone();
    let pages = Pages {
        entrance,
        seal,
        clock: clock.clone(),
        chance,
        is_https: is_https(settings),
        public_url,
        tracker: None,
        layout: layout(&settings.folder)?,
        settings: settings.shown.clone(),
        stop,
    };
    Ok((pages, link))
}

/// The templates of the staff pages, those of a configuration folder in the place of ours.
///
/// # Errors
/// The first that is broken.
pub(super) fn layout(folder: &ConfigFolder) -> Result<Layout, Failure> {
    let cure = "mend the template, or take it out of the configuration folder";
    Layout::load(folder.pages.as_deref()).map_err(|error| Failure::new(error, cure))
}

/// Browsers keep cookies from whoever listens on the way, except on this very machine.
pub(super) fn is_https(settings: &Settings) -> bool {
    match &settings.public_url {
        Some(url) => !url.starts_with("http://"),
        None => !settings.listen.ip().is_loopback(),
    }
}

fn entrance(settings: &Settings, clock: &Clock, chance: &Chance) -> (Entrance, Option<String>) {
    match &settings.oauth {
        Some(client) => {
            let secret = client.secret.clone();
            let sign_in = SignIn::new(client.id.clone(), secret, &settings.api_url);
            (Entrance::GitHub(Box::new(sign_in)), None)
        }
        None if settings.listen.ip().is_loopback() => {
            let (link, path) = OneTimeLink::new(chance, clock());
            (Entrance::Link(Arc::new(link)), Some(path))
        }
        None => (Entrance::Closed, None),
    }
}

fn seal(settings: &Settings, chance: &Chance, entrance: &Entrance) -> Result<Seal, Failure> {
    let Some(key) = &settings.session_key else {
        if matches!(entrance, Entrance::GitHub(_)) {
            let cure = "set KEYDESK_SESSION_KEY to at least 32 random characters, the same on every machine";
            tracing::warn!(cure, "sessions end when this process ends");
        }
        return Ok(Seal::new(&chance()));
    };
    let key = key.expose_secret().as_bytes();
    if key.len() < KEY_BYTES_MIN {
        let cure = "set it to at least 32 random characters, such as `openssl rand -hex 32` prints";
        return Err(Failure::new("KEYDESK_SESSION_KEY is too short to be safe", cure));
    }
    Ok(Seal::new(key))
}
