#!/bin/sh
# SPDX-License-Identifier: MIT
# sysroot.sh ARCHITECTURE TRIPLE FOLDER: fetches Debian's musl for another processor, armhf and
# arm-linux-musleabihf, say, and lays it out as musl's `make install` would. See fetch.sh for how.
set -eu
architecture=$1
triple=$2
folder=$3
here=$(cd "$(dirname "$0")" && pwd)

mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
"$here/fetch.sh" "$architecture" "$folder/fetched" musl-dev
rm -rf "$folder/package" "$folder/lib" "$folder/include"
mkdir "$folder/package"
dpkg-deb -x "$folder"/fetched/musl-dev_*_"$architecture".deb "$folder/package"
mv "$folder/package/usr/lib/$triple" "$folder/lib"
mv "$folder/package/usr/include/$triple" "$folder/include"
rm -rf "$folder/package" "$folder/fetched"
sed -e "s,/usr/lib/$triple,$folder/lib,g" -e "s,/usr/include/$triple,$folder/include,g" \
    "$folder/lib/musl-gcc.specs" > "$folder/lib/musl-gcc.specs.new"
mv "$folder/lib/musl-gcc.specs.new" "$folder/lib/musl-gcc.specs"
echo "musl for $architecture is in $folder"
