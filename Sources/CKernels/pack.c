// Packing of weights into panels and back; matmul.h has the layout.
#include <string.h>

#include "include/yb_elementwise.h"
#include "compact.h"
#include "vector_kernels.h"

size_t yb_padded_columns(yb_dtype dtype, size_t columns) {
    return dtype == YB_BF16 ? (columns + 1) / 2 * 2 : columns;
}

size_t yb_panel_bytes(yb_dtype dtype, size_t columns) {
    return YB_PANEL_ROWS * yb_padded_columns(dtype, columns) * (dtype == YB_FP32 ? 4 : 2);
}

// Element index of (row, column) within a panel.
static size_t place(yb_dtype dtype, size_t row, size_t column) {
    if (dtype == YB_BF16) return column / 2 * 2 * YB_PANEL_ROWS + row * 2 + column % 2;
    return column * YB_PANEL_ROWS + row;
}

enum { TILE = 64 }; // columns moved at a time, so that a tile of source and target stays in the first-level cache

// Packs columns from..<from + width of the matrix, `from` even; rows[r] points at the first of them in row r, in the
// stored type.
static void pack_tile(
    const yb_vector_kernels *kernels, yb_dtype dtype, void *panel, const void *const *rows, size_t from, size_t width) {
    if (dtype == YB_FP32) {
        kernels->transpose((uint32_t *)panel + from * YB_PANEL_ROWS, rows, width);
        return;
    }
    uint16_t *target = panel;
    if (dtype == YB_BF16) {
        kernels->transpose((uint32_t *)panel + from / 2 * YB_PANEL_ROWS, rows, width / 2);
    } else {
        uint32_t pairs[TILE / 2 * YB_PANEL_ROWS];
        kernels->transpose(pairs, rows, width / 2);
        kernels->split16(target + from * YB_PANEL_ROWS, pairs, width / 2);
    }
    if (width % 2 == 0) return;
    for (size_t row = 0; row < YB_PANEL_ROWS; row++) {
        uint16_t last;
        memcpy(&last, (const char *)rows[row] + (width - 1) * sizeof last, sizeof last);
        target[place(dtype, row, from + width - 1)] = last;
    }
}

static const float zeros_of_a_tile[TILE];

void yb_pack_rows(yb_isa isa, yb_dtype dtype, void *panel, const void *values, size_t rows, size_t columns) {
    if (dtype == YB_BF16 && columns % 2) memset(panel, 0, yb_panel_bytes(dtype, columns));
    const yb_vector_kernels *kernels = yb_vector_kernels_for(isa);
    const size_t size = dtype == YB_FP32 ? 4 : 2;
    for (size_t from = 0; from < columns; from += TILE) {
        const size_t width = columns - from < TILE ? columns - from : TILE;
        const void *here[YB_PANEL_ROWS];
        for (size_t row = 0; row < YB_PANEL_ROWS; row++) {
            here[row] = row < rows ? (const char *)values + (row * columns + from) * size : (const char *)zeros_of_a_tile;
            for (size_t line = 0; line < TILE * size && row < rows; line += 64)
                __builtin_prefetch((const char *)here[row] + 2 * TILE * size + line);
        }
        pack_tile(kernels, dtype, panel, here, from, width);
    }
}

void yb_pack_panel(
    yb_isa isa, yb_dtype dtype, void *panel, const float *values, size_t rows, size_t columns, size_t *changed,
    size_t *overflowed) {
    if (dtype == YB_BF16 && columns % 2) memset(panel, 0, yb_panel_bytes(dtype, columns));
    const yb_vector_kernels *kernels = yb_vector_kernels_for(isa);
    uint16_t stored[YB_PANEL_ROWS][TILE];
    for (size_t from = 0; from < columns; from += TILE) {
        const size_t width = columns - from < TILE ? columns - from : TILE;
        const void *here[YB_PANEL_ROWS];
        for (size_t row = 0; row < YB_PANEL_ROWS; row++) {
            const float *source = values + row * columns + from;
            here[row] = zeros_of_a_tile;
            if (row >= rows) continue;
            here[row] = dtype == YB_FP32 ? (const void *)source : stored[row];
            if (dtype != YB_FP32)
                kernels->encode_counting(stored[row], source, width, dtype, changed, overflowed);
        }
        pack_tile(kernels, dtype, panel, here, from, width);
    }
}

void yb_round_counting(yb_isa isa, yb_dtype dtype, float *values, size_t n, size_t *changed, size_t *overflowed) {
    if (dtype == YB_FP32) return;
    const yb_vector_kernels *kernels = yb_vector_kernels_for(isa);
    for (size_t from = 0; from < n; from += TILE) {
        const size_t width = n - from < TILE ? n - from : TILE;
        uint16_t stored[TILE];
        kernels->encode_counting(stored, values + from, width, dtype, changed, overflowed);
        yb_decode(isa, dtype, values + from, stored, width);
    }
}

static const char *panel_of(const yb_matrix *matrix, size_t panel) {
    const size_t columns = matrix->columns;
    return (const char *)matrix->panels
           + panel * (matrix->compact ? yb_compact_panel_bytes(columns) : yb_panel_bytes(matrix->dtype, columns));
}

// What the panels hold.
static yb_dtype stored_type(const yb_matrix *matrix) { return matrix->compact ? YB_BF16 : matrix->dtype; }

// Columns from..<from + width of a bf16 or fp16 panel, `from` a multiple of TILE: where they lie, or expanded into `tile`.
static const uint16_t *plain_columns(
    yb_isa isa, const yb_matrix *matrix, const char *panel, size_t from, size_t width,
    uint16_t tile[TILE * YB_PANEL_ROWS]) {
    if (!matrix->compact) return (const uint16_t *)panel + from * YB_PANEL_ROWS;
    const compact_head *head = (const compact_head *)panel;
    const size_t first = from / COMPACT_COLUMNS, end = first + width / COMPACT_COLUMNS;
    yb_expand_for(isa)(compact_steps(head, matrix->columns) + first * COMPACT_STEP_BYTES, end - first, head->upper, tile);
    compact_mend(head, 0, first, end, tile);
    return tile;
}

void yb_unpack_row(yb_isa isa, const yb_matrix *matrix, size_t row, float *out) {
    const yb_dtype dtype = stored_type(matrix);
    const char *panel = panel_of(matrix, row / YB_PANEL_ROWS);
    row %= YB_PANEL_ROWS;
    if (dtype == YB_FP32) {
        for (size_t k = 0; k < matrix->columns; k++) out[k] = ((const float *)panel)[place(dtype, row, k)];
        return;
    }
    for (size_t from = 0; from < matrix->columns; from += TILE) {
        const size_t width = matrix->columns - from < TILE ? matrix->columns - from : TILE;
        uint16_t stored[TILE], tile[TILE * YB_PANEL_ROWS];
        const uint16_t *values = plain_columns(isa, matrix, panel, from, width, tile);
        for (size_t k = 0; k < width; k++) stored[k] = values[place(dtype, row, k)];
        yb_decode(isa, dtype, out + from, stored, width);
    }
}

typedef struct {
    yb_isa isa;
    const yb_matrix *matrix;
    const int32_t *ids;
    float *out;
} embed_job;

static void embed_task(void *context, size_t chunk, size_t worker) {
    (void)worker;
    const embed_job *job = context;
    yb_unpack_row(job->isa, job->matrix, (size_t)job->ids[chunk], job->out + chunk * job->matrix->columns);
}

void yb_embed(yb_pool *pool, yb_isa isa, const yb_matrix *matrix, const int32_t *ids, size_t count, float *out) {
    embed_job job = {isa, matrix, ids, out};
    yb_pool_run(pool, count, embed_task, &job);
}

void yb_unpack_panels(yb_isa isa, const yb_matrix *matrix, size_t first, size_t count, float *out) {
    const size_t columns = matrix->columns, stride = count * YB_PANEL_ROWS;
    const yb_dtype dtype = stored_type(matrix);
    for (size_t p = 0; p < count; p++) {
        const char *panel = panel_of(matrix, first + p);
        float *to = out + p * YB_PANEL_ROWS;
        if (dtype != YB_BF16) {
            for (size_t k = 0; k < columns; k++)
                yb_decode(
                    isa, dtype, to + k * stride, panel + k * YB_PANEL_ROWS * (dtype == YB_FP32 ? 4 : 2), YB_PANEL_ROWS);
            continue;
        }
        for (size_t from = 0; from < columns; from += TILE) {
            const size_t width = columns - from < TILE ? columns - from : TILE;
            uint16_t tile[TILE * YB_PANEL_ROWS];
            const uint16_t *values = plain_columns(isa, matrix, panel, from, width, tile);
            float *out_tile = to + from * stride;
            for (size_t k = 0; k < width; k += 2, values += 2 * YB_PANEL_ROWS) {
                uint32_t pairs[YB_PANEL_ROWS];
                float both[2 * YB_PANEL_ROWS];
                memcpy(pairs, values, sizeof pairs);
                yb_vector_kernels_for(isa)->split(both, pairs);
                memcpy(out_tile + k * stride, both, sizeof both / 2);
                if (k + 1 < width) memcpy(out_tile + (k + 1) * stride, both + YB_PANEL_ROWS, sizeof both / 2);
            }
        }
    }
}
