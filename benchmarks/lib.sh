# shellcheck shell=bash
# Sourced by run.sh, its sections and profile.sh. Whatever is started here listens on 127.0.0.1 and is stopped by its own pid.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
work=$(mktemp -d)
# Every engine signs with the same key, which the load generator knows.
export TOKEN_KEY=$work/token.key
pids=() # what runs, by its pid
started() { pids[$1]=1; }

stop() { # pid
  kill "$1" 2>/dev/null || true
  wait "$1" 2>/dev/null || true
  unset "pids[$1]"
}
finish() { # pid; waits for it to end by itself, and answers as it did
  local status=0
  wait "$1" || status=$?
  unset "pids[$1]"
  return $status
}
stop_all() {
  local pid
  for pid in "${!pids[@]}"; do stop "$pid"; done
  rm -rf "$work"
}
trap stop_all EXIT

# need COMMAND PACKAGE: installs a Debian package where that is allowed.
need() {
  command -v "$1" >/dev/null && return
  if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq && apt-get install -y -qq --no-install-recommends "$2" >/dev/null
  fi
  command -v "$1" >/dev/null || { echo "$0: $1 is missing; install it (Debian: apt-get install $2)" >&2; exit 1; }
}

build() { # project ... ; NO_BUILD=1 takes what is there
  [ -n "${NO_BUILD:-}" ] && return
  local project
  for project in "$@"; do dotnet build -c Release --nologo -v q "$project" >"$work/build.log" || { cat "$work/build.log" >&2; exit 1; }; done
}

free_port() {
  local port
  while true; do
    port=$((20000 + RANDOM % 10000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
  done
}

# await_url PID URL LOG [curl arguments]: until it answers with success, or its process is gone.
await_url() {
  local pid=$1 url=$2 log=$3
  shift 3
  until curl -sf -o /dev/null "$@" "$url"; do
    kill -0 "$pid" 2>/dev/null || { cat "$log" >&2; exit 1; }
    sleep 0.02
  done
}

# start_engine DATA [options]: sets engine (pid) and engine_url; engine_folder says where another build is.
start_engine() {
  local data=$1
  shift
  engine_url=http://127.0.0.1:$(free_port)
  dotnet "${engine_folder:-src/Silo/bin/Release/net10.0}/Flywheel.Silo.dll" --urls "$engine_url" --data "$data" --token-key "$TOKEN_KEY" "$@" >>"$data.log" 2>&1 &
  engine=$!
  started "$engine"
  await_url "$engine" "$engine_url/health/ready" "$data.log"
}

load() { dotnet benchmarks/Load/bin/Release/net10.0/Flywheel.Load.dll "$@"; }

# metric URL PATTERN: the sum of all series of /metrics whose line begins so.
metric() { curl -s "$1/metrics" | awk -v pattern="^$2" '$0 ~ pattern {sum += $NF} END {printf "%.0f", sum}'; }

decide_lua() { # file: one decision, as an ad server asks for it
  cat >"$1" <<'LUA'
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"campaign":"bench","segment":"s2","context":{"age":24},"unit":"user-1"}'
LUA
}

machine() { echo "$(nproc) cores ($(awk -F: '/model name/ {print $2; exit}' /proc/cpuinfo | xargs)), $(awk '/MemTotal/ {printf "%.0f GiB", $2 / 1048576}' /proc/meminfo), .NET SDK $(dotnet --version)"; }

# start_limit BYTES: the bare endpoint with an answer of that size; sets limit (pid) and limit_url.
start_limit() {
  limit_url=http://127.0.0.1:$(free_port)
  dotnet benchmarks/HttpLimit/bin/Release/net10.0/Flywheel.HttpLimit.dll "$limit_url" "$1" >"$work/limit.log" 2>&1 &
  limit=$!
  started "$limit"
  await_url "$limit" "$limit_url/v1/decisions" "$work/limit.log" -d '{"a":1}'
}

answer_bytes() { curl -s "$1/v1/decisions" -d '{"campaign":"bench","segment":"s2","unit":"user-1"}' | wc -c; }

# Of the numbers on stdin: spread [FORMAT] prints "median (least to most)", middle the median alone; grouped puts in thousands' commas.
# shellcheck disable=SC2120
spread() { sort -n | awk -v f="${1:-%.2f}" '{v[NR] = $1} END {m = NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2; printf f " (" f " to " f ")", m, v[1], v[NR]}' | grouped; }
middle() { sort -n | awk '{v[NR] = $1} END {printf "%.0f", NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2}'; }
grouped() { sed -E ':a; s/\B[0-9]{3}\b/,&/; ta'; }
column() { awk -v c="$1" '{print $c}' "$2"; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN {print a / b}'; }
share() { awk -v a="$1" -v s="$2" 'BEGIN {printf "%.0f", a * s}'; }

resident_mb() { awk '/VmRSS/ {printf "%.0f", $2 / 1024}' "/proc/$1/status"; }
heap_mb() { metric "$1" dotnet_total_memory_bytes | awk '{printf "%.0f", $1 / 1048576}'; }

# write_table NAME COMMAND FILE: what the file holds goes between the markers <!-- table:NAME --> and <!-- /table --> of
# docs/performance.md, with the command and the machine below it; what stands there besides is left alone. DRY=1 only prints.
write_table() {
  { cat "$3"; echo; echo "\`$2\`: $(machine), $(date -u +%F)."; } | tee "$work/table"
  [ -n "${DRY:-}" ] && return
  grep -q "<!-- table:$1 -->" docs/performance.md || { echo "docs/performance.md has no marker for the table $1" >&2; exit 1; }
  awk -v start="<!-- table:$1 -->" -v table="$work/table" '
    $0 == start {print; while ((getline line < table) > 0) print line; inside = 1}
    $0 == "<!-- /table -->" {inside = 0}
    !inside' docs/performance.md >"$work/performance.md"
  cp "$work/performance.md" docs/performance.md
}

plot() { # gnuplot commands on stdin, to docs/performance/NAME.svg
  [ -z "${DRY:-}" ] || { cat >/dev/null; return; }
  need gnuplot gnuplot-nox
  mkdir -p docs/performance
  { echo "set terminal svg size 720,400 font 'sans-serif,13' background 'white'; set output 'docs/performance/$1.svg'; set key top left; set grid"; cat; } | gnuplot
}
