#!/usr/bin/env bash
# Memory of a silo with many idle campaigns of 3 slots x 4 modules x 5 segments. CAMPAIGNS=10000, IDLE_SECONDS=200: longer than what
# nobody asks stays active.
# shellcheck source=benchmarks/lib.sh
source "$(dirname "$0")/../lib.sh"
build src/Silo benchmarks/Load
campaigns=${CAMPAIGNS:-10000} idle=${IDLE_SECONDS:-200}
row() { sleep "$idle"; echo "| $1 | $(resident_mb "$engine") MB | $(heap_mb "$engine_url") MB | $2 |"; }
start_engine "$work/data"
{
  echo "| $campaigns campaigns of 3 slots × 4 modules × 5 segments, idle | resident | managed heap | target |"
  echo "|---|---|---|---|"
  idle=5 row "none yet" ""
  load "$engine_url" campaigns "$campaigns" >&2
  row "put" "resident ≤ 1,000 MB"
  load "$engine_url" campaigns "$campaigns" evidence >&2
  row "each segment decided and clicked" ""
  stop "$engine"
  start_engine "$work/data"
  row "the same after a restart" ""
} >"$work/rows"
write_table memory "benchmarks/run.sh memory" "$work/rows"
