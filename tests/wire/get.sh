#!/bin/sh
# SPDX-License-Identifier: MIT
# `linnet get` against our own server, against a server that lies (get_liar.c), and against those
# people have: nginx, lighttpd, busybox httpd, Python's http.server. Those that are not installed
# are skipped, and said so. Exit statuses are exact, and each failure is one clean sentence.
set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/server.sh"
. "$here/tree.sh"

tool_needed get
tree_make "$temp/tree"
root=$temp/tree/root
mkdir "$temp/out"
cd "$temp/out" || exit 1
escape=$(printf '\033')

limited() { # SECONDS COMMAND...: no client may hang
    if command -v timeout > /dev/null; then timeout "$@"; else shift; "$@"; fi
}

get() { # ARGUMENT...: $status, and what it said in $temp/said
    limited 60 $EXEC "$LINNET" get "$@" > "$temp/shown" 2> "$temp/said"
    status=$?
}

# ends STATUS TEXT ARGUMENT...: so does get, and it says one sentence with TEXT in it, without a
# byte that a terminal would obey; with no TEXT it says nothing.
ends() {
    wanted=$1
    text=$2
    shift 2
    get "$@"
    if [ "$status" -ne "$wanted" ]; then
        bad "get $(shown "$*"): status $status, not $wanted: $(head -c 300 "$temp/said")"
    elif [ -z "$text" ] && [ -s "$temp/said" ]; then
        bad "get $(shown "$*"): says $(head -c 300 "$temp/said")"
    elif [ -n "$text" ] && ! grep -q "^linnet: .*$text" "$temp/said"; then
        bad "get $(shown "$*"): does not say \"$text\" but $(head -c 300 "$temp/said")"
    elif [ -n "$text" ] && [ "$(wc -l < "$temp/said")" -ne 1 ]; then
        bad "get $(shown "$*"): says more than a sentence: $(head -c 300 "$temp/said")"
    elif LC_ALL=C grep -q "$(printf '[\001-\010\013-\037\177-\377]')" "$temp/said"; then
        bad "get $(shown "$*"): a control byte in what it says"
    else
        good
    fi
}

shown() { printf '%s' "$1" | head -c 200; }

holds() { # FILE TEXT: exactly that
    [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]
    verdict "$1 holds $(head -c 100 "$1" 2>&1), not $2"
}

same() { # FILE WANTED
    cmp -s "$1" "$2"
    verdict "$1 is not $2"
}

nothing_left() { # NAME...: no file of a download that failed, or is whole
    for name; do
        [ ! -e "$name" ]
        verdict "$name was left"
    done
}

fresh() { rm -rf "$temp/out"/* "$temp/out"/.[!.]*; }

digest() { cksum < "$1"; }

# ---- Our own server ------------------------------------------------------------------------------

own_server() { # HOST
    case $1 in *:*) url=[$1]:$file_port ;; *) url=$1:$file_port ;; esac
    ends 0 '' "http://$url/data.bin"
    same data.bin "$root/data.bin"
    nothing_left data.bin.part data.bin.part.tag
    ends 0 '' -o large "$url/large.bin"
    same large "$root/large.bin"
    ends 0 '' "$url/with space.txt" "$url/$(printf '\345\220\215').txt" "$url/100%.txt" \
        "$url/empty.txt" "$url/a+b.txt" "$url/sub/deep/file.txt?a=b#c"
    same "with space.txt" "$root/with space.txt"
    same "$(printf '\345\220\215').txt" "$root/$(printf '\345\220\215').txt"
    same 100%.txt "$root/100%.txt"
    same empty.txt "$root/empty.txt"
    same a+b.txt "$root/a+b.txt"
    same file.txt "$root/sub/deep/file.txt"
    ends 0 '' "raw://$url/hello.txt"
    same hello.txt "$root/hello.txt"
    ends 0 '' -o large.raw "raw://$url/large.bin"
    same large.raw "$root/large.bin"
    ends 0 '' -o - "raw://$url/with space.txt" "raw://$url/$(printf '\345\220\215').txt" \
        "http://$url/hello.txt"
    [ "$(cat "$temp/shown")" = "with space
utf-8
hello, world" ]
    verdict "three files on standard output: $(head -c 100 "$temp/shown")"
    ends 0 '' -o index "$url/sub" # by way of a redirect
    same index "$root/sub/index.html"
    ends 22 'answer 404: Not Found$' "$url/none"
    ends 22 'answer 404' "$url/../outside.txt"
    ends 22 'answer 404' "$url/%2e%2e/outside.txt"
    if "$LINNET" get --help | grep -q -e --gbk; then
        # One file is there as it was asked for, the other when its name is read as GBK.
        ends 0 '' --gbk -o - "raw://$url/$(printf '\345\255\227').txt" \
            "raw://$url/%E5%90%8D.txt"
        [ "$(cat "$temp/shown")" = "gbk
utf-8" ]
        verdict "names that went out in GBK: $(head -c 100 "$temp/shown")"
        ends 2 'that GBK cannot hold' --gbk "raw://$url/%F0%9F%98%80"
        ends 2 'that GBK cannot hold' --gbk "raw://$url/%FF"
    else
        skip "get --gbk: not in this build"
    fi
    ends 22 'sends nothing' "raw://$url/none"
    ends 22 'sends nothing' "raw://$url/../outside.txt"
    nothing_left none none.part outside.txt outside.txt.part
    get "$url/none" "$url/hello.txt" "raw://$url/none"
    [ "$status" -eq 22 ] && [ "$(wc -l < "$temp/said")" -eq 2 ]
    verdict "of three, the one that is there: status $status, $(cat "$temp/said")"
    same hello.txt "$root/hello.txt"
    fresh
}

# cut_off NAME URL: the download is killed when it has written 100 KB, as by a power cut
cut_off() {
    (
        ulimit -c 0
        ulimit -f 200
        $EXEC "$LINNET" get -o "$1" "$2"
        : # so that the shell that says what killed it is this one
    ) > /dev/null 2>&1
    [ "$(size_of "$1.part")" -ge 100000 ] && [ -s "$1.part.tag" ] && [ ! -e "$1" ]
    verdict "$2: no part was left, or no tag"
}

size_of() {
    # shellcheck disable=SC2012
    ls -l "$1" 2>/dev/null | awk '{ size = $5 } END { print size + 0 }'
}

# goes_on HOW NAME URL FILE: a part whose first byte is changed shows what -c did with it: resumed
# (the change is still there, all else is right) or restarted (all is right).
goes_on() {
    how=$1
    cut_off "$2" "$3"
    printf 'Z' | dd of="$2.part" bs=1 conv=notrunc 2> /dev/null
    ends 0 '' -c -o "$2" "$3"
    tail -c +2 "$2" > tail.1
    tail -c +2 "$4" > tail.2
    same tail.1 tail.2
    case $how:$(head -c 1 "$2" | tr -d '\0') in
    resumed:Z) good ;;
    resumed:*) bad "$3: was not resumed" ;;
    *:Z) bad "$3: was resumed without a validator" ;;
    *) good ;;
    esac
    nothing_left "$2.part" "$2.part.tag"
    rm -f tail.1 tail.2
}

# changes NAME URL FILE: the file becomes another one of the same size while a part is here (hazard
# 63): what comes out is the new one.
changes() {
    cut_off "$1" "$2"
    "$BIN/talk" --random "$(size_of "$3")" 99 > "$3"
    ends 0 '' -c -o "$1" "$2"
    same "$1" "$3"
    [ "$(digest "$1")" = "$(digest "$3")" ]
    verdict "$1: another checksum"
}

# A file around 2 or 4 GB, of which next to nothing lies on the disk: most of it is taken for
# fetched, and the rest crosses the border (hazard 60).
border() { # SIZE-BEFORE-THE-BORDER IN BLOCKS OF 64 KB
    file=$root/border.bin
    name=border.bin
    rm -f "$file" "$name"*
    "$BIN/talk" --random 300000 7 > random
    dd if=random of="$file" bs=65536 seek="$1" 2> /dev/null
    chmod a+r "$file"
    cut_off "$name" "127.0.0.1:$file_port/$name"
    dd if=random of="$name.part" bs=65536 seek="$1" conv=notrunc 2> /dev/null
    # 5 bytes before the border
    dd if=/dev/null of="$name.part" bs=1 seek=$((($1 + 1) * 65536 - 5)) 2> /dev/null
    ends 0 '' -c "127.0.0.1:$file_port/$name"
    [ "$(size_of "$name")" = "$(size_of "$file")" ]
    verdict "$name has $(size_of "$name") bytes"
    tail -c 400000 "$name" > tail.1
    tail -c 400000 "$file" > tail.2
    same tail.1 tail.2
    rm -f "$file" "$name" random tail.1 tail.2
}

server_start_all || report
own_server 127.0.0.1
if "$BIN/talk" --have ::1; then
    own_server ::1
    ends 0 '' -6 "[::1]:$file_port/hello.txt"
else
    skip "IPv6: there is none here"
fi
own=127.0.0.1:$file_port
goes_on resumed data.bin "$own/data.bin" "$root/data.bin"
cp "$root/data.bin" "$root/change.bin"
chmod a+r "$root/change.bin"
changes change.bin "$own/change.bin" "$root/change.bin"
border 32767
border 65535
if [ -n "${LONG:-}" ]; then
    limited 120 $EXEC "$LINNET" get -o - "$own/big.bin" | cmp -s - "$root/big.bin"
    verdict "5 GB on standard output"
fi
fresh

# What is there completely, but was never renamed; and parts that are not what their tag says.
cut_off data.bin "$own/data.bin"
cp "$root/data.bin" data.bin.part
ends 0 '' -c "$own/data.bin"
same data.bin "$root/data.bin"
for wrong in longer shorter-tag other-url no-tag empty; do
    fresh
    cut_off data.bin "$own/data.bin"
    printf 'Z' | dd of=data.bin.part bs=1 conv=notrunc 2> /dev/null
    case $wrong in
    longer) "$BIN/talk" --random 300001 3 > data.bin.part ;;
    shorter-tag)
        head -c 40 data.bin.part.tag > tag
        mv tag data.bin.part.tag
        ;;
    other-url)
        sed 's/data/date/' data.bin.part.tag > tag
        mv tag data.bin.part.tag
        ;;
    no-tag) rm data.bin.part.tag ;;
    empty) : > data.bin.part ;;
    esac
    ends 0 '' -c "$own/data.bin"
    same data.bin "$root/data.bin"
    nothing_left data.bin.part data.bin.part.tag tag
done
fresh
cut_off data.bin "$own/data.bin"
printf 'Z' | dd of=data.bin.part bs=1 conv=notrunc 2> /dev/null
ends 0 '' "$own/data.bin" # without -c it starts over
same data.bin "$root/data.bin"
rm data.bin
( # no room: as far as it came, it can be resumed
    trap '' XFSZ
    ulimit -f 200
    exec $EXEC "$LINNET" get "$own/data.bin" 2> "$temp/said"
)
[ $? -eq 23 ] && grep -q 'data.bin: there is no room; -c goes on' "$temp/said"
verdict "a full disk: $(cat "$temp/said")"
ends 0 '' -c "$own/data.bin"
same data.bin "$root/data.bin"
ends 0 '' -c "$own/hello.txt" # with -c and nothing there as well
same hello.txt "$root/hello.txt"
ends 0 '' -c "raw://$own/hello.txt"
same hello.txt "$root/hello.txt"
fresh

# ---- The command line, and where it writes -------------------------------------------------------

ends 2 'get wants a URL'
ends 2 'a kind that get does not speak' https://127.0.0.1/x
ends 2 'a kind that get does not speak' file:///etc/passwd
ends 2 'without a host' http:///x
ends 2 'without a host' "http://user@$own/x"
ends 2 'control byte' "$own/a
Host: b"
ends 2 'control byte' "http://$own/$escape[2J"
ends 2 'too long' "$own/$(head -c 20000 /dev/zero | tr '\0' a)"
ends 2 'no file.s name' "$own/"
ends 2 'no file.s name' "$own"
ends 2 'no file.s name' "$own/sub/?name=x"
ends 2 'no file.s name' "$own/..%2f..%2fetc%2fpasswd"
ends 2 'asks for no name' "raw://$own/"
ends 2 'asks for no name' "raw://$own/a%0ab"
ends 2 'several URLs' -o x "$own/hello.txt" "$own/data.bin"
ends 2 'goes on with a file' -c -o - "$own/hello.txt"
ends 2 'no -4 beside it' -4 -6 "$own/hello.txt"
ends 2 'timeout wants' --timeout 0 "$own/hello.txt"
ends 2 'retry wants' --retry x "$own/hello.txt"
ends 2 'no file.s name' "$own/hello.txt" "$own/" # and the first is not fetched
nothing_left hello.txt
ends 6 'no host ' "http://no-such-host.invalid/x"
ends 6 'with an IPv4 address' -4 "http://[::1]:1/x"
ends 6 'with an IPv6 address' -6 "$own/hello.txt"
ends 7 'refused' "127.0.0.1:$("$BIN/get_liar" --free)/x"
ends 23 'cannot write no/such/folder' -o no/such/folder "$own/hello.txt"
mkdir folder
ends 23 'cannot write folder' -o folder "$own/hello.txt"
if [ -c /dev/full ]; then
    limited 20 $EXEC "$LINNET" get -o - "$own/hello.txt" > /dev/full 2> "$temp/said"
    [ $? -eq 23 ] && grep -q 'cannot write standard output' "$temp/said"
    verdict "standard output is full: $(cat "$temp/said")"
fi
echo precious > precious
ln -s precious x.part
ends 23 'cannot write x' -o x "$own/hello.txt"
holds precious precious
rm -f x.part
echo old > hello.txt
ends 0 '' "$own/hello.txt" # replaces what was there, once it is whole
same hello.txt "$root/hello.txt"
ends 22 "/none: the server's answer 404" -o hello.txt "$own/none"
same hello.txt "$root/hello.txt"
# Devices of our own where we may make them: root could lose the real ones to a defect.
null=null
full=full
mknod $null c 1 3 2> /dev/null && : > $null || null=/dev/null
mknod $full c 1 7 2> /dev/null || full=/dev/full
if [ -c $null ] && { [ $null != /dev/null ] || [ ! -w /dev ]; }; then
    ends 0 '' -o $null "$own/data.bin"
    [ -c $null ] && [ ! -e $null.part ]
    verdict "$null is a device no more"
else
    skip "a device that takes all: none that we dare to use"
fi
if [ -c $full ] && { [ $full != /dev/full ] || [ ! -w /dev ]; }; then
    ends 23 'there is no room' -o $full "$own/data.bin"
    [ -c $full ] && [ ! -e $full.part ]
    verdict "$full is a device no more"
else
    skip "a device without room: none that we dare to use"
fi
mkfifo pipe
cat pipe > from-pipe &
others=$!
ends 0 '' -o pipe "$own/data.bin"
wait "$others"
others=
same from-pipe "$root/data.bin"
[ -p pipe ]
verdict "a pipe is a pipe no more"
fresh
server_stop "get: our own server"

# ---- A server that lies --------------------------------------------------------------------------

"$BIN/get_liar" "$temp/liar.log" > "$temp/liar.port" &
others=$!
nap 200
liar_port=$(cat "$temp/liar.port")
liar=127.0.0.1:$liar_port

for name in ok split stays lf old chunks chunks-split interim evil-name hop/0 hop/10; do
    ends 0 '' -o file "$liar/$name"
    holds file hello
    rm -f file
done
for name in empty chunks-none; do
    ends 0 '' "$liar/$name"
    holds "$name" ''
done
fresh
ends 0 '' "$liar/moved" # the name is what was asked for (hazard 80)
holds moved hello
ends 0 '' "$liar/evil-name"
[ "$(ls)" = "evil-name
moved" ] && [ ! -e ../../evil ]
verdict "names that the server gave: $(ls)"
ends 0 'more than it promised' "$liar/long"
holds long hello
ends 0 'more than it promised' "$liar/endless-body"
holds endless-body hello
fresh

ends 18 'ended 5 bytes too early; -c goes on' "$liar/short"
holds short.part 01234
rm -f short.part*
ends 18 'ended 5 bytes too early' "$liar/weak"
holds weak.part 01234
nothing_left weak.part.tag weak
ends 18 'reset' "$liar/short-reset"
ends 18 'reset' "$liar/old-reset"
ends 18 'bytes too early' "$liar/huge"
nothing_left short short-reset old-reset huge
ends 22 'a length that cannot be' "$liar/too-huge"
ends 22 'a length that cannot be' "$liar/negative"
ends 22 'a length that cannot be' "$liar/two-lengths"
for name in endless-head endless-line endless-name endless-reason endless-interim; do
    ends 22 'a head without an end' "$liar/$name"
done
ends 22 'a byte in its head that no head has' "$liar/nul"
ends 22 'a byte in its head that no head has' "$liar/nul-name"
ends 22 'a byte in its head that no head has' "$liar/bare-cr"
ends 22 'no header field' "$liar/no-colon"
ends 22 'does not begin as HTTP does' "$liar/other"
ends 18 'without an answer' "$liar/nothing"
ends 18 'reset' "$liar/nothing-reset"
ends 18 'in the middle of the answer' "$liar/half-head"
ends 22 'another protocol' "$liar/switch"
ends 22 'answer 204: No Content' "$liar/no-content"
ends 22 'answer 999: What' "$liar/999"
ends 22 'answer 404: \\x1b\[31mred\\x07\\x9b2J$' "$liar/paint" # hazard 78
ends 22 'a transfer coding' "$liar/gzip"
ends 22 'not asked for' "$liar/unasked"
ends 0 '' --timeout 1 "$liar/drip-body" # longer than that, but never so long without a byte
holds drip-body 0123444444
rm -f drip-body
began=$(date +%s)
ends 28 'did not answer in time' --timeout 1 "$liar/silent"
ends 28 'did not answer in time' --timeout 1 "$liar/drip-head"
ends 28 'nothing came any more; -c goes on' --timeout 1 "$liar/silent-body"
ends 28 'nothing came any more' --timeout 1 "raw://$liar/raw-silent"
[ $(($(date +%s) - began)) -le $((8 * PATIENCE)) ]
verdict "time-outs of a second took $(($(date +%s) - began))"
for name in chunk-size chunk-huge chunk-negative chunk-longer chunk-extension chunk-trailer; do
    ends 18 'a chunk is none' "$liar/$name"
done
ends 18 'in the middle of the answer' "$liar/chunk-cut"
ends 18 'in the middle of the answer' "$liar/chunk-cut-data"
for name in *; do
    case $name in *.part | *.part.tag) ;; *) bad "$name is there, and should not be" ;; esac
done
fresh

ends 47 'too many redirects' "$liar/loop"
[ "$(grep -c 'GET /loop ' "$temp/liar.log")" -eq 11 ]
verdict "a loop of redirects was asked $(grep -c 'GET /loop ' "$temp/liar.log") times"
ends 47 'too many redirects' -o file "$liar/hop/11"
ends 22 'redirects to "raw://127.0.0.1:1/x", a URL of a kind' "$liar/to-raw"
ends 22 'redirects to "https://127.0.0.1/x"' "$liar/to-https"
ends 22 'redirects to "file:///etc/passwd"' "$liar/to-file"
ends 22 'a redirect to nowhere' "$liar/to-nowhere"
ends 22 'redirects to "/\\x1b\[2J"' "$liar/to-paint"
ends 22 'a head without an end' "$liar/to-endless"
ends 7 "to-closed, redirected to http://127.0.0.1:1/: cannot reach" "$liar/to-closed"

# part NAME: "01234" of "0123456789" is here
part() {
    rm -f "$1"*
    printf 01234 > "$1.part"
    printf 'linnet get 1\nhttp://%s/%s\n10\n"a"\n' "$liar" "$1" > "$1.part.tag"
}
parts() { # STATUS TEXT CONTENT NAME...: what -c makes of it; CONTENT - when the part stays
    wanted_status=$1
    wanted_text=$2
    content=$3
    shift 3
    for name; do
        part "$name"
        ends "$wanted_status" "$wanted_text" -c "$liar/$name"
        if [ "$content" = - ]; then
            nothing_left "$name"
            holds "$name.part" 01234
        else
            holds "$name" "$content"
            nothing_left "$name.part" "$name.part.tag"
        fi
    done
}
parts 0 '' 0123456789 part to-part part-chunked part-tag part-size part-416
parts 0 '' ABCDEFGHIJ part-full
parts 33 'another part of the file' - part-offset
parts 33 'does not say which' - part-unsaid part-many part-broken
parts 33 'beyond the end' - part-beyond
parts 33 'length is not what it says' - part-length
parts 33 'longer than the part it promises' - part-chunked-long
parts 22 'answer 404: Gone; -c goes on' - part-404
part part-less
ends 18 'only a part of the file' -c "$liar/part-less"
holds part-less.part 0123456
part part-cut
ends 18 'ended 3 bytes too early' -c "$liar/part-cut"
holds part-cut.part 0123456
grep -q 'GET /part HTTP/1.1 | Host: [0-9.:]* | Range: bytes=5- | If-Range: "a"$' "$temp/liar.log"
verdict "the request for a part: $(grep 'GET /part ' "$temp/liar.log")"
printf 0123456789 > part.part
printf 'linnet get 1\nhttp://%s/part\n10\n"a"\n' "$liar" > part.part.tag
ends 33 'another part' -c "$liar/part" # all is there: its last byte is asked for
grep -q 'GET /part .*Range: bytes=9- ' "$temp/liar.log"
verdict "the last byte was not asked for"
fresh

# Retries: what came counts, unless it is a stream that the rest does not fit any more.
get --retry 1 "$liar/flaky"
[ "$status" -eq 0 ] && grep -q 'trying again in 1 s$' "$temp/said" && [ ! -e flaky.part ]
verdict "--retry: status $status, $(cat "$temp/said")"
holds flaky 0123456789
get --retry 1 -o - "$liar/flaky"
[ "$status" -eq 0 ] && [ "$(cat "$temp/shown")" = 0123456789 ]
verdict "--retry on standard output: status $status, $(cat "$temp/shown")"
get --retry 1 "$liar/changed"
[ "$status" -eq 0 ]
verdict "--retry of a changed file: status $status, $(cat "$temp/said")"
holds changed ABCDEFGHIJ
get --retry 1 -o - "$liar/changed"
[ "$status" -eq 33 ] && [ "$(cat "$temp/shown")" = 01234 ] && grep -q 'taken back$' "$temp/said"
verdict "--retry of a changed file on standard output: status $status, $(cat "$temp/said")"
ends 18 'too early' --retry 1 -o - "$liar/untagged"
get --retry 1 "$liar/untagged"
[ "$status" -eq 0 ]
verdict "--retry without a validator: status $status, $(cat "$temp/said")"
holds untagged ABCDEFGHIJ
get --retry 2 "$liar/busy"
[ "$status" -eq 0 ] && [ "$(wc -l < "$temp/said")" -eq 1 ]
verdict "--retry after 503: status $status, $(cat "$temp/said")"
ends 22 'answer 404' --retry 3 "$liar/none" # that will not get better
fresh

# Raw: the name goes out as it is, and our end behind it (get_liar answers only then).
ends 0 '' "raw://$liar/raw name"
holds "raw name" "raw bytes"
ends 22 'sends nothing' "raw://$liar/raw-nothing"
ends 18 'reset' "raw://$liar/raw-reset"
ends 18 'reset' "raw://$liar/raw-reset-at-once"
nothing_left raw-nothing raw-reset raw-reset-at-once raw-reset-at-once.part
fresh

# Told to stop in the middle, it ends at once, and the part can be resumed.
for signal in INT TERM; do
    $EXEC "$LINNET" get "$liar/silent-body" > /dev/null 2> "$temp/said" &
    stopped=$!
    nap 400
    kill "-$signal" "$stopped"
    wait "$stopped"
    status=$?
    # A shell has its background processes ignore INT; TERM then ends it.
    if [ "$signal" = TERM ] || [ "$status" -ne 28 ]; then
        [ "$status" -eq 18 ] && grep -q 'interrupted; -c goes on' "$temp/said"
        verdict "stopped by $signal: status $status, $(cat "$temp/said")"
        holds silent-body.part 01234
    fi
done
fresh

# ---- A terminal ----------------------------------------------------------------------------------

on_terminal() { # ARGUMENT...: what it shows is in $temp/terminal
    limited 30 script -qec "stty cols 80; $EXEC '$LINNET' get $*" /dev/null < /dev/null \
        > "$temp/terminal" 2>&1
}
if script --version 2>/dev/null | grep -q util-linux; then
    on_terminal "$liar/drip-head" --timeout 1
    on_terminal -o - "$liar/colours"
    LC_ALL=C grep -q 'a?\[31mred?2J?' "$temp/terminal" && grep -q 'end?' "$temp/terminal" &&
        ! LC_ALL=C grep -q "$(printf '[\001-\010\013\014\016-\037\177]')" "$temp/terminal" &&
        ! LC_ALL=C grep -q "$(printf '\302\233')" "$temp/terminal"
    verdict "a server's bytes reach the terminal: $(od -c "$temp/terminal" | head -n 20)"
    on_terminal --timeout 1 "$liar/silent-body"
    grep -q '50% \[=*> *\]  5 B of 10 B ' "$temp/terminal"
    verdict "no progress on a terminal: $(tr '\r' '\n' < "$temp/terminal" | tail -n 3)"
    ! grep -q '^http' "$temp/terminal"
    verdict "the bar of one URL says which it is of"
    on_terminal -o - --timeout 1 "$liar/silent-body" "$liar/ok" '> from-two'
    grep -q '^http://.*/silent-body' "$temp/terminal" && grep -q '^http://.*/ok' "$temp/terminal"
    verdict "the bars of two URLs do not say which is which: $(cat "$temp/terminal")"
    on_terminal -q --timeout 1 "$liar/silent-body"
    ! grep -q '%' "$temp/terminal"
    verdict "progress, although -q"
    ends 0 '' -o - "$liar/colours"
    [ "$(wc -c < "$temp/shown")" -eq 32 ]
    verdict "bytes into a pipe were changed"
else
    skip "a terminal: no script here that makes one"
fi
kill -0 "$others" 2> /dev/null
verdict "get_liar is gone"
kill "$others" 2> /dev/null
wait "$others" 2> /dev/null
others=
fresh

# ---- Other people's servers ----------------------------------------------------------------------

www=$temp/www
mkdir "$www"
cp "$root/data.bin" "$root/empty.txt" "$root/with space.txt" "$root/$(printf '\345\220\215').txt" \
    "$www"
chmod -R a+rX "$www" "$temp"
TZ=UTC0 touch -t 202001020304.05 "$www"/*

# peer NAME HOW COMMAND...: HOW -c goes on with its files; it listens on 127.0.0.1:$port
peer() {
    peer=$1
    how=$2
    shift 2
    "$@" > "$temp/peer.out" 2>&1 < /dev/null &
    others=$!
    waited=0
    while [ "$waited" -lt $((100 * PATIENCE)) ]; do
        get -o ready "127.0.0.1:$port/empty.txt"
        [ "$status" -ne 7 ] && break
        nap 50
        waited=$((waited + 1))
    done
    if ! kill -0 "$others" 2> /dev/null; then
        bad "$peer does not start: $(head -c 300 "$temp/peer.out")"
        return
    fi
    url=127.0.0.1:$port
    before=$failed
    ends 0 '' "$url/data.bin" "$url/empty.txt" "$url/with space.txt" \
        "$url/$(printf '\345\220\215').txt"
    same data.bin "$www/data.bin"
    same empty.txt "$www/empty.txt"
    same "with space.txt" "$www/with space.txt"
    same "$(printf '\345\220\215').txt" "$www/$(printf '\345\220\215').txt"
    ends 22 'answer 404' "$url/none"
    fresh
    goes_on "$how" data.bin "$url/data.bin" "$www/data.bin"
    cp "$www/data.bin" "$www/change.bin"
    chmod a+r "$www/change.bin"
    TZ=UTC0 touch -t 202001020304.05 "$www/change.bin"
    changes change.bin "$url/change.bin" "$www/change.bin"
    fresh
    [ "$failed" -eq "$before" ] || echo "... by $peer"
    kill "$others"
    wait "$others" 2> /dev/null
    others=
}

for server in nginx lighttpd busybox python3; do
    if ! command -v "$server" > /dev/null; then
        skip "$server is not installed"
        continue
    fi
    port=$("$BIN/get_liar" --free)
    case $server in
    nginx)
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
    server {
        listen 127.0.0.1:$port;
        root $www;
    }
}
END
        peer nginx resumed nginx -p "$temp" -c "$temp/nginx.conf" -e stderr
        ;;
    lighttpd)
        cat > "$temp/lighttpd.conf" << END
server.document-root = "$www"
server.bind = "127.0.0.1"
server.port = $port
mimetype.assign = ("" => "application/octet-stream")
server.stat-cache-engine = "disable"
END
        peer lighttpd resumed lighttpd -D -f "$temp/lighttpd.conf"
        ;;
    busybox)
        if ! busybox httpd --help > /dev/null 2>&1; then
            skip "this busybox has no httpd"
            continue
        fi
        peer "busybox httpd" resumed busybox httpd -f -p "127.0.0.1:$port" -h "$www"
        ;;
    python3)
        peer "Python's http.server" restarted \
            python3 -m http.server "$port" --bind 127.0.0.1 --directory "$www"
        ;;
    esac
done
cd "$here" || exit 1
report
