/* SPDX-License-Identifier: MIT */
/* Compile-time limits of the talk tool; see core/config.h for how boards override them. */
#ifndef APPS_TALK_CONFIG_H
#define APPS_TALK_CONFIG_H

#include "core/config.h"

/* What is typed or piped in and the server has not taken yet, in bytes. More than a line, up to
 * 65,535. */
#ifndef CFG_TALK_UNSENT_BYTES
#define CFG_TALK_UNSENT_BYTES 4096
#endif

/* A line from the server is shown on a terminal in pieces of this size, in bytes. 64 to 65,535. */
#ifndef CFG_TALK_SHOWN_BYTES
#define CFG_TALK_SHOWN_BYTES 4096
#endif

/* A text without a line end is over when nothing more came for this long, in ms. 1 to 60,000. */
#ifndef CFG_TALK_GAP_MS
#define CFG_TALK_GAP_MS 250
#endif

/* With --raw on pipes, how long a message waits for its answer before the next one goes, in ms.
 * 1 to 2^30. */
#ifndef CFG_TALK_ANSWER_MS
#define CFG_TALK_ANSWER_MS 10000
#endif

/* The longest pause before the next attempt to connect again, in s; and a connection that lasted
 * as long begins with a short pause again. 1 to 3,600. */
#ifndef CFG_TALK_PAUSE_MAX_S
#define CFG_TALK_PAUSE_MAX_S 30
#endif

STATIC_ASSERT(CFG_TALK_UNSENT_BYTES > CFG_EDITOR_LINE_BYTES && CFG_TALK_UNSENT_BYTES <= 65535);
STATIC_ASSERT(CFG_TALK_SHOWN_BYTES >= 64 && CFG_TALK_SHOWN_BYTES <= 65535);
STATIC_ASSERT(CFG_TALK_GAP_MS >= 1 && CFG_TALK_GAP_MS <= 60000);
STATIC_ASSERT(CFG_TALK_ANSWER_MS >= 1 && CFG_TALK_ANSWER_MS <= 1073741824);
STATIC_ASSERT(CFG_TALK_PAUSE_MAX_S >= 1 && CFG_TALK_PAUSE_MAX_S <= 3600);

#endif
