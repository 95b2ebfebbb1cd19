//! Tests of `panopto`.
