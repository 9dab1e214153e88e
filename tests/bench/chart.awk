# SPDX-License-Identifier: MIT
# For curves.sh: lines "VALUE PEER JSON" become a chart, a row for each value, a bar for each peer;
# the least of the rounds counts.
# Variables: title; member of JSON; peers and values, in their order.

function number(name,    at, rest) {
    at = index($0, "\"" name "\":")
    rest = substr($0, at + length(name) + 3)
    return at == 0 ? "" : rest + 0
}
function bar(x,    length_of, text) {
    length_of = least > 0 && x > 0 ? 1 + 2 * log(x / least) / log(2) : 1
    text = ""
    while (length_of >= 1 && length(text) < 20) {
        text = text "#"
        length_of--
    }
    return text
}
{
    x = number(member)
    if (!(($1, $2) in points) || x < points[$1, $2]) {
        points[$1, $2] = x
    }
}
END {
    n = split(values, value, " ")
    m = split(peers, peer, " ")
    for (i = 1; i <= n; i++) {
        for (j = 1; j <= m; j++) {
            x = points[value[i], peer[j]]
            least = x != "" && (least == "" || x < least) ? x : least
        }
    }
    print title
    for (i = 1; i <= n; i++) {
        line = sprintf("%8s", value[i])
        for (j = 1; j <= m; j++) {
            x = points[value[i], peer[j]]
            name = peer[j]
            sub(/^yard-/, "", name)
            if (name == "chat") {
                name = "epoll"
            }
            line = line sprintf("  %s %-28s", name, bar(x) " " \
                (x == "" ? "-" : sprintf(x < 10 ? "%.2f" : "%.0f", x)))
        }
        sub(/ +$/, "", line)
        print line
    }
}
