//! Tests of `charts`.
