//! The signals that end the program: Ctrl-C, the signal of a scheduler or a shutdown, and the signal of a terminal that
//! is closed. All of them lead to the same orderly end.
//!
//! Deliberately absent: what the program does about them.
//!
//! Invariant: a signal that was ignored when the program started stays ignored, because that is what `nohup` is for.

/// Waits for interruptions. One that comes between two calls of [`Interruptions::next`] is not lost.
pub struct Interruptions(system::Signals);

impl Interruptions {
    /// Begins to listen. From here on a signal no longer ends the process by itself. Needs a tokio runtime. If the
    /// system refuses a handler, the signal still ends the process.
    #[allow(clippy::new_without_default, reason = "it begins something")]
    pub fn new() -> Self {
        Self(system::Signals::new())
    }

    /// Returns at the next interruption.
    pub async fn next(&mut self) {
        self.0.next().await;
    }
}

#[cfg(unix)]
mod system {
    use std::future::poll_fn;
    use std::io::IsTerminal as _;
    use std::path::Path;
    use std::task::Poll;

    use tokio::signal::unix::{Signal, SignalKind, signal};

    use crate::store::{Disk as _, RealDisk};

    pub(super) struct Signals(Vec<Signal>);

    impl Signals {
        pub(super) fn new() -> Self {
            let mut kinds = vec![SignalKind::interrupt(), SignalKind::terminate()];
            if !hangup_is_ignored() {
                kinds.push(SignalKind::hangup());
            }
            Self(kinds.into_iter().filter_map(|kind| signal(kind).ok()).collect())
        }

        pub(super) async fn next(&mut self) {
            poll_fn(|context| {
                let came = self.0.iter_mut().any(|signal| matches!(signal.poll_recv(context), Poll::Ready(Some(()))));
                if came { Poll::Ready(()) } else { Poll::Pending }
            })
            .await;
        }
    }

    /// Linux says so itself. Elsewhere `nohup` is recognised because it redirects the output away from the terminal.
    fn hangup_is_ignored() -> bool {
        let status = RealDisk.read(Path::new("/proc/self/status")).unwrap_or_default();
        let ignored = ignored_signals(&String::from_utf8_lossy(&status));
        match ignored {
            Some(mask) => mask & (1 << (SignalKind::hangup().as_raw_value() - 1)) != 0,
            None => !std::io::stdout().is_terminal() && !std::io::stderr().is_terminal(),
        }
    }

    /// The mask in the line `SigIgn:` of `/proc/self/status`: bit 0 stands for signal 1.
    fn ignored_signals(status: &str) -> Option<u64> {
        let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"))?;
        u64::from_str_radix(mask.trim(), 16).ok()
    }

    #[cfg(test)]
    mod tests {
        use super::ignored_signals;

        #[test]
        fn the_mask_of_ignored_signals_is_read() {
            let status = "Name:\tx\nSigBlk:\t0000000000000000\nSigIgn:\t0000000000001001\nSigCgt:\t00000001a0016623\n";
            assert_eq!(ignored_signals(status), Some(0x1001));
            assert_eq!(ignored_signals("Name:\tx\n"), None);
            assert_eq!(ignored_signals("SigIgn:\tnonsense\n"), None);
        }
    }
}

#[cfg(windows)]
mod system {
    use tokio::signal::windows;

    /// After the last three, the system gives a program a few seconds.
    pub(super) struct Signals {
        ctrl_c: Option<windows::CtrlC>,
        ctrl_break: Option<windows::CtrlBreak>,
        close: Option<windows::CtrlClose>,
        logoff: Option<windows::CtrlLogoff>,
        shutdown: Option<windows::CtrlShutdown>,
    }

    macro_rules! one {
        ($signal:expr) => {
            async {
                match $signal {
                    Some(signal) => {
                        signal.recv().await;
                    }
                    None => std::future::pending().await,
                }
            }
        };
    }

    impl Signals {
        pub(super) fn new() -> Self {
            Self {
                ctrl_c: windows::ctrl_c().ok(),
                ctrl_break: windows::ctrl_break().ok(),
                close: windows::ctrl_close().ok(),
                logoff: windows::ctrl_logoff().ok(),
                shutdown: windows::ctrl_shutdown().ok(),
            }
        }

        pub(super) async fn next(&mut self) {
            tokio::select! {
                () = one!(&mut self.ctrl_c) => {}
                () = one!(&mut self.ctrl_break) => {}
                () = one!(&mut self.close) => {}
                () = one!(&mut self.logoff) => {}
                () = one!(&mut self.shutdown) => {}
            }
        }
    }
}
