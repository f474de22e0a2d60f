//! The stand-in GitHub on a port of this machine, and the real client that asks it.

use std::sync::Arc;

use keydesk::github::app::{AppKey, Authority, Credentials};
use keydesk::github::client::Client;
use keydesk::github::transport::Transport;
use keydesk::sandbox::{Sandbox, SandboxSettings};

/// Takes a port of this machine, where the sandbox will be.
pub(super) fn listen(settings: &mut SandboxSettings) -> std::net::TcpListener {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.set_nonblocking(true).expect("a port that can wait");
    let address = listener.local_addr().expect("an address");
    settings.api_url = format!("http://{address}/api/v3");
    settings.pages_url = format!("http://{address}");
    listener
}

/// Serves the sandbox, within a runtime, whenever that runs.
pub(super) fn serve(sandbox: &Sandbox, listener: std::net::TcpListener) {
    let listener = tokio::net::TcpListener::from_std(listener).expect("a port");
    let service = axum::Router::new().merge(sandbox.api_at("/api/v3"));
    tokio::spawn(async move { axum::serve(listener, service).await });
}

/// The client of `serve`, with the App's key, on the sandbox's clock.
pub(super) fn connect(sandbox: &Sandbox) -> Client {
    let (api_url, app_id) =
        sandbox.with(|state| (state.settings.api_url.clone(), state.settings.app_id));
    let transport = Transport::new(&api_url, sandbox.clock().as_function()).expect("an address");
    let key = include_str!("../../keys/app.pem").to_owned().into();
    let key = AppKey::new(app_id, &key).expect("a key");
    let authority = Authority::new(Credentials::App(Box::new(key)), transport.clone());
    Client::new(transport, authority, Arc::new(|_| {}))
}
