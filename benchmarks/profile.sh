#!/usr/bin/env bash
# Where the time and the allocations of one decision or one signal go, as text.
#   benchmarks/profile.sh decisions|signals|limit [SECONDS]
# `limit` profiles the bare endpoint under the same load, to hold the HTTP part against. Time: perf samples of the whole process,
# grouped by benchmarks/Profile/groups.tsv. Allocations: a second run, sampled by the runtime every ~100 kB, with types and sites.
# CONNECTIONS=32, SIGNALS=2000000; NO_BUILD=1 takes what was built.
# shellcheck source=benchmarks/lib.sh
source "$(dirname "$0")/lib.sh"
what=${1:?decisions, signals or limit}
seconds=${2:-10}
connections=${CONNECTIONS:-32}
signals=${SIGNALS:-2000000}

need perf linux-perf
need wrk wrk
build src/Silo benchmarks/HttpLimit benchmarks/Load benchmarks/Profile
profile=(dotnet benchmarks/Profile/bin/Release/net10.0/Flywheel.Profile.dll)
run_wrk() { wrk -t2 -c"$connections" -d"$1s" -s "$work/decide.lua" "$url/v1/decisions"; }

# Compiled code where perf can name it: in a map by its address, and in memory that is mapped once.
export DOTNET_PerfMapEnabled=1 DOTNET_EnableWriteXorExecute=0
start_engine "$work/data"
load "$engine_url" one
decide_lua "$work/decide.lua"
pid=$engine url=$engine_url
if [ "$what" = limit ]; then
  start_limit 511
  pid=$limit url=$limit_url
fi
unset DOTNET_PerfMapEnabled DOTNET_EnableWriteXorExecute

# during COMMAND...: runs it from when the load is in full swing to its end (SIGTERM).
during() {
  if [ "$what" = signals ]; then
    : >"$work/load.log"
    load "$engine_url" signals "$signals" >"$work/load.log" &
    local loading=$!
    started "$loading"
    until grep -q '^built' "$work/load.log"; do kill -0 "$loading"; sleep 0.05; done
    "$@" &
    local watching=$!
    finish "$loading"
    kill "$watching"
    wait "$watching" || true
  else
    run_wrk "$((seconds + 2))" >"$work/load.log" &
    local loading=$!
    sleep 1
    "$@" &
    local watching=$!
    sleep "$seconds"
    kill "$watching"
    wait "$watching" || true
    wait "$loading"
  fi
  grep -E 'Requests/sec|a second' "$work/load.log" | xargs
}
done_so_far() { case $what in decisions) metric "$url" flywheel_decisions_total ;; signals) metric "$url" 'flywheel_signals_total{outcome="accepted"}' ;; *) echo 0 ;; esac }

echo "profile of $what on $(machine), $(date -u +%F)"
# Run in first, so that what is measured is the code that the JIT has settled on.
for _ in 1 2; do during sleep 1000 >/dev/null; done
echo
echo "== time: $(during perf record -q -e cpu-clock -F 997 -g -p "$pid" -o "$work/perf.data" 2>/dev/null) =="
perf script -i "$work/perf.data" --no-inline -F comm,tid,ip,sym,dso 2>/dev/null | "${profile[@]}" time benchmarks/Profile/groups.tsv
echo
before=$(done_so_far)
line=$(during "${profile[@]}" trace "$pid" "$work/trace.nettrace" 2>"$work/trace.log") || { cat "$work/trace.log" >&2; exit 1; }
echo "== allocations: $line =="
"${profile[@]}" allocations "$work/trace.nettrace" "$(($(done_so_far) - before))"
rm -f "/tmp/perf-$pid.map" "/tmp/perfinfo-$pid.map"
