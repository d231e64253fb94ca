#!/usr/bin/env bash
# Starts what config/compose.yaml starts, without containers: Redis, PostgreSQL and N gateway nodes on one configuration,
# and haproxy in front of them where it is installed. Runs until Ctrl-C or SIGTERM, and takes everything down again.
#   tests/two-nodes.sh [--nodes N] [--folder FOLDER] [--config FILE] [--print-env]
#     --nodes      how many gateways (2)
#     --folder     where all of it lives (a new temporary folder, removed at the end; one that is given is kept and used again)
#     --config     the configuration of every node (config/two-nodes/gateway.yaml)
#     --print-env  nothing on standard output but NAME=VALUE lines; the last is READY=1
# LLMGATEWAY_BINARY names another LlmGateway.dll than the one that is built in this checkout.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
nodes=2 folder="" config="$root/config/two-nodes/gateway.yaml" print_env="" keep=""
while [ $# -gt 0 ]; do
  case $1 in
    --nodes) nodes=${2:?--nodes wants a number}; shift 2 ;;
    --folder) folder=${2:?--folder wants a path} keep=1; shift 2 ;;
    --config) config=$(realpath "${2:?--config wants a file}"); shift 2 ;;
    --print-env) print_env=1; shift ;;
    -h | --help) sed -n '2,9s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "two-nodes.sh: unknown argument '$1'; --help says what there is" >&2; exit 2 ;;
  esac
done
[[ $nodes =~ ^[1-9][0-9]?$ ]] || { echo "two-nodes.sh: --nodes wants a number from 1 to 99" >&2; exit 2; }

say() { if [ -n "$print_env" ]; then echo "$*" >&2; else echo "$*"; fi; }
fail() { echo "two-nodes.sh: $*" >&2; exit 1; }

taken=" "
# A port that nobody listens on, into the variable that is named; below the range that connections take theirs from.
free_port() {
  local candidate
  while true; do
    candidate=$((10000 + RANDOM % 20000))
    case $taken in *" $candidate "*) continue ;; esac
    (exec 3<>"/dev/tcp/127.0.0.1/$candidate") 2>/dev/null || break
  done
  taken="$taken$candidate "
  printf -v "$1" %s "$candidate"
}

# until_true SECONDS WHAT COMMAND...
until_true() {
  local end=$((SECONDS + $1)) what=$2; shift 2
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $end ] || fail "$what does not answer; see $folder"
    sleep 0.1
  done
}

command -v redis-server >/dev/null || fail "redis-server is missing: apt-get install redis-server"
command -v curl >/dev/null || fail "curl is missing: apt-get install curl"
postgres_bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1 || true)
if [ -z "$postgres_bin" ]; then
  initdb=$(command -v initdb) || fail "PostgreSQL is missing: apt-get install postgresql"
  postgres_bin=$(dirname "$initdb")
fi

binary=${LLMGATEWAY_BINARY:-}
for build in Release Debug; do
  [ -n "$binary" ] || [ ! -e "$root/src/LlmGateway/bin/$build/net10.0/LlmGateway.dll" ] || binary=$root/src/LlmGateway/bin/$build/net10.0/LlmGateway.dll
done
if [ -z "$binary" ]; then
  say "building"
  dotnet build "$root/src/LlmGateway" -c Release -v quiet >&2
  binary=$root/src/LlmGateway/bin/Release/net10.0/LlmGateway.dll
fi

if [ -n "$folder" ]; then mkdir -p "$folder"; folder=$(cd "$folder" && pwd); else folder=$(mktemp -d /tmp/two-nodes.XXXXXX); fi
gateways=() others=()
stop() {
  trap - EXIT INT TERM
  # Nodes first, and all at once: they drain, and deliver their rows while there is somebody to take them.
  [ ${#gateways[@]} = 0 ] || { kill -TERM "${gateways[@]}" 2>/dev/null || true; wait "${gateways[@]}" 2>/dev/null || true; }
  [ ${#others[@]} = 0 ] || { kill -TERM "${others[@]}" 2>/dev/null || true; wait "${others[@]}" 2>/dev/null || true; }
  if [ -f "$folder/postgres/postmaster.pid" ]; then as_postgres "$postgres_bin/pg_ctl" -D "$folder/postgres" -m fast -w stop >/dev/null 2>&1 || true; fi
  [ -n "$keep" ] || rm -rf "$folder"
}
trap stop EXIT
trap 'exit 0' INT TERM

# PostgreSQL does not run as root.
as_postgres() { if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi; }

free_port redis_port
mkdir -p "$folder/redis"
redis-server --port "$redis_port" --bind 127.0.0.1 --dir "$folder/redis" --appendonly yes --save "" --maxmemory-policy noeviction \
  --logfile "$folder/redis.log" --daemonize no >/dev/null &
others+=($!)

free_port postgres_port
if [ ! -e "$folder/postgres/PG_VERSION" ]; then
  mkdir -p "$folder/postgres"
  if [ "$(id -u)" = 0 ]; then chmod 711 "$folder"; chown postgres "$folder/postgres"; fi
  as_postgres "$postgres_bin/initdb" -D "$folder/postgres" -U gateway -A trust -E UTF8 --locale=C.UTF-8 >"$folder/initdb.log" 2>&1 || fail "initdb failed; see $folder/initdb.log"
fi
as_postgres "$postgres_bin/postgres" -D "$folder/postgres" -p "$postgres_port" -c listen_addresses=127.0.0.1 -c unix_socket_directories= \
  >"$folder/postgres.log" 2>&1 &
until_true 30 Redis redis-cli -p "$redis_port" ping
until_true 60 PostgreSQL "$postgres_bin/pg_isready" -h 127.0.0.1 -p "$postgres_port" -U gateway -d postgres

secret() { head -c 24 /dev/urandom | od -An -vtx1 | tr -d ' \n'; }
# What a folder is used again with must be the same: keys are stored as hashes under this secret.
[ -e "$folder/secrets" ] || (umask 077; printf 'LLMGATEWAY_ADMIN_KEY=%s\nLLMGATEWAY_KEY_HASH_SECRET=%s\nACME_KEY=sk-%s\n' "$(secret)" "$(secret)$(secret)" "$(secret)" >"$folder/secrets")
set -a
. "$folder/secrets"
GATEWAY_REDIS=127.0.0.1:$redis_port
GATEWAY_POSTGRES="Host=127.0.0.1;Port=$postgres_port;Username=gateway;Database=postgres"
set +a

urls=()
for ((node = 1; node <= nodes; node++)); do
  free_port port
  urls+=("http://127.0.0.1:$port")
  mkdir -p "$folder/node-$node"
  (cd "$folder/node-$node" && exec dotnet "$binary" serve --config "$config" --data "$folder/node-$node/data" --urls "${urls[-1]}") >"$folder/node-$node.log" 2>&1 &
  gateways+=($!)
done
for ((node = 1; node <= nodes; node++)); do
  until_true 60 "node $node" curl -fsS -m 2 "${urls[node - 1]}/readyz"
done

balancer=""
if command -v haproxy >/dev/null; then
  free_port balancer_port
  balancer=http://127.0.0.1:$balancer_port
  sed -e "s/bind :8080/bind 127.0.0.1:$balancer_port/" -e '/^  server /d' "$root/config/two-nodes/haproxy.cfg" >"$folder/haproxy.cfg"
  for ((node = 1; node <= nodes; node++)); do echo "  server gateway-$node ${urls[node - 1]#http://}" >>"$folder/haproxy.cfg"; done
  haproxy -f "$folder/haproxy.cfg" -db >"$folder/haproxy.log" 2>&1 &
  others+=($!)
fi

if [ -n "$print_env" ]; then
  echo "FOLDER=$folder"
  echo "GATEWAY_REDIS=$GATEWAY_REDIS"
  echo "GATEWAY_POSTGRES=$GATEWAY_POSTGRES"
  echo "ACME_KEY=$ACME_KEY"
  echo "LLMGATEWAY_ADMIN_KEY=$LLMGATEWAY_ADMIN_KEY"
  for ((node = 1; node <= nodes; node++)); do echo "NODE_$node=${urls[node - 1]}"; echo "NODE_${node}_PID=${gateways[node - 1]}"; done
  [ -z "$balancer" ] || echo "BALANCER=$balancer"
  echo "READY=1"
else
  for ((node = 1; node <= nodes; node++)); do echo "  node $node      ${urls[node - 1]} (process ${gateways[node - 1]}, log $folder/node-$node.log)"; done
  echo "  balancer    ${balancer:-none: haproxy is not installed}"
  echo "  Redis       $GATEWAY_REDIS"
  echo "  PostgreSQL  $GATEWAY_POSTGRES"
  echo "  secrets     $folder/secrets"
  echo "  try         . $folder/secrets; curl -H \"authorization: Bearer \$ACME_KEY\" -H 'content-type: application/json' ${balancer:-${urls[0]}}/v1/chat/completions -d '{\"model\":\"chat\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}'"
  echo "Ctrl-C stops all of it."
fi

# In the background and waited for, so that a signal is taken at once.
while true; do sleep 3600 & others+=($!); wait $! || true; done
