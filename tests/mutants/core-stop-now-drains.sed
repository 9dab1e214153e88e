# The second request to stop waits for what is owed, as the first one does.
# file: core/loop.c
# app: file
# killed by: C15
/^void loop_stop/,/^}/s/    if (now) {/    if (now \&\& !state.stopping) {/
