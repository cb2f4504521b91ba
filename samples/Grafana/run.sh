#!/usr/bin/env bash
# Watches an engine at 127.0.0.1:8080 with Prometheus and Grafana alone: Prometheus on 127.0.0.1:9090, Grafana on 127.0.0.1:3000.
# Needs prometheus (Debian: apt-get install prometheus); without Grafana (grafana.com/grafana/download) it says so, and Prometheus runs alone.
# Ctrl-C ends both.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
command -v prometheus >/dev/null || { echo "run.sh: prometheus is missing (Debian: apt-get install prometheus)" >&2; exit 1; }
data=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; wait; rm -rf "$data"' EXIT
trap exit INT TERM

prometheus --config.file="${1:-$here/prometheus.yml}" --storage.tsdb.path="$data/prometheus" --web.listen-address="${2:-127.0.0.1:9090}" --log.level=warn &
if command -v grafana >/dev/null; then
  FLYWHEEL_DASHBOARDS=$(cd "$here/../../deploy/grafana" && pwd) GF_PATHS_PROVISIONING="$here/provisioning" GF_PATHS_DATA="$data/grafana" \
    GF_SERVER_HTTP_ADDR=127.0.0.1 GF_AUTH_ANONYMOUS_ENABLED=true GF_ANALYTICS_REPORTING_ENABLED=false GF_ANALYTICS_CHECK_FOR_UPDATES=false \
    grafana server --homepath "${GRAFANA_HOME:-/usr/share/grafana}" &
else
  echo "run.sh: grafana is missing, Prometheus runs without it: http://${2:-127.0.0.1:9090}"
fi
wait
