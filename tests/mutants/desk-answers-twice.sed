# A second answer does not wait for the next question.
# file: apps/chat/chat_desk.c
# app: desk
# killed by: D1 D3
s/if (bare \&\& member->asked == 0) {/if (bare \&\& member->asked == 77) {/
