//! The state that all clones of a client share.

use std::sync::Arc;
use std::sync::atomic::AtomicU32;

use tokio::sync::Semaphore;

use crate::http::Transport;
use crate::oauth::tokens::Tokens;
use crate::pace::window::Window;
use crate::password::PasswordAttempts;
use crate::proof::ProofLedger;
use crate::rest::pace::RestPace;
use crate::soap::identity::SoapIdentity;
use crate::{Options, PasswordSignIn, Result, Server, SignIn, SoapSignIn, TokenStore};

/// A server, a sign-in, a pace.
pub(crate) struct Connection {
    pub(crate) transport: Arc<Transport>,
    pub(crate) tokens: Arc<Tokens>,
    pub(crate) password: Option<PasswordSignIn>,
    pub(crate) password_attempts: Arc<PasswordAttempts>,
    pub(crate) soap: SoapSignIn,
    pub(crate) soap_identity: SoapIdentity,
    pub(crate) rest_pace: RestPace,
    pub(crate) soap_window: Window,
    pub(crate) proof: ProofLedger,
    /// Permits for reading large replies, one for each processor.
    pub(crate) readers: Semaphore,
    /// The usage page size in use. It starts at the option's value and shrinks when the server refuses it.
    pub(crate) usage_page_size: AtomicU32,
}

impl Connection {
    pub(crate) fn new(server: Server, sign_in: SignIn, store: Arc<dyn TokenStore>, options: Options) -> Result<Self> {
        let SignIn { api_client, refresh_token, password, soap } = sign_in;
        let transport = Arc::new(Transport::new(server, options)?);
        let options = &transport.options;
        let attempts = Arc::new(PasswordAttempts::default());
        let with_password = password.clone().map(|who| (who, attempts.clone()));
        Ok(Self {
            rest_pace: RestPace::new(options, &transport.pauses),
            soap_window: Window::new(options.soap_in_flight_start, options.soap_in_flight_max),
            usage_page_size: AtomicU32::new(options.usage_page_size.max(1)),
            tokens: Arc::new(Tokens::new(transport.clone(), api_client, refresh_token, with_password, store)),
            password,
            password_attempts: attempts,
            soap,
            soap_identity: SoapIdentity::default(),
            proof: ProofLedger::default(),
            readers: Semaphore::new(std::thread::available_parallelism().map_or(2, usize::from)),
            transport,
        })
    }
}
