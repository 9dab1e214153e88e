#!/bin/sh
# SPDX-License-Identifier: MIT
# limits.sh BUILD: the static memory that `linnet --limits` prints is what our objects hold in .data
# and .bss, to the byte, and every CFG_ limit of the sources is one of its rows.
set -u
build=$1
passed=0
failed=0

good() { passed=$((passed + 1)); }
bad() {
    failed=$((failed + 1))
    echo "$*"
}

limits=$(${EXEC:-} "$build/linnet" --limits) || bad "$build/linnet --limits: failed"
claimed=$(printf '%s\n' "$limits" | sed -n 's/^static memory  *\([0-9]*\)  bytes$/\1/p')

# Sections by name: data that is only relocated (.data.rel.ro) is constant, and does not count; some
# processors keep what is small apart (.sbss).
objects=$(find "$build/apps" "$build/core" "$build/port" -name '*.o' ! -path '*/port/sim/*')
# shellcheck disable=SC2086
held=$(${SIZE:-size} -A -d $objects 2>/dev/null | awk '
    $1 ~ /^\.(data|s?bss)/ && $1 !~ /^\.data\.rel\.ro/ { sum += $2 } END { print sum + 0 }')
if [ "$held" -eq 0 ]; then
    echo "skipped: there is no size command that reads these objects"
elif [ "$held" = "$claimed" ]; then
    good
elif [ -n "${EXEC:-}" ] && [ "$held" -gt "$claimed" ] && [ "$held" -lt $((claimed + 16)) ]; then
    good # some compilers round the sections up (MIPS, PowerPC, s390x)
else
    bad "--limits says $claimed bytes of static memory, the objects hold $held"
fi

for name in $(grep -ho '#ifndef CFG_[A-Z0-9_]*' core/*.h apps/*/*.h | sed 's/#ifndef //'); do
    file=$(grep -l "#ifndef $name\$" core/*.h apps/*/*.h)
    case $file in apps/*) # an app that this build has not says nothing
        app=${file%/*}
        [ -d "$build/$app" ] || continue ;;
    esac
    case $name in CFG_BOT_*) # nor does one without a bot
        [ -f "$build/apps/chat/bot.o" ] || continue ;;
    esac
    if printf '%s\n' "$limits" | grep -q "^$name "; then
        good
    else
        bad "$file: $name is not in --limits"
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
