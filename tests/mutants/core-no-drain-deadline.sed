# A stop waits for ever for those who take nothing.
# file: core/loop.c
# app: echo
# killed by: C15
s/deadline_set(NODE_DRAIN, KIND_DRAIN);/(void)0;/
