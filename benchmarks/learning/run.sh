#!/usr/bin/env bash
# The learner and its rivals on the public worlds, side by side: run.sh [--seeds N] (default 20).
# Writes docs/learning/table.md and docs/learning/families.svg.
set -euo pipefail
cd "$(dirname "$0")/../.."
seeds=20
while [ $# -gt 0 ]; do
  case $1 in
    --seeds) seeds=${2:?run.sh: --seeds needs a number}; shift 2 ;;
    *) echo "usage: run.sh [--seeds N]" >&2; exit 2 ;;
  esac
done
dotnet build -c Release --nologo -v q benchmarks/learning
dotnet benchmarks/learning/bin/Release/net10.0/Flywheel.Learning.dll benchmarks/learning/worlds docs/learning "$seeds"
