//! Sign-in by the App's client: codes given out, and what they are exchanged for.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use ring::digest::{SHA256, digest};

use super::State;

/// How long GitHub keeps a code.
const CODE_LIFE: SignedDuration = SignedDuration::from_mins(10);

/// Codes that were given out and not exchanged yet.
#[derive(Debug, Default)]
pub(in crate::sandbox) struct Codes(BTreeMap<String, GivenCode>);

#[derive(Debug)]
struct GivenCode {
    login: String,
    challenge: Option<String>,
    until: Timestamp,
}

/// What comes to have a code exchanged.
#[derive(Debug, Clone, Copy)]
pub struct CodeExchange<'a> {
    /// The client's name.
    pub client_id: &'a str,
    /// The client's secret.
    pub client_secret: &'a str,
    /// The code.
    pub code: &'a str,
    /// What the challenge was made of.
    pub verifier: &'a str,
}

impl State {
    /// Lets the App's client know of a person by a code, good once and for ten minutes.
    pub fn give_code(&mut self, login: &str, challenge: Option<String>, now: Timestamp) -> String {
        let id = self.new_id();
        let code = hex::encode(&digest(&SHA256, &id.to_be_bytes()).as_ref()[..10]);
        let until = now.saturating_add(CODE_LIFE).unwrap_or(now);
        let given = GivenCode { login: login.to_owned(), challenge, until };
        self.codes.0.insert(code.clone(), given);
        code
    }

    /// A token of the person a code stands for.
    ///
    /// # Errors
    /// GitHub's word for what is wrong.
    pub fn exchange_code(
        &mut self,
        exchange: CodeExchange<'_>,
        now: Timestamp,
    ) -> Result<String, &'static str> {
        let (client_id, client_secret) = &self.settings.oauth_client;
        if exchange.client_id != client_id || exchange.client_secret != client_secret {
            return Err("incorrect_client_credentials");
        }
        let given = self.codes.0.remove(exchange.code).filter(|given| now < given.until);
        let given = given.ok_or("bad_verification_code")?;
        if let Some(challenge) = given.challenge {
            let made = digest(&SHA256, exchange.verifier.as_bytes());
            if URL_SAFE_NO_PAD.encode(made) != challenge {
                return Err("bad_verification_code");
            }
        }
        Ok(self.create_user_token(&given.login, now))
    }
}
