#!/usr/bin/env bash
# How decisions a second depend on modules a slot, segments and campaigns, each beside the bare endpoint in the same run.
# ROUNDS=3 runs a point, RUN_SECONDS=3, MODULES="2 4 8 16 32", SEGMENTS="1 10 100 1000", CAMPAIGNS="1 10 100 1000 9999".
# shellcheck source=benchmarks/lib.sh
source "$(dirname "$0")/../lib.sh"
need wrk wrk
build src/Silo benchmarks/HttpLimit benchmarks/Load
rounds=${ROUNDS:-3} seconds=${RUN_SECONDS:-3}

# requests FILE CAMPAIGNS SEGMENTS: campaigns and audiences in turn; a campaign's id is "bench" where there is one, else c0, c1, …
requests() {
  cat >"$1" <<LUA
local bodies, at = {}, 0
function init()
  for i = 0, math.max($2, $3) - 1 do
    local campaign = $2 == 1 and "bench" or "c" .. i % $2
    local body = '{"campaign":"' .. campaign .. '","context":{"age":24,"audience":"a' .. i % $3 .. '"},"unit":"user-1"}'
    bodies[#bodies + 1] = wrk.format("POST", nil, {["Content-Type"] = "application/json"}, body)
  end
end
function request()
  at = at % #bodies + 1
  return bodies[at]
end
LUA
}
rate() {
  wrk -t2 -c32 -d"${seconds}s" -s "$work/requests.lua" "$1/v1/decisions" >"$work/wrk"
  if grep -qE 'Non-2xx|Socket errors' "$work/wrk"; then cat "$work/wrk" >&2; exit 1; fi
  awk '/Requests\/sec/ {print $2}' "$work/wrk"
}
# point CURVE X: engine and limit in turns; the first turn is not counted.
point() {
  : >"$work/turns"
  for round in $(seq 0 "$rounds"); do
    local ours limits
    limits=$(rate "$limit_url")
    ours=$(rate "$engine_url")
    [ "$round" = 0 ] || echo "$ours $limits $(ratio "$ours" "$limits")" >>"$work/turns"
  done
  local engine_rate limit_rate
  engine_rate=$(column 1 "$work/turns" | middle) limit_rate=$(column 2 "$work/turns" | middle)
  echo "$2 $engine_rate $limit_rate" >>"$work/$1.data"
  echo "| $1 | $(grouped <<<"$2") | $(grouped <<<"$engine_rate") | $(grouped <<<"$limit_rate") | $(column 3 "$work/turns" | spread) |" | tee >(cat >&2)
}
fresh() { # a new engine, and a limit that answers with as many bytes
  [ -z "${engine:-}" ] || { stop "$engine"; stop "$limit"; }
  start_engine "$work/$1"
  load "$engine_url" one
  start_limit "$(answer_bytes "$engine_url")"
}

{
  echo "| against | | engine, decisions a second | limit | ratio |"
  echo "|---|---|---|---|---|"
  fresh modules
  requests "$work/requests.lua" 1 1
  for modules in ${MODULES:-2 4 8 16 32}; do
    load "$engine_url" shape bench 3 "$modules" 5
    point modules "$modules"
  done
  fresh segments
  for segments in ${SEGMENTS:-1 10 100 1000}; do
    load "$engine_url" shape bench 3 4 "$segments"
    requests "$work/requests.lua" 1 "$segments"
    point segments "$segments"
  done
  fresh campaigns
  for campaigns in ${CAMPAIGNS:-1 10 100 1000 9999}; do
    [ "$campaigns" = 1 ] || load "$engine_url" campaigns "$campaigns" >&2
    requests "$work/requests.lua" "$campaigns" 5
    point campaigns "$campaigns"
  done
} >"$work/rows"
write_table curves "benchmarks/run.sh curves" "$work/rows"
for curve in modules segments campaigns; do
  title=$curve
  [ "$curve" = modules ] && title='modules a slot'
  plot "decisions-by-$curve" <<PLOT
set title 'Decisions a second against $title, 3 slots, 32 connections'
set logscale x; set yrange [0:]; set xlabel '$title'; set key bottom left
plot '$work/$curve.data' using 1:3 with linespoints lw 2 title 'limit', '' using 1:2 with linespoints lw 2 title 'engine'
PLOT
done
