# What is typed in the middle of a line comes to its end.
# file: core/editor.c
# app: chat
# killed by: D8 H6
s/uint8_t \*place = editor->line + editor->cursor;/uint8_t *place = editor->line + editor->n;/
