//! The way to the database is cut, or its disk is full: the desk says so, refuses what it cannot
//! keep, and goes on by itself.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use super::desk::{Desk, eventually};
use super::killed::{Chance, Tale, check, file_some};
use super::machines::{LONGER_THAN_A_CLAIM, Machines, PATIENCE};
use super::stand_in::{BODY, StandIn};
use super::wire::Hook;
use crate::postgres::server::{self, Server};

/// A way to a server. While it is cut, what was sent waits, and nobody is told.
struct Way {
    port: u16,
    is_open: watch::Sender<bool>,
}

impl Way {
    async fn to(server: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let (is_open, open) = watch::channel(true);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let far = TcpStream::connect(("127.0.0.1", server)).await.expect("a server");
                let ((near_in, near_out), (far_in, far_out)) =
                    (near.into_split(), far.into_split());
                tokio::spawn(carry(near_in, far_out, open.clone()));
                tokio::spawn(carry(far_in, near_out, open.clone()));
            }
        });
        Self { port, is_open }
    }
}

async fn carry(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut open: watch::Receiver<bool>) {
    let mut bytes = vec![0; 16 << 10];
    while let Ok(count) = from.read(&mut bytes).await {
        // An error means that the test is over.
        let _ = open.wait_for(|is_open| *is_open).await;
        if count == 0 || to.write_all(&bytes[..count]).await.is_err() {
            return;
        }
    }
}

#[tokio::test]
async fn a_machine_cut_off_for_longer_than_its_claims_doubles_nothing() {
    let mut chance = Chance(37);
    let github = StandIn::start().await;
    let mut machines = Machines::start(&github, 1).await;
    let way = Way::to(machines.server.port()).await;
    let address = machines
        .address
        .replace(&format!(":{}/", machines.server.port()), &format!(":{}/", way.port));
    let mut far = Desk::new(&github).with("DATABASE_URL", &address);
    far.start(&github).await;
    machines.desks.push(far);
    let mut tales: BTreeMap<u64, Tale> = BTreeMap::new();
    for round in 0..3 {
        // The far one takes the webhooks in, both do the work, and in its midst the way is cut.
        machines.choose(&github, usize::from(round != 1));
        let filed = file_some(&github, &mut chance, (10, false));
        tokio::time::sleep(chance.millis(600)).await;
        way.is_open.send_replace(round != 0);
        if round == 0 {
            let wire = &machines.desks[1].wire;
            eventually("it says so", PATIENCE, async || wire.get("readyz").await.status == 503)
                .await;
            assert_eq!(wire.status(&Hook::opened("cut-off", 1)).await, 503);
            tokio::time::sleep(LONGER_THAN_A_CLAIM).await;
        }
        way.is_open.send_replace(true);
        let wire = &machines.desks[1].wire;
        eventually("it goes on", PATIENCE, async || wire.get("readyz").await.status == 200).await;
        github.redeliver(false);
        machines.settle(&github).await;
        filed.iter().for_each(|(number, tale)| tale.go_on(&github, *number));
        machines.settle(&github).await;
        tales.extend(filed);
    }
    github.redeliver(true);
    machines.settle(&github).await;
    check(&github, &tales, "a machine that was cut off");
    machines.check(&tales);
}

/// A small disk, there until dropped. Only root may make one.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn of(bytes: &str, at: PathBuf) -> Self {
        std::fs::create_dir(&at).expect("a folder");
        let options = format!("size={bytes},uid={}", server::own_user());
        let mut mount = as_root("mount");
        let made = mount.args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(&at).status();
        assert!(made.is_ok_and(|made| made.success()), "no disk: be root, or let sudo ask nothing");
        Self(at)
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: the server has its files open.
        let _ = as_root("umount").arg("-l").arg(&self.0).status();
    }
}

fn as_root(program: &str) -> Command {
    if server::own_user() == 0 {
        return Command::new(program);
    }
    let mut sudo = Command::new("sudo");
    sudo.args(["-n", program]);
    sudo
}

#[tokio::test]
async fn a_full_disk_of_the_server_loses_nothing() {
    let github = StandIn::start().await;
    let server = Server::start();
    let place = server.folder().join("small");
    let disk = SmallDisk::of("24m", place.clone());
    server::give(&disk.0);
    server.change(
        &server.address("postgres"),
        &format!("CREATE TABLESPACE small LOCATION '{}'", place.display()),
    );
    let address = server.new_database();
    let mut desk = Desk::new(&github).with("DATABASE_URL", &address);
    desk.start(&github).await;
    desk.terminate();
    desk.ended(PATIENCE).await;
    server.change(&address, "ALTER TABLE deliveries SET TABLESPACE small");
    desk.start(&github).await;
    let first = github.file("I am locked out", BODY);
    desk.settled(&github, PATIENCE).await;
    let ballast = disk.0.join("ballast");
    // An error is what is wanted: no room is left.
    let _ = std::fs::write(&ballast, vec![1; 32 << 20]);
    let mut kept = Vec::new();
    let mut is_refused = false;
    for issue in 10_000..10_400 {
        let guid = format!("full-{issue}");
        match desk.wire.status(&Hook::opened(&guid, issue)).await {
            202 => kept.push(guid),
            status => {
                assert_eq!(status, 503);
                is_refused = true;
                break;
            }
        }
    }
    assert!(is_refused, "the disk is full");
    assert!(desk.log().contains("No space left on device"), "and the log says so");
    std::fs::remove_file(&ballast).expect("room");
    eventually("it goes on", PATIENCE, async || desk.wire.get("readyz").await.status == 200).await;
    let second = github.file("I am locked out", BODY);
    desk.settled(&github, PATIENCE).await;
    assert_eq!((github.marked(first).len(), github.marked(second).len()), (1, 1));
    for guid in kept {
        let known = format!("SELECT 1 FROM deliveries WHERE guid = '{guid}'");
        assert_eq!(server.query(&address, &known).len(), 1, "{guid} was acknowledged");
    }
    desk.kill();
    server.stop();
}
