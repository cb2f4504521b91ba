#!/usr/bin/env bash
# The engine and its comparisons, side by side on this machine; writes the tables of docs/performance.md.
#   benchmarks/run.sh [SECTION ...] [--redis]
# Sections: decisions choice signals freshness latency memory start curves (all of them unless named), and scale and soak [MINUTES] by name.
# --redis measures signals on a Redis too. ROUNDS=5 pairs in turns, RUN_SECONDS=5 each; DRY=1 leaves the document alone;
# NO_BUILD=1 takes what was built. Each section is a script of its own in benchmarks/sections, with its options in its head.
# shellcheck source=benchmarks/lib.sh
source "$(dirname "$0")/lib.sh"
sections=() minutes=()
for argument in "$@"; do
  case $argument in
    --redis) export REDIS=1 ;;
    [0-9]*) minutes=("$argument") ;;
    *) [ -x "benchmarks/sections/$argument.sh" ] || { echo "benchmarks/run.sh: no section $argument" >&2; exit 2; }; sections+=("$argument") ;;
  esac
done
[ ${#sections[@]} -gt 0 ] || sections=(decisions choice signals freshness latency memory start curves)
build src/Silo benchmarks/HttpLimit benchmarks/Load
export NO_BUILD=1
for section in "${sections[@]}"; do
  echo "== $section =="
  if [ "$section" = soak ]; then benchmarks/sections/soak.sh "${minutes[@]}"; else "benchmarks/sections/$section.sh"; fi
done
