//! The engine without a window: panopto-analytics.
