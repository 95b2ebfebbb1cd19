//! A simulated Panopto server for tests and for sample courses.
