#!/bin/sh
# SPDX-License-Identifier: MIT
# Fetches lwIP's source from the distribution's package: sh fetch.sh FOLDER. It then is FOLDER/src.
# The sources apt asks are the machine's own; its lists and caches stay as they are, since all state
# of this lies in FOLDER/apt. Needs no root. `LWIP_DIR=` takes any other checkout instead.
set -eu

folder=${1:?usage: fetch.sh FOLDER}
if [ -f "$folder/src/include/lwip/init.h" ]; then
    exit 0
fi
command -v apt-get >/dev/null || {
    echo "fetch.sh: no apt here; get lwIP 2.1 yourself and say LWIP_DIR=FOLDER (that holds src/)" >&2
    exit 1
}
mkdir -p "$folder/apt/lists/partial" "$folder/apt/archives/partial" "$folder/apt/parts"
folder=$(cd "$folder" && pwd)

# One deb-src line for each binary source there is, with the same key.
apt-get indextargets --format '$(SIGNED_BY)|$(REPO_URI) $(RELEASE) $(COMPONENT)' \
    'Identifier: Packages' | sort -u | sed -n \
    -e 's/^\(\/[^|]*\)|/deb-src [signed-by=\1] /p' -e 's/^[^/|][^|]*|/deb-src /p' -e 's/^|/deb-src /p' \
    >"$folder/apt/parts/source.list"

apt_private() {
    apt-get -q -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts="$folder/apt/parts" \
        -o Dir::State::Lists="$folder/apt/lists" -o Dir::Cache="$folder/apt" \
        -o APT::Sandbox::User="$(id -un)" -o Debug::NoLocking=1 "$@"
}
apt_private update >"$folder/apt/log" 2>&1 || { cat "$folder/apt/log" >&2; exit 1; }
(cd "$folder/apt" && apt_private --only-source --download-only source lwip >>log 2>&1) ||
    { cat "$folder/apt/log" >&2; exit 1; }

# Unpacked here rather than by dpkg-source, which not every machine has: the original, then what
# the package changes.
mkdir -p "$folder/unpacked"
for archive in "$folder"/apt/lwip_*.orig.tar.*; do
    tar -xf "$archive" -C "$folder/unpacked" --strip-components=1
done
[ -f "$folder/unpacked/src/include/lwip/init.h" ] || {
    echo "fetch.sh: the package holds no src/include/lwip/init.h" >&2
    exit 1
}
mv "$folder/unpacked/src" "$folder/src"
rm -rf "$folder/unpacked" "$folder/apt/lists"
