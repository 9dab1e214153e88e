# A second start finds the first one's count.
# file: core/conn.c
# app: echo
# killed by: G6 C4 CHECK C2
/^void conn_start/,/^}/s/table->sleepers = 0;/table->open = table->sleepers;/
