// Panel products in portable C, on the 16-float vectors of vectors.h: what every machine has.
#include "matmul_kernels.h"

#include "vectors.h"

#define VECTOR f16v
#define LANES 16
#define MAX_COLUMNS 3
#define WHOLE_COLUMNS MAX_COLUMNS
#define ZERO zeros()
#define LOAD(p) load(p)
#define STORE(p, v) store(p, v)

#define X float
#define MULTIPLY_ADD(w, x, sum) ((sum) + (w) * (x))
#define SPLAT(x) splat(x)

#define NAME product_fp32
#define STEP_BYTES 128
#define NEAR_COLUMNS 0
#define LOAD_0(w, v) load_as(w, (size_t)(v) * 16, YB_FP32)
#include "matmul_template.h"

#define FP16_WEIGHTS(w, v) load_as(w, (size_t)(v) * 16, YB_FP16)
#define NAME product_fp16
#define STEP_BYTES 64
#define NEAR_COLUMNS 0
#define LOAD_0(w, v) FP16_WEIGHTS(w, v)
#include "matmul_template.h"

#define NAME keeping_fp16
#define KEEPING
#define STEP_BYTES 64
#define NEAR_COLUMNS 0
#define LOAD_0(w, v) FP16_WEIGHTS(w, v)
#include "matmul_template.h"

// bf16 pairs: a 32-bit lane holds a row's even column in its low half and the odd one in its high half.
#define BF16_EVEN(w, v) of_bits(bits_of(load_as(w, (size_t)(v) * 16, YB_FP32)) << 16)
#define BF16_ODD(w, v) of_bits(bits_of(load_as(w, (size_t)(v) * 16, YB_FP32)) & 0xffff0000u)
#define NAME product_bf16
#define STEP_BYTES 128
#define NEAR_COLUMNS 0
#define LOAD_0(w, v) BF16_EVEN(w, v)
#define LOAD_1(w, v) BF16_ODD(w, v)
#include "matmul_template.h"

#define NAME keeping_bf16
#define KEEPING
#define STEP_BYTES 128
#define NEAR_COLUMNS 0
#define LOAD_0(w, v) BF16_EVEN(w, v)
#define LOAD_1(w, v) BF16_ODD(w, v)
#include "matmul_template.h"

const yb_matmul_kernels yb_matmul_kernels_baseline = {
    .max_columns = MAX_COLUMNS, .whole_columns = WHOLE_COLUMNS,
    .product = {product_fp32, product_bf16, product_fp16},
    .keeping = {[YB_BF16] = keeping_bf16, [YB_FP16] = keeping_fp16},
};
