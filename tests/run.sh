#!/usr/bin/env bash
# The one test command: installs what the tests need, builds with warnings as errors, checks formatting, runs everything.
# Ends with a line `N passed, N failed`; exits 1 when anything failed.
set -uo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
configuration=${CONFIGURATION:-Release}
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

fail() { echo "tests/run.sh: $1" >&2; echo "0 passed, 1 failed"; exit 1; }

# need PACKAGE PROBE...: installs a Debian package unless one of the probes finds what it brings.
need() {
  local package=$1; shift
  for probe in "$@"; do
    if compgen -G "$probe" >/dev/null || command -v "$probe" >/dev/null 2>&1; then return 0; fi
  done
  command -v apt-get >/dev/null 2>&1 || fail "$package is missing, and this is no Debian: install it by hand"
  local sudo=""
  if [ "$(id -u)" != 0 ]; then
    sudo -n true 2>/dev/null || fail "$package is missing, and this user may not install it: run 'sudo apt-get install $package'"
    sudo="sudo -n"
  fi
  echo "installing $package"
  { [ -n "${apt_updated:-}" ] || $sudo apt-get update -qq; } && apt_updated=1 &&
    DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq "$package" >/dev/null || fail "$package could not be installed: run 'apt-get install $package' and read what it says"
}

command -v dotnet >/dev/null 2>&1 || fail "the .NET 10 SDK is missing: install it from Microsoft or your distribution"
need redis-server redis-server
need postgresql '/usr/lib/postgresql/*/bin/postgres' postgres
need curl curl
need nodejs node
need npm npm
need prometheus prometheus

echo "== build (warnings are errors)"
dotnet build LlmGateway.sln -c "$configuration" -warnaserror -v quiet || fail "the build failed"

echo "== formatting"
dotnet format LlmGateway.sln --verify-no-changes --no-restore --severity warn || fail "formatting: run 'dotnet format LlmGateway.sln'"

echo "== official npm SDK"
(cd tests/LlmGateway.FunctionalTests/Node && npm ci --silent --no-fund --no-audit) || fail "npm ci failed in tests/LlmGateway.FunctionalTests/Node"

echo "== tests"
status=0
for project in tests/LlmGateway.Protocols.Tests tests/LlmGateway.Tests tests/LlmGateway.FunctionalTests; do
  dotnet test "$project" -c "$configuration" --no-build --results-directory "$results" \
    --logger "trx;LogFileName=$(basename "$project").trx" --logger "console;verbosity=minimal" || status=1
done

passed=0 failed=0 skipped=0
for report in "$results"/*.trx; do
  [ -e "$report" ] || continue
  counters=$(grep -o '<Counters [^>]*>' "$report" | head -1)
  count() { sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" <<<"$counters"; }
  passed=$((passed + $(count passed)))
  failed=$((failed + $(count failed)))
  skipped=$((skipped + $(count notExecuted)))
done

# A test that did not run because something is missing has failed.
failed=$((failed + skipped))
if [ "$passed" = 0 ] || { [ "$status" != 0 ] && [ "$failed" = 0 ]; }; then failed=$((failed + 1)); fi
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
