//! The data folder on disk: the only code that touches data files.
