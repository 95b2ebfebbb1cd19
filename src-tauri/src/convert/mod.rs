//! From the engine's types to the window's twins. Deliberately absent: decisions and figures; only shape and wording.

pub mod connection;
pub mod course;
pub mod figure;
pub mod id;
pub mod moment;
pub mod settings;
pub mod sync;
