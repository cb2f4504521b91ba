#!/usr/bin/env bash
# Checks deploy/ as far as that can be done without a container engine and without a cluster, and says what it skipped.
#   deploy/lint.sh              check; exits 1 on a finding
#   deploy/lint.sh --self-test  break a copy in many ways and see that each is found
#   deploy/lint.sh --of DIR     check a copy of this folder
#   deploy/lint.sh --install    install what is missing, and print the folder of Debian's binaries, for PATH
# It uses yamllint, shellcheck, promtool and kubectl (Debian), and dclint, dockerfilelint and kubernetes-models (npm). What is missing is
# installed where that is allowed: Debian packages as root, npm packages into a cache folder of its own.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")
cache=${FLYWHEEL_LINT_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/flywheel-lint}
npm=$cache/npm/node_modules
mkdir -p "$cache"
npm_packages=(dclint@3.1.0 dockerfilelint@1.8.0 kubernetes-models@5.1.0)

has() { command -v "$1" >/dev/null; }
may_apt() { has apt-get && [ "$(id -u)" -eq 0 ]; }

# The first python that has PyYAML; Debian's where another one comes first on the path.
python_with_yaml() {
  local python
  for python in python3 /usr/bin/python3; do
    if "$python" -c 'import sys, yaml; print(sys.executable)' 2>/dev/null; then
      return 0
    fi
  done
  return 1
}

install_missing() {
  local packages=()
  has yamllint || packages+=(yamllint)
  has shellcheck || packages+=(shellcheck)
  python_with_yaml >/dev/null || packages+=(python3-yaml)
  if may_apt; then
    if [ ${#packages[@]} -gt 0 ]; then
      apt-get update -qq && apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
    fi
    # Only the binary of these is wanted, not the service or what else comes along.
    unpack promtool prometheus
    unpack kubectl kubernetes-client
  fi >"$cache/apt.log" 2>&1
  PATH="$cache/debian/usr/bin:$PATH"
  if has npm && [ "$(cat "$cache/npm/installed" 2>/dev/null)" != "${npm_packages[*]}" ]; then
    mkdir -p "$cache/npm"
    if npm install --prefix "$cache/npm" --no-save --no-audit --no-fund --ignore-scripts --loglevel=error --fetch-retries=1 --fetch-timeout=15000 "${npm_packages[@]}" >"$cache/npm.log" 2>&1; then
      echo "${npm_packages[*]}" >"$cache/npm/installed"
    fi
  fi
}

unpack() {
  if has "$1" || [ -x "$cache/debian/usr/bin/$1" ]; then
    return 0
  fi
  local folder
  folder=$(mktemp -d)
  (cd "$folder" && { apt-get download -qq "$2" || { apt-get update -qq && apt-get download -qq "$2"; }; } && dpkg -x "$2"_*.deb "$cache/debian")
  rm -rf "$folder"
}

held=0 broken=0 skipped=0

# run NAME COMMAND...: one check; its output is shown where it fails.
run() {
  local name=$1 output
  shift
  if output=$("$@" 2>&1); then
    held=$((held + 1))
    echo "ok       $name"
  else
    broken=$((broken + 1))
    echo "FINDING  $name"
    printf '%s\n' "$output" | sed 's/^/         /'
  fi
}

skip() {
  skipped=$((skipped + 1))
  echo "skipped  $1: $2"
}

validate_kubernetes() {
  "$python" - "$1" <<'PY' | node "$here/lint/kubernetes.cjs" "$npm"
import json, pathlib, sys, yaml
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.yaml")):
    for item in yaml.safe_load_all(path.read_text()):
        if item["kind"] not in ("Kustomization", "ScaledObject"):
            print(json.dumps(item))
PY
}

scales_alone() {
  local built
  built=$(kubectl kustomize "$1") || { echo "$built"; return 1; }
  ! grep -n '^  replicas:' <<<"$built"
}

# It takes --platform for a part of the image's name, so that is left out.
lint_dockerfile() {
  sed 's/^FROM --platform=[^ ]* /FROM /' "$1" >"$cache/Dockerfile"
  "$npm/.bin/dockerfilelint" "$cache/Dockerfile" | tee /dev/stderr | grep -q 'None found'
}

checks=(yaml shell compose dockerfile schemas kustomize alerts agreement)

# check DEPLOY ROOT [CHECK...]: these checks of one deploy folder; all where none is named.
check() {
  local deploy=$1 source=$2 name
  shift 2
  [ $# -gt 0 ] || set -- "${checks[@]}"
  for name in "$@"; do "check_$name" "$deploy" "$source"; done
}

check_yaml() {
  if has yamllint; then run "YAML (yamllint)" yamllint -s -c "$here/lint/yamllint.yaml" "$1"; else skip "YAML" "yamllint is missing"; fi
}

check_shell() {
  if has shellcheck; then run "shell scripts (shellcheck)" shellcheck "$here/lint.sh" "$root/test.sh"; else skip "shell scripts" "shellcheck is missing"; fi
}

check_compose() {
  if has node && [ -d "$npm/dclint" ]; then
    run "compose.yaml against the Compose schema (dclint)" node "$npm/.bin/dclint" -c "$here/lint/dclint.yaml" --max-warnings 0 "$1/compose.yaml"
  else skip "the Compose schema" "dclint is missing (node and npm are needed)"; fi
}

check_dockerfile() {
  if has node && [ -d "$npm/dockerfilelint" ]; then
    run "Dockerfile (dockerfilelint)" lint_dockerfile "$1/Dockerfile"
  else skip "Dockerfile" "dockerfilelint is missing (node and npm are needed)"; fi
}

check_schemas() {
  if has node && [ -n "$python" ] && [ -d "$npm/kubernetes-models" ]; then
    run "kubernetes/ against the schemas of Kubernetes (kubernetes-models)" validate_kubernetes "$1/kubernetes"
    # KEDA's own resource is in no schema that is served here.
    run "autoscaling/hpa.yaml likewise" validate_kubernetes "$1/autoscaling"
  else skip "the schemas of Kubernetes" "kubernetes-models is missing (node, npm and PyYAML are needed)"; fi
}

check_kustomize() {
  if has kubectl; then 
    run "kubernetes/ builds (kubectl kustomize)" kubectl kustomize "$1/kubernetes"
    run "autoscaling/ builds, and leaves the number of silos to the autoscaler" scales_alone "$1/autoscaling"
  else skip "kustomization.yaml" "kubectl is missing"; fi
}

check_alerts() {
  if has promtool; then
    run "alerts (promtool check rules)" promtool check rules --lint=all --lint-fatal "$1/prometheus/alerts.yml"
    run "scrape.yml (promtool check config)" promtool check config "$1/prometheus/scrape.yml"
    run "scrape.compose.yml (promtool check config)" promtool check config --syntax-only "$1/prometheus/scrape.compose.yml"
    run "alerts fire when they should (promtool test rules)" promtool test rules "$1/prometheus/alerts.test.yml"
  else skip "alerts" "promtool is missing"; fi
}

check_agreement() {
  if [ -n "$python" ]; then
    run "agreement with the engine and the runbook (lint/check.py)" "$python" "$here/lint/check.py" "$1" "$2"
  else skip "agreement with the engine" "python3 with PyYAML is missing"; fi
}

# What is broken: name | file | sed expression | which check finds it | what that must say.
breaks() {
  cat <<'LIST'
Redis evicts | compose.yaml | s/- noeviction/- allkeys-lru/ | agreement | maxmemory-policy is allkeys-lru
Redis loses its tail | compose.yaml | s/- always/- everysec/ | agreement | appendfsync is everysec
the grace of compose is short | compose.yaml | s/stop_grace_period: 60s/stop_grace_period: 20s/ | agreement | stop_grace_period is 20 s
an address is given twice | compose.yaml | s/172.30.77.12/172.30.77.11/ | agreement | silos share an address
a member Compose does not know | compose.yaml | s/depends_on:/depend_on:/ | compose | must NOT have additional properties
an option the engine does not know | kubernetes/deployment.yaml | s/--silo-port/--silo-prot/ | agreement | --silo-prot is no option
a setting the engine does not know | kubernetes/configmap.yaml | s/FLYWHEEL__REDISPREFIX/FLYWHEEL__PREFIX/ | agreement | FLYWHEEL__PREFIX is no setting
a drain longer than the grace | kubernetes/configmap.yaml | s/DRAINSECONDS: "5"/DRAINSECONDS: "30"/ | agreement | expected more than drain + stop
a rollout takes a silo away first | kubernetes/deployment.yaml | s/maxUnavailable: 0/maxUnavailable: 1/ | agreement | maxUnavailable 0
a probe asks the wrong path | kubernetes/deployment.yaml | s,path: /health/ready,path: /ready, | agreement | expected /health/ready
a secret is written down | kubernetes/deployment.yaml | s/secretKeyRef:/configMapKeyRef:/ | agreement | not from a Secret
a root that can be written | kubernetes/deployment.yaml | s/readOnlyRootFilesystem: true/readOnlyRootFilesystem: false/ | agreement | readOnlyRootFilesystem
a value of the wrong type | kubernetes/deployment.yaml | s/replicas: 3/replicas: "three"/ | schemas | replicas
all pods reach the silo port | kubernetes/networkpolicy.yaml | 0,/- podSelector:/s/- podSelector:/- namespaceSelector:/ | agreement | lets others than silos reach
the gateway port is left out | kubernetes/networkpolicy.yaml | s/port: 30000/port: 30001/ | agreement | opens the ports
a budget that lets all go | kubernetes/poddisruptionbudget.yaml | s/maxUnavailable: 1/maxUnavailable: 3/ | agreement | expected maxUnavailable 1
a file the kustomization lacks | kubernetes/kustomization.yaml | /networkpolicy.yaml/d | agreement | is not in kustomization.yaml
an autoscaler that scales in at once | autoscaling/hpa.yaml | s/stabilizationWindowSeconds: 900/stabilizationWindowSeconds: 0/ | agreement | scales in faster
an autoscaler beyond the partitions | autoscaling/keda.yaml | s/maxReplicaCount: 16/maxReplicaCount: 64/ | agreement | goes beyond the
an image that runs as root | Dockerfile | s/^USER .*/USER root/ | agreement | runs as root
a project that restore lacks | Dockerfile | /Signals.csproj/d | agreement | before restore
an alert on a metric that is not there | prometheus/alerts.yml | s/expr: flywheel_store_up == 0/expr: flywheel_store_down == 1/ | agreement | flywheel_store_down is no metric
an alert that cannot be parsed | prometheus/alerts.yml | s/max(flywheel_backlog_signals) >/max(flywheel_backlog_signals >/ | alerts | FlywheelBacklogGrowing
an alert that no longer fires | prometheus/alerts.yml | s/flywheel_degraded == 1/flywheel_degraded == 2/ | alerts | alertname: FlywheelDegraded
a scrape that cannot be parsed | prometheus/scrape.yml | s/scrape_timeout: 5s/scrape_timeout: 50s/ | alerts | scrape timeout
an alert that names no section | prometheus/alerts.yml | s/runbook.md#flywheelsilodown/runbook.md#down/ | agreement | expected its section
an alert without a test | prometheus/alerts.test.yml | s/alertname: FlywheelSiloDown/alertname: FlywheelDegraded/ | agreement | FlywheelSiloDown lacks a case
a panel without a description | grafana/engine.json | s/"description": "Silos whose/"text": "Silos whose/ | agreement | has no description
a dashboard under another uid | grafana/cluster.json | s/"flywheel-cluster"/"cluster"/ | agreement | expected flywheel-cluster
a panel on a metric that is not there | grafana/agents.json | s/flywheel_proposals_pending/flywheel_proposals_waiting/ | agreement | is no metric
an alert without an entry in the runbook | prometheus/alerts.yml | s/alert: FlywheelDegraded/alert: FlywheelLost/ | agreement | is not in docs/runbook.md
YAML that is none | kubernetes/service.yaml | s/^spec:/spec: [/ | yaml | service.yaml
LIST
}

self_test() {
  local name file expression finder expected copy output missed=0 found=0 unasked=0
  copy=$(mktemp -d)
  while IFS='|' read -r name file expression finder expected; do
    read -r name <<<"$name"; read -r file <<<"$file"; read -r expression <<<"$expression"; read -r finder <<<"$finder"; read -r expected <<<"$expected"
    rm -rf "$copy/deploy"
    cp -r "$here" "$copy/deploy"
    sed -i -e "$expression" "$copy/deploy/$file"
    output=$(check "$copy/deploy" "$root" "$finder")
    if cmp -s "$here/$file" "$copy/deploy/$file"; then
      missed=$((missed + 1)); echo "MISSED   $name: the copy was not changed"
    elif [[ $output == skipped* ]]; then
      unasked=$((unasked + 1)); echo "skipped  $name: ${output#*: }"
    elif [[ $output != *FINDING* || $output != *"$expected"* ]]; then
      missed=$((missed + 1)); echo "MISSED   $name"; printf '%s\n' "$output" | sed 's/^/         /'
    else
      found=$((found + 1)); echo "found    $name"
    fi
  done < <(breaks)
  rm -rf "$copy"
  echo "self-test: $found found, $missed missed, $unasked skipped"
  [ "$missed" -eq 0 ]
}

install_missing
if [ "${1:-}" = --install ]; then
  echo "$cache/debian/usr/bin"
  exit
fi
python=$(python_with_yaml || true)
if [ "${1:-}" = --self-test ]; then
  self_test
  exit
fi
if [ "${1:-}" = --of ]; then check "$2" "$root"; else check "$here" "$root"; fi
echo "deploy: $held checks held, $broken did not, $skipped skipped. Not checked here: that the image builds and runs, that a cluster takes the manifests."
[ "$broken" -eq 0 ]
