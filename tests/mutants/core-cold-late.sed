# Cold connections are looked at too seldom: a sweep may take a fortieth of the time only.
# file: core/watch.c
# app: echo
# killed by: C9
s/^#define SWEEP_SHARE 10u/#define SWEEP_SHARE 40u/
