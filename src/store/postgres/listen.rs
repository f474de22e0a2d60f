//! Hears from other processes that there is work. Nothing depends on it: who hears nothing looks
//! every few seconds.

use std::future::poll_fn;
use std::time::Duration;

use tokio_postgres::{AsyncMessage, Client, Connection, Error, Socket};

use super::Postgres;
use super::transaction::CHANNEL;
use crate::store::connection::Queue;

/// How often the clock is set by the server's.
const CLOCK_INTERVAL: Duration = Duration::from_secs(10);
/// Between two attempts to listen.
const PAUSE: Duration = Duration::from_secs(2);

/// Listens for good, and begins anew when the connection is lost.
pub(super) async fn listen(postgres: &Postgres, told: impl Fn(Queue)) {
    loop {
        if let Err(error) = hear(postgres, &told).await {
            tracing::debug!(%error, "nothing is heard from other processes");
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Hears until the connection is lost.
async fn hear(postgres: &Postgres, told: &impl Fn(Queue)) -> Result<(), Error> {
    let (client, connection) = postgres.address.0.connect(super::tls()).await?;
    tokio::select! {
        ended = speak(postgres, &client) => ended,
        lost = receive(connection, told) => lost,
    }
}

async fn speak(postgres: &Postgres, client: &Client) -> Result<(), Error> {
    client.batch_execute(&format!("LISTEN {CHANNEL}")).await?;
    loop {
        if let Err(error) = postgres.clock.set(client).await {
            tracing::debug!(%error, "the server does not tell the time");
        }
        tokio::time::sleep(CLOCK_INTERVAL).await;
    }
}

async fn receive<Stream>(
    mut connection: Connection<Socket, Stream>,
    told: &impl Fn(Queue),
) -> Result<(), Error>
where
    Stream: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
{
    while let Some(message) = poll_fn(|context| connection.poll_message(context)).await {
        if let AsyncMessage::Notification(notification) = message? {
            match notification.payload() {
                "inbox" => told(Queue::Inbox),
                "outbox" => told(Queue::Outbox),
                // A newer version may know more.
                _ => {}
            }
        }
    }
    Ok(())
}
