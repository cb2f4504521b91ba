#!/usr/bin/env bash
# Checks the dashboard's sources: types, unit tests, that the checked-in schema and wwwroot are what the sources build, and that what a browser
# has to fetch stays within its budget. The last line is the sum: "dashboard: N passed, N failed".
set -uo pipefail
cd "$(dirname "$0")" || exit 1
budget=150000
passed=0 failed=0

# check NAME COMMAND...: runs one check; what it wrote shows where it failed.
check() {
  local name=$1 out
  shift
  if out=$("$@" 2>&1); then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    printf 'failed %s\n%s\n' "$name" "$out"
  fi
}

schema() { npx --no-install openapi-typescript openapi.json -o "$temp/schema.d.ts" && diff "$temp/schema.d.ts" src/api/schema.d.ts; }
rebuild() { npx --no-install vite build --outDir "$temp/www" && diff -r "$temp/www" ../Silo/wwwroot; }
size() {
  local bytes
  bytes=$(cat ../Silo/wwwroot/assets/* | gzip -9 | wc -c)
  echo "script and style: $bytes bytes gzipped; expected at most $budget"
  [ "$bytes" -le "$budget" ]
}

temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
if ! npm ci --silent --no-audit --no-fund; then
  echo "dashboard: 0 passed, 1 failed"
  exit 1
fi
check types npx --no-install tsc --noEmit
check schema schema
check rebuild rebuild
check size size
if npx --no-install vitest run --reporter=json --outputFile="$temp/tests.json" >"$temp/tests.log" 2>&1; then status=0; else status=1; fi
read -r p f < <(sed -nE 's/.*"numPassedTests":([0-9]+),"numFailedTests":([0-9]+).*/\1 \2/p' "$temp/tests.json" 2>/dev/null | head -n 1)
passed=$((passed + ${p:-0})) failed=$((failed + ${f:-0}))
if [ "$status" -ne 0 ]; then
  cat "$temp/tests.log"
  [ "${f:-0}" -gt 0 ] || failed=$((failed + 1))
fi
echo "dashboard: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
