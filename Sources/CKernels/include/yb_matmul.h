// Weight matrices packed into panels of 32 rows, and their products with rows of activations.
//
// N = rows of the matrix (outputs), K = columns (inputs). A panel holds 32 rows: bf16 as [K/2][32][2] (pairs of
// columns, K padded to even), fp16 and fp32 as [K][32]; rows beyond N are zero. Compact panels hold weights
// that are bf16 numbers, whatever the dtype, in 12 bits (compact.h), for products that wait for memory.
#ifndef YB_MATMUL_H
#define YB_MATMUL_H

#include <stddef.h>
#include <stdint.h>

#include "yb_isa.h"
#include "yb_pool.h"

enum { YB_PANEL_ROWS = 32 };

typedef struct {
    const void *panels;
    size_t rows, columns;
    yb_dtype dtype;
    int compact;
} yb_matrix;

// Columns as stored.
size_t yb_padded_columns(yb_dtype dtype, size_t columns);
size_t yb_panel_bytes(yb_dtype dtype, size_t columns);

// Packs `rows` (1...32) rows of [columns] values stored as `dtype` into one panel.
void yb_pack_rows(yb_isa isa, yb_dtype dtype, void *panel, const void *values, size_t rows, size_t columns);

// Packs `rows` (1...32) rows of [columns] floats into one panel, rounding them to `dtype`. Adds the number of values that
// rounding changed, and of finite values that became infinite.
void yb_pack_panel(
    yb_isa isa, yb_dtype dtype, void *panel, const float *values, size_t rows, size_t columns, size_t *changed,
    size_t *overflowed);

// Rounds `n` values to `dtype` where they are, and counts as `yb_pack_panel` does.
void yb_round_counting(yb_isa isa, yb_dtype dtype, float *values, size_t n, size_t *changed, size_t *overflowed);

// Whether kernels of `isa` multiply compact panels of matrices with that many columns.
int yb_can_compact(yb_isa isa, size_t columns);
size_t yb_compact_panel_bytes(size_t columns);

// Makes a compact panel of a plain bf16 one that holds `rows` rows; 0 if too many weights are unlike the others for that.
int yb_compact_panel(void *panel, const void *plain, size_t rows, size_t columns);

// Row `row` of the matrix as floats [columns].
void yb_unpack_row(yb_isa isa, const yb_matrix *matrix, size_t row, float *out);

// Rows ids[0..<count] of the matrix as floats, out [count, columns].
void yb_embed(yb_pool *pool, yb_isa isa, const yb_matrix *matrix, const int32_t *ids, size_t count, float *out);

// Panels first..<first + count as floats [columns][32 · count]: columns of the matrix one after the other.
void yb_unpack_panels(yb_isa isa, const yb_matrix *matrix, size_t first, size_t count, float *out);

// One of the products that share their activations: y [.., N] for W [N, K] and bias [N] or NULL.
typedef struct {
    yb_matrix matrix;
    const float *bias;
    float *y;
} yb_product;

// Memory that is read once the products are done.
typedef struct {
    const char *start;
    size_t bytes;
} yb_range;

// y[r] = round(W · x[r] + bias) of each of `count` products, whose matrices have the same K and dtype, for the rows r
// listed in `row_ids` (0..<rows if NULL); x [.., K], in fp32 holding values of that dtype. Each output is one sum over k
// ascending, so its bits depend on its own row alone. `scratch` holds `yb_linear_scratch` floats. Products of more than a
// few rows leave memory idle; they fetch `ahead_count` ranges meanwhile, unless these and the matrices are more than a
// cache keeps.
void yb_linear(
    yb_pool *pool, yb_isa isa, const yb_product *products, size_t count, const float *x, const int32_t *row_ids,
    size_t rows, float *scratch, const yb_range *ahead, size_t ahead_count);

// The same for two products of one shape, of which y of the first gets round(round(silu(first)) · second), bit by bit as by
// `yb_gated_product` of both; y of the second is not used.
void yb_gated_linear(
    yb_pool *pool, yb_isa isa, const yb_product products[2], const float *x, const int32_t *row_ids, size_t rows,
    float *scratch, const yb_range *ahead, size_t ahead_count);

size_t yb_linear_scratch(const yb_matrix *matrix, size_t rows);

// The same without bias and rounding, in double precision and the plainest of loops, for tests.
void yb_linear_reference(const yb_matrix *matrix, const float *x, size_t rows, double *y);

#endif
