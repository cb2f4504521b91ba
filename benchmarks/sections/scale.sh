#!/usr/bin/env bash
# One silo and Redis under load, then a second silo that joins under load and takes requests too: how partitions move, and what each silo does.
# Both share this machine's cores, so this shows that work moves, not that there is more of it.
# DECISIONS=2000 and SIGNALS=10000 a second and silo, PHASE_SECONDS=20 before and after, PARTITIONS=16.
# shellcheck source=benchmarks/lib.sh
source "$(dirname "$0")/../lib.sh"
need redis-server redis-server
build src/Silo benchmarks/Load
decisions=${DECISIONS:-2000} signals=${SIGNALS:-10000} phase=${PHASE_SECONDS:-20} partitions=${PARTITIONS:-16}
port=$(free_port)
mkdir "$work/redis"
redis-server --bind 127.0.0.1 --port "$port" --dir "$work/redis" --save '' --appendonly yes --appendfsync everysec --maxmemory-policy noeviction >"$work/redis.log" &
redis=$!
started "$redis"
until grep -q 'Ready to accept connections' "$work/redis.log"; do kill -0 "$redis"; sleep 0.1; done

join() { # name: sets engine and engine_url
  start_engine "$work/$1" --redis "127.0.0.1:$port" --partitions "$partitions" --silo-port "$(free_port)" --gateway-port 0
}
press() { # url seconds name
  load "$1" soak "$decisions" "$signals" "$2" >"$work/$3.load" 2>&1 &
  started "$!"
  loads+=("$!")
}
owned() { metric "$1" flywheel_partition_owned; }
figures() { # url: decisions, signals taken, commits, CPU seconds so far
  curl -s "$1/metrics" | awk '/^flywheel_decisions_total/ {d += $NF} /^flywheel_signals_total.*accepted/ {s += $NF} /^flywheel_commit_seconds_count/ {c += $NF}
    /^process_cpu_seconds_total/ {p += $NF} END {print d, s, c, p}'
}
# watch PHASE SILO...: what each silo does a second over the phase, as rows of the table.
watch() {
  local name=$1 silo url began took
  shift
  for silo in "$@"; do url=${silo}_url; figures "${!url}" >"$work/$silo.before"; done
  began=$(date +%s%N)
  sleep "$phase"
  took=$(awk -v a="$began" -v b="$(date +%s%N)" 'BEGIN {print (b - a) / 1e9}')
  for silo in "$@"; do
    url=${silo}_url
    figures "${!url}" | paste -d' ' "$work/$silo.before" - | awk -v t="$took" -v n="$name" -v s="$silo" -v o="$(owned "${!url}")" \
      '{printf "| %s | %s | %d | %.0f | %.0f | %.0f | %.2f |\n", n, s, o, ($5 - $1) / t, ($6 - $2) / t, ($7 - $3) / t, ($8 - $4) / t}'
  done | grouped
}

loads=()
join first
first_url=$engine_url
press "$first_url" $((3 * phase + 60)) first
sleep 5
watch "one silo" first >"$work/one"
began=$(date +%s%N)
join second
second_url=$engine_url
ready=$(awk -v a="$began" -v b="$(date +%s%N)" 'BEGIN {printf "%.1f", (b - a) / 1e9}')
until [ "$(owned "$first_url")" -eq $((partitions / 2)) ] && [ "$(owned "$second_url")" -eq $((partitions / 2)) ]; do
  [ $((($(date +%s%N) - began) / 1000000000)) -lt 120 ] || { echo "the partitions did not spread: $(owned "$first_url") and $(owned "$second_url")" >&2; exit 1; }
  sleep 0.1
done
moved=$(awk -v a="$began" -v b="$(date +%s%N)" 'BEGIN {printf "%.1f", (b - a) / 1e9}')
watch "two silos, requests to the first" first second >"$work/joined"
press "$second_url" $((phase + 15)) second
sleep 5
watch "two silos, requests to both" first second >"$work/two"
for loading in "${loads[@]}"; do stop "$loading"; done
until [ "$(metric "$first_url" flywheel_backlog_signals)" -eq 0 ]; do sleep 0.2; done
balance=$(for url in "$first_url" "$second_url"; do curl -s "$url/metrics"; done | awk '/^flywheel_ledger_signals/ {if (/accepted/) a += $NF; else r += $NF} END {print (a == r ? "balances" : "does not balance: " a " " r)}')
failed=$(($(metric "$first_url" flywheel_commits_failed_total) + $(metric "$second_url" flywheel_commits_failed_total)))
{
  echo "| phase | silo | partitions | decisions a second | signals taken a second | commits a second | cores in use |"
  echo "|---|---|---|---|---|---|---|"
  cat "$work/one" "$work/joined" "$work/two"
  echo
  echo "The second silo was ready $ready s after its start, and the partitions were spread evenly $moved s after it. $failed commits were refused meanwhile; the ledger $balance."
} >"$work/rows"
write_table scale "benchmarks/run.sh scale" "$work/rows"
