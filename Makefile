# The names everyone uses. CI and the README call the same.
#   make run      build everything and open the window (without a display: the demo, headless)
#   make demo     sync, chunk and export two sample courses from the built-in simulated server into ./demo-output
#   make test     every test, on a bare machine: installs what it needs (Debian), then checks and tests
#   make check    formatting, lints, licences and advisories
#   make bench    measure speed and memory beside a DuckDB peer; writes docs/benchmarks.md's tables
#   make sweep    the long sweeps: kills, faults of server and disk, damaged input for every reader
#   make check-everywhere   build, test and compare for Windows and macOS, on Debian: after a change to what differs by system
#   make parquet  read the Parquet export back with DuckDB, Polars and PyArrow
#   make at-scale the Spark job for a whole institution, compared with our own tables
#   make bundle   the installer of the system it runs on
#   make pictures the pictures of the documentation, taken anew

SHELL := /bin/bash
.ONESHELL:
.SHELLFLAGS := -euo pipefail -c

.PHONY: run demo test check check-everywhere bench sweep parquet at-scale bundle ui setup setup-engine tools types licences pictures

run: ui
	if [ "$$(uname)" = Linux ] && [ -z "$${DISPLAY:-}$${WAYLAND_DISPLAY:-}" ]; then
	  echo "There is no display here, so the window cannot open: running the demo without it."
	  $(MAKE) --no-print-directory demo
	else
	  $(MAKE) --no-print-directory setup
	  cargo run --profile quick --package panopto-video-analytics
	fi

demo:
	cargo run --profile quick --package cli -- demo demo-output

ui:
	.ci/build-ui

setup:
	.ci/setup

test: setup
	.ci/test

check: setup
	.ci/check

check-everywhere:
	.ci/windows
	.ci/macos

bench:
	.ci/bench

sweep:
	.ci/sweep

parquet:
	.ci/parquet

at-scale:
	.ci/at-scale

bundle: setup
	.ci/bundle

pictures: setup
	.ci/pictures

licences:
	.ci/licences

types:
	UPDATE_TYPES=1 cargo test --quiet --package panopto-video-analytics --test ipc types
