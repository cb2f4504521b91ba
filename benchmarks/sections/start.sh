#!/usr/bin/env bash
# From the start of the process to a ready engine, with campaigns stored, each segment with evidence. ROUNDS=5, CAMPAIGNS=1000.
# shellcheck source=benchmarks/lib.sh
source "$(dirname "$0")/../lib.sh"
build src/Silo benchmarks/Load
rounds=${ROUNDS:-5} campaigns=${CAMPAIGNS:-1000}
timed_start() { # data
  local began
  began=$(date +%s%N)
  start_engine "$1"
  awk -v a="$began" -v b="$(date +%s%N)" 'BEGIN {print (b - a) / 1e9}' >>"$1.times"
  stop "$engine"
}
start_engine "$work/empty"
stop "$engine"
start_engine "$work/full"
load "$engine_url" campaigns "$campaigns" evidence
# As an engine that has been running is: fitted, and what it serves on its disk.
until [ "$(metric "$engine_url" flywheel_fits_waiting)" = 0 ]; do sleep 1; done
sleep 6
stop "$engine"
for _ in $(seq "$rounds"); do
  timed_start "$work/empty"
  timed_start "$work/full"
done
cat >"$work/rows" <<TABLE
| start to ready, $rounds starts | figure | target |
|---|---|---|
| nothing stored | $(spread <"$work/empty.times") s | |
| $campaigns campaigns stored | $(spread <"$work/full.times") s | ≤ 3 s |
TABLE
write_table start "benchmarks/run.sh start" "$work/rows"
