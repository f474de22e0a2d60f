//! What the code of a new App is exchanged for.

use axum::extract::{Path, State as Shared};
use serde_json::json;

use super::answer::{Answer, created};
use crate::sandbox::Sandbox;
use crate::sandbox::payload;

/// `POST /app-manifests/{code}/conversions`, by anybody who has the code.
pub(super) async fn convert(Shared(sandbox): Shared<Sandbox>, Path(code): Path<String>) -> Answer {
    let now = sandbox.now();
    sandbox.with(|state| {
        state.convert_manifest(&code, now)?;
        let mut app = payload::app(state);
        let (client_id, client_secret) = &state.settings.oauth_client;
        app["client_id"] = json!(client_id);
        app["client_secret"] = json!(client_secret);
        app["webhook_secret"] = json!(state.settings.webhook_secret);
        app["pem"] = json!(state.settings.app_private_key);
        if let Some(made) = state.made_from() {
            app["name"] = json!(made.name);
            app["external_url"] = json!(made.url);
        }
        Ok(created(app))
    })
}
