# What is owed at the peer's end is lost.
# file: core/conn_io.c
# app: echo
# killed by: C2 E2
s/^        app->ended(conn);/        conn_finish(conn);/
