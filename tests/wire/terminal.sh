# SPDX-License-Identifier: MIT
# To be read by ".": a real terminal, by tmux, whose screens are compared. Ends with a skip where
# there is no tmux. Its one window is called "linnet"; $temp/inside.sh runs in it.

if ! command -v tmux > /dev/null; then
    skip "terminals: tmux is not installed"
    report
fi

tmux_socket=$temp/tmux # which clean_up closes
terminal() { LC_ALL=C.UTF-8 tmux -u -S "$tmux_socket" -f /dev/null "$@" 2> /dev/null; }

keys() { terminal send-keys -t linnet "$@"; }
typed() { terminal send-keys -t linnet -l "$1"; }

screen_now() { terminal capture-pane -p -t linnet | sed 's/ *$//' | sed -e :a -e '/^\n*$/{$d;N;ba' -e '}'; }

# shows TEXT CURSOR WHAT: the whole screen is TEXT (lines divided by |), the cursor at column CURSOR
shows() {
    wanted=$(printf '%b' "$1" | tr '|' '\n')
    waited=0
    while [ "$waited" -lt $((60 * PATIENCE)) ]; do
        now=$(screen_now)
        column=$(terminal display-message -p -t linnet '#{cursor_x}')
        if [ "$now" = "$wanted" ] && { [ -z "$2" ] || [ "$column" = "$2" ]; }; then
            good
            return
        fi
        nap 50
        waited=$((waited + 1))
    done
    bad "$3: the cursor at $column, the screen shows
$now
and should show
$wanted"
}

# ends_with TEXT WHAT: the screen's last lines are TEXT
ends_with() {
    waited=0
    while [ "$waited" -lt $((60 * PATIENCE)) ]; do
        now=$(screen_now | tr '\n' '|')
        case $now in *"$1")
            good
            return ;;
        esac
        nap 50
        waited=$((waited + 1))
    done
    bad "$2: the screen shows $now"
}

# has PATTERN WHAT: a line of the screen fits
has() {
    waited=0
    while [ "$waited" -lt $((60 * PATIENCE)) ]; do
        if screen_now | grep -q "$1"; then
            good
            return
        fi
        nap 50
        waited=$((waited + 1))
    done
    bad "$2: the screen shows $(screen_now)"
}

# screen COLUMNS ROWS: a terminal, and in it what $temp/inside.sh says
screen() {
    terminal new-session -d -s linnet -x "$1" -y "$2" "sh $temp/inside.sh"
}

screen_end() { terminal kill-session -t linnet; }

restored() { # WHAT
    waited=0
    while [ ! -s "$temp/modes.after" ] && [ "$waited" -lt $((60 * PATIENCE)) ]; do
        nap 50
        waited=$((waited + 1))
    done
    cmp -s "$temp/modes.before" "$temp/modes.after"
    verdict "$1: the terminal's modes are not restored"
    rm -f "$temp/modes.before" "$temp/modes.after"
}

terminal new-session -d -s keep cat # the server of the terminals ends with its last one
