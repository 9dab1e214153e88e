# A deadline passes a millisecond late.
# file: core/deadline.c
# app: echo
# killed by: C3 C6
s/if (deadline_age_ms(node) >= list->duration_ms)/if (deadline_age_ms(node) > list->duration_ms)/
