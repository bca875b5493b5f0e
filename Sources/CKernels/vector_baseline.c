// Element-wise and attention kernels for what every machine has: SSE2 on x86-64, NEON on arm64.
#include "vector_kernels.h"

#define YB_SCORE_VECTORS 1
#include "vectors.h"

#include "elementwise_template.h"

#include "attention_template.h"

const yb_vector_kernels yb_vector_kernels_baseline = {
    round_row, encode_row, decode_row, split_pairs, finish_row, rms_norm_row, add_row, rotate_row, gated_product_row,
    scan_row, attend,
};
