//! The App: its token, the tokens of its installation, and the log of what was delivered to it.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use serde_json::Value;

use super::{Acting, Actor, OutgoingEvent, Refusal, State, whole_second};

/// How long GitHub keeps the delivery log.
const DELIVERIES_KEPT: SignedDuration = SignedDuration::from_hours(3 * 24);

/// How tokens of people who signed in begin.
const USER_TOKEN: &str = "ghu";

/// How far the two clocks may differ before a token counts as made in the future.
const CLOCK_DRIFT: SignedDuration = SignedDuration::from_secs(60);

/// Tokens given out, and how much each was used.
#[derive(Debug, Default)]
pub(in crate::sandbox) struct Access {
    tokens: BTreeMap<String, Token>,
    use_of: BTreeMap<String, Use>,
}

#[derive(Clone, Debug)]
struct Token {
    actor: Actor,
    expires_at: Option<Timestamp>,
}

/// What one token has used up.
#[derive(Clone, Debug)]
struct Use {
    hour_began: Timestamp,
    requests: u64,
    content_writes: Vec<Timestamp>,
}

/// How much of the hourly limit is left.
#[derive(Clone, Copy, Debug)]
pub(in crate::sandbox) struct Budget {
    pub(in crate::sandbox) limit: u64,
    pub(in crate::sandbox) used: u64,
    pub(in crate::sandbox) resets_at: Timestamp,
}

/// What is wrong with the App's own token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JwtProblem {
    /// Not three parts of JSON.
    #[error("A JSON web token could not be decoded")]
    Malformed,
    /// The signature is not by the App's key.
    #[error("A JSON web token could not be decoded")]
    WrongSignature,
    /// `iss` names another App.
    #[error("'Issuer' claim ('iss') must be the App's ID")]
    WrongIssuer,
    /// `iat` lies in the future.
    #[error(
        "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued"
    )]
    IssuedInFuture,
    /// `exp` has passed.
    #[error(
        "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires"
    )]
    Expired,
    /// `exp` is more than ten minutes away.
    #[error("'Expiration time' claim ('exp') is too far in the future")]
    TooLong,
}

/// What became of one attempt to deliver.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// `OK`, or what went wrong.
    pub status: String,
    /// The HTTP status that came back, or the nearest to what went wrong.
    pub status_code: u16,
    /// Seconds it took.
    pub seconds: f64,
    /// What came back as the body.
    pub answer: String,
}

/// One attempt in the delivery log.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// Number of the attempt.
    pub id: u64,
    /// What was delivered.
    pub event: OutgoingEvent,
    /// When.
    pub delivered_at: Timestamp,
    /// The address it was sent to.
    pub url: String,
    /// The headers sent, by name.
    pub headers: BTreeMap<String, String>,
    /// What became of it.
    pub outcome: Outcome,
}

impl State {
    /// Makes a token for the installation, good for one hour.
    pub fn create_installation_token(&mut self, now: Timestamp) -> (String, Timestamp) {
        let expires_at = whole_second(now).saturating_add(SignedDuration::from_hours(1));
        let expires_at = expires_at.unwrap_or(Timestamp::MAX);
        let token = self.new_token("ghs", Actor::App, Some(expires_at));
        (token, expires_at)
    }

    /// Makes a personal token that does not expire.
    pub fn create_personal_token(&mut self, login: &str) -> String {
        self.new_token("ghp", Actor::Person(login.to_owned()), None)
    }

    /// Makes a token of somebody who signed in, good for eight hours.
    pub(super) fn create_user_token(&mut self, login: &str, now: Timestamp) -> String {
        let expires_at = whole_second(now).saturating_add(SignedDuration::from_hours(8));
        let actor = Actor::Person(login.to_owned());
        self.new_token(USER_TOKEN, actor, Some(expires_at.unwrap_or(Timestamp::MAX)))
    }

    /// Makes a token of somebody who signed in worthless; false where it is none.
    pub fn revoke_user_token(&mut self, token: &str) -> bool {
        token.starts_with(USER_TOKEN) && self.access.tokens.remove(token).is_some()
    }

    /// How many tokens of people who signed in are still good for something.
    #[must_use]
    pub fn user_tokens(&self) -> usize {
        self.access.tokens.keys().filter(|token| token.starts_with(USER_TOKEN)).count()
    }

    /// Makes every token given out so far worthless.
    pub fn revoke_tokens(&mut self) {
        self.access.tokens.clear();
    }

    fn new_token(&mut self, kind: &str, actor: Actor, expires_at: Option<Timestamp>) -> String {
        let id = self.new_id();
        let digest = ring::digest::digest(&ring::digest::SHA256, &id.to_le_bytes());
        let token = format!("{kind}_{}", hex::encode(&digest.as_ref()[..18]));
        self.access.tokens.insert(token.clone(), Token { actor, expires_at });
        token
    }

    /// Whose token this is, unless it is unknown or over.
    #[must_use]
    pub fn actor_of(&self, token: &str, now: Timestamp) -> Option<Actor> {
        let token = self.access.tokens.get(token)?;
        let is_good = token.expires_at.is_none_or(|expires_at| now < expires_at);
        is_good.then(|| token.actor.clone())
    }

    /// Checks the App's own token; the signature only where the settings hold the public key.
    pub fn check_app_token(&self, token: &str, now: Timestamp) -> Result<(), JwtProblem> {
        let parts: Vec<&str> = token.split('.').collect();
        let [header, claims, signature] = parts[..] else {
            return Err(JwtProblem::Malformed);
        };
        if json_part(header)?.get("alg").and_then(Value::as_str) != Some("RS256") {
            return Err(JwtProblem::Malformed);
        }
        if let Some(key) = &self.settings.app_public_key {
            let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| JwtProblem::Malformed)?;
            let signed = format!("{header}.{claims}");
            UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key)
                .verify(signed.as_bytes(), &signature)
                .map_err(|_| JwtProblem::WrongSignature)?;
        }
        self.check_claims(&json_part(claims)?, now)
    }

    fn check_claims(&self, claims: &Value, now: Timestamp) -> Result<(), JwtProblem> {
        let issuer = match claims.get("iss") {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            _ => return Err(JwtProblem::WrongIssuer),
        };
        if issuer != self.settings.app_id.to_string() {
            return Err(JwtProblem::WrongIssuer);
        }
        let time = |name: &str| {
            let seconds = claims.get(name).and_then(Value::as_i64)?;
            Timestamp::from_second(seconds).ok()
        };
        let issued_at = time("iat").ok_or(JwtProblem::IssuedInFuture)?;
        let expires_at = time("exp").ok_or(JwtProblem::Expired)?;
        if issued_at.duration_since(now) > CLOCK_DRIFT {
            return Err(JwtProblem::IssuedInFuture);
        }
        if expires_at <= now {
            return Err(JwtProblem::Expired);
        }
        if expires_at.duration_since(now) > SignedDuration::from_mins(10) + CLOCK_DRIFT {
            return Err(JwtProblem::TooLong);
        }
        Ok(())
    }

    /// Counts a request against the hour of its token.
    pub(in crate::sandbox) fn count_request(&mut self, token: &str, now: Timestamp) -> Budget {
        let limit = self.settings.requests_per_hour;
        let used = self.use_of(token, now);
        used.requests += 1;
        let resets_at = used.hour_began.saturating_add(SignedDuration::from_hours(1));
        Budget { limit, used: used.requests, resets_at: resets_at.unwrap_or(Timestamp::MAX) }
    }

    /// What is left of the hour of a token.
    pub(in crate::sandbox) fn budget(&mut self, token: &str, now: Timestamp) -> Budget {
        self.count_request(token, now);
        self.forgive_request(token, now)
    }

    /// Takes a counted request back: what brought nothing new costs nothing.
    pub(in crate::sandbox) fn forgive_request(&mut self, token: &str, now: Timestamp) -> Budget {
        let budget = self.count_request(token, now);
        let used = self.use_of(token, now);
        used.requests = used.requests.saturating_sub(2);
        Budget { used: used.requests, ..budget }
    }

    /// Counts a content-creating request; false when GitHub would have had enough of them.
    pub(in crate::sandbox) fn may_create_content(&mut self, token: &str, now: Timestamp) -> bool {
        let (per_minute, per_hour) = self.settings.content_limits;
        let writes = &mut self.use_of(token, now).content_writes;
        let within = |writes: &[Timestamp], span: SignedDuration| {
            writes.iter().filter(|at| now.duration_since(**at) < span).count()
        };
        writes.retain(|at| now.duration_since(*at) < SignedDuration::from_hours(1));
        let is_fine =
            within(writes, SignedDuration::from_mins(1)) < per_minute && writes.len() < per_hour;
        if is_fine {
            writes.push(now);
        }
        is_fine
    }

    fn use_of(&mut self, token: &str, now: Timestamp) -> &mut Use {
        let fresh = Use { hour_began: now, requests: 0, content_writes: Vec::new() };
        let used = self.access.use_of.entry(token.to_owned()).or_insert(fresh);
        if now.duration_since(used.hour_began) >= SignedDuration::from_hours(1) {
            (used.hour_began, used.requests) = (now, 0);
        }
        used
    }

    /// The delivery log, newest first, as far back as GitHub keeps it.
    #[must_use]
    pub fn deliveries(&self, now: Timestamp) -> Vec<&Delivery> {
        self.deliveries
            .iter()
            .rev()
            .filter(|delivery| now.duration_since(delivery.delivered_at) <= DELIVERIES_KEPT)
            .collect()
    }

    /// Writes an attempt into the log.
    pub fn log_delivery(&mut self, mut delivery: Delivery) {
        delivery.id = self.new_id();
        self.deliveries.push(delivery);
    }

    /// Queues a delivery again under its old GUID.
    pub fn redeliver(&mut self, id: u64, now: Timestamp) -> Result<(), Refusal> {
        let delivery = self.deliveries(now).into_iter().find(|delivery| delivery.id == id);
        let event = delivery.ok_or_else(Refusal::not_found)?.event.clone();
        self.outgoing.push_back(OutgoingEvent { is_redelivery: true, ..event });
        Ok(())
    }
}

impl Acting<'_> {
    /// Makes a token for the installation, good for one hour.
    pub fn create_token(&mut self) -> (String, Timestamp) {
        self.state.create_installation_token(self.now)
    }

    /// Queues a delivery again under its old GUID.
    pub fn redeliver(&mut self, id: u64) -> Result<(), Refusal> {
        self.state.redeliver(id, self.now)
    }
}

fn json_part(part: &str) -> Result<Value, JwtProblem> {
    let bytes = URL_SAFE_NO_PAD.decode(part).map_err(|_| JwtProblem::Malformed)?;
    serde_json::from_slice(&bytes).map_err(|_| JwtProblem::Malformed)
}
