# The service may take as long as it likes.
# file: apps/chat/bot_api.c
# app: desk
# killed by: D6 D2 C14
s/^    conn_deadline_set(conn, ANSWER_SLOT, state.answer_kind);$//
