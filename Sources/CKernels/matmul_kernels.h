// The table of panel products that each instruction set's file fills.
#ifndef MATMUL_KERNELS_H
#define MATMUL_KERNELS_H

#include <stddef.h>

#include "include/yb_isa.h"
#include "include/yb_matmul.h"

// Lines to fetch while a kernel runs: those that step i of the same kernel would read at `from`, for i in begin..<end.
typedef struct {
    const char *from;
    size_t begin, end;
} yb_prefetch;

// sums[c][32] = panel · x[c] for c in 0..<columns. `steps` = K, or K/2 for paired bf16 panels. x is interleaved:
// [K][columns] floats, or [K/2][columns] bf16 pairs for kernels with `dot_bf16`.
typedef void (*yb_panel_product)(
    const void *panel, size_t steps, const void *x, int columns, float *sums, yb_prefetch prefetch);

typedef struct {
    int max_columns; // most columns of one call, bounded by the registers
    int dot_bf16;    // the bf16 kernel takes x as bf16 pairs
    yb_panel_product product[3]; // by yb_dtype
} yb_matmul_kernels;

#endif
