#!/usr/bin/env bash
# The long version of the fault scenarios: all of them, or those named. Writes a JSON line for each and the table of
# docs/reliability.md. Needs redis-server; takes hours on two cores.
#   tests/Faults/run.sh                          every scenario
#   tests/Faults/run.sh SiloCrash FrozenOwner    these
#   SCALE=short tests/Faults/run.sh              as CI runs them
set -euo pipefail
cd "$(dirname "$0")/../.."
out=$(realpath -m "${OUT:-artifacts/faults}")

dotnet build -c Release --nologo -v q tests/Faults/Faults.csproj
mkdir -p "$out"
rm -f "$out/results.jsonl" "$out/table.md" "$out/stops.csv"
filter=()
for scenario in "$@"; do
  [ -f "tests/Faults/Scenarios/$scenario.cs" ] || { echo "run.sh: no scenario $scenario; there are $(cd tests/Faults/Scenarios && echo *.cs | sed 's/\.cs//g')"; exit 1; }
  filter+=(-class "Flywheel.Faults.Scenarios.$scenario")
done
[ ${#filter[@]} -gt 0 ] || filter=(-namespace Flywheel.Faults.Scenarios)

status=0
FLYWHEEL_FAULTS=${SCALE:-long} FLYWHEEL_FAULTS_OUT=$out dotnet tests/Faults/bin/Release/net10.0/Flywheel.Faults.dll -noColor "${filter[@]}" || status=$?
echo
echo "machine: $(nproc) cores, $(awk -F: '/model name/ {print $2; exit}' /proc/cpuinfo | xargs), .NET $(dotnet --version), $(redis-server --version | cut -d' ' -f1-3)"
[ ! -f "$out/table.md" ] || cat "$out/table.md" "$out/stops.csv"
exit "$status"
