#!/bin/sh
# SPDX-License-Identifier: MIT
# A file that was just sent, and is kept open therefore, is changed in every way a person would: the
# next request sees it at once; what happened to its folder, half a second later (hazard 58).
set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/server.sh"

case $(apps_built) in *file*) ;; *)
    skip "file-get: not in this build"
    report
    ;;
esac
tool_needed get
umask 022
root=$temp/root
mkdir "$root" "$root/folder"
file=$root/folder/file.txt

# is TEXT WHAT: that is what comes now, by HTTP and raw; "absent": nothing does.
is() {
    for way in http raw; do
        rm -f "$temp/got"
        $EXEC "$LINNET" get -q -o "$temp/got" "$way://127.0.0.1:$file_port/folder/file.txt" \
            2> "$temp/said"
        status=$?
        if [ "$1" = absent ]; then
            [ "$status" -ne 0 ]
        else
            [ "$status" -eq 0 ] && [ "$(cat "$temp/got")" = "$1" ]
        fi
        verdict "$2, $way: not $1 but status $status, $(cat "$temp/got" 2>/dev/null)"
    done
}

# Twice, so that what comes second was kept.
kept() { # TEXT WHAT
    is "$1" "$2"
    is "$1" "$2, again"
}

printf 'first' > "$file"
touch -t 202001010000 "$file"
server_start --echo off --chat off --file 0 -r "$root" || report
kept first "as it was"
printf 'other' > "$file" # of the same length, in place
kept other "written"
touch -t 202001010000 "$file"
printf 'third' > "$temp/new"
touch -t 202001010000 "$temp/new"
mv "$temp/new" "$file" # of the same length and date
kept third "replaced"
chmod 600 "$file"
is absent "private"
chmod 644 "$file"
kept third "public again"
mv "$file" "$root/folder/elsewhere"
is absent "moved away"
mv "$root/folder/elsewhere" "$file"
kept third "moved back"
rm "$file"
is absent "removed"
printf 'fourth' > "$file"
kept fourth "made anew"
chmod 700 "$root/folder"
nap 700
is absent "its folder private"
server_stop "fresh"
report
