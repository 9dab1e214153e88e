/* SPDX-License-Identifier: MIT */
/* The Ethernet chip, SMSC LAN9118: frames pass through two FIFOs, word by word, which the processor
 * reads and writes. Its interrupt only ends a sleep. */
#include "lwip/pbuf.h"

#include "boards/mps2-an385/board_registers.h"
#include "port/compiler.h"

#define LAN(offset) REGISTER(0x40200000u + (offset))
#define RX_DATA LAN(0x00u)
#define TX_DATA LAN(0x20u)
#define RX_STATUS LAN(0x40u)
#define TX_STATUS LAN(0x48u)
#define IRQ_CFG LAN(0x54u)
#define INT_STS LAN(0x58u)
#define INT_EN LAN(0x5cu)
#define BYTE_TEST LAN(0x64u)
#define FIFO_INT LAN(0x68u)
#define RX_CFG LAN(0x6cu)
#define TX_CFG LAN(0x70u)
#define HW_CFG LAN(0x74u)
#define RX_FIFO_INF LAN(0x7cu)
#define TX_FIFO_INF LAN(0x80u)
#define FREE_RUN LAN(0x9cu)
#define MAC_CSR_CMD LAN(0xa4u)
#define MAC_CSR_DATA LAN(0xa8u)

#define BYTE_TEST_VALUE 0x87654321u
#define MAC_BUSY 0x80000000u

enum {
    HW_CFG_RESET = 1,
    HW_CFG_MUST_BE_ONE = 1 << 20,
    HW_CFG_TX_FIFO_5K = 5 << 16, /* the rest of 16 KB receives */
    IRQ_PUSH_PULL = 1,
    IRQ_ACTIVE_HIGH = 1 << 4,
    IRQ_ENABLE = 1 << 8,
    INT_RX_STATUS = 1 << 3,      /* there are more frames than FIFO_INT says: 0 */
    TX_ON = 1 << 1,
    TX_FIRST = 1 << 13,
    TX_LAST = 1 << 12,
    RX_ERROR = 1 << 15,
    MAC_READ = 1 << 30,
    MAC_CR = 1,
    MAC_ADDRESS_HIGH = 2,
    MAC_ADDRESS_LOW = 3,
    MAC_CR_MULTICAST = 1 << 19,  /* all of it, or IPv6 finds no neighbour */
    MAC_CR_FULL_DUPLEX = 1 << 20,
    MAC_CR_TX = 1 << 3,
    MAC_CR_RX = 1 << 2,
    CRC_BYTES = 4,
    PATIENCE = 1000000
};

/* Frames begin two bytes into a word, so that what follows Ethernet's header lies on a word. */
STATIC_ASSERT(ETH_PAD_SIZE == 2);
STATIC_ASSERT(PBUF_POOL_BUFSIZE % 4 == 0);

static uint32_t mac_read(uint32_t number)
{
    MAC_CSR_CMD = MAC_BUSY | MAC_READ | number;
    for (unsigned left = PATIENCE; left > 0 && (MAC_CSR_CMD & MAC_BUSY) != 0; left--) {
    }
    return MAC_CSR_DATA;
}

static void mac_write(uint32_t number, uint32_t value)
{
    MAC_CSR_DATA = value;
    MAC_CSR_CMD = MAC_BUSY | number;
    for (unsigned left = PATIENCE; left > 0 && (MAC_CSR_CMD & MAC_BUSY) != 0; left--) {
    }
}

bool ethernet_start(uint8_t hardware[6])
{
    if (BYTE_TEST != BYTE_TEST_VALUE) {
        return false;
    }
    HW_CFG = HW_CFG_RESET;
    for (unsigned left = PATIENCE; left > 0 && (HW_CFG & HW_CFG_RESET) != 0; left--) {
    }
    HW_CFG = HW_CFG_MUST_BE_ONE | HW_CFG_TX_FIFO_5K;
    RX_CFG = ETH_PAD_SIZE << 8;
    FIFO_INT = 0;
    INT_EN = 0;
    INT_STS = 0xffffffffu;
    IRQ_CFG = IRQ_ENABLE | IRQ_ACTIVE_HIGH | IRQ_PUSH_PULL;
    uint32_t low = mac_read(MAC_ADDRESS_LOW);
    uint32_t high = mac_read(MAC_ADDRESS_HIGH);
    for (unsigned i = 0; i < 4; i++) {
        hardware[i] = (uint8_t)(low >> (8 * i));
    }
    hardware[4] = (uint8_t)high;
    hardware[5] = (uint8_t)(high >> 8);
    mac_write(MAC_CR, MAC_CR_MULTICAST | MAC_CR_FULL_DUPLEX | MAC_CR_TX | MAC_CR_RX);
    TX_CFG = TX_ON;
    NVIC_ISER0 = 1u << IRQ_ETHERNET;
    return true;
}

uint32_t ethernet_counter(void)
{
    return FREE_RUN;
}

/* ---- Receiving ------------------------------------------------------------------------------- */

bool ethernet_has_frame(void)
{
    return (RX_FIFO_INF >> 16 & 0xffu) != 0;
}

void ethernet_arm(void)
{
    INT_STS = INT_RX_STATUS;
    INT_EN = INT_RX_STATUS;
}

/* Only wakes: the frame is fetched by who sleeps. */
void ethernet_interrupt(void)
{
    INT_EN = 0;
}

static void words_drop(uint32_t words)
{
    for (; words > 0; words--) {
        (void)RX_DATA;
    }
}

struct pbuf *ethernet_receive(bool *lost)
{
    *lost = false;
    if (!ethernet_has_frame()) {
        return NULL;
    }
    uint32_t status = RX_STATUS;
    uint32_t bytes = status >> 16 & 0x3fffu;
    uint32_t words = (bytes + ETH_PAD_SIZE + 3) / 4;
    bool good = (status & RX_ERROR) == 0 && bytes > CRC_BYTES;
    struct pbuf *chain = NULL;
    if (good) {
        chain = pbuf_alloc(PBUF_RAW, (u16_t)(bytes - CRC_BYTES + ETH_PAD_SIZE), PBUF_POOL);
    }
    *lost = chain == NULL;
    for (struct pbuf *p = chain; p != NULL; p = p->next) {
        uint32_t *to = p->payload;
        for (uint32_t left = (p->len + 3u) / 4u; left > 0 && words > 0; left--) {
            *to++ = RX_DATA;
            words--;
        }
    }
    words_drop(words);
    return chain;
}

/* ---- Sending --------------------------------------------------------------------------------- */

/* One pbuf is one buffer to the chip, which skips the bytes before it in its first word. */
static void piece_send(const struct pbuf *p, size_t skip, uint32_t frame_bytes, uint32_t place)
{
    uintptr_t at = (uintptr_t)p->payload + skip;
    uint32_t before = at & 3u;
    uint32_t bytes = (uint32_t)(p->len - skip);
    const volatile uint32_t *from = (const volatile uint32_t *)(at - before);
    TX_DATA = before << 16 | place | bytes;
    TX_DATA = frame_bytes;
    for (uint32_t left = (before + bytes + 3) / 4; left > 0; left--) {
        TX_DATA = *from++;
    }
}

bool ethernet_send(const struct pbuf *p)
{
    while ((TX_FIFO_INF >> 16 & 0xffu) != 0) {
        (void)TX_STATUS; /* nobody asks, but it must not fill up */
    }
    uint32_t frame_bytes = (uint32_t)p->tot_len - ETH_PAD_SIZE;
    uint32_t room = TX_FIFO_INF & 0xffffu;
    if (room < frame_bytes + 16u * pbuf_clen(p)) { /* two commands and two broken words for each */
        return false;
    }
    uint32_t place = TX_FIRST;
    size_t skip = ETH_PAD_SIZE;
    for (; p != NULL; p = p->next) {
        bool last = p->len == p->tot_len;
        piece_send(p, skip, frame_bytes, place | (last ? (uint32_t)TX_LAST : 0u));
        place = 0;
        skip = 0;
        if (last) {
            break;
        }
    }
    return true;
}
