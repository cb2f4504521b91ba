#!/usr/bin/env bash
# Decisions at a fixed rate, timed from when each was due, in turns without and with a storm of refits.
# ROUNDS=5 pairs, STORM_SECONDS=10 each, RATE=5000 a second.
# shellcheck source=benchmarks/lib.sh
source "$(dirname "$0")/../lib.sh"
build src/Silo benchmarks/Load
start_engine "$work/data"
load "$engine_url" latency "${RATE:-5000}" "${STORM_SECONDS:-10}" "${ROUNDS:-5}" "$work" >"$work/rows"
write_table latency "benchmarks/run.sh latency" "$work/rows"
for run in quiet storm; do awk '$1 ~ /^[0-9.]+$/ && $4 != "inf" {print $4, $1}' "$work/$run.hgrm" >"$work/$run.data"; done
plot latency <<PLOT
set title 'Decisions at ${RATE:-5000} a second, timed from when each was due'
set logscale x; set logscale y; set xrange [1:]
set xtics ('0' 1, '90%%' 10, '99%%' 100, '99.9%%' 1000, '99.99%%' 10000, '99.999%%' 100000)
set xlabel 'percentile'; set ylabel 'ms'
plot '$work/quiet.data' with lines lw 2 title 'quiet', '$work/storm.data' with lines lw 2 title 'storm of refits'
PLOT
