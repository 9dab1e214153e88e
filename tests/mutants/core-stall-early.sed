# A deadline passes a millisecond early.
# file: core/deadline.c
# app: echo
# killed by: C2
s/if (age_ms < list->duration_ms) {/if (age_ms + 1 < list->duration_ms) {/;s/(int32_t)(list->duration_ms - age_ms)/(int32_t)(list->duration_ms - age_ms) - 1/
