// The products of one instruction set with weights of every dtype. The including file has defined what matmul_template.h
// wants once per file, MULTIPLY_ADD, SPLAT and X, and
//   FP32_WEIGHTS(w, v), FP16_WEIGHTS(w, v)   rows v·LANES … of a column
//   BF16_EVEN(w, v), BF16_ODD(w, v)          those of a pair's first and second column: a 32-bit lane holds a row's even column
//                                            in its low half and the odd one in its high half
//   COMPACT_PAIRS(w, second, v)              those lanes of the first or second pair of a compact step, where there are compact
//                                            panels, with UPPER, LOAD_UPPER(upper), EVEN(pairs), ODD(pairs)
//   KEEPS_FP16, KEEPS_BF16                   where converting for every block costs more than reading fp32

#define NAME product_fp32
#define STEP_BYTES 128
#define LOAD_0(w, v) FP32_WEIGHTS(w, v)
#include "matmul_template.h"

#define NAME product_fp16
#define STEP_BYTES 64
#define LOAD_0(w, v) FP16_WEIGHTS(w, v)
#include "matmul_template.h"

#define NAME product_bf16
#define STEP_BYTES 128
#define LOAD_0(w, v) BF16_EVEN(w, v)
#define LOAD_1(w, v) BF16_ODD(w, v)
#include "matmul_template.h"

#ifdef COMPACT_PAIRS
#define NAME product_compact
#define COMPACT
#define STEP_BYTES COMPACT_STEP_BYTES
#define LOAD_0(w, v) EVEN(COMPACT_PAIRS(w, 0, v))
#define LOAD_1(w, v) ODD(COMPACT_PAIRS(w, 0, v))
#define LOAD_2(w, v) EVEN(COMPACT_PAIRS(w, 1, v))
#define LOAD_3(w, v) ODD(COMPACT_PAIRS(w, 1, v))
#include "matmul_template.h"

static void expand(const void *steps, size_t count, const uint8_t upper[16], uint16_t *plain) {
    const char *in = steps;
    const UPPER uppers = LOAD_UPPER(upper);
    for (size_t step = 0; step < count; step++, in += COMPACT_STEP_BYTES, plain += COMPACT_STEP_WEIGHTS) {
        UNROLL for (int v = 0; v < 2 * VECTORS; v++) {
            const UPPER pairs = COMPACT_PAIRS(in, v / VECTORS, v % VECTORS);
            memcpy(plain + v * 2 * LANES, &pairs, sizeof pairs);
        }
    }
}
#endif

#ifdef KEEPS_FP16
#define NAME keeping_fp16
#define KEEPING
#define STEP_BYTES 64
#define LOAD_0(w, v) FP16_WEIGHTS(w, v)
#include "matmul_template.h"
#endif

#ifdef KEEPS_BF16
#define NAME keeping_bf16
#define KEEPING
#define STEP_BYTES 128
#define LOAD_0(w, v) BF16_EVEN(w, v)
#define LOAD_1(w, v) BF16_ODD(w, v)
#include "matmul_template.h"
#endif
