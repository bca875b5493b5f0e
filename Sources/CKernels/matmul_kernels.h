// The table of panel products that each instruction set's file fills.
#ifndef MATMUL_KERNELS_H
#define MATMUL_KERNELS_H

#include <stddef.h>

#include "include/yb_isa.h"
#include "compact.h"
#include "include/yb_matmul.h"

// What to fetch while a kernel runs: at each step the lines at `from`, which then moves on by `stride` bytes, and with more
// than two columns those at `also`, which moves on by `also_stride`, at most a line.
typedef struct {
    const char *from;
    size_t stride;
    const char *also;
    size_t also_stride;
} yb_prefetch;

// sums[c][32] = panel · x[c] for c in 0..<columns, added to what is there if `resume`, over the given steps of the panel:
// one column of the matrix each, or two for paired bf16 panels. x is interleaved: [K][columns] floats, or [K/2][columns]
// bf16 pairs for kernels with `dot_bf16`.
typedef void (*yb_panel_product)(
    const void *panel, size_t steps, const void *x, int columns, float *sums, int resume, yb_prefetch prefetch);

// The same, and the panel's weights are left at `kept` as fp32, [columns of the matrix][32].
typedef void (*yb_keeping_product)(
    const void *panel, size_t steps, const void *x, int columns, float *sums, int resume, yb_prefetch prefetch, float *kept);

// The same over steps of a compact panel, listed weights left out of account.
typedef void (*yb_compact_product)(
    const void *steps, size_t count, const void *x, int columns, float *sums, int resume, yb_prefetch prefetch,
    const uint8_t upper[16]);

typedef struct {
    int max_columns; // most columns of one call, bounded by the registers
    int whole_columns; // up to so many columns a call reads the panel once, beyond twice
    // Up to so many columns of each dtype memory bounds the speed, and fetching that far ahead of the loads beats fetching the
    // next panel: measured, they differ between processors.
    int near_columns[3], near_bytes;
    int dot_bf16;    // the bf16 kernel takes x as bf16 pairs
    yb_panel_product product[3]; // by yb_dtype
    // By yb_dtype: for the first of several blocks, where converting for every block costs more than reading fp32; or NULL.
    yb_keeping_product keeping[3];
    // Compact panels hold bf16 whatever the dtype: products of them and of what is expanded from them, by the dtype of the
    // activations. NULL where there are no compact panels.
    yb_compact_product compact[3];
    yb_panel_product expanded[3];
    yb_expand expand;
} yb_matmul_kernels;

yb_matmul_kernels yb_matmul_kernels_for(yb_isa isa);

#endif
