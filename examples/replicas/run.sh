#!/usr/bin/env bash
# Starts PostgreSQL, three replicas and nginx, each in the foreground of this
# script: when it ends, by Ctrl-C say, so do they, and nothing is left behind.
#
#	./run.sh [port]
#
# The default port is a free one. Where DATABASE_URL is set, that database is
# used, and else a new one. What is not installed is, from Debian, if we are root.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
PATH=$PATH:/usr/sbin # where Debian keeps nginx

folder=$(mktemp -d)
chmod 711 "$folder" # nginx and PostgreSQL enter it as other users
pids=()

cleanup() {
	trap '' INT TERM
	for pid in "${pids[@]}"; do
		kill "$pid" 2>/dev/null || true
	done
	wait
	"$here/postgres.sh" stop "$folder/postgres" >/dev/null 2>&1 || true
	rm -rf "$folder"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

install_nginx() {
	if command -v nginx >/dev/null; then
		return
	fi
	if [ "$(id -u)" != 0 ]; then
		echo "nginx is not installed: sudo apt-get install nginx-light" >&2
		exit 1
	fi
	apt-get update -qq
	DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends nginx-light
}

answers() { (: <>"/dev/tcp/$1/$2") 2>/dev/null; }

# Below the ports that the system itself hands out.
free_port() {
	local port
	while port=$((10000 + RANDOM % 20000)) && answers 127.0.0.1 "$port"; do :; done
	echo "$port"
}

# until_true fails after ten seconds, and shows the log of what did not start.
until_true() {
	local log=$1
	shift
	for _ in {1..100}; do
		if "$@"; then
			return
		fi
		sleep 0.1
	done
	cat "$log" >&2
	exit 1
}

# A replica takes a free port and says in its log which: when it does, it serves.
start_replica() {
	local log=$folder/replica$1.log address
	"$folder/replica" -addr 127.0.0.1:0 2>"$log" &
	pids+=($!)
	until_true "$log" grep -q ' listening address=' "$log"
	address=$(sed -n 's/.* listening address=//p' "$log")
	echo "server $address;" >>"$folder/replicas.conf"
	echo "replica $1: http://$address, process $!"
}

start_nginx() {
	cp "$here/nginx.conf" "$folder/"
	echo "listen 127.0.0.1:$1;" >"$folder/listen.conf"
	nginx -p "$folder" -c "$folder/nginx.conf" -e "$folder/error.log" &
	pids+=($!)
	until_true "$folder/error.log" answers 127.0.0.1 "$1"
	echo "nginx: http://127.0.0.1:$1, process $!"
}

install_nginx >&2
(cd "$here" && go build -o "$folder/replica" .)
if [ -z "${DATABASE_URL:-}" ]; then
	log=$folder/postgres.log
	database=$("$here/postgres.sh" start "$folder/postgres" 2>"$log") || { cat "$log" >&2; exit 1; }
	eval "$database"
	echo "PostgreSQL: $DATABASE_URL"
fi
for i in 1 2 3; do start_replica "$i"; done
port=${1:-$(free_port)}
start_nginx "$port"
echo "All is running: http://127.0.0.1:$port/counters. Ctrl-C ends it."
wait "${pids[-1]}" # a replica may end, and the others go on
