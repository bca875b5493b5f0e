// Compact panels: weights that are bf16 numbers, in 12 bits each, without loss, whatever the dtype of the run.
//
// A bf16 is a sign, eight bits of exponent and seven of fraction. The upper seven bits of the exponent hardly vary within a
// panel: eight values cover sixteen powers of two, all but about one weight in ten thousand of a trained matrix. So the
// upper byte (sign and those seven bits) gets a code of four bits, the lower byte stays, and weights whose upper byte has no
// code are listed beside them.
//
//   head   = the upper byte of each code [16], the number of exceptions
//   list   = exceptions, by ascending place: [capacity] of place << 8 | upper byte; place = index in the plain panel
//   steps  = [K/4] of 192 bytes, four columns of 32 rows: as the plain panel has them, 64 weights of one pair of columns and
//            64 of the next: the lower bytes of the first, of the second, and codes: first | second << 4
//
// Within each 64 the bytes lie so that interleaving the lower with the upper ones lane by lane (`vpunpcklbw`, `vpunpckhbw`)
// gives weights 0-31 and 32-63.
#ifndef COMPACT_H
#define COMPACT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "include/yb_matmul.h"

enum { COMPACT_COLUMNS = 4, COMPACT_STEP_BYTES = 192, COMPACT_STEP_WEIGHTS = 4 * YB_PANEL_ROWS };

typedef struct {
    uint8_t upper[16];
    uint32_t exceptions;
    uint32_t unused[11];
    uint32_t list[];
} compact_head;

static inline size_t compact_capacity(size_t columns) { return (columns * YB_PANEL_ROWS / 512 + 31) / 16 * 16; }

static inline size_t compact_head_bytes(size_t columns) {
    return sizeof(compact_head) + compact_capacity(columns) * sizeof(uint32_t);
}

static inline const char *compact_steps(const compact_head *head, size_t columns) {
    return (const char *)head + compact_head_bytes(columns);
}

// Where weight `w` (0..<64) of a pair of columns has its lower byte and its code.
static inline size_t compact_slot(size_t w) { return w % 32 / 8 * 16 + w / 32 * 8 + w % 8; }

// Puts listed weights of steps from..<to, where `plain` begins with step `from`, into it; exceptions before `listed` lie before
// these steps. Returns how many there were.
static inline size_t compact_mend(const compact_head *head, size_t listed, size_t from, size_t to, uint16_t *plain) {
    size_t mended = 0;
    for (; listed < head->exceptions && head->list[listed] >> 8 < to * COMPACT_STEP_WEIGHTS; listed++) {
        const size_t place = head->list[listed] >> 8;
        if (place < from * COMPACT_STEP_WEIGHTS) continue;
        uint16_t *weight = plain + (place - from * COMPACT_STEP_WEIGHTS);
        *weight = (uint16_t)((*weight & 0xff) | (head->list[listed] & 0xff) << 8);
        mended++;
    }
    return mended;
}

// `count` steps as plain columns, [2 · count][32][2], listed weights apart.
typedef void (*yb_expand)(const void *steps, size_t count, const uint8_t upper[16], uint16_t *plain);
yb_expand yb_expand_for(yb_isa isa);
void yb_expand_reference(const void *steps, size_t count, const uint8_t upper[16], uint16_t *plain);

#endif
