// Panel products in portable C, on the 16-float vectors of vectors.h: what every machine has.
#include "matmul_kernels.h"

#include "vectors.h"

#define VECTOR f16v
#define LANES 16
#define MAX_COLUMNS 3
#define WHOLE_COLUMNS MAX_COLUMNS
#define L1_COLUMNS 0
#define STEPS_AT_ONCE 1
#define ZERO zeros()
#define LOAD(p) load(p)
#define STORE(p, v) store(p, v)

#define X float
#define MULTIPLY_ADD(w, x, sum) ((sum) + (w) * (x))
#define SPLAT(x) splat(x)

#define FP32_WEIGHTS(w, v) load_as(w, (size_t)(v) * 16, YB_FP32)
#define FP16_WEIGHTS(w, v) load_as(w, (size_t)(v) * 16, YB_FP16)
#define BF16_EVEN(w, v) of_bits(bits_of(load_as(w, (size_t)(v) * 16, YB_FP32)) << 16)
#define BF16_ODD(w, v) of_bits(bits_of(load_as(w, (size_t)(v) * 16, YB_FP32)) & 0xffff0000u)
#define KEEPS_FP16
#define KEEPS_BF16
#include "matmul_products.h"

const yb_matmul_kernels yb_matmul_kernels_baseline = {
    .max_columns = MAX_COLUMNS, .whole_columns = WHOLE_COLUMNS,
    .product = {product_fp32, product_bf16, product_fp16},
    .keeping = {[YB_BF16] = keeping_bf16, [YB_FP16] = keeping_fp16}, .expand = yb_expand_reference,
};
