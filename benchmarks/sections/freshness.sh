#!/usr/bin/env bash
# From the 202 of signals to a policy that knows them, while half of the signals that the engine takes come in beside.
# ROUNDS=5, PROBE_SECONDS=20, SIGNALS_A_SECOND=(half of what is measured first).
# shellcheck source=benchmarks/lib.sh
source "$(dirname "$0")/../lib.sh"
build src/Silo benchmarks/Load
rounds=${ROUNDS:-5} seconds=${PROBE_SECONDS:-20}
start_engine "$work/data"
if [ -z "${SIGNALS_A_SECOND:-}" ]; then
  for _ in 1 2; do most=$(load "$engine_url" signals "${SIGNALS:-1000000}" | awk '/a second$/ {print $(NF - 2)}'); done
  SIGNALS_A_SECOND=$(share "$most" 0.5)
fi
for round in $(seq 0 "$rounds"); do
  line=$(load "$engine_url" freshness "$SIGNALS_A_SECOND" "$seconds" | tee >(cat >&2))
  [ "$round" = 0 ] || sed -nE 's/.* beside ([0-9]+) signals.*p50 ([0-9]+) ms, p99 ([0-9]+) ms, max ([0-9]+) ms/\2 \3 \4 \1/p' <<<"$line" >>"$work/rounds"
done
cat >"$work/rows" <<TABLE
| from the 202 to a policy that knows it, beside $(column 4 "$work/rounds" | spread '%.0f') signals a second, median of $rounds runs (least to most) of $((seconds * 20)) probes | figure | target |
|---|---|---|
| p50 | $(column 1 "$work/rounds" | spread '%.0f') ms | ≤ 250 ms |
| p99 | $(column 2 "$work/rounds" | spread '%.0f') ms | ≤ 1,000 ms |
| max | $(column 3 "$work/rounds" | spread '%.0f') ms | |
TABLE
write_table freshness "benchmarks/run.sh freshness" "$work/rows"
