#!/usr/bin/env bash
# Draws the screenshots of docs/images: each page of the dashboard, light and dark, with an engine that runs the demo and real signals.
# Needs chromium and the .NET SDK.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p docs/images
FLYWHEEL_SCREENSHOTS="$PWD/docs/images" dotnet run -c Release --project tests/Dashboard.Tests -- -class Flywheel.Dashboard.Tests.ScreenshotTests
