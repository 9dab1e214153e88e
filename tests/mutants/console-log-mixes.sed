# The log does not make the line being typed go away.
# file: core/console.c
# app: chat
# killed by: D8
/^void console_make_way/,/^}/s/if (state.log)/if (state.log \&\& state.within)/
