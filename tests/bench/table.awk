# SPDX-License-Identifier: MIT
# For run.sh: lines "WORK ROUND JSON" become a table of medians, and the goals with what was reached.

# A member of the line of JSON that is a number; "" when it is not there.
function number(name,    at, rest) {
    at = index($0, "\"" name "\":")
    if (at == 0) {
        return ""
    }
    rest = substr($0, at + length(name) + 3)
    match(rest, /^-?[0-9.]+/)
    return substr(rest, 1, RLENGTH) + 0
}
function text(name,    at, rest) {
    at = index($0, "\"" name "\":\"")
    rest = substr($0, at + length(name) + 4)
    return substr(rest, 1, index(rest, "\"") - 1)
}
function keep(what, value,    key) {
    if (value != "") {
        key = work SUBSEP peer SUBSEP what
        counts[key]++
        values[key, counts[key]] = value
    }
}
# "" when there is none.
function median(w, p, what,    key, n, i, j, x, sorted) {
    key = w SUBSEP p SUBSEP what
    n = counts[key]
    if (n == 0) {
        return ""
    }
    for (i = 1; i <= n; i++) {
        x = values[key, i]
        for (j = i - 1; j > 0 && sorted[j] > x; j--) {
            sorted[j + 1] = sorted[j]
        }
        sorted[j + 1] = x
    }
    return n % 2 ? sorted[(n + 1) / 2] : (sorted[n / 2] + sorted[n / 2 + 1]) / 2
}
# The least or the most, least being better where `less`.
function best(w, p, what, less,    key, i, x) {
    key = w SUBSEP p SUBSEP what
    x = values[key, 1]
    for (i = 2; i <= counts[key]; i++) {
        if (less ? values[key, i] < x : values[key, i] > x) {
            x = values[key, i]
        }
    }
    return counts[key] == 0 ? "" : x
}
function show(value, digits) {
    return value == "" ? "-" : sprintf("%." digits "f", value)
}
function large(work_name) {
    return work_name == "bulk" || work_name == "http-64k" || work_name == "http-large"
}
# Processor time for an operation; where much goes through at once, for a MiB.
function cost(w) {
    return large(w) ? "us_per_mib" : "server_us"
}
function row(w, p,    us, own) {
    us = median(w, p, cost(w))
    own = median(w, "linnet", cost(w))
    printf "| %-10s | %-13s | %8s | %8s | %6s | %9s | %9s | %6s | %6s |%s\n", w, p, show(us, 2),
        show(best(w, p, cost(w), 1), 2), (us == "" || own == "") ? "-" : sprintf("%.2f", us / own),
        show(median(w, p, "p50_us"), 1), show(median(w, p, "p99_us"), 0),
        show(median(w, p, "gigabytes"), 2), show(median(w, p, "calls"), 2),
        (errors[w, p] > 0 ? " " errors[w, p] " errors" : "")
}

# The best of some peers that took part; its name in `which`.
function best_peer(w, names, what, less,    list, n, i, x, value) {
    n = split(names, list, " ")
    which = ""
    value = ""
    for (i = 1; i <= n; i++) {
        x = median(w, list[i], what)
        if (x != "" && errors[w, list[i]] == 0 && (value == "" || (less ? x < value : x > value))) {
            value = x
            which = list[i]
        }
    }
    return value
}
function verdict(name, figure, how, met) {
    printf "%-6s  %-44s %s, %s\n", met ? "met" : "missed", name, figure, how
    count_met += met ? 1 : 0
    count_all++
}
# Linnet's median against that of the best of `names`: at most (or, not less, at least) `ratio` of
# it. Where none of them took part, against the absolute goal.
function goal(name, w, what, less, ratio, names, absolute, unit,    own, other, x,
    own_best) {
    own = median(w, "linnet", what)
    if (own == "") {
        return
    }
    other = best_peer(w, names, what, less)
    if (other == "") {
        verdict(name, show(own, 2) " " unit, "goal " absolute, less ? own <= absolute : own >= absolute)
        return
    }
    x = own / other
    own_best = best(w, "linnet", what, less)
    verdict(name, show(own, 2) " " unit, sprintf("%.2f x %s (%s), goal %s %.2f x; best rounds %.2f x",
        x, which, show(other, 2), less ? "<=" : ">=", ratio, own_best / best(w, which, what, less)),
        less ? x <= ratio : x >= ratio)
}
function goal_fixed(name, w, what, limit, unit,    own) {
    own = median(w, "linnet", what)
    if (own != "") {
        verdict(name, show(own, 2) " " unit, "goal <= " limit, own <= limit)
    }
}
function goals(    own, base, echoes) {
    echoes = "yard-epoll yard-select xinetd socat ncat"
    goal("echo, one connection", "latency", "server_us", 1, 1.15, "yard-blocking", 7.5, "us")
    goal("echo, 64 busy connections", "busy", "server_us", 1, 1.03, echoes, 3.64, "us")
    goal("echo, bulk", "bulk", "gigabytes", 0, 0.95, "yard-blocking", 1.8, "GB/s")
    own = median("idle-8000", "linnet", "p50_us")
    base = median("idle-10", "linnet", "p50_us")
    if (own != "" && base != "") {
        verdict("echo, one among 8,000 idle", show(own, 2) " us", sprintf("%.2f x with 10 idle " \
            "(%s), goal <= 1.20 x", own / base, show(base, 2)), own / base <= 1.2)
    }
    goal("echo, connect, exchange, close", "churn", "server_us", 1, 1.03, echoes, 18.6, "us")
    goal("echo, UDP", "udp", "server_us", 1, 1.25, "yard-udp", 2.8, "us")
    goal_fixed("echo, UDP, system calls", "udp", "calls", 2.1, "calls")
    goal("HTTP, 1 KiB, keep-alive", "http-1k", "server_us", 1, 1.22, "yard-http", 5.0, "us")
    goal_fixed("HTTP, 1 KiB, keep-alive, system calls", "http-1k", "calls", 4, "calls")
    goal("HTTP, 1 KiB, a connection each", "http-close", "server_us", 1, 1.11, "yard-http", 15.5,
        "us")
    goal("HTTP, 64 KiB, keep-alive", "http-64k", "gigabytes", 0, 1, "lighttpd nginx webfs", 5.5,
        "GB/s")
    goal("HTTP, 256 MiB", "http-large", "gigabytes", 0, 1, "lighttpd nginx webfs", 2.7, "GB/s")
    goal("raw, 1 KiB, a connection each", "raw", "server_us", 1, 1.15, "yard-raw", 13.7, "us")
    goal("chat, 1 line under way", "chat-1", "server_us", 1, 1, "yard-chat", 2.8, "us")
    goal("chat, 16 lines under way", "chat-16", "server_us", 1, 0.95, "yard-chat", 0.33, "us")
    goal("chat, 4 senders of 16, p99", "chat-4x16", "p99_us", 1, 1.15, "yard-chat", 1500, "us")
    goal("chat, 100 joining", "chat-join", "join_us", 1, 2.5, "yard-chat", 10000, "us")
}

$3 ~ /^\{/ {
    work = $1
    peer = text("peer")
    if (!((work, peer) in seen)) {
        seen[work, peer] = 1
        rows++
        row_work[rows] = work
        row_peer[rows] = peer
    }
    if ($2 == "calls") {
        keep("calls", number("calls"))
        next
    }
    errors[work, peer] += number("errors")
    keep("server_us", number("server_us"))
    keep("p50_us", number("p50_us"))
    keep("p99_us", number("p99_us"))
    keep("bytes_per_idle", number("bytes_per_idle"))
    if (large(work)) {
        keep("gigabytes", number("bytes_per_s") / 1e9)
        if (number("bytes_per_server_s") > 0) {
            keep("us_per_mib", 1048576 * 1e6 / number("bytes_per_server_s"))
        }
    }
    if (work == "chat-join") {
        keep("join_us", number("seconds") * 1e6)
        keep("p50_us", number("seconds") * 1e6)
    }
}
END {
    printf "\n| %-10s | %-13s | %8s | %8s | %6s | %9s | %9s | %6s | %6s |\n", "work", "peer",
        "us", "least us", "ratio", "p50 us", "p99 us", "GB/s", "calls"
    print "|------------|---------------|---------:|---------:|-------:|----------:|----------:" \
        "|-------:|-------:|"
    for (i = 1; i <= rows; i++) {
        row(row_work[i], row_peer[i])
    }
    print ""
    goals()
    printf "%d of %d goals met\n", count_met, count_all
    idle = best("idle-8000", "linnet", "bytes_per_idle", 0) # once touched, it stays
    if (idle != "") {
        printf "memory touched for an idle connection: %d bytes\n", idle
    }
}
