//! Listens between program and server, so that a test knows every secret that was on the wire.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

/// Passes bytes on in both directions, and keeps a copy.
pub(crate) struct Tap {
    address: SocketAddr,
    heard: Arc<Mutex<Vec<u8>>>,
    held: Arc<Held>,
}

/// Whether answers are held back, and who waits for that to end.
#[derive(Default)]
struct Held(Mutex<bool>, Condvar);

impl Held {
    fn set(&self, held: bool) {
        *self.0.lock().expect("not poisoned") = held;
        self.1.notify_all();
    }

    fn wait(&self) {
        let held = self.0.lock().expect("not poisoned");
        drop(self.1.wait_while(held, |held| *held).expect("not poisoned"));
    }
}

impl Tap {
    /// Begins to listen in front of a server.
    pub(crate) fn before(server: &str) -> Self {
        let server: SocketAddr = server.trim_start_matches("http://").parse().expect("the address of the server");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a loopback port is free");
        let address = listener.local_addr().expect("it is bound");
        let heard = Arc::new(Mutex::new(Vec::new()));
        let (copies, held) = (Arc::clone(&heard), Arc::<Held>::default());
        let gate = Arc::clone(&held);
        // Ends with the process; the test need not wait for it.
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let Ok(server) = TcpStream::connect(server) else { continue };
                let ways = [
                    (client.try_clone(), server.try_clone(), None),
                    (server.try_clone(), client.try_clone(), Some(Arc::clone(&gate))),
                ];
                for (from, to, held) in ways {
                    let (Ok(from), Ok(to)) = (from, to) else { continue };
                    let copies = Arc::clone(&copies);
                    thread::spawn(move || pass_on(from, to, &copies, held.as_deref()));
                }
            }
        });
        Self { address, heard, held }
    }

    /// Holds back every answer of the server, which has done by then what it answers.
    #[cfg_attr(
        not(target_os = "linux"),
        expect(dead_code, reason = "a renewal meets a signal only where signals can be sent")
    )]
    pub(crate) fn hold(&self) {
        self.held.set(true);
    }

    /// Lets the answers through.
    #[cfg_attr(
        not(target_os = "linux"),
        expect(dead_code, reason = "a renewal meets a signal only where signals can be sent")
    )]
    pub(crate) fn release(&self) {
        self.held.set(false);
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

fn pass_on(mut from: TcpStream, mut to: TcpStream, copies: &Mutex<Vec<u8>>, held: Option<&Held>) {
    let mut block = [0; 16 * 1024];
    while let Ok(length @ 1..) = from.read(&mut block) {
        copies.lock().expect("not poisoned").extend_from_slice(&block[..length]);
        if let Some(held) = held {
            held.wait();
        }
        if to.write_all(&block[..length]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
}
