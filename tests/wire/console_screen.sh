# SPDX-License-Identifier: MIT
# For console.sh, to be read by ".": `serve --console` in a real terminal, by tmux; screens are
# compared.
. "$here/terminal.sh"

if [ "$(limit_of CFG_CONSOLE_EDITOR)" != 1 ]; then
    skip "the console's editor is not in this build"
    report
fi

# serve_in COLUMNS ROWS [KIND]: a shell in a terminal (of TERM=KIND), and the server in it
serve_in() {
    port=$("$BIN/get_liar" --free)
    cat > "$temp/inside.sh" << EOF
trap : INT QUIT
${3:+TERM=$3; export TERM}
stty -g > "$temp/modes.before"
sh -c 'echo \$\$ > "$temp/pid"; exec $EXEC "$LINNET" serve -l 127.0.0.1 $only_chat --chat $port --console'
echo "status \$?"
stty -g > "$temp/modes.after"
exec cat
EOF
    screen "$1" "$2"
}

# member LINES: somebody comes, says them, and goes
member() {
    cat > "$temp/member.talk" << EOF
test "a member"
open a
send a "/nick ann\\n$1"
expect a like "*You are now ann*\\n"
expect a quiet 100
EOF
    "$BIN/talk" 127.0.0.1 "$port" "$temp/member.talk" > "$temp/played" 2>&1
    verdict "a member: $(cat "$temp/played")"
}

hello='*** Welcome. You are operator; /help lists what you can do.'
from='[127.0.0.1]'
came="$from *** guest1 joined|$from *** guest1 is now ann"
went="$from *** ann left"

# ---- Typing while lines arrive -------------------------------------------------------------------

serve_in 70 20
top="linnet: chat listening on 127.0.0.1:$port|$hello"
shows "$top|>" 2 "the beginning"
typed 'good day, al'
shows "$top|> good day, al" 14 "typing"
member 'hello\n\x1b[2J\x1b[5;5H\xc2\x9bHhop\n'
above="$top|$came|$from <ann> hello|$from <ann> ?[2J?[5;5H?Hhop|$went"
shows "$above|> good day, al" 14 "lines arrive while one is typed"
keys Left Left
typed 'to '
keys End
typed 'l'
keys Enter
above="$above|> good day, to all"
shows "$above|>" 2 "the line goes up"
typed '/nonsense'
keys Enter
above="$above|> /nonsense|*** There is no such command; /help lists them."
shows "$above|>" 2 "a command"
keys Up Up Home
shows "$above|> good day, to all" 2 "Up, Up, Home"
kill -USR1 "$(cat "$temp/pid")"
ends_with '|> good day, to all|' "the log makes way for itself"
keys C-l
shows '> good day, to all' 2 "Ctrl-L"
terminal resize-window -t linnet -x 14 -y 20
shows '> good day, t' 2 "a narrower terminal, from the left"
keys End
shows '> ay, to all' 12 "a narrower terminal, from the right"
terminal resize-window -t linnet -x 70 -y 20
shows '> good day, to all' 18 "a wider terminal"
keys C-u
typed "$(printf '\344\270\226\347\225\214')"
keys Left
shows "> $(printf '\344\270\226\347\225\214')" 4 "wide characters"

# ---- The end, and the terminal as it was ---------------------------------------------------------

keys C-c
restored "Ctrl-C"
ends_with '|status 0|' "Ctrl-C"
screen_end

ends_by() { # SIGNAL STATUS
    serve_in 70 20
    shows "linnet: chat listening on 127.0.0.1:$port|$hello|>" 2 "another one"
    typed 'unfinished'
    ends_with '|> unfinished|' "$1"
    # shellcheck disable=SC2086
    for signal in $1; do kill -"$signal" "$(cat "$temp/pid")" 2> /dev/null; done
    restored "$1"
    has "^status $2\$" "$1"
    screen_end
}
ends_by TERM 0
ends_by HUP 0
ends_by 'TERM TERM' '\(0\|143\)' # it may have ended before the second
ends_by QUIT 131

serve_in 70 20
ends_with '|>|' "another one"
keys C-d
shows "linnet: chat listening on 127.0.0.1:$port|$hello|\
*** Nothing more is read here; the server goes on until Ctrl-C." 0 "Ctrl-D"
member 'still here?\n'
ends_with "|$from <ann> still here?|$went|" "the server goes on after Ctrl-D"
keys C-c
restored "Ctrl-C after Ctrl-D"
screen_end

serve_in 70 20 dumb
shows "linnet: chat listening on 127.0.0.1:$port|$hello" 0 "a terminal that can do nothing"
typed '/nonsense'
keys Enter
shows "linnet: chat listening on 127.0.0.1:$port|$hello|/nonsense|*** There is no such command; /help lists them." 0 \
    "a line typed on it"
keys C-c
restored "a terminal that can do nothing"
screen_end

# ---- Stopped, and continued ----------------------------------------------------------------------

# In a shell that leaves the terminal's modes to its jobs, as dash does.
stop_and_continue() { # COMMAND WHAT
    cat > "$temp/inside.sh" << EOF
PS1='\$ ' ENV= exec sh -i
EOF
    screen 70 24
    nap $((200 * PATIENCE))
    typed "stty -g > $temp/modes.before; clear; $1"
    keys Enter
    nap $((600 * PATIENCE)) # a chat greets who is silent for a while, and not in the middle of this
    ends_with '|>|' "$2"
    typed 'half a li'
    ends_with '|> half a li|' "$2: typing"
    keys C-z
    ends_with '|$|' "$2: Ctrl-Z"
    typed "stty -g > $temp/modes.after; clear"
    keys Enter
    restored "$2: Ctrl-Z"
    typed 'fg'
    keys Enter
    ends_with '|> half a li|' "$2: fg"
    typed 'ne'
    keys Left
    ends_with '|> half a line|' "$2: typing goes on"
    keys C-z
    ends_with '|$|' "$2: Ctrl-Z again"
    typed 'fg'
    keys Enter
    ends_with '|> half a line|' "$2: fg again"
    keys C-z
    ends_with '|$|' "$2: Ctrl-Z once more"
    typed bg
    keys Enter
    ends_with '|$|' "$2: bg"
    typed true
    keys Enter
    typed fg
    keys Enter
    ends_with '|> half a line|' "$2: bg, then fg"
    keys Enter
    ends_with '> half a line|>|' "$2: the line"
    keys C-c
    ends_with '|$|' "$2: Ctrl-C"
    screen_end
}

port=$("$BIN/get_liar" --free)
stop_and_continue "$EXEC $LINNET serve -l 127.0.0.1 $only_chat --chat $port --console" serve
if $EXEC "$LINNET" --help | grep -q '^  linnet talk '; then
    input=/dev/null
    # shellcheck disable=SC2086
    server_start $only_chat --chat 0
    stop_and_continue "$EXEC $LINNET talk 127.0.0.1:$chat_port" talk
    server_stop "the chat that talk talked to"
fi
