/* SPDX-License-Identifier: MIT */
/* How wide a terminal shows a character. */
#include "core/editor_columns.h"

#include "port/compiler.h"

struct range {
    uint32_t first;
    uint32_t last;
    unsigned columns;
};

/* In order; what is in none of them has one column. */
static const struct range ranges[] = {
    {0x0300, 0x036F, 0},   /* combining marks */
    {0x0483, 0x0489, 0},   /* of Cyrillic */
    {0x0591, 0x05BD, 0},   /* of Hebrew */
    {0x0610, 0x061A, 0},   /* of Arabic */
    {0x064B, 0x065F, 0},
    {0x0E34, 0x0E3A, 0},   /* of Thai */
    {0x0E47, 0x0E4E, 0},
    {0x1100, 0x115F, 2},   /* Hangul leading letters */
    {0x1AB0, 0x1AFF, 0},   /* more combining marks */
    {0x1DC0, 0x1DFF, 0},
    {0x200B, 0x200F, 0},   /* joiners and direction marks */
    {0x2060, 0x2064, 0},
    {0x20D0, 0x20FF, 0},   /* combining marks for symbols */
    {0x231A, 0x231B, 2},   /* watch, hourglass */
    {0x2E80, 0x303E, 2},   /* radicals, ideographic punctuation */
    {0x3041, 0x4DBF, 2},   /* kana to extension A */
    {0x4E00, 0xA4CF, 2},   /* ideographs, Yi */
    {0xA960, 0xA97F, 2},   /* Hangul */
    {0xAC00, 0xD7A3, 2},
    {0xF900, 0xFAFF, 2},   /* compatibility ideographs */
    {0xFE00, 0xFE0F, 0},   /* variation selectors */
    {0xFE20, 0xFE2F, 0},   /* combining half marks */
    {0xFE30, 0xFE6F, 2},   /* vertical and small forms */
    {0xFEFF, 0xFEFF, 0},
    {0xFF01, 0xFF60, 2},   /* full-width forms */
    {0xFFE0, 0xFFE6, 2},
    {0x1F300, 0x1F64F, 2}, /* pictures, faces */
    {0x1F680, 0x1F6FF, 2},
    {0x1F900, 0x1F9FF, 2},
    {0x1FA70, 0x1FAFF, 2},
    {0x20000, 0x3FFFD, 2}, /* rare ideographs */
    {0xE0100, 0xE01EF, 0}, /* more variation selectors */
};

unsigned editor_columns(uint32_t code)
{
    for (unsigned i = 0; i < COUNT_OF(ranges) && code >= ranges[i].first; i++) {
        if (code <= ranges[i].last) {
            return ranges[i].columns;
        }
    }
    return 1;
}
