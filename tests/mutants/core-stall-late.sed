# A deadline passes a millisecond late.
# file: core/deadline.c
# app: echo
# killed by: C3 C6
s/if (age_ms < list->duration_ms) {/if (age_ms <= list->duration_ms) {/
