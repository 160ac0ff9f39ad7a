#!/usr/bin/env bash
# A PostgreSQL of one's own, to try things out: in one folder, without a port and
# without a password. Who may enter the folder may use the database.
#
#	eval "$(./postgres.sh start /tmp/folder)"   # sets DATABASE_URL
#	./postgres.sh stop /tmp/folder              # and deletes the folder
#
# A second start finds the first one running. Where PostgreSQL is not installed,
# it is, from Debian, if we are root. For data that matters, this is not it: it
# does not wait for the disk.
set -euo pipefail

# PostgreSQL refuses to run as root. Debian's package brings a user for it.
if [ "$(id -u)" = 0 ]; then
	owner=postgres
	as_owner() (cd / && exec runuser -u "$owner" -- "$@")
else
	owner=$(id -un)
	as_owner() (exec "$@")
fi

# The newest of the versions that Debian has put side by side.
server() { ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1; }

install_server() {
	if [ -n "$(server)" ]; then
		return
	fi
	if [ "$(id -u)" != 0 ]; then
		echo "PostgreSQL is not installed: sudo apt-get install postgresql" >&2
		exit 1
	fi
	apt-get update -qq
	DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends postgresql
}

running() { as_owner "$(server)/pg_ctl" -D "$folder/data" status >/dev/null 2>&1; }

# A folder that somebody else has put there, or a link to one, is not for us.
own_folder() {
	if mkdir -m 700 "$folder" 2>/dev/null; then
		chown "$owner" "$folder"
	elif [ "$(stat -c '%U %F' "$folder")" != "$owner directory" ]; then
		echo "$folder is not a folder of the user $owner" >&2
		exit 1
	fi
}

start() {
	install_server
	own_folder
	if ! running; then
		[ -e "$folder/data/PG_VERSION" ] || as_owner "$(server)/initdb" -D "$folder/data" \
			--username=postgres --auth=trust --encoding=UTF8 --locale=C --no-sync
		as_owner "$(server)/pg_ctl" -D "$folder/data" -l "$folder/log" -w -t 30 start \
			-o "-c listen_addresses='' -c unix_socket_directories='$folder' -c fsync=off -c max_connections=200" ||
			{ cat "$folder/log"; exit 1; }
	fi
}

stop() {
	if [ -n "$(server)" ] && running; then
		as_owner "$(server)/pg_ctl" -D "$folder/data" -w -m fast stop
	fi
	rm -rf "$folder"
}

if [ $# != 2 ]; then
	echo "usage: $0 start|stop folder" >&2
	exit 2
fi
folder=$(realpath -ms "$2")
case $1 in
start)
	start >&2
	echo "export DATABASE_URL='postgres://postgres@/postgres?host=$folder'"
	;;
stop) stop >&2 ;;
*)
	echo "$0: $1? start or stop" >&2
	exit 2
	;;
esac
