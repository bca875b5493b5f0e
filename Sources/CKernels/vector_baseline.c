// Element-wise and attention kernels for what every machine has: SSE2 on x86-64, NEON on arm64.
#include "vector_kernels.h"

#define YB_SCORE_VECTORS 1
#include "vectors.h"

#include "elementwise_template.h"

#include "pack_template.h"

#include "attention_template.h"

const yb_vector_kernels yb_vector_kernels_baseline = {
    .round = round_row, .encode = encode_row, .decode = decode_row, .encode_counting = encode_counting_row,
    .transpose = transpose_rows, .split16 = split_halves, .split = split_pairs, .finish = finish_row,
    .rms_norm = rms_norm_row, .add = add_row, .rotate = rotate_row, .gated_product = gated_product_row,
    .scan = scan_row, .attend = attend,
};
