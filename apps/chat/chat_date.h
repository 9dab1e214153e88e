/* SPDX-License-Identifier: MIT */
/* The date and the time of the day, in UTC, as ISO 8601 writes them. */
#ifndef APPS_CHAT_DATE_H
#define APPS_CHAT_DATE_H

#include "core/text.h"

/* Seconds since 1970; false: the date is not known, or not from 1970 to 2105. */
bool chat_date_now(uint32_t *seconds);

/* "2026-11-20", "14:55", and both with the seconds: "2026-11-20T14:55:03Z". */
void chat_date_put_day(struct text *text, uint32_t seconds);
void chat_date_put_minute(struct text *text, uint32_t seconds);
void chat_date_put(struct text *text, uint32_t seconds);

#endif
