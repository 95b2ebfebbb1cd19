//! Tests of the command line, run as people run it; and of the house itself.

mod architecture;
mod credentials;
mod help;
mod keychain;
mod settings;
mod support;
