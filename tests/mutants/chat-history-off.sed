# The history begins before the log.
# file: apps/chat/chat_log.c
# app: chat
# killed by: H1 H2 CHECK C5 HANG
/^void chat_log_add/,/^}/s/while (chat_log_before(log->history, tail))/while (false)/
