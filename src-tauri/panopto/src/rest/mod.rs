//! REST v1: folders, their children and videos.

pub(crate) mod call;
pub(crate) mod list;
pub(crate) mod pace;
pub(crate) mod route;
pub(crate) mod wire;
