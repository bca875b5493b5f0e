// Makes compact panels of plain bf16 ones; compact.h has the layout.
#include "compact.h"

#include "inlining.h"

size_t yb_compact_panel_bytes(size_t columns) {
    return compact_head_bytes(columns) + columns / COMPACT_COLUMNS * COMPACT_STEP_BYTES;
}

int yb_can_compact(yb_isa isa, size_t columns) {
    // A listed weight's place has 24 bits.
    return isa >= YB_AVX2 && isa <= YB_AVX512BF16 && columns % COMPACT_COLUMNS == 0 && columns <= (1 << 24) / YB_PANEL_ROWS;
}

// What follows runs only where `yb_can_compact`.
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#endif

enum { SAMPLED = 8 }; // of so many steps one is looked at to choose the codes

// The eight commonest upper bytes of positive weights in a sample of the panel.
static void choose_codes(const uint16_t *plain, size_t steps, uint8_t upper[8]) {
    uint32_t parts[4][128] = {{0}}, counts[128]; // in parts, since adding twice to one place would wait
    for (size_t step = 0; step < steps; step += SAMPLED)
        for (size_t w = 0; w < COMPACT_STEP_WEIGHTS; w++) parts[w % 4][plain[step * COMPACT_STEP_WEIGHTS + w] >> 8 & 0x7f]++;
    for (size_t u = 0; u < 128; u++) counts[u] = parts[0][u] + parts[1][u] + parts[2][u] + parts[3][u];
    for (size_t code = 0; code < 8; code++) {
        size_t best = 0;
        for (size_t u = 1; u < 128; u++)
            if (counts[u] > counts[best]) best = u;
        upper[code] = (uint8_t)best;
        counts[best] = 0;
    }
}

enum { NO_CODE = 0x80 };

// Lower bytes and codes of 64 weights; whether all of them have one.
static int encode(const uint16_t *weights, const uint8_t upper[8], uint8_t *lower, uint8_t *codes) {
    uint8_t low[64], magnitudes[64], found[64], missing = 0;
    for (size_t w = 0; w < 64; w++) {
        low[w] = (uint8_t)weights[w];
        magnitudes[w] = weights[w] >> 8 & 0x7f;
        found[w] = NO_CODE;
    }
    for (uint8_t code = 0; code < 8; code++)
        for (size_t w = 0; w < 64; w++) found[w] = magnitudes[w] == upper[code] ? code : found[w];
    for (size_t w = 0; w < 64; w++) {
        missing |= found[w];
        found[w] |= weights[w] >> 15 << 3;
    }
    for (size_t part = 0; part < 64; part += 8) {
        memcpy(lower + compact_slot(part), low + part, 8);
        memcpy(codes + compact_slot(part), found + part, 8);
    }
    return !(missing & NO_CODE);
}

int yb_compact_panel(void *panel, const void *plain, size_t rows, size_t columns) {
    const uint16_t *weights = plain;
    const size_t steps = columns / COMPACT_COLUMNS, capacity = compact_capacity(columns);
    compact_head *head = panel;
    memset(head, 0, compact_head_bytes(columns));
    choose_codes(weights, steps, head->upper);
    for (size_t code = 0; code < 8; code++) head->upper[code + 8] = head->upper[code] | 0x80;
    uint8_t *out = (uint8_t *)panel + compact_head_bytes(columns);
    for (size_t step = 0; step < steps; step++, weights += COMPACT_STEP_WEIGHTS, out += COMPACT_STEP_BYTES) {
        uint8_t codes[2][64];
        const int first = encode(weights, head->upper, out, codes[0]);
        const int second = encode(weights + 64, head->upper, out + 64, codes[1]);
        for (size_t w = 0; w < 64; w++) out[128 + w] = (uint8_t)((codes[0][w] & 15) | codes[1][w] << 4);
        if (first && second) continue;
        for (size_t w = 0; w < COMPACT_STEP_WEIGHTS; w++) {
            // Rows beyond the matrix have no result that anyone reads.
            if (!(codes[w / 64][compact_slot(w % 64)] & NO_CODE) || w % 64 / 2 >= rows) continue;
            if (head->exceptions == capacity) return 0;
            head->list[head->exceptions++] = (uint32_t)((step * COMPACT_STEP_WEIGHTS + w) << 8 | weights[w] >> 8);
        }
    }
    return 1;
}

#if defined(__x86_64__)
#pragma clang attribute pop
#endif

void yb_expand_reference(const void *steps, size_t count, const uint8_t upper[16], uint16_t *plain) {
    const uint8_t *in = steps;
    for (size_t step = 0; step < count; step++, in += COMPACT_STEP_BYTES) {
        for (size_t w = 0; w < COMPACT_STEP_WEIGHTS; w++, plain++) {
            const size_t slot = compact_slot(w % 64);
            const uint8_t code = w < 64 ? in[128 + slot] & 15 : in[128 + slot] >> 4;
            *plain = (uint16_t)(upper[code] << 8 | in[w / 64 * 64 + slot]);
        }
    }
}
