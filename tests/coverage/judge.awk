# SPDX-License-Identifier: MIT
# The table, and whether each file is at least as well covered as tests/coverage.txt (read first)
# records: "FILE PERCENT".

function percent(seen, all) { return all == 0 ? 100 : int(1000 * seen / all) / 10 }

FILENAME ~ /coverage\.txt$/ && /^[a-z]+\/[^ ]+ +[0-9]/ { recorded[$1] = $2; next }

FILENAME !~ /coverage\.txt$/ && $1 == "file" {
    got = percent($6, $5)
    lines += $3; ran += $4; all += $5; taken += $6
    files++
    mark = ""
    if ($2 in recorded && got < recorded[$2]) {
        mark = "   FELL from " recorded[$2]
        fell++
    } else if (!($2 in recorded) && got < 95) {
        mark = "   below 95"
        fell++
    }
    printf "  %-34s %4d of %4d lines %4d of %4d branches", $2, $4, $3, $6, $5
    printf " %6.1f %%%s\n", got, mark
}

END {
    printf "core and apps: %.1f %% of %d lines, %.1f %% of %d branches; those never taken: %s\n",
        percent(ran, lines), lines, percent(taken, all), all, list
    printf "%d passed, %d failed\n", files - fell, fell
    exit fell > 0
}
