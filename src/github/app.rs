//! Credentials: the App's own token, installation tokens, or a person's token.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use http::Method;
use jiff::{SignedDuration, Timestamp};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::Mutex;

use super::CallError;
use super::transport::{Answer, Call, Transport};
use crate::triage::InstallationId;

/// The App's token is asked for afresh each time; it costs a millisecond.
const JWT_LIFE: SignedDuration = SignedDuration::from_mins(9);
/// GitHub's clock may be behind ours.
const JWT_BACKDATED: SignedDuration = SignedDuration::from_secs(60);
/// A token this near its end is not used for a new request.
const TOKEN_RENEWED_BEFORE: SignedDuration = SignedDuration::from_mins(5);

/// How the bot proves who it is.
pub enum Credentials {
    /// As an App.
    App(Box<AppKey>),
    /// By a person's token.
    Token(SecretString),
}

/// An App's id and private key.
pub struct AppKey {
    /// The App's number.
    pub id: u64,
    key: RsaKeyPair,
}

impl AppKey {
    /// Takes the key as GitHub hands it out (PKCS#1) or as PKCS#8, in PEM.
    ///
    /// # Errors
    /// Says what is wrong with the key, never what is in it.
    pub fn new(id: u64, pem: &SecretString) -> Result<Self, String> {
        let (label, der) = parse_pem(pem.expose_secret())?;
        let key = if label == "RSA PRIVATE KEY" {
            RsaKeyPair::from_der(&der)
        } else {
            RsaKeyPair::from_pkcs8(&der)
        };
        let key = key.map_err(|rejected| format!("the private key was refused: {rejected}"))?;
        Ok(Self { id, key })
    }

    /// A token for requests as the App itself.
    fn jwt(&self, now: Timestamp) -> Result<SecretString, CallError> {
        let claims = json!({
            "iat": (now - JWT_BACKDATED).as_second(),
            "exp": (now + JWT_LIFE).as_second(),
            "iss": self.id.to_string(),
        });
        let header = BASE64_URL_SAFE_NO_PAD.encode(r#"{"alg":"RS256","typ":"JWT"}"#);
        let message = format!("{header}.{}", BASE64_URL_SAFE_NO_PAD.encode(claims.to_string()));
        let mut signature = vec![0; self.key.public().modulus_len()];
        self.key
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message.as_bytes(), &mut signature)
            .map_err(|_| {
                CallError::Unreachable("the App's token could not be signed".to_owned())
            })?;
        Ok(format!("{message}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature)).into())
    }
}

/// The label and the bytes of the first block.
fn parse_pem(pem: &str) -> Result<(String, Vec<u8>), String> {
    let mut lines = pem.lines().map(str::trim).skip_while(|line| !line.starts_with("-----BEGIN "));
    let first =
        lines.next().ok_or("the private key has no line `-----BEGIN … PRIVATE KEY-----`")?;
    let label = first.trim_start_matches("-----BEGIN ").trim_end_matches('-').to_owned();
    let body: String = lines.take_while(|line| !line.starts_with("-----END ")).collect();
    let der = base64::prelude::BASE64_STANDARD
        .decode(body)
        .map_err(|_| "the private key is no PEM: its lines are not base64".to_owned())?;
    Ok((label, der))
}

/// An installation's token while it lives.
#[derive(Clone)]
struct Held {
    token: SecretString,
    until: Timestamp,
}

type Slot = Arc<Mutex<Option<Held>>>;

/// Hands out credentials; each installation's token is asked for once, however many wait for it.
pub struct Authority {
    credentials: Credentials,
    transport: Transport,
    slots: std::sync::Mutex<HashMap<InstallationId, Slot>>,
    installations: Mutex<HashMap<String, InstallationId>>,
}

#[derive(Deserialize)]
struct TokenJson {
    token: String,
    expires_at: Timestamp,
}

#[derive(Deserialize)]
struct InstallationJson {
    id: InstallationId,
}

impl Authority {
    /// An authority over `transport`.
    pub fn new(credentials: Credentials, transport: Transport) -> Self {
        let slots = std::sync::Mutex::default();
        Self { credentials, transport, slots, installations: Mutex::default() }
    }

    /// Whether the bot is an App, and which.
    pub fn app_id(&self) -> Option<u64> {
        match &self.credentials {
            Credentials::App(app) => Some(app.id),
            Credentials::Token(_) => None,
        }
    }

    /// The credential for requests as the App itself, or the person's token.
    ///
    /// # Errors
    /// Where the App's token cannot be signed.
    pub fn own_credential(&self) -> Result<SecretString, CallError> {
        match &self.credentials {
            Credentials::App(app) => app.jwt(self.transport.now()),
            Credentials::Token(token) => Ok(token.clone()),
        }
    }

    /// The credential for a repository.
    ///
    /// # Errors
    /// Where GitHub gives no token.
    pub async fn credential(
        &self,
        full_name: &str,
        known: Option<InstallationId>,
    ) -> Result<SecretString, CallError> {
        if let Credentials::Token(token) = &self.credentials {
            return Ok(token.clone());
        }
        let installation = match known {
            Some(installation) => installation,
            None => self.find_installation(full_name).await?,
        };
        let slot = self.slot(installation);
        let mut held = slot.lock().await;
        match &*held {
            Some(held) if held.until - TOKEN_RENEWED_BEFORE > self.transport.now() => {
                Ok(held.token.clone())
            }
            Some(_) | None => {
                let fresh = self.ask_for_token(installation).await?;
                *held = Some(fresh.clone());
                Ok(fresh.token)
            }
        }
    }

    /// The installation that may act in a repository; none in token mode.
    ///
    /// # Errors
    /// Where GitHub does not tell, or the App is not installed there.
    pub async fn installation(&self, full_name: &str) -> Result<Option<InstallationId>, CallError> {
        match &self.credentials {
            Credentials::App(_) => self.find_installation(full_name).await.map(Some),
            Credentials::Token(_) => Ok(None),
        }
    }

    /// Forgets every token: GitHub answered 401 to one.
    pub fn forget_tokens(&self) {
        self.slots.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clear();
    }

    fn slot(&self, installation: InstallationId) -> Slot {
        let mut slots = self.slots.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        slots.entry(installation).or_default().clone()
    }

    async fn find_installation(&self, full_name: &str) -> Result<InstallationId, CallError> {
        let mut installations = self.installations.lock().await;
        if let Some(installation) = installations.get(full_name) {
            return Ok(*installation);
        }
        let answer =
            self.ask_as_app(Method::GET, format!("/repos/{full_name}/installation")).await?;
        let found = answer.json::<InstallationJson>()?.id;
        installations.insert(full_name.to_owned(), found);
        Ok(found)
    }

    async fn ask_for_token(&self, installation: InstallationId) -> Result<Held, CallError> {
        let path = format!("/app/installations/{installation}/access_tokens");
        let answer = self.ask_as_app(Method::POST, path).await?;
        let json: TokenJson = answer.json()?;
        Ok(Held { token: json.token.into(), until: json.expires_at })
    }

    /// A request as the App. Its failure never means that a later request was made, so nothing
    /// about it is unclear to the caller.
    async fn ask_as_app(&self, method: Method, path: String) -> Result<Answer, CallError> {
        let credential = self.own_credential()?;
        let call = Call { method, path, credential: &credential, body: None, etag: None };
        let answer = match self.transport.send(&call).await {
            Err(CallError::Unclear(why)) => return Err(CallError::Unreachable(why)),
            other => other?,
        };
        if answer.status.is_success() {
            return Ok(answer);
        }
        let status = answer.status.as_u16();
        tracing::warn!(
            status,
            path = call.path,
            "GitHub gives the App no access; is it installed, and are its id and key right?"
        );
        if status == 401 {
            return Err(CallError::Unreachable("GitHub does not accept the App's key".to_owned()));
        }
        Err(CallError::Refused {
            status,
            message: "the App has no access; is it installed there?".to_owned(),
        })
    }
}

/// How soon a second look makes sense after an unclear answer: GitHub ends a request after 10 s,
/// and what it applied then is visible soon after.
pub const LOOK_AFTER: Duration = Duration::from_secs(15);
