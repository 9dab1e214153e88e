# SPDX-License-Identifier: MIT
# Adds up what `gcov -b -c -t` tells of several builds of the same sources: a branch counts as taken
# when one build took it. Not counted: what stands in a CHECK(), whose failing side is a defect; the
# side of a switch that no value of its enum takes; the end of a loop that counts what is "left" of
# a bound it never comes to. Prints "file FILE LINES HIT BRANCHES TAKEN" for each file of core and
# apps, "line FILE LINE" for each line that never ran, and "branch FILE LINE NUMBER TEXT" for each
# branch never taken.

function balance(text, open, close_) {
    open = gsub(/\(/, "(", text)
    close_ = gsub(/\)/, ")", text)
    return open - close_
}

# A new pass over a source file: is it one of ours, and where are its branches?
/^ *-: *0:Source:/ {
    file = $0
    sub(/^ *-: *0:Source:/, "", file)
    ours = file ~ /^(core|apps)\/.*\.[ch]$/
    depth = 0
    next
}

!ours { next }

/^(branch|call|unconditional|function) / {
    if ($1 != "branch" || checked) { next }
    branch_of = key SUBSEP here++
    if (!(branch_of in taken)) { taken[branch_of] = 0 }
    if ($3 == "taken" && $4 > 0) { taken[branch_of] = 1 }
    if (here > branches[key]) { branches[key] = here }
    next
}

# "     count:  line:text"
{
    split($0, part, ":")
    line = part[2] + 0
    if (line == 0) { next }
    count = part[1]
    gsub(/[ *]/, "", count)
    text = substr($0, length(part[1]) + length(part[2]) + 3)
    key = file SUBSEP line
    here = 0
    checked = depth > 0 || text ~ /^ *CHECK\(/
    if (checked) { depth += balance(text) }
    if (count == "-") { next }
    lines[key] = 1
    source[key] = text
    if (count !~ /^[#=]/) { ran[key] = 1 }
    files[file] = 1
    if (line > last[file]) { last[file] = line }
}

END {
    for (file in files) {
        all = hit = sides = seen = 0
        for (line = 1; line <= last[file]; line++) {
            key = file SUBSEP line
            if (!(key in lines)) { continue }
            all++
            if (key in ran) { hit++ } else { print "line", file, line, source[key] }
            excused = source[key] ~ /^ *switch \(/ || source[key] ~ /left > 0.*left--\) \{$/
            for (i = 0; i < branches[key]; i++) {
                if (taken[key, i]) {
                    seen++
                } else if (excused) {
                    excused = 0
                    sides--
                } else {
                    text = source[key]
                    sub(/^ +/, "", text)
                    print "branch", file, line, i "/" branches[key], text
                }
                sides++
            }
        }
        print "file", file, all, hit, sides, seen
    }
}
