#!/usr/bin/env bash
# Signals a second through the store on Redis (append-only file flushed each second, and always) against the embedded one, in turns
# in one run on this machine. docs/performance.md keeps the figures. Needs redis-server.
set -euo pipefail
cd "$(dirname "$0")/.."
signals=${SIGNALS:-1000000}
rounds=${ROUNDS:-5}

command -v redis-server >/dev/null || { echo "stores.sh: redis-server is missing; install it (Debian: apt-get install redis-server)"; exit 1; }
dotnet build -c Release --nologo -v q benchmarks/Stores
work=$(mktemp -d)
pids=()
stop() { for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done; wait 2>/dev/null || true; rm -rf "$work"; }
trap stop EXIT
start_redis() { # port appendfsync
  mkdir "$work/$2"
  redis-server --bind 127.0.0.1 --port "$1" --dir "$work/$2" --save '' --appendonly yes --appendfsync "$2" --maxmemory-policy noeviction >"$work/$2.log" &
  pids+=("$!")
  until grep -q 'Ready to accept connections' "$work/$2.log"; do kill -0 "${pids[-1]}" || { cat "$work/$2.log"; exit 1; }; sleep 0.1; done
}

echo "machine: $(nproc) cores, $(awk -F: '/model name/ {print $2; exit}' /proc/cpuinfo | xargs), .NET $(dotnet --version), $(redis-server --version | cut -d' ' -f1-3)"
start_redis 18090 everysec
start_redis 18091 always
dotnet benchmarks/Stores/bin/Release/net10.0/Flywheel.Stores.dll "$signals" "$rounds" everysec=127.0.0.1:18090 always=127.0.0.1:18091
