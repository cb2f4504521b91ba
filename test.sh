#!/usr/bin/env bash
# Builds everything, runs every test project and checks deploy/. Needs the .NET SDK of global.json; the packages come from NuGet. The tests
# of the Redis store need redis-server, those of the dashboard chromium and npm, those of completion zsh and fish, and deploy/lint.sh
# needs linters: they are installed where that is allowed, and what stays missing is skipped. The last line is the sum:
# "N passed, N failed, N skipped".
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
command -v prometheus >/dev/null || PATH="$PATH:$(deploy/lint.sh --install)"
command -v prometheus >/dev/null || echo "test.sh: prometheus is missing, the tests that ask it are skipped; install it to run them (Debian: apt-get install prometheus)"
export PATH DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

# One compiler for all projects, which ends with the build.
dotnet build -c Release -v q -p:UseSharedCompilation=true Flywheel.sln || { echo "0 passed, 1 failed"; exit 1; }
dotnet build-server shutdown --vbcscompiler >/dev/null
# The build enforces the style but for the order of usings.
dotnet format style Flywheel.sln --no-restore --verify-no-changes --diagnostics IMPORTS || { echo "0 passed, 1 failed"; exit 1; }

passed=0 failed=0 skipped=0 status=0 why=""

# add NAME: adds what was counted (p, f, s) to the sums; shows the log where it ended badly.
add() {
  # What ends badly without a failed test (a crash, no test found) is one failure.
  if [ "$code" -ne 0 ] && [ "${f:-0}" -eq 0 ]; then f=1; fi
  if [ "$code" -ne 0 ]; then
    cat "$log"
    why+=$(grep -A 4 '^failed ' "$log")$'\n'
    status=1
  fi
  passed=$((passed + ${p:-0})) failed=$((failed + ${f:-0})) skipped=$((skipped + ${s:-0}))
  echo "$1: ${p:-0} passed, ${f:-0} failed, ${s:-0} skipped"
  rm -f "$log"
}

logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT

# test_project NAME: runs one project; its log and its exit code are kept until they are added.
test_project() {
  dotnet test --project "tests/$1/$1.csproj" -c Release --no-build >"$logs/$1" 2>&1
  echo $? >"$logs/$1.code"
}

# The dashboard's tests measure a page, so they run by themselves; of the others many wait for processes, so two run at a time, the longest first.
test_project Dashboard.Tests
first=(Silo.Tests Faults Cli.Tests Fuzz.Tests)
for name in "${first[@]}" $(basename -s .csproj tests/*/*.csproj); do
  if [ "$name" = Dashboard.Tests ] || [ -e "$logs/$name.begun" ]; then continue; fi
  touch "$logs/$name.begun"
  while [ "$(jobs -rp | wc -l)" -ge 2 ]; do wait -n; done
  test_project "$name" &
done
wait
for project in tests/*/*.csproj; do
  name=$(basename "$project" .csproj)
  log="$logs/$name" code=$(<"$logs/$name.code")
  count() { sed -nE "s/^ +$1: ([0-9]+)$/\1/p" "$log" | tail -n 1; }
  p=$(count succeeded) f=$(count failed) s=$(count skipped)
  add "$name"
done

# The dashboard's own checks; skipped where Node is missing or older than its build tool takes.
log=$(mktemp)
if command -v npm >/dev/null && node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)'; then
  src/Dashboard/check.sh >"$log" 2>&1
  code=$?
  read -r p f < <(sed -nE 's/^dashboard: ([0-9]+) passed, ([0-9]+) failed$/\1 \2/p' "$log")
  s=0
else
  code=0 p=0 f=0 s=1
fi
add dashboard

# Each check of deploy/, and each fault that their self-test plants there, is one test.
for run in check self-test; do
  log=$(mktemp)
  [ $run = check ] && arguments=() || arguments=("--$run")
  deploy/lint.sh "${arguments[@]}" >"$log" 2>&1
  code=$?
  read -r p f s < <(sed -nE 's/^(deploy|self-test): ([0-9]+) [a-z ]+, ([0-9]+) [a-z ]+, ([0-9]+) skipped.*/\2 \3 \4/p' "$log")
  grep '^skipped' "$log"
  add "deploy $run"
done
# What failed once more, where a cut log still has it.
echo "$why"
echo "$passed passed, $failed failed, $skipped skipped"
exit $status
