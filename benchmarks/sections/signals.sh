#!/usr/bin/env bash
# NDJSON signals until the last is counted; with REDIS=1 also on a Redis whose append-only file is flushed each second, beside the
# log limit: redis-benchmark's XADD of entries as large as the engine's. ROUNDS=5, SIGNALS=1000000.
# shellcheck source=benchmarks/lib.sh
source "$(dirname "$0")/../lib.sh"
build src/Silo benchmarks/Load
rounds=${ROUNDS:-5} signals=${SIGNALS:-1000000}
rate_of() { load "$1" signals "$signals" | tee >(cat >&2) | awk '/a second$/ {print $(NF - 2)}'; }

start_engine "$work/embedded"
embedded=$engine_url
if [ -n "${REDIS:-}" ]; then
  need redis-server redis-server
  need redis-benchmark redis-tools
  port=$(free_port)
  mkdir "$work/redis"
  redis-server --bind 127.0.0.1 --port "$port" --dir "$work/redis" --save '' --appendonly yes --appendfsync everysec --maxmemory-policy noeviction >"$work/redis.log" &
  redis=$!
  started "$redis"
  until grep -q 'Ready to accept connections' "$work/redis.log"; do kill -0 "$redis"; sleep 0.1; done
  start_engine "$work/cluster" --redis "127.0.0.1:$port" --silo-port "$(free_port)" --gateway-port 0
  cluster=$engine_url
fi
bytes_moved() { redis-cli -p "$port" info stats | tr -d '\r' | awk -F: '/^total_net_(in|out)put_bytes/ {sum += $2} END {printf "%.0f", sum}'; }
bytes_in() { redis-cli -p "$port" info stats | tr -d '\r' | awk -F: '/^total_net_input_bytes/ {print $2}'; }
appends() { redis-cli -p "$port" info commandstats | tr -d '\r' | sed -nE 's/^cmdstat_xadd:calls=([0-9]+),.*/\1/p'; }

# One run on Redis: signals a second, then its share of the log limit.
on_redis() {
  local moved before_in before_appends rate per_signal entry entries began seconds limit_bytes
  moved=$(bytes_moved) before_in=$(bytes_in) before_appends=$(appends)
  rate=$(rate_of "$cluster")
  per_signal=$(ratio "$(($(bytes_moved) - moved))" "$signals")
  entry=$((($(bytes_in) - before_in) / ($(appends) - ${before_appends:-0})))
  # As many bytes as the run just moved, by Redis' own client with as many connections as the load has.
  entries=$(awk -v s="$signals" -v b="$per_signal" -v e="$entry" 'BEGIN {printf "%.0f", s * b / e}')
  head -c "$((entry < 120000 ? entry : 120000))" /dev/zero | tr '\0' x >"$work/entry"
  moved=$(bytes_moved) began=$(date +%s%N)
  redis-benchmark -p "$port" -c 4 -P 4 -n "$entries" -q XADD bench:limit MAXLEN '~' 1000 '*' b "$(cat "$work/entry")" >/dev/null
  seconds=$(awk -v a="$began" -v b="$(date +%s%N)" 'BEGIN {print (b - a) / 1e9}')
  limit_bytes=$(ratio "$(($(bytes_moved) - moved))" "$seconds")
  redis-cli -p "$port" del bench:limit >/dev/null
  echo "  redis: $rate signals/s, $per_signal bytes a signal, entries of $entry bytes; limit $limit_bytes bytes/s" >&2
  echo "$rate $(ratio "$rate" "$(ratio "$limit_bytes" "$per_signal")") $per_signal"
}

{
  echo "| NDJSON signals in batches of 1,000, 4 connections, over 5 segments, until the last of $signals is counted | figure | target |"
  echo "|---|---|---|"
  for round in $(seq 0 "$rounds"); do
    echo "round $round" >&2
    rate=$(rate_of "$embedded")
    redis_line=""
    [ -z "${REDIS:-}" ] || redis_line=$(on_redis)
    # The first round runs all in.
    [ "$round" = 0 ] || { echo "$rate" >>"$work/embedded.rates"; echo "$redis_line" >>"$work/redis.rates"; }
  done
  echo "| embedded store | $(spread '%.0f' <"$work/embedded.rates") a second | ≥ 300,000 |"
  if [ -n "${REDIS:-}" ]; then
    echo "| Redis, \`appendfsync everysec\` | $(cut -d' ' -f1 "$work/redis.rates" | spread '%.0f') a second | |"
    echo "| bytes in and out of Redis, a signal | $(cut -d' ' -f3 "$work/redis.rates" | spread '%.0f') | |"
    echo "| ÷ the log limit | $(cut -d' ' -f2 "$work/redis.rates" | spread) | ≥ 0.7 |"
  fi
} >"$work/rows"
write_table signals "benchmarks/run.sh signals${REDIS:+ --redis}" "$work/rows"
