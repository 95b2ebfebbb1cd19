//! A simulated Panopto server for tests and for sample courses.
//!
//! [`start`] serves a [`World`] on a local address: OAuth2, REST v1 and the SOAP services for viewing records. A test
//! changes the world, the time and the behaviour through the [`Handle`], injects faults with a [`FaultPlan`], and
//! afterwards reads what was asked. The same seed gives the same server. `docs/simulator.md` says what is simulated,
//! what each knob does, and where the real server is known to differ.
//!
//! Deliberately absent: any code of the client. This crate writes its XML and JSON from its own templates; otherwise
//! tests against it would prove nothing about the wire.

mod accounts;
mod answer;
mod captions;
mod clock;
mod config;
mod faults;
mod index;
mod lies;
mod limiter;
mod log;
mod oauth;
mod pages;
mod paging;
mod quota;
mod reset;
mod rest;
mod route;
mod server;
mod shared;
mod soap;
mod text;
mod wire;
mod world;
mod worlds;

pub use clock::sql_time;
pub use config::{
    Anonymous, ApiClient, Config, DeadCookie, EmptyList, EndRange, GetUsers, Grant, Https, ManyAtOnce, PastEnd, Pkce,
    RateLimit, UsageLimit, WrongPassword,
};
pub use faults::{At, Fault, FaultPlan, PlannedFault};
pub use lies::{DetailLie, EmptyLists, FolderLie, Lies};
pub use log::{RequestLogEntry, SoapCall};
pub use route::Route;
pub use server::{Handle, WorldGuard, start};
pub use world::{CaptionText, CaptionTrack, Folder, Session, SystemRole, User, View, World};
pub use worlds::Stress;
pub use worlds::demo::{DEMO_COURSES, DemoCourse};
pub use worlds::sample::{SampleCourse, SampleDate, SampleTerm, sample_courses, sample_dates, sample_terms};

/// Id of the demo's API client.
pub const DEMO_CLIENT_ID: &str = "5eb1ee0b-a28e-4bb0-8f55-b2f0010b4f64";
/// Secret of the demo's API client, with every character that a client can get wrong. It is worthless anywhere else.
pub const DEMO_CLIENT_SECRET: &str = "sim+Secret/with=odd&chars<here>%2B==";
/// The demo's user, who can see everything.
pub const DEMO_USER: &str = "demo.teacher";
/// Password of the demo's user.
pub const DEMO_PASSWORD: &str = "p&ss <word>+/=é";
/// The redirect address registered for the demo's API client, as in Panopto's own examples.
pub const DEMO_REDIRECT: &str = "http://localhost:9127/redirect";
