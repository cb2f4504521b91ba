#!/usr/bin/env bash
# Takes over the API's description from an engine that runs (http://127.0.0.1:8080, or the address given) and makes the types of it.
set -euo pipefail
cd "$(dirname "$0")"
curl -fsS "${1:-http://127.0.0.1:8080}/openapi/v1.json" | python3 -c '
import json, sys
description = json.load(sys.stdin)
description.pop("servers", None)
json.dump(description, sys.stdout, indent=2, ensure_ascii=False)
print()' >openapi.json.new
mv openapi.json.new openapi.json
npm run --silent types
