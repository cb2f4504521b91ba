#!/usr/bin/env bash
# In process, by BenchmarkDotNet: choosing beside drawing an index and reading a table, and the other hot paths. It runs in its own
# process, which spares a second build of the engine. ROUNDS=5 times 3 iterations; FILTER='*' of BenchmarkDotNet.
# shellcheck source=benchmarks/lib.sh
source "$(dirname "$0")/../lib.sh"
NO_BUILD='' build benchmarks/Micro
dotnet benchmarks/Micro/bin/Release/net10.0/Micro.dll --filter "${FILTER:-*}" --inProcess --iterationCount "$((3 * ${ROUNDS:-5}))" --exporters github --artifacts "$work/results" --join >"$work/micro.log" \
  || { tail -n 50 "$work/micro.log" >&2; exit 1; }
# Of BenchmarkDotNet's table the columns that say what a reader asks.
awk -F'|' '
  /^\| *Type/ {for (i = 2; i < NF; i++) {name = $i; gsub(/ /, "", name); at[name] = i}
    print "| what | time | ± | ÷ baseline | allocated |"; print "|---|---|---|---|---|"; next}
  /^\|/ && at["Method"] && $2 !~ /^-/ {ratio = $at["Type"] ~ /Choice/ ? $at["Ratio"] : " "; gsub(/\*/, "")
    printf "| %s.%s |%s|%s|%s|%s|\n", trim($at["Type"]), trim($at["Method"]), $at["Mean"], $at["Error"], ratio, $at["Allocated"]}
  function trim(text) {gsub(/^ +| +$/, "", text); sub(/Benchmarks$/, "", text); return text}' "$work"/results/results/*-report-github.md >"$work/rows"
write_table choice "benchmarks/run.sh choice" "$work/rows"
