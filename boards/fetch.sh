#!/bin/sh
# SPDX-License-Identifier: MIT
# fetch.sh ARCHITECTURE FOLDER PACKAGE...: downloads Debian packages of another processor into
# FOLDER, from where this machine gets its own. Neither asks for root nor changes what apt knows.
# A package may be given as a pattern of a whole name; the newest that fits is taken.
set -eu
architecture=$1
folder=$2
shift 2

mkdir -p "$folder/apt/lists/partial" "$folder/apt/archives/partial"
folder=$(cd "$folder" && pwd)
: > "$folder/apt/status"

# The distribution's own archive: the first place that has the C compiler's library.
apt-get indextargets --format '$(SITE) $(CODENAME) $(COMPONENT) $(FILENAME)' \
    'Created-By: Packages' | while read -r site suite component index; do
    if [ "$component" = main ] && /usr/lib/apt/apt-helper cat-file "$index" 2> /dev/null |
        grep -q '^Package: musl$'; then
        echo "deb $site $suite $component"
        break
    fi
done > "$folder/apt/sources.list"
if [ ! -s "$folder/apt/sources.list" ]; then
    echo "apt knows no archive that has musl; is this Debian, and was apt-get update run?" >&2
    exit 1
fi

cat > "$folder/apt/conf" << END
#clear APT::Architectures;
APT::Architecture "$architecture";
APT::Architectures { "$architecture"; };
APT::Sandbox::User "";
Acquire::Languages "none";
Dir::State::lists "$folder/apt/lists";
Dir::State::status "$folder/apt/status";
Dir::Cache "$folder/apt";
Dir::Etc::sourcelist "$folder/apt/sources.list";
Dir::Etc::sourceparts "-";
END
export APT_CONFIG="$folder/apt/conf"

apt-get -qq update
cd "$folder"
for package; do
    name=$(apt-cache pkgnames | grep -x "$package" | sort -V | tail -n 1)
    if [ -z "$name" ]; then
        echo "there is no package '$package' for $architecture" >&2
        exit 1
    fi
    apt-get -qq download "$name"
done
rm -rf "$folder/apt"
