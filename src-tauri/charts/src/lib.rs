//! Figures drawn as SVG and PNG with plotters.
