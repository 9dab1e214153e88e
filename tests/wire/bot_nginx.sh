#!/bin/sh
# SPDX-License-Identifier: MIT
# The bot and a service behind nginx, as those that people run are: counted, chunked, from a file,
# slowly, with a key, in error.
set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/server.sh"
built=$(apps_built)
if ! $EXEC "$LINNET" serve --help | grep -q -- '--bot '; then
    skip "the bot behind nginx: this build has none"
    report
fi
if ! command -v nginx > /dev/null; then
    skip "nginx is not installed"
    report
fi
only_chat=
for app in $built; do
    [ "$app" = chat ] || only_chat="$only_chat --$app off"
done
printf 'sesame-opens\n' > "$temp/key"

answer() { # TEXT: as the service gives it
    printf '{"id":"x","object":"chat.completion","created":1795186503,"model":"m","choices":'
    printf '[{"index":0,"message":{"role":"assistant","content":"%s"},' "$1"
    printf '"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"total_tokens":12}}'
}
mkdir "$temp/www"
answer 'from a file: \u4f60\u597d' > "$temp/www/file.json"
chmod -R a+rX "$temp"

# HOST: starts nginx there; its port is $port.
nginx_start() {
    port=$("$BIN/get_liar" --free)
    case $1 in *:*) in_url="[$1]" ;; *) in_url=$1 ;; esac
    cat > "$temp/nginx.conf" << END
daemon off;
master_process off;
pid $temp/nginx.pid;
error_log stderr;
events { }
http {
    access_log off;
    default_type application/json;
    client_body_temp_path $temp/nginx.body;
    proxy_temp_path $temp/nginx.proxy;
    fastcgi_temp_path $temp/nginx.fastcgi;
    uwsgi_temp_path $temp/nginx.uwsgi;
    scgi_temp_path $temp/nginx.scgi;
    ssi_types application/json;
    root $temp/www;
    server {
        listen $in_url:$port;
        location = /counted { return 200 '$(answer counted)'; }
        location = /chunked { ssi on; return 200 '$(answer chunked)'; }
        location = /slow { limit_rate 150; return 200 '$(answer slow)'; }
        location = /file { error_page 405 =200 /file.json; try_files /file.json =404; }
        location = /chunkedfile { ssi on; error_page 405 =200 /file.json; try_files /file.json =404; }
        location = /key {
            if (\$http_authorization != "Bearer sesame-opens") { return 401; }
            return 200 '$(answer opened)';
        }
        location = /gone { return 503; }
        location = /moved { return 301 /counted; }
        location = /html { default_type text/html; return 200 '<html>Sign in</html>'; }
    }
}
END
    nginx -p "$temp" -c "$temp/nginx.conf" -e stderr > "$temp/nginx.out" 2>&1 &
    others=$!
    waited=0
    while [ ! -s "$temp/nginx.pid" ] && [ "$waited" -lt $((100 * PATIENCE)) ]; do
        nap 20
        waited=$((waited + 1))
    done
    nap 100
    if ! kill -0 "$others" 2> /dev/null; then
        bad "nginx does not start: $(head -c 300 "$temp/nginx.out")"
        report
    fi
}

# asks HOST PATH ANSWER OPTION...: one guest at the desk without line ends, and one with.
asks() {
    host=$1
    path=$2
    said=$3
    shift 3
    printf '%s\n' "test \"/$path\"" 'open a' 'send a "hello"' \
        "expect a like \"$said\" within 8000" 'expect a silence 100' 'open b' \
        'send b "hello\n"' "expect b like \"$said\\n\" within 8000" > "$temp/asks.talk"
    # shellcheck disable=SC2086
    server_start $only_chat --chat 0 --chat-mode desk --bot "http://$in_url:$port/$path" "$@" ||
        return
    "$BIN/talk" "$host" "$chat_port" "$temp/asks.talk" > "$temp/played" 2>&1
    count_report "$temp/played" "nginx $path $host"
    server_end TERM
    [ "$status" -eq 0 ]
    verdict "nginx $path $host: status $status"
}

hello='\xe4\xbd\xa0\xe5\xa5\xbd'
for address in 127.0.0.1 ::1; do
    "$BIN/talk" --have "$address" || continue
    nginx_start "$address"
    asks "$address" counted counted
    asks "$address" chunked chunked
    asks "$address" file "from a file: $hello"
    if [ "$address" = 127.0.0.1 ]; then
        asks "$address" chunkedfile "from a file: $hello"
        asks "$address" slow slow
        asks "$address" key opened --bot-key-file "$temp/key"
        asks "$address" key "*did not accept the question*401."
        asks "$address" gone "*failed*503."
        asks "$address" moved "*did not accept the question*301."
        asks "$address" none "*did not accept the question*404."
        asks "$address" html "*not JSON."
    fi
    kill "$others"
    wait "$others" 2> /dev/null
    others=
    rm -f "$temp/nginx.pid"
done
! grep -r sesame "$temp/stdout" "$temp/stderr" "$temp/nginx.out" > "$temp/found"
verdict "the key is found: $(cat "$temp/found")"
report
