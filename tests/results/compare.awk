# SPDX-License-Identifier: MIT
# What ports showed, against what port.h lists and against each other: whatever a real port shows,
# the simulated one must be able to. Files: contract.txt, port.h and port_tool.h, then results as
# show prints them, each behind an assignment of by= to who showed them: a real port's name, world
# (the simulated one, in the world) or apart (the simulated one, in the conformance program).
function wrong(why) {
    print "FAILED " why
    failed++
}
# Whether the simulated port shows it where it must.
function simulated(what, call) {
    return (("world " what) in shown) || (kind[call] == "tool" && (("apart " what) in shown))
}
FILENAME ~ /contract\.txt$/ {
    if ($0 !~ /^#/ && NF > 0) {
        if ($1 == "-") {
            for (i = 2; i <= NF; i++) {
                kind[$i] = "-"
            }
        } else {
            kind[$2] = $1
            for (i = 3; i <= NF; i++) {
                listed[$2 " " $i] = $2
            }
        }
    }
    next
}
FILENAME ~ /\.h$/ {
    if ($0 !~ /^[ \/]/ && match($0, /port_[a-z_]*\(/)) {
        call = substr($0, RSTART + 5, RLENGTH - 6)
        declared[call] = 1
        if (call in kind) {
            passed++
        } else {
            wrong(FILENAME " has port_" call ", and contract.txt has not")
        }
    }
    next
}
{
    shown[by " " $1 " " $2] = $1
    rows++
    row[rows] = $0
    shower[rows] = by
    shown[by " " $0] = $1
}
END {
    for (call in kind) {
        if (!(call in declared)) {
            wrong("contract.txt has port_" call ", and no header has")
        }
    }
    for (i = 1; i <= rows; i++) {
        split(row[i], word, " ")
        what = word[1] " " word[2]
        if (!(what in listed)) {
            wrong(shower[i] " shows port_" what ", which port.h does not list")
        } else if (shower[i] != "world" && shower[i] != "apart" && !simulated(row[i], word[1])) {
            wrong(shower[i] " shows port_" what " on the " word[3] \
                " call, which the simulated port never does")
        } else {
            passed++
        }
    }
    for (what in listed) {
        if (simulated(what, listed[what])) {
            passed++
        } else {
            wrong("port.h lists port_" what ", which the simulated port never shows")
        }
    }
    printf "%d passed, %d failed\n", passed, failed
    exit failed > 0
}
