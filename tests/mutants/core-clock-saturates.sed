# The clock's low half is compared without wrapping.
# file: core/deadline.c
# app: echo
# killed by: C3 C6 C2 C14 C10
s/return (uint32_t)port_now_ms() - state.nodes\[node\].since_ms;/uint32_t now = (uint32_t)port_now_ms(); return now < state.nodes[node].since_ms ? 0 : now - state.nodes[node].since_ms;/
