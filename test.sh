#!/usr/bin/env bash
# Builds everything, runs every test project and checks deploy/. Needs the .NET SDK of global.json; the packages come from NuGet. The tests
# of the Redis store need redis-server, those of the dashboard chromium and npm, those of completion zsh and fish, and deploy/lint.sh
# needs linters: they are installed where that is allowed, and what stays missing is skipped. The last line is the sum:
# "N passed, N failed, N skipped".
# shellcheck disable=SC2317  # Functions are run by their names.
set -uo pipefail
cd "$(dirname "$0")" || exit 1

command -v dotnet >/dev/null || { echo "test.sh: the .NET SDK is missing; install the version that global.json names (dotnet.microsoft.com)"; exit 1; }
missing=()
command -v redis-server >/dev/null || missing+=(redis-server)
command -v chromium >/dev/null || missing+=(chromium fonts-dejavu-core)
command -v npm >/dev/null || missing+=(nodejs npm)
for shell in zsh fish; do command -v $shell >/dev/null || missing+=("$shell"); done
if [ ${#missing[@]} -gt 0 ] && command -v apt-get >/dev/null && [ "$(id -u)" -eq 0 ]; then
  apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi
command -v redis-server >/dev/null || echo "test.sh: redis-server is missing, its tests are skipped; install it to run them (Debian: apt-get install redis-server)"
command -v chromium >/dev/null || echo "test.sh: chromium is missing, the dashboard's tests are skipped; install it to run them (Debian: apt-get install chromium)"
command -v npm >/dev/null || echo "test.sh: npm is missing, the dashboard is not rebuilt; install Node 20 or newer to check it (Debian: apt-get install nodejs npm)"
for shell in zsh fish; do command -v $shell >/dev/null || echo "test.sh: $shell is missing, the tests of its completion are skipped; install it to run them (Debian: apt-get install $shell)"; done
# Of Prometheus its programs alone are unpacked; its service is not installed.
PATH="$PATH:$(deploy/lint.sh --install)"
command -v prometheus >/dev/null || echo "test.sh: prometheus is missing, the tests that ask it are skipped; install it to run them (Debian: apt-get install prometheus)"
export PATH DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

# One compiler for all projects, which ends with the build.
dotnet build -c Release -v q -p:UseSharedCompilation=true Flywheel.sln || { echo "0 passed, 1 failed"; exit 1; }
dotnet build-server shutdown --vbcscompiler >/dev/null

logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
passed=0 failed=0 skipped=0 status=0 why="" names=()

# run NAME COMMAND...: runs a part; what it wrote, and "CODE SECONDS", are kept until they are added.
run() {
  local began=$SECONDS
  "${@:2}" >"$logs/$1" 2>&1
  echo "$? $((SECONDS - began))" >"$logs/$1.end"
}

# queue NAME COMMAND...: runs a part beside one other.
queue() {
  names+=("$1")
  while [ "$(jobs -rp | wc -l)" -ge 2 ]; do wait -n; done
  run "$@" &
}

project() { dotnet test --project "tests/$1/$1.csproj" -c Release --no-build "${@:2}"; }

# The build enforces the style but for the order of usings.
usings() { dotnet format style Flywheel.sln --no-restore --verify-no-changes --diagnostics IMPORTS && echo " succeeded: 1"; }

# The dashboard's own checks; skipped where Node is missing or older than its build tool takes.
dashboard() {
  if command -v npm >/dev/null && node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)'; then
    src/Dashboard/check.sh
  else
    echo " skipped: 1"
  fi
}

# counts NAME: "PASSED FAILED SKIPPED" of what dotnet test, src/Dashboard/check.sh or deploy/lint.sh wrote.
counts() {
  sed -nE -e 's/^ +(succeeded|failed|skipped): ([0-9]+)$/\1 \2/p' \
    -e 's/^dashboard: ([0-9]+) passed, ([0-9]+) failed$/succeeded \1\nfailed \2/p' \
    -e 's/^(deploy|self-test): ([0-9]+) [a-z ]+, ([0-9]+) [a-z ]+, ([0-9]+) skipped.*/succeeded \2\nfailed \3\nskipped \4/p' "$logs/$1" |
    awk '{ n[$1] = $2 } END { print n["succeeded"] + 0, n["failed"] + 0, n["skipped"] + 0 }'
}

# add NAME: adds what was counted to the sums; shows the log where it ended badly.
add() {
  local code seconds p f s
  read -r code seconds <"$logs/$1.end"
  read -r p f s < <(counts "$1")
  # What ends badly without a failed test (a crash, no test found) is one failure.
  if [ "$code" -ne 0 ] && [ "$f" -eq 0 ]; then f=1; fi
  if [ "$code" -ne 0 ]; then
    cat "$logs/$1"
    why+=$(grep -A 4 '^failed ' "$logs/$1")$'\n'
    status=1
  fi
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
  grep '^skipped ' "$logs/$1"
  echo "$1: $p passed, $f failed, $s skipped ($seconds s)"
}

# What measures a page runs by itself; of the rest much waits for processes, so two run at a time, the longest first.
names+=("Dashboard.Tests, alone")
run "Dashboard.Tests, alone" project Dashboard.Tests --filter-trait Runs=Alone
queue Silo.Tests project Silo.Tests
queue Dashboard.Tests project Dashboard.Tests --filter-not-trait Runs=Alone
for name in Faults Cli.Tests Domain.Tests; do queue $name project $name; done
queue usings usings
# Each check of deploy/, and each fault that their self-test plants there, is one test.
queue "deploy self-test" deploy/lint.sh --self-test
for project in tests/*/*.csproj; do
  name=$(basename "$project" .csproj)
  [[ " ${names[*]} " == *" $name "* ]] || queue "$name" project "$name"
done
queue "deploy check" deploy/lint.sh
queue dashboard dashboard
wait
for name in "${names[@]}"; do add "$name"; done
# What failed once more, where a cut log still has it.
echo "$why"
echo "$passed passed, $failed failed, $skipped skipped"
exit $status
