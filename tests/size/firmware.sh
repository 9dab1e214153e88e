#!/bin/sh
# SPDX-License-Identifier: MIT
# firmware.sh MAP BUDGET: what each part of a firmware takes of program memory and of memory, out of
# the linker's map, compared with the budget, lines of "flash bytes" and "ram bytes". Ends with
# "N passed, N failed".
set -u
map=${1:?usage: firmware.sh MAP BUDGET}
budget=${2:?usage: firmware.sh MAP BUDGET}
tr -d '\r' <"$map" | awk -v budget="$budget" '
function hex(text,    value, i) {
    value = 0
    text = tolower(substr(text, 3))
    for (i = 1; i <= length(text); i++) {
        value = value * 16 + index("0123456789abcdef", substr(text, i, 1)) - 1
    }
    return value
}
function part(file) {
    if (file ~ /\/lwip\/(core|netif)\//) return "lwIP"
    if (file ~ /\/port\/lwip\//) return "port"
    if (file ~ /\/core\//) return "core"
    if (file ~ /\/apps\/[a-z]+\//) {
        sub(/.*\/apps\//, "", file)
        sub(/\/.*/, "", file)
        return file
    }
    if (file ~ /\/rom\//) return "files"
    if (file ~ /\/boards\/|\/apps\//) return "board"
    return "C library"
}
function count(section, size, file) {
    if (section !~ /^\./ || size == 0) return
    name = part(file)
    if (!(name in seen)) { seen[name] = 1; order[++parts] = name }
    if (area != "ram") flash[name] += size
    if (area != "flash") ram[name] += size
}
/^Linker script and memory map/ { on = 1 }
!on { next }
/^\.(text|ARM\.exidx)/ { area = "flash" }
/^\.data/ { area = "both" }
/^\.bss/ { area = "ram" }
/^\.stack/ { area = ""; stack = hex($3) }
/^(\/DISCARD|\.comment|\.debug|OUTPUT)/ { area = "" }
/^\.(text|data|bss|ARM\.exidx) / && NF >= 3 { total[$1] = hex($3) }
area == "" { next }
/^ \.[^ ]+$/ || /^ COMMON$/ { section = $1; next }
/^ +0x[0-9a-f]+ +0x[0-9a-f]+ [^ ]/ { count(section, hex($2), $3); next }
/^ \.[^ ]+ +0x[0-9a-f]+ +0x[0-9a-f]+ [^ ]/ { section = $1; count($1, hex($3), $4); next }
END {
    printf "| %-10s | %8s | %8s |\n|%s|%s:|%s:|\n", "part", "flash", "RAM", "------------",
        "---------", "---------"
    for (i = 1; i <= parts; i++) {
        name = order[i]
        printf "| %-10s | %8d | %8d |\n", name, flash[name], ram[name]
        f += flash[name]
        r += ram[name]
    }
    all_flash = total[".text"] + total[".ARM.exidx"] + total[".data"]
    all_ram = total[".data"] + total[".bss"] + stack
    printf "| %-10s | %8d | %8d |\n", "stack", 0, stack
    printf "| %-10s | %8d | %8d |\n", "gaps", all_flash - f, all_ram - stack - r
    printf "| %-10s | %8d | %8d |\n", "all", all_flash, all_ram
    while ((getline line < budget) > 0) {
        split(line, words, " ")
        most[words[1]] = words[2]
    }
    used["flash"] = all_flash
    used["ram"] = all_ram
    for (what in used) {
        if (used[what] > 0 && used[what] <= most[what]) {
            passed++
        } else {
            failed++
            printf "%s is %d bytes, and its budget %d\n", what, used[what], most[what]
        }
    }
    printf "%d passed, %d failed\n", passed, failed
    exit failed > 0
}'
