//! From the engine's types to the window's twins. Deliberately absent: decisions and figures; only shape and wording.

pub mod chart;
pub mod connection;
pub mod course;
pub mod explain;
pub mod export;
pub mod figure;
pub mod id;
pub mod moment;
pub mod overview;
pub mod range;
pub mod settings;
pub mod sync;
pub mod video;
