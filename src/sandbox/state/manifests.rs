//! Apps made from a manifest: codes given out, and the App that comes of one.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use ring::digest::{SHA256, digest};
use serde::Deserialize;

use super::{Refusal, State};

/// How long GitHub keeps a code.
const CODE_LIFE: SignedDuration = SignedDuration::from_hours(1);

/// GitHub takes no longer name.
const NAME_CHARACTERS_MAX: usize = 34;

/// What an App is to be like.
#[derive(Clone, Debug, Deserialize)]
pub struct Manifest {
    /// What people call it.
    #[serde(default)]
    pub name: String,
    /// Its home page.
    pub url: String,
    /// Where its webhooks go.
    pub hook_attributes: HookAttributes,
    /// Where people come back to with the code.
    pub redirect_url: String,
    /// Where people come back to who sign in.
    #[serde(default)]
    pub callback_urls: Vec<String>,
    /// Where people come back to who installed it.
    #[serde(default)]
    pub setup_url: Option<String>,
    /// What it is told of.
    #[serde(default)]
    pub default_events: Vec<String>,
    /// What it may do.
    #[serde(default)]
    pub default_permissions: BTreeMap<String, String>,
    /// Whether anybody may install it.
    #[serde(default)]
    pub public: bool,
}

/// Where webhooks of an App go.
#[derive(Clone, Debug, Deserialize)]
pub struct HookAttributes {
    /// The address.
    pub url: String,
}

/// Codes that were given out and not converted yet, and the manifest of the App as it is.
#[derive(Debug, Default)]
pub(in crate::sandbox) struct Manifests {
    codes: BTreeMap<String, (Manifest, Timestamp)>,
    made: Option<Manifest>,
}

impl State {
    /// Makes an App of a manifest, as GitHub's page does, and gives the code for it.
    ///
    /// # Errors
    /// What GitHub would refuse.
    pub fn make_app(&mut self, manifest: Manifest, now: Timestamp) -> Result<String, Refusal> {
        let name = manifest.name.trim();
        if name.is_empty() || name.chars().count() > NAME_CHARACTERS_MAX {
            return Err(Refusal::invalid("Integration", "name", "invalid"));
        }
        let addresses = [&manifest.url, &manifest.hook_attributes.url, &manifest.redirect_url];
        if addresses.into_iter().any(|url| !url.starts_with("http")) {
            return Err(Refusal::invalid("Integration", "url", "invalid"));
        }
        let id = self.new_id();
        let code = hex::encode(&digest(&SHA256, &id.to_be_bytes()).as_ref()[..20]);
        let until = now.saturating_add(CODE_LIFE).unwrap_or(now);
        self.manifests.codes.insert(code.clone(), (manifest, until));
        Ok(code)
    }

    /// The App a code stands for: from now on it is the one of this GitHub.
    ///
    /// # Errors
    /// Where the code is not known, or not any more.
    pub fn convert_manifest(&mut self, code: &str, now: Timestamp) -> Result<(), Refusal> {
        let given = self.manifests.codes.remove(code).filter(|(_, until)| now < *until);
        let (manifest, _) = given.ok_or_else(Refusal::not_found)?;
        self.settings.webhook_url = Some(manifest.hook_attributes.url.clone());
        self.settings.events.clone_from(&manifest.default_events);
        self.settings.desk_url = Some(manifest.url.trim_end_matches('/').to_owned());
        self.manifests.made = Some(manifest);
        Ok(())
    }

    /// What the App was made from, if it was made from a manifest.
    #[must_use]
    pub fn made_from(&self) -> Option<&Manifest> {
        self.manifests.made.as_ref()
    }
}
