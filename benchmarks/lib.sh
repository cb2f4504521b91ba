# shellcheck shell=bash
# Sourced by run.sh, its sections and profile.sh. Whatever is started here listens on 127.0.0.1 and is stopped by its own pid.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
work=$(mktemp -d)
# Every engine signs with the same key, which the load generator knows.
export TOKEN_KEY=$work/token.key
pids=()

stop() { # pid ...
  kill "$@" 2>/dev/null || true
  wait "$@" 2>/dev/null || true
}
stop_all() {
  [ ${#pids[@]} -eq 0 ] || stop "${pids[@]}"
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
    sleep 0.05
  done
}

# start_engine DATA [options]: sets engine (pid) and engine_url.
start_engine() {
  local data=$1
  shift
  engine_url=http://127.0.0.1:$(free_port)
  dotnet src/Silo/bin/Release/net10.0/Flywheel.Silo.dll --urls "$engine_url" --data "$data" --token-key "$TOKEN_KEY" "$@" >>"$data.log" 2>&1 &
  engine=$!
  pids+=("$engine")
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
