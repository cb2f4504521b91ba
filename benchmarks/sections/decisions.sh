#!/usr/bin/env bash
# Decisions a second and their p99, engine against the bare endpoint, in turns. ROUNDS=5, RUN_SECONDS=5, CONNECTIONS="32 256".
# shellcheck source=benchmarks/lib.sh
source "$(dirname "$0")/../lib.sh"
need wrk wrk
build src/Silo benchmarks/HttpLimit benchmarks/Load
rounds=${ROUNDS:-5} seconds=${RUN_SECONDS:-5}

start_engine "$work/data"
load "$engine_url" one
decide_lua "$work/decide.lua"
size=$(answer_bytes "$engine_url")
start_limit "$size"

# run URL CONNECTIONS: requests a second and p99 in ms.
run() {
  wrk --latency -t2 -c"$2" -d"${seconds}s" -s "$work/decide.lua" "$1/v1/decisions" >"$work/wrk"
  if grep -qE 'Non-2xx|Socket errors' "$work/wrk"; then cat "$work/wrk" >&2; exit 1; fi
  awk '/^ +99%/ {t = $2 + 0; p99 = $2 ~ /us$/ ? t / 1000 : $2 ~ /ms$/ ? t : t * 1000} /Requests\/sec/ {rate = $2} END {print rate, p99}' "$work/wrk"
}

{
  echo "| decisions ÷ HTTP limit, median of $rounds pairs (least to most) | requests a second | p99 | targets |"
  echo "|---|---|---|---|"
  for connections in ${CONNECTIONS:-32 256}; do
    : >"$work/pairs"
    for round in $(seq 0 "$rounds"); do
      read -r limit_rate limit_p99 < <(run "$limit_url" "$connections")
      read -r rate p99 < <(run "$engine_url" "$connections")
      echo "$connections connections, pair $round: engine $rate/s p99 $p99 ms, limit $limit_rate/s p99 $limit_p99 ms" >&2
      # The first pair runs both in.
      [ "$round" = 0 ] || echo "$(ratio "$rate" "$limit_rate") $(ratio "$p99" "$limit_p99") $rate $limit_rate" >>"$work/pairs"
    done
    echo "| $connections connections, answers of $size bytes" \
      "| $(column 1 "$work/pairs" | spread); $(column 3 "$work/pairs" | middle | grouped) against $(column 4 "$work/pairs" | middle | grouped)" \
      "| $(column 2 "$work/pairs" | spread) | ≥ 0.85; p99 ≤ 1.5 |"
  done
} >"$work/rows"
write_table decisions "benchmarks/run.sh decisions" "$work/rows"
