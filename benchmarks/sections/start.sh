#!/usr/bin/env bash
# From the start of the process to a ready engine, with campaigns stored, each segment with evidence: as `dotnet build` leaves it, and as
# deploy/Dockerfile publishes it. ROUNDS=5, CAMPAIGNS=1000.
# shellcheck source=benchmarks/lib.sh
source "$(dirname "$0")/../lib.sh"
build src/Silo benchmarks/Load
rounds=${ROUNDS:-5} campaigns=${CAMPAIGNS:-1000}
timed_start() { # what, data, folder of the engine
  local began
  began=$(date +%s%N)
  engine_folder=$3 start_engine "$2"
  awk -v a="$began" -v b="$(date +%s%N)" 'BEGIN {print (b - a) / 1e9}' >>"$work/$1.times"
  stop "$engine"
}
built=src/Silo/bin/Release/net10.0 published=$work/published
dotnet publish src/Silo -c Release --use-current-runtime --no-self-contained -p:PublishReadyToRun=true -o "$published" --nologo -v q >"$work/publish.log" ||
  { cat "$work/publish.log" >&2; exit 1; }
start_engine "$work/empty"
stop "$engine"
start_engine "$work/full"
load "$engine_url" campaigns "$campaigns" evidence
# As an engine that has been running is: fitted, and what it serves on its disk.
until [ "$(metric "$engine_url" flywheel_fits_waiting)" = 0 ]; do sleep 1; done
sleep 6
stop "$engine"
for _ in $(seq "$rounds"); do
  timed_start empty "$work/empty" "$built"
  timed_start full "$work/full" "$built"
  timed_start published-empty "$work/empty" "$published"
  timed_start published-full "$work/full" "$published"
done
cat >"$work/rows" <<TABLE
| start to ready, $rounds starts | figure | target |
|---|---|---|
| nothing stored, as \`dotnet run\` starts it | $(spread <"$work/empty.times") s | |
| nothing stored, as the container's image does | $(spread <"$work/published-empty.times") s | |
| $campaigns campaigns stored, as \`dotnet run\` starts it | $(spread <"$work/full.times") s | ≤ 3 s |
| $campaigns campaigns stored, as the container's image does | $(spread <"$work/published-full.times") s | ≤ 3 s |
TABLE
write_table start "benchmarks/run.sh start" "$work/rows"
