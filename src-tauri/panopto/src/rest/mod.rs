//! REST v1: folders, their children and videos; and the captions, which come from beside it.

pub(crate) mod call;
pub(crate) mod captions;
pub(crate) mod list;
pub(crate) mod pace;
pub(crate) mod route;
pub(crate) mod wire;
