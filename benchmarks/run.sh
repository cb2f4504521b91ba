#!/usr/bin/env bash
# Side by side on this machine, in one run: the engine against a bare endpoint on the same Kestrel, signals end to end, memory.
# Prints figures; docs/performance.md keeps them. Needs wrk (installed where it may be).
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${ROUNDS:-5}
seconds=${SECONDS_A_RUN:-5}
connections=${CONNECTIONS:-32}
signals=${SIGNALS:-1000000}
campaigns=${CAMPAIGNS:-1000}

command -v wrk >/dev/null || { apt-get update -qq && apt-get install -y -qq wrk >/dev/null; }
for project in src/Silo benchmarks/HttpLimit benchmarks/Load; do dotnet build -c Release --nologo -v q "$project"; done
work=$(mktemp -d)
pids=()
stop() { for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done; wait 2>/dev/null || true; rm -rf "$work"; }
trap stop EXIT

start_engine() { # port data-folder
  dotnet src/Silo/bin/Release/net10.0/Flywheel.Silo.dll --urls "http://127.0.0.1:$1" --data "$2" >"$work/engine-$1.log" 2>&1 &
  engine=$!
  pids+=("$engine")
  until curl -sf "http://127.0.0.1:$1/health/ready" >/dev/null; do kill -0 "$engine" || { cat "$work/engine-$1.log"; exit 1; }; sleep 0.1; done
}
load() { dotnet benchmarks/Load/bin/Release/net10.0/Flywheel.Load.dll "$@"; }
wrk_rps() { wrk -t2 -c"$connections" -d"${seconds}s" -s "$work/decide.lua" "$1/v1/decisions" | awk '/Requests\/sec/ {print $2}'; }

cat >"$work/decide.lua" <<'LUA'
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"campaign":"bench","segment":"s2","context":{"age":24},"unit":"user-1"}'
LUA

echo "machine: $(nproc) cores, $(awk -F: '/model name/ {print $2; exit}' /proc/cpuinfo | xargs), .NET $(dotnet --version)"
start_engine 18080 "$work/a"
load http://127.0.0.1:18080 one
size=$(curl -s http://127.0.0.1:18080/v1/decisions -d '{"campaign":"bench","segment":"s2","unit":"user-1"}' | wc -c)
dotnet benchmarks/HttpLimit/bin/Release/net10.0/Flywheel.HttpLimit.dll http://127.0.0.1:18081 "$size" &
pids+=("$!")
until curl -sf -o /dev/null http://127.0.0.1:18081/v1/decisions -d '{"a":1}'; do sleep 0.1; done

echo "decisions: answer of $size bytes, wrk -t2 -c$connections, ${seconds}s a run, in turns (first pair warms up)"
for round in $(seq 0 "$rounds"); do
  limit=$(wrk_rps http://127.0.0.1:18081)
  ours=$(wrk_rps http://127.0.0.1:18080)
  [ "$round" = 0 ] || awk -v r="$round" -v a="$ours" -v b="$limit" 'BEGIN {printf "  %d: engine %.0f/s, limit %.0f/s, ratio %.3f\n", r, a, b, a / b}'
done | tee "$work/ratios"
awk '{print $NF}' "$work/ratios" | sort -n | awk '{v[NR] = $1} END {printf "  median ratio %.3f (%.3f to %.3f)\n", v[int((NR + 1) / 2)], v[1], v[NR]}'

echo "signals: NDJSON, batches of 1,000, embedded store, generator on the same cores"
for _ in 1 2 3; do load http://127.0.0.1:18080 signals "$signals" | sed 's/^/  /'; done

echo "memory: $campaigns campaigns of 3 slots x 4 modules x 5 segments, each segment with evidence"
start_engine 18082 "$work/b"
load http://127.0.0.1:18082 campaigns "$campaigns" | sed 's/^/  /'
sleep 2
awk '/VmRSS/ {printf "  resident %.0f MB\n", $2 / 1024}' "/proc/$engine/status"
