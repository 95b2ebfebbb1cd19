//! Tests of the command line, and of the house itself.

mod architecture;
