//! Asks GitHub who we are.

use serde::Deserialize;

use super::client::Client;
use super::wanted::{Wanted, expect_success};
use super::{CallError, Identity};
use crate::triage::Login;

#[derive(Deserialize)]
struct AppJson {
    id: u64,
    slug: String,
}

#[derive(Deserialize)]
struct LoginJson {
    login: String,
}

impl Client {
    pub(super) async fn ask_who_we_are(&self) -> Result<Identity, CallError> {
        let credential = self.authority.own_credential()?;
        let is_app = self.authority.app_id().is_some();
        let path = if is_app { "/app" } else { "/user" };
        let wanted = Wanted::get(path, path.to_owned());
        let answer = expect_success(self.send(&wanted, &credential, None).await?)?;
        Ok(if is_app {
            let app: AppJson = answer.json()?;
            Identity::App { id: app.id, login: Login(format!("{}[bot]", app.slug)) }
        } else {
            Identity::Token { login: Login(answer.json::<LoginJson>()?.login) }
        })
    }
}
