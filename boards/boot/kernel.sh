#!/bin/sh
# SPDX-License-Identifier: MIT
# kernel.sh ARCHITECTURE PACKAGE FOLDER TREE MODULE...: fetches Debian's kernel package for another
# processor and leaves in FOLDER: kernel; kernel.dtb, if TREE names a device tree; modules/NAME.ko;
# and modules/modules, which names them in the order given.
set -eu
architecture=$1
package=$2
folder=$3
tree=$4
shift 4
here=$(cd "$(dirname "$0")" && pwd)

mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
sh "$here/../fetch.sh" "$architecture" "$folder/fetched" "$package"
dpkg-deb -x "$folder"/fetched/*.deb "$folder/package"
rm -rf "$folder/modules" "$folder/fetched"
mkdir "$folder/modules"
for module; do
    found=$(find "$folder/package" -name "$module.ko" | head -n 1)
    if [ -z "$found" ]; then
        echo "the kernel has no module $module" >&2
        exit 1
    fi
    cp "$found" "$folder/modules/"
    echo "/$module.ko" >> "$folder/modules/modules"
done
[ -z "$tree" ] || cp "$(find "$folder/package" -name "$tree.dtb" | head -n 1)" "$folder/kernel.dtb"
mv "$folder/package/boot"/vmlinu* "$folder/kernel"
rm -rf "$folder/package"
