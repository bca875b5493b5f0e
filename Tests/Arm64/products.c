// Compares the products of every instruction set that this processor has with the plain loop in double precision, and a
// row's results among batches. Scripts/arm64_kernels.sh runs it under an emulator; on x86-64 the Swift tests do the same.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CKernels.h"

enum { MOST_ROWS = 40, MOST_OUTPUTS = 100, MOST_COLUMNS = 2048 };

static float values[MOST_OUTPUTS * MOST_COLUMNS], x[MOST_ROWS * MOST_COLUMNS], y[MOST_ROWS * MOST_OUTPUTS];
static double expected[MOST_ROWS * MOST_OUTPUTS];

// Numbers below 1 that each dtype holds exactly.
static void fill(float *to, size_t count) {
    for (size_t i = 0; i < count; i++) to[i] = (float)(rand() % 255 - 127) / 128;
}

// The rounding of a result, relative to itself; sums in fp32 add little to it.
static double tolerance(yb_dtype dtype) { return dtype == YB_FP32 ? 1e-6 : dtype == YB_BF16 ? 1.0 / 256 : 1.0 / 2048; }

static int check(yb_pool *pool, yb_isa isa, yb_dtype dtype, size_t outputs, size_t columns) {
    const size_t panels = (outputs + YB_PANEL_ROWS - 1) / YB_PANEL_ROWS, bytes = yb_panel_bytes(dtype, columns);
    char *packed = malloc(panels * bytes);
    size_t changed = 0, overflowed = 0;
    fill(values, outputs * columns);
    fill(x, MOST_ROWS * columns);
    for (size_t p = 0; p < panels; p++) {
        const size_t row = p * YB_PANEL_ROWS, rows = outputs - row < YB_PANEL_ROWS ? outputs - row : YB_PANEL_ROWS;
        yb_pack_panel(isa, dtype, packed + p * bytes, values + row * columns, rows, columns, &changed, &overflowed);
    }
    const yb_matrix matrix = {packed, outputs, columns, dtype};
    float *scratch = malloc(sizeof(float) * yb_linear_scratch(&matrix, MOST_ROWS)), alone[MOST_OUTPUTS];
    yb_linear_reference(&matrix, x, MOST_ROWS, expected);
    double worst = 0;
    int differs = 0;
    for (size_t rows = 1; rows <= MOST_ROWS; rows += rows < 7 ? 1 : 11) {
        const yb_product product = {matrix, NULL, y};
        yb_linear(pool, isa, &product, 1, x, NULL, rows, scratch, NULL, 0);
        for (size_t i = 0; i < rows * outputs; i++) {
            const double error = fabs(y[i] - expected[i]) / (fabs(expected[i]) + 1);
            if (!(error <= worst)) worst = error;
        }
        if (rows == 1) memcpy(alone, y, outputs * sizeof(float));
        differs |= memcmp(alone, y, outputs * sizeof(float)) != 0;
    }
    free(scratch);
    free(packed);
    const int wrong = !(worst <= tolerance(dtype)) || differs || changed;
    printf(
        "%-10s %s [%3zu, %4zu] largest error %.1e%s%s\n", yb_isa_name(isa),
        dtype == YB_FP32 ? "fp32" : dtype == YB_BF16 ? "bf16" : "fp16", outputs, columns, worst,
        differs ? ", a row depends on its batch" : "", wrong ? " WRONG" : "");
    return wrong;
}

int main(void) {
    const size_t shapes[][2] = {{32, 64}, {100, 576}, {40, 577}, {7, 33}, {64, 2048}};
    yb_pool *pool = yb_pool_create(2);
    int wrong = 0;
    for (int isa = YB_BASELINE; isa <= YB_AVX512BF16; isa++)
        for (int dtype = YB_FP32; yb_isa_available(isa) && dtype <= YB_FP16; dtype++)
            for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++)
                wrong += check(pool, isa, dtype, shapes[s][0], shapes[s][1]);
    printf("detected %s, %d wrong\n", yb_isa_name(yb_isa_detect()), wrong);
    return wrong != 0;
}
