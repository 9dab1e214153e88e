#!/bin/sh
# SPDX-License-Identifier: MIT
# What people put in front of file-get, and fetch with: nginx as a cache and by slices, with files
# that change meanwhile; aria2c and curl with many ranges and requests at once; wget through whole
# folders; a browser. Those that are not installed are skipped, and said so.
set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/server.sh"
. "$here/tree.sh"

have() { # PROGRAM
    command -v "$1" > /dev/null && return 0
    skip "$1 is not installed"
    return 1
}
limited() { # SECONDS COMMAND...
    if command -v timeout > /dev/null; then timeout "$@"; else shift; "$@"; fi
}
same() { # FILE WANTED WHAT
    cmp -s "$1" "$2"
    verdict "$3: other bytes than $2"
}
fetch() { # URL OPTION...: into $temp/out, the head into $temp/head
    fetched=$1
    shift
    limited 30 curl -sS -g -D "$temp/head" -o "$temp/out" "$@" "$fetched" 2> "$temp/err"
}
cache_says() { # WORD: how nginx came to its answer
    tr -d '\r' < "$temp/head" | grep -q "^X-Cache: $1\$"
    verdict "$fetched: not '$1' but $(grep X-Cache "$temp/head")"
}

case $(apps_built) in *file*) ;; *)
    skip "file-get: not in this build"
    report
    ;;
esac
tree_make "$temp/tree"
root=$temp/tree/root
"$BIN/talk" --random 20000000 6 > "$temp/other.bin"
chmod a+r "$temp/other.bin"
mkdir "$root/many"
for number in 10 9 100 1 "a b" B b "x&y" "<i>" '"q"' '100%' 'plus+' '#' '?' "$(printf '\346\226\207')"; do
    echo "$number" > "$root/many/$number.txt"
done
chmod -R a+rX "$root/many"
server_start_all --peer-limit 0 || report
url=http://127.0.0.1:$file_port

# ---- nginx in front ------------------------------------------------------------------------------

nginx_start() {
    front=$("$BIN/get_liar" --free)
    cat > "$temp/nginx.conf" << END
daemon off;
master_process off;
pid $temp/nginx.pid;
error_log stderr;
events { }
http {
    access_log off;
    client_body_temp_path $temp/nginx.body;
    proxy_temp_path $temp/nginx.proxy;
    fastcgi_temp_path $temp/nginx.fastcgi;
    uwsgi_temp_path $temp/nginx.uwsgi;
    scgi_temp_path $temp/nginx.scgi;
    proxy_cache_path $temp/nginx.cache keys_zone=cache:1m;
    upstream linnet { server 127.0.0.1:$file_port; keepalive 4; }
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_cache cache;
    add_header X-Cache \$upstream_cache_status always;
    server {
        listen 127.0.0.1:$front;
        location / {
            proxy_pass http://linnet;
            proxy_cache_valid 200 301 404 1s;
            proxy_cache_revalidate on;
        }
        location /slices/ {
            slice 1m;
            proxy_cache_key \$uri\$slice_range;
            proxy_set_header Range \$slice_range;
            proxy_cache_valid 200 206 1h;
            proxy_pass http://linnet/;
        }
    }
}
END
    nginx -p "$temp" -c "$temp/nginx.conf" -e stderr > "$temp/nginx.out" 2>&1 < /dev/null &
    others=$!
    waited=0
    until fetch "http://127.0.0.1:$front/hello.txt" || [ "$waited" -ge $((100 * PATIENCE)) ]; do
        nap 50
        waited=$((waited + 1))
    done
    front=http://127.0.0.1:$front
    kill -0 "$others" 2> /dev/null
    verdict "nginx does not start: $(head -c 300 "$temp/nginx.out")"
}

through_cache() {
    fetch "$front/data.bin"
    cache_says MISS
    fetch "$front/data.bin"
    cache_says HIT
    same "$temp/out" "$root/data.bin" "through a cache"
    nap 2100
    fetch "$front/data.bin"
    cache_says REVALIDATED
    same "$temp/out" "$root/data.bin" "revalidated"
    "$BIN/talk" --random 300000 9 > "$temp/new.bin"
    chmod a+r "$temp/new.bin"
    mv "$temp/new.bin" "$root/data.bin" # as long, and perhaps in the same second
    nap 2100
    fetch "$front/data.bin"
    cache_says EXPIRED
    same "$temp/out" "$root/data.bin" "changed behind the cache"
    fetch "$front/data.bin" -r 1000-1999
    dd if="$root/data.bin" bs=1000 skip=1 count=1 2> /dev/null | cmp -s - "$temp/out"
    verdict "a range out of the cache"
    fetch "$front/plain?a=b"
    tr -d '\r' < "$temp/head" | grep -q '^Location: .*/plain/?a=b$'
    verdict "a redirect through nginx: $(grep Location "$temp/head")"
    fetch "$front/plain/"
    grep -q 'a.txt' "$temp/out"
    verdict "a listing through nginx"
    fetch "$front/missing" && grep -q ' 404 ' "$temp/head"
    verdict "404 through nginx: $(head -n 1 "$temp/head")"
}

through_slices() {
    fetch "$front/slices/large.bin" -r 1500000-6500000
    tail -c +1500001 "$root/large.bin" | head -c 5000001 | cmp -s - "$temp/out"
    verdict "a range over six slices"
    fetch "$front/slices/large.bin"
    same "$temp/out" "$root/large.bin" "by slices"
    fetch "$front/slices/large.bin" -r -1
    tail -c 1 "$root/large.bin" | cmp -s - "$temp/out"
    verdict "the last byte of the last slice"
    # Some slices are of a file that is gone: whoever gets it must be told, or get one of the two.
    cp "$root/large.bin" "$temp/before.bin"
    cp "$temp/before.bin" "$root/other.bin"
    chmod a+r "$root/other.bin"
    fetch "$front/slices/other.bin" -r 2000000-2999999
    cp "$temp/other.bin" "$temp/renamed"
    chmod a+r "$temp/renamed"
    mv "$temp/renamed" "$root/other.bin"
    if fetch "$front/slices/other.bin"; then
        cmp -s "$temp/out" "$temp/before.bin" || cmp -s "$temp/out" "$temp/other.bin"
        verdict "pieces of two files, and nobody noticed"
    else
        good
    fi
    cmp -s "$temp/before.bin" "$temp/other.bin"
    [ $? -eq 1 ]
    verdict "the two files are one"
}

if have curl && have nginx; then
    if nginx -V 2>&1 | grep -q http_slice_module; then
        nginx_start
        through_cache
        through_slices
        kill "$others"
        wait "$others" 2> /dev/null
        others=
    else
        skip "this nginx knows no slices"
    fi
fi

# ---- Many at once --------------------------------------------------------------------------------

if have aria2c; then
    limited 60 aria2c -q -x 16 -s 16 -k 1M --file-allocation=none -d "$temp" -o aria.bin \
        "$url/large.bin" > "$temp/aria.out" 2>&1
    same "$temp/aria.bin" "$root/large.bin" "aria2c with 16 ranges: $(head -c 200 "$temp/aria.out")"
    head -c 7000000 "$root/large.bin" > "$temp/aria2.bin"
    limited 60 aria2c -q -c -x 4 --file-allocation=none -d "$temp" -o aria2.bin "$url/large.bin" \
        > "$temp/aria.out" 2>&1
    same "$temp/aria2.bin" "$root/large.bin" "aria2c -c: $(head -c 200 "$temp/aria.out")"
fi

if have curl && curl --help all 2> /dev/null | grep -q -e --parallel-max; then
    mkdir "$temp/parts"
    limited 60 curl -sS -Z --parallel-max 40 -o "$temp/parts/#1" \
        "$url/data.bin?[1-200]" 2> "$temp/err"
    wrong=0
    for part in "$temp/parts"/*; do
        cmp -s "$part" "$root/data.bin" || wrong=$((wrong + 1))
    done
    [ "$wrong" -eq 0 ] && [ "$(ls "$temp/parts" | wc -l)" -eq 200 ]
    verdict "curl -Z: $wrong of $(ls "$temp/parts" | wc -l) are wrong"
    fetch "$url/hello.txt" --etag-save "$temp/etag"
    fetch "$url/hello.txt" --etag-compare "$temp/etag"
    grep -q ' 304 ' "$temp/head"
    verdict "curl --etag-compare: $(head -n 1 "$temp/head")"
    fetch "$url/hello.txt" -z "$root/hello.txt"
    grep -q ' 304 ' "$temp/head"
    verdict "curl -z: $(head -n 1 "$temp/head")"
fi

# ---- Whole folders -------------------------------------------------------------------------------

if have wget; then
    limited 30 wget -q -r -np -nH --restrict-file-names=nocontrol -P "$temp/mirror" "$url/many/" \
        2> "$temp/err"
    rm -f "$temp/mirror/many/index.html" "$temp/mirror/robots.txt.tmp"
    diff -r "$root/many" "$temp/mirror/many" > "$temp/diff" 2>&1
    verdict "wget -r: $(head -n 3 "$temp/diff")"
    head -c 100000 "$root/data.bin" > "$temp/data.bin"
    (cd "$temp" && limited 30 wget -q -c "$url/data.bin")
    same "$temp/data.bin" "$root/data.bin" "wget -c"
fi
if have busybox; then
    head -c 100000 "$root/data.bin" > "$temp/data.bin"
    (cd "$temp" && limited 30 busybox wget -q -c "$url/data.bin")
    same "$temp/data.bin" "$root/data.bin" "busybox wget -c"
fi

# ---- A browser -----------------------------------------------------------------------------------

browse() { # URL OPTION...: as chromium sees it
    seen=$1
    shift
    limited 60 chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
        --disable-background-networking --disable-component-update --disable-sync \
        --user-data-dir="$temp/browser" "$@" "$seen" 2> "$temp/err"
}

if have chromium; then
    browse "$url/many/" --dump-dom > "$temp/dom"
    # Names as the page shows them, in the order of their bytes, and none of them is markup.
    sed -n 's/.*<a href="\.\/[^"]*">\([^<]*\)<\/a>.*/\1/p' "$temp/dom" > "$temp/names"
    (cd "$root/many" && LC_ALL=C ls) | sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g' > "$temp/wanted"
    if [ "$(limit_of CFG_FILEGET_SORTS)" -eq 0 ]; then
        LC_ALL=C sort -o "$temp/names" "$temp/names"
        LC_ALL=C sort -o "$temp/wanted" "$temp/wanted"
    fi
    diff "$temp/wanted" "$temp/names" > "$temp/diff"
    verdict "a listing in a browser: $(head -n 5 "$temp/diff")"
    ! grep -q '<i>' "$temp/dom"
    verdict "a name became markup"
    browse "$url/many?q" --dump-dom | grep -q '<title>/many</title>'
    verdict "a folder without its slash in a browser"
    browse "$url/sub/" --dump-dom | grep -q '<p>index</p>'
    verdict "an index in a browser"
    browse "$url/hello.txt" --dump-dom | grep -q '^.*hello, world'
    verdict "a text in a browser"
fi
server_stop "peers of file-get"
report
