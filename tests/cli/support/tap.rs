//! Listens between program and server, so that a test knows every secret that was on the wire.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// Passes bytes on in both directions, and keeps a copy.
pub(crate) struct Tap {
    address: SocketAddr,
    heard: Arc<Mutex<Vec<u8>>>,
}

impl Tap {
    /// Begins to listen in front of a server.
    pub(crate) fn before(server: &str) -> Self {
        let server: SocketAddr = server.trim_start_matches("http://").parse().expect("the address of the server");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a loopback port is free");
        let address = listener.local_addr().expect("it is bound");
        let heard = Arc::new(Mutex::new(Vec::new()));
        let copies = Arc::clone(&heard);
        // Ends with the process; the test need not wait for it.
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let Ok(server) = TcpStream::connect(server) else { continue };
                for (from, to) in [(client.try_clone(), server.try_clone()), (server.try_clone(), client.try_clone())] {
                    let (Ok(from), Ok(to)) = (from, to) else { continue };
                    let copies = Arc::clone(&copies);
                    thread::spawn(move || pass_on(from, to, &copies));
                }
            }
        });
        Self { address, heard }
    }

    /// The tap's address, to use instead of the server's.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// In everything heard, each text between `before` and one of `ends`.
    pub(crate) fn heard_after(&self, before: &str, ends: &[char]) -> Vec<String> {
        let heard = self.heard.lock().expect("not poisoned");
        let text = String::from_utf8_lossy(&heard);
        let mut found: Vec<String> = text
            .match_indices(before)
            .map(|(at, _)| text[at + before.len()..].split(ends).next().unwrap_or_default().to_owned())
            .filter(|value| value.len() >= 6)
            .collect();
        found.sort();
        found.dedup();
        found
    }
}

fn pass_on(mut from: TcpStream, mut to: TcpStream, copies: &Mutex<Vec<u8>>) {
    let mut block = [0; 16 * 1024];
    while let Ok(length @ 1..) = from.read(&mut block) {
        copies.lock().expect("not poisoned").extend_from_slice(&block[..length]);
        if to.write_all(&block[..length]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
}
