# SPDX-License-Identifier: MIT
# For run.sh and curves.sh, to be read by ".": starts and ends the servers that are compared.
#
# LINNET  PROGRAMS   the program under test; the folder of bench and yard
# EXEC               what runs LINNET, when it is not for this machine
# NICE               niceness, negative where the machine is not quiet and one may
# server_start PEER  sets $pid_PEER; a peer that is not installed is said to be skipped
# port_of PEER KIND  its port for echo, udp, chat, http or raw; pid_of: the process that serves it
# servers_end        by their process ids

: "${LINNET:?}" "${PROGRAMS:?}" "${NICE:=0}" "${EXEC:=}"
temp=$(mktemp -d "${TMPDIR:-/tmp}/linnet-bench.XXXXXX") || exit 1
root=$temp/root
mkdir "$root"
chmod 755 "$temp" "$root"
servers=

# Where the system shares its time between sessions first, niceness counts only within ours.
session_nice() { # NICENESS
    [ "$NICE" -eq 0 ] || { echo "$1" >/proc/$$/autogroup; } 2>/dev/null
}
session_nice "$NICE"

clean_up() {
    servers_end
    session_nice 0
    rm -rf "$temp"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP PIPE

# Two cores: the servers have the first one, the load another one, or the same.
cores=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)
pinned=$(command -v taskset)
on_core() { # NUMBER COMMAND...
    core=$1
    shift
    if [ "$NICE" -ne 0 ]; then
        set -- nice -n "$NICE" "$@"
    fi
    if [ "$cores" -ge 2 ] && [ -n "$pinned" ]; then
        set -- taskset -c "$core" "$@"
    fi
    exec "$@"
}

# linnet serves what is measured and nothing else, as its peers do: a process for each app.
process_of() { # PEER KIND
    case $1-$2 in
    linnet-udp) echo linnet_echo ;;
    linnet-http | linnet-raw) echo linnet_file ;;
    linnet-*) echo "linnet_$2" ;;
    *) echo "$1" | tr - _ ;;
    esac
}

port_of() { # PEER KIND
    eval "echo \$port_$(process_of "$1" "$2")"
}

pid_of() { # PEER KIND
    eval "echo \$pid_$(process_of "$1" "$2")"
}

# In /proc/net a port is hexadecimal; 0A is listening, and all that UDP does is 07.
taken() { # PORT
    grep -q "^ *[0-9]*: [0-9A-F]*:$(printf %04X "$1") [0-9A-F:]* 0[7A] " \
        /proc/net/tcp /proc/net/udp
}

next_port=$((20000 + $$ * 37 % 11000)) # below the ports that the system gives away by itself
choose_port() { # sets $port
    while taken "$next_port"; do
        next_port=$((next_port + 1))
    done
    port=$next_port
    next_port=$((next_port + 1))
}

nap() { # MS
    sleep "0.$(printf %03d "$1")" 2>/dev/null || sleep 1
}

# Starts COMMAND on the servers' core; waits until its port is taken. Sets its pid and port.
launch() { # PEER COMMAND...
    name=$(echo "$1" | tr - _)
    program=$1
    shift
    (on_core 0 "$@") >"$temp/$program.log" 2>&1 </dev/null &
    eval "pid_$name=$!; port_$name=$port"
    servers="$servers $!"
    waited=0
    while ! taken "$port"; do
        waited=$((waited + 1))
        if [ "$waited" -ge 450 ]; then
            echo "bench: $program does not start:" >&2
            tail -n 5 "$temp/$program.log" >&2
            return 1
        fi
        nap 10
    done
}

installed() { # PEER PROGRAM
    command -v "$2" >/dev/null && return 0
    echo "skipped: $1 is not installed" >&2
    return 1
}

configure_nginx() {
    cat <<EOF
daemon off; master_process off; worker_processes 1; error_log $temp/nginx.err; pid $temp/nginx.pid;
events { worker_connections 4096; }
http {
    access_log off; sendfile on; tcp_nopush on; tcp_nodelay on; default_type text/plain;
    keepalive_requests 1000000000; client_body_temp_path $temp/n1; proxy_temp_path $temp/n2;
    fastcgi_temp_path $temp/n3; uwsgi_temp_path $temp/n4; scgi_temp_path $temp/n5;
    server { listen 127.0.0.1:$port backlog=1024; root $root; }
}
EOF
}

configure_lighttpd() {
    cat <<EOF
server.document-root = "$root"
server.bind = "127.0.0.1"
server.port = $port
server.max-keep-alive-requests = 65535
server.listen-backlog = 1024
server.errorlog = "$temp/lighttpd.err"
mimetype.assign = ( "" => "text/plain" )
EOF
}

configure_xinetd() {
    cat <<EOF
defaults
{
    instances = UNLIMITED
    per_source = UNLIMITED
    cps = 1000000 1
    log_type = FILE $temp/xinetd.err
}
service echo
{
    type = INTERNAL UNLISTED
    id = echo-stream
    socket_type = stream
    protocol = tcp
    user = $(id -un)
    wait = no
    bind = 127.0.0.1
    port = $port
}
EOF
}

configure_ngircd() {
    cat <<EOF
[Global]
Name = bench.local
AdminInfo1 = bench
AdminEMail = bench@bench.local
Info = bench
Listen = 127.0.0.1
Ports = $port
MotdPhrase = bench
PidFile = $temp/ngircd.pid
[Limits]
MaxConnections = 0
MaxConnectionsIP = 0
MaxJoins = 0
MaxPenaltyTime = 0
PingTimeout = 3600
[Options]
DNS = no
Ident = no
PAM = no
SyslogFacility = local1
EOF
}

configure_inspircd() {
    cat <<EOF
<server name="bench.local" description="bench" network="bench" id="001">
<admin name="bench" nick="bench" email="bench@bench.local">
<bind address="127.0.0.1" port="$port" type="clients">
<connect name="all" allow="*" timeout="60" pingfreq="3600" hardsendq="16777216"
    softsendq="16777216" recvq="1048576" localmax="5000" globalmax="5000" fakelag="no"
    commandrate="1000000000" threshold="1000000" resolvehostnames="no">
<performance softlimit="12000" somaxconn="1024" nouserdns="yes">
<options defaultmodes="n">
<pid file="$temp/inspircd.pid">
<log method="file" type="*" level="default" target="$temp/inspircd.err">
EOF
}

linnet_start() { # APP
    choose_port
    off=
    for other in echo chat file; do
        [ "$other" = "$1" ] || off="$off --$other off"
    done
    # shellcheck disable=SC2086
    launch "linnet-$1" $EXEC "$LINNET" serve -q -l 127.0.0.1 "--$1" "$port" $off -r "$root" \
        --udp-rate 0 --chat-rate 0 --join-rate 0 --peer-limit 0
}

# Starts one peer; false when it is not there.
server_start() { # PEER
    choose_port
    case $1 in
    linnet)
        for app in echo chat file; do
            linnet_start "$app" || return 1
        done
        ;;
    yard-http-64k) launch "$1" "$PROGRAMS/yard" http "$port" --size 65536 ;;
    yard-raw) launch "$1" "$PROGRAMS/yard" raw "$port" --root "$root" ;;
    yard-udp | yard-chat | yard-http) launch "$1" "$PROGRAMS/yard" "${1#yard-}" "$port" ;;
    yard-*) launch "$1" "$PROGRAMS/yard" "echo-${1#yard-}" "$port" ;;
    socat)
        installed socat socat &&
            launch socat socat "TCP-LISTEN:$port,bind=127.0.0.1,fork,reuseaddr,nodelay,backlog=1024" PIPE
        ;;
    ncat) installed ncat ncat && launch ncat ncat -lk -m 4000 -e /bin/cat 127.0.0.1 "$port" ;;
    ncat-chat) installed ncat-chat ncat && launch ncat-chat ncat -lk -m 900 --chat 127.0.0.1 "$port" ;;
    busybox)
        installed busybox busybox &&
            launch busybox busybox httpd -f -p "127.0.0.1:$port" -h "$root"
        ;;
    webfs)
        installed webfs webfsd &&
            launch webfs webfsd -F -4 -i 127.0.0.1 -p "$port" -r "$root" -c 1024
        ;;
    nginx)
        installed nginx nginx && configure_nginx >"$temp/nginx.conf" &&
            launch nginx nginx -c "$temp/nginx.conf" -p "$temp"
        ;;
    lighttpd)
        installed lighttpd lighttpd && configure_lighttpd >"$temp/lighttpd.conf" &&
            launch lighttpd lighttpd -D -f "$temp/lighttpd.conf"
        ;;
    xinetd)
        installed xinetd xinetd && configure_xinetd >"$temp/xinetd.conf" &&
            launch xinetd xinetd -dontfork -f "$temp/xinetd.conf" -pidfile "$temp/xinetd.pid"
        ;;
    ngircd)
        installed ngircd ngircd && configure_ngircd >"$temp/ngircd.conf" &&
            launch ngircd ngircd -n -f "$temp/ngircd.conf"
        ;;
    inspircd)
        installed inspircd inspircd && configure_inspircd >"$temp/inspircd.conf" &&
            launch inspircd inspircd --nofork --runasroot --nopid --config "$temp/inspircd.conf"
        ;;
    *)
        echo "bench: nobody knows $1" >&2
        return 1
        ;;
    esac
}

# Starts it again when it has ended by itself, as some do when many leave at once.
server_revive() { # PEER KIND
    kill -0 "$(pid_of "$1" "$2")" 2>/dev/null || server_start "$1"
}

servers_end() {
    # shellcheck disable=SC2086
    [ -z "$servers" ] || kill $servers 2>/dev/null
    wait
    servers=
}
