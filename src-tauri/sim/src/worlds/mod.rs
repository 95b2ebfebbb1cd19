//! Ready-made worlds: the sample courses, a stress test, and a tiny one.

mod class_list;
pub(crate) mod demo;
mod habits;
mod named;
mod planted;
mod player;
pub(crate) mod sample;
pub(crate) mod speech;
mod stress;
mod tiny;
mod topics;

pub use stress::Stress;

use crate::world::User;
use crate::{DEMO_PASSWORD, DEMO_USER};
use rand::RngCore as _;
use rand_chacha::ChaCha12Rng;
use uuid::Uuid;

/// The user who signs in with [`DEMO_USER`] and [`DEMO_PASSWORD`].
fn demo_user() -> User {
    User {
        id: Uuid::from_u128(0x7d1c_9f0e_52aa_4c3b_9b67_0d2f_6a51_e0c4),
        username: DEMO_USER.to_owned(),
        password: Some(DEMO_PASSWORD.to_owned()),
        name: "Demo Teacher".to_owned(),
        ..User::default()
    }
}

fn new_id(rng: &mut ChaCha12Rng) -> Uuid {
    let mut bytes = [0; 16];
    rng.fill_bytes(&mut bytes);
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}
