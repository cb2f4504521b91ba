#!/usr/bin/env bash
# Whether anything grows: half load for a long time, resident memory and managed heap every 15 s. By hand, never in CI.
#   benchmarks/sections/soak.sh [MINUTES=30]
# Half load is half of what the machine does with both at once: a quarter of the decisions and of the signals that it does alone,
# measured first, or DECISIONS_A_SECOND and SIGNALS_A_SECOND. SAMPLE_SECONDS=15.
# shellcheck source=benchmarks/lib.sh
source "$(dirname "$0")/../lib.sh"
need wrk wrk
build src/Silo benchmarks/Load
minutes=${1:-30} sample=${SAMPLE_SECONDS:-15} csv=docs/performance/soak.csv
start_engine "$work/warm"
load "$engine_url" one
decide_lua "$work/decide.lua"
for _ in 1 2; do decisions=$(wrk -t2 -c32 -d5s -s "$work/decide.lua" "$engine_url/v1/decisions" | awk '/Requests\/sec/ {print $2}'); done
for _ in 1 2; do signals=$(load "$engine_url" signals 500000 | awk '/a second$/ {print $(NF - 2)}'); done
stop "$engine"
decisions=${DECISIONS_A_SECOND:-$(share "$decisions" 0.25)} signals=${SIGNALS_A_SECOND:-$(share "$signals" 0.25)}

start_engine "$work/data"
load "$engine_url" soak "$decisions" "$signals" "$(share "$minutes" 60)" >"$work/load.log" &
loading=$!
started "$loading"
began=$(date +%s)
echo "seconds,resident_mb,heap_mb" >"$csv"
while kill -0 "$loading" 2>/dev/null; do
  echo "$(($(date +%s) - began)),$(resident_mb "$engine"),$(heap_mb "$engine_url")" | tee -a "$csv"
  sleep "$sample"
done
finish "$loading" || { cat "$work/load.log" >&2; exit 1; }
tail -n 1 "$work/load.log"
# Least squares over the second half, in MB an hour.
slope() { awk -F, -v c="$1" -v from="$(share "$minutes" 30)" 'NR > 1 && $1 >= from {n++; x += $1; y += $c; xx += $1 * $1; xy += $1 * $c}
  END {d = n * xx - x * x; printf "%.1f", (d > 0 ? 3600 * (n * xy - x * y) / d : 0)}' "$csv"; }
most() { awk -F, -v c="$1" 'NR > 1 && $c > m {m = $c} END {print m + 0}' "$csv"; }
cat >"$work/rows" <<TABLE
| $minutes minutes of $(tail -n 1 "$work/load.log") | most | slope of the second half | target |
|---|---|---|---|
| resident | $(most 2) MB | $(slope 2) MB an hour | nothing grows |
| managed heap | $(most 3) MB | $(slope 3) MB an hour | nothing grows |
TABLE
write_table soak "benchmarks/run.sh soak $minutes" "$work/rows"
plot soak <<PLOT
set title '$minutes minutes at half load'
set datafile separator ','; set yrange [0:]; set xlabel 'minutes'; set ylabel 'MB'
plot '$csv' using (\$1/60):2 with lines lw 2 title 'resident', '' using (\$1/60):3 with lines lw 2 title 'managed heap'
PLOT
