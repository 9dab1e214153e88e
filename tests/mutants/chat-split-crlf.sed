# A CR before the LF stays.
# file: core/line.c
# app: chat
# killed by: H5 H4
s/if (byte != '\\n') {/if (true) {/
