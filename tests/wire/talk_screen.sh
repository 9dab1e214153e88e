# SPDX-License-Identifier: MIT
# For talk_tool.sh, to be read by ".": talk in a real terminal, by tmux; screens are compared.

. "$here/terminal.sh"

arrives() { printf "$1" > "$temp/say"; }

# talk_in COLUMNS ROWS OPTION...: a shell in a terminal, and talk in it
talk_in() {
    size="$1 $2"
    shift 2
    cat > "$temp/inside.sh" << EOF
trap : INT
stty -g > "$temp/modes.before"
$EXEC "$LINNET" talk $* 127.0.0.1:$port
echo "status \$?"
stty -g > "$temp/modes.after"
exec cat
EOF
    # shellcheck disable=SC2086
    screen $size
}

there='*** 127.0.0.1 is there; Ctrl-D leaves'

# ---- Typing while lines arrive -------------------------------------------------------------------

tutor_start pipe
talk_in 60 12
shows "$there|>" 2 "the beginning"
typed 'hello, wor'
arrives 'first\nsecond\r\n'
shows "$there|first|second|> hello, wor" 12 "lines arrive while one is typed"
keys Left Left Left
arrives 'third\n'
shows "$there|first|second|third|> hello, wor" 9 "the cursor stays where it was"
typed 'my '
keys End
typed 'ld'
keys Enter
shows "$there|first|second|third|> hello, my world|>" 2 "the line goes up"
heard 'hello, my world\n' "the line goes out"
arrives 'no end'
shows "$there|first|second|third|> hello, my world|no end|>" 2 "a text without line end"
arrives '\nfourth\n'
shows "$there|first|second|third|> hello, my world|no end|fourth|>" 2 "its line end, later"
keys Up Home
typed 'I say: '
shows "$there|first|second|third|> hello, my world|no end|fourth|> I say: hello, my world" 9 "Up, Home"
keys C-u C-e C-u
typed "$(printf '\344\270\226\347\225\214 e\314\201')"
keys Left Left
shows "$there|first|second|third|> hello, my world|no end|fourth|> \0344\0270\0226\0347\0225\0214 e\0314\0201" \
    6 "wide and combining characters"
keys BSpace End BSpace C-w
arrives 'fifth\n'
shows "$there|first|second|third|> hello, my world|no end|fourth|fifth|>" 2 "erased"
keys C-l
shows ">" 2 "Ctrl-L"

# ---- Hostile bytes -------------------------------------------------------------------------------

arrives '\033[2J\033[5;5Hhop\007\n\033]0;title\007\n\302\233H\342\200\256x\n\rover\b\b\b\177\n'
arrives 'caf\303\n\377\376\n\016shift\n\033c\n\tx\n'
shows "?[2J?[5;5Hhop?|?]0;title?|?H?x|?over????|caf?|??|?shift|?c| x|>" 2 "hostile bytes"
arrives '\033[?1049h\033[20h\033[8m\033(0\n'
shows "?[2J?[5;5Hhop?|?]0;title?|?H?x|?over????|caf?|??|?shift|?c| x|?[?1049h?[20h?[8m?(0|>" 2 "modes"
keys C-l
shows ">" 2 "Ctrl-L again"
head -c 3000 /dev/zero | tr '\0' 'x' > "$temp/say"
arrives '\nlast\n'
ends_with '|last|>|' "a long line, then another"
typed 'unfinished'
keys C-c
restored "Ctrl-C"
ends_with '|last|status 0|' "Ctrl-C"
screen_end

# ---- Narrow, wide, resized -----------------------------------------------------------------------

talk_in 20 12 -q
shows ">" 2 "-q"
typed 'abcdefghijklmnopqrstuvwxyz'
shows "> klmnopqrstuvwxyz" 18 "a narrow terminal"
arrives 'a line that is longer than the terminal is wide\n'
shows "a line that is longe|r than the terminal|is wide|> klmnopqrstuvwxyz" 18 "and a long line"
keys Home
shows "a line that is longe|r than the terminal|is wide|> abcdefghijklmnopq" 2 "Home"
keys Enter
shows "a line that is longe|r than the terminal|is wide|> abcdefghijklmnopqr|stuvwxyz|>" 2 "Enter"
keys C-l
typed 'abcdefghijklmnopqrstuvwxyz'
shows "> klmnopqrstuvwxyz" 18 "narrow as before"
terminal resize-window -t linnet -x 40 -y 12
shows "> abcdefghijklmnopqrstuvwxyz" 28 "it becomes wider"
terminal resize-window -t linnet -x 10 -y 12
ends_with '> uvwxyz|' "it becomes narrow"
keys C-u C-d
restored "Ctrl-D"
screen_end

talk_in 60 12 -q --timestamps
ends_with '>|' "--timestamps"
arrives 'first\n'
has '^[0-2][0-9]:[0-5][0-9]:[0-5][0-9] first$' "--timestamps: a line that came"
typed 'second'
keys Enter
has '^[0-2][0-9]:[0-5][0-9]:[0-5][0-9] > second$' "--timestamps: a line that was typed"
ends_with '>|' "--timestamps: none before the line being typed"
keys C-d
restored "--timestamps"
screen_end

talk_in 7 12 -q
nap $((300 * PATIENCE))
typed 'abcdefgh'
shows "defgh" 5 "seven columns"
keys C-c
restored "seven columns"
screen_end
[ "$(tail -n 1 "$temp/heard")" = '' ]
verdict "nothing that was not entered was sent: $(tail -n 1 "$temp/heard")"

# ---- Tutorials' servers, and connecting again ----------------------------------------------------

tutor_start chat
talk_in 60 12 -q --raw
shows ">" 2 "--raw"
typed 'hello'
keys Enter
shows "> hello|you said: hello|>" 2 "--raw on a terminal"
typed 'bye'
keys Enter
shows "> hello|you said: hello|> bye|bye|status 0" 0 "the server ends after bye"
heard 'hello\nbye' "--raw on a terminal"
restored "bye"
screen_end

tutor_start once
lost='*** 127.0.0.1 ended the conversation; trying again in'
back='*** 127.0.0.1 is back'
talk_in 60 16 --raw
shows "$there|>" 2 "connected"
typed 'one'
keys Enter
shows "$there|> one|you said: one|$lost 1 s|$back|>" 2 "it connects again"
typed 'two'
keys Enter
shows "$there|> one|you said: one|$lost 1 s|$back|> two|you said: two|$lost 2 s|>" 2 "later"
typed 'three'
keys Enter
shows "$there|> one|you said: one|$lost 1 s|$back|> two|you said: two|$lost 2 s|> three|$back|\
you said: three|$lost 4 s|>" 2 "what was typed meanwhile is sent"
tutor_end
keys C-d
restored "Ctrl-D while there is no connection"
screen_end

tutor_start hangup
talk_in 60 12 --no-reconnect
shows "$there|*** 127.0.0.1 ended the conversation|status 0" 0 "--no-reconnect"
restored "--no-reconnect"
screen_end
tutor_end

# ---- A pipe on one side --------------------------------------------------------------------------

tutor_start pipe
cat > "$temp/inside.sh" << EOF
printf 'piped\n' > "$temp/in"
( cat "$temp/in"; sleep 1 ) | $EXEC "$LINNET" talk 127.0.0.1:$port
echo "status \$?"
exec cat
EOF
screen 40 12
nap $((300 * PATIENCE))
arrives '\033[2Jsafe\n'
shows "?[2Jsafe|status 0" 0 "input by a pipe, output on a terminal"
heard 'piped\n' "input by a pipe"
screen_end
tutor_end
