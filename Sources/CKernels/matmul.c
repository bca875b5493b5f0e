// Products of packed matrices with rows of activations: interleaves the activations, spreads panels over the pool.
//
//   block  = up to MAX_COLUMNS rows of activations, which one kernel call multiplies
//   panel  = 32 rows of the matrix
//   chunk  = some panels × some blocks
#include "compact.h"
#include "inlining.h"
#include "matmul_job.h"

enum { BLOCKS_PER_CHUNK = 16 };
enum { PANELS_AT_ONCE = 4 }; // their sums, 96 KiB, share the second-level cache with a tile's activations
enum { TILE_BYTES = 65536 }; // of a panel, which the second-level cache holds beside its activations
enum { KEPT_COLUMNS = 128 }; // of K: 16 KiB of fp32 weights
enum { EXPANDED_COLUMNS = 512 }; // of K: 32 KiB of bf16 weights, measured for several blocks
enum { ROWS_AHEAD = 8 };
enum { AHEAD_BYTES = 16 << 20 }; // of the matrices and what is fetched meanwhile: half of a usual third-level cache
static const size_t inline_work = 1 << 17; // multiplications below which waking other threads does not pay

static size_t bytes_of_column(yb_dtype dtype) { return YB_PANEL_ROWS * (dtype == YB_FP32 ? 4 : 2); }

static size_t panels_of(const yb_product *product) {
    return (product->matrix.rows + YB_PANEL_ROWS - 1) / YB_PANEL_ROWS;
}

static panel_place place_of(const linear_job *job, size_t panel) {
    const yb_product *product = job->products;
    if (job->gated) {
        product += panel % 2;
        panel /= 2;
    }
    for (; panel >= panels_of(product); product++) panel -= panels_of(product);
    const char *panels = product->matrix.panels;
    const size_t row = panel * YB_PANEL_ROWS;
    if (product->matrix.compact) {
        const compact_head *head = (const compact_head *)(panels + panel * yb_compact_panel_bytes(job->columns));
        return (panel_place){product, row, head, compact_steps(head, job->columns), 2, COMPACT_STEP_BYTES / 2};
    }
    const size_t step = job->dtype == YB_BF16 ? 2 : 1, bytes = bytes_of_column(job->dtype);
    return (panel_place){product, row, NULL, panels + panel * job->padded * bytes, step, step * bytes};
}

// Where the panel's column `from` of K lies, the first of its step.
static const char *steps_of(const panel_place *place, size_t from) {
    return place->weights + from / place->step_columns * place->step_bytes;
}

// What each block fetches a step so that all of them together fetch `bytes`: at least a whole fraction of a line. Others
// (a third of 128 bytes) cost an eighth of the speed where the panel is read twice.
static size_t share_of(size_t bytes, size_t blocks) { return (bytes / blocks + 31) / 32 * 32; }

// What one chunk has yet to fetch of the ranges ahead: the rest of `range`, then those behind it.
typedef struct {
    const yb_range *range;
    size_t done, left; // bytes: of this range, and of the chunk's share
} ahead_cursor;

static ahead_cursor ahead_of(const linear_job *job, size_t chunk) {
    size_t from = job->ahead_bytes * chunk / job->chunks;
    const size_t left = job->ahead_bytes * (chunk + 1) / job->chunks - from;
    const yb_range *range = job->ahead;
    for (; left > 0 && from >= range->bytes; range++) from -= range->bytes;
    return (ahead_cursor){range, from, left};
}

// Lets a kernel call of `steps` steps fetch up to a line a step.
static void fetch_ahead(ahead_cursor *cursor, size_t steps, yb_prefetch *prefetch) {
    if (cursor->left == 0) return;
    size_t bytes = steps * 64 < cursor->left ? steps * 64 : cursor->left;
    if (bytes > cursor->range->bytes - cursor->done) bytes = cursor->range->bytes - cursor->done;
    prefetch->also = cursor->range->start + cursor->done;
    prefetch->also_stride = bytes / steps;
    cursor->left -= bytes;
    cursor->done += bytes;
    if (cursor->done == cursor->range->bytes) {
        cursor->range++;
        cursor->done = 0;
    }
}

// Blocks first_block..<end_block of activations times columns from..<to (of K) of one panel, added to `sums`, which holds
// [rows of those blocks][32]. Stopping and resuming a sum changes nothing in it. With `kept`, room for KEPT_COLUMNS
// of fp32 or EXPANDED_COLUMNS of bf16, the first block leaves its converted weights there, and the others read them; of a compact
// panel all read them there.
static void multiply_columns(
    const linear_job *job, const panel_place *place, size_t from, size_t to, size_t first_block, size_t end_block,
    float *kept, float *sums, yb_prefetch prefetch, ahead_cursor *ahead) {
    const size_t first_row = block_start(job, first_block);
    const int compact = place->head && !kept;
    const yb_panel_product product = place->head ? job->kernels.expanded[job->dtype] : job->kernels.product[job->dtype];
    const char *weights = steps_of(place, from);
    size_t steps = (to - from) / place->step_columns;
    // Beside compact panels there are plain ones, for which the tiles may be too large.
    if (!place->head && (!job->kernels.keeping[job->dtype] || to - from > KEPT_COLUMNS)) kept = NULL;
    if (place->head && kept) {
        job->kernels.expand(weights, steps / 2, place->head->upper, (uint16_t *)kept);
        compact_mend(place->head, 0, from / COMPACT_COLUMNS, to / COMPACT_COLUMNS, (uint16_t *)kept);
        weights = (const char *)kept;
        kept = NULL;
    }
    for (size_t block = first_block; block < end_block; block++) {
        const size_t row = block_start(job, block), columns = block_start(job, block + 1) - row;
        const float *x = block_data(job, block) + (job->pairs ? from / 2 : from) * columns;
        float *block_sums = sums + (row - first_row) * YB_PANEL_ROWS;
        prefetch.also = weights;
        prefetch.also_stride = 0;
        fetch_ahead(ahead, compact ? steps / 2 : steps, &prefetch);
        if (compact) {
            yb_multiply_compact(job, place, steps, x, (int)columns, block_sums, prefetch);
        } else if (!kept) {
            product(weights, steps, x, (int)columns, block_sums, from > 0, prefetch);
        } else if (block > first_block) {
            job->kernels.product[YB_FP32](kept, steps, x, (int)columns, block_sums, from > 0, prefetch);
        } else {
            job->kernels.keeping[job->dtype](weights, steps, x, (int)columns, block_sums, from > 0, prefetch, kept);
        }
        prefetch.from += steps * prefetch.stride;
        if (kept && block == first_block) {
            // From here on a step is one column.
            steps *= place->step_columns;
            prefetch.stride /= place->step_columns;
        }
    }
}

// Fetches the places of a panel's results while the last products are computed: they are a row's width apart.
static void expect_results(const linear_job *job, const panel_place *place, size_t first_row, size_t rows) {
    const size_t width = place->product->matrix.rows;
    const float *y = place->product->y + place->row;
    for (size_t r = 0; r < rows; r++) {
        const float *out = y + row_id(job, first_row + r) * width;
        fetch_to_write(out);
        fetch_to_write(out + 16);
    }
}

static void finish_row(const linear_job *job, const panel_place *place, const float *sums, size_t valid, float *y) {
    const float *bias = place->product->bias;
    job->vectors->finish(y, sums, bias ? bias + place->row : NULL, valid, job->dtype);
}

// Stores a panel's results from its sums [rows][32], or those of it and the gate's panel behind it.
static void finish_panel(
    const linear_job *job, const panel_place *place, const float *sums, const float *gate_sums, size_t first_row,
    size_t rows) {
    const size_t width = place->product->matrix.rows;
    const size_t valid = width - place->row < YB_PANEL_ROWS ? width - place->row : YB_PANEL_ROWS;
    for (size_t r = 0; r < rows; r++, sums += YB_PANEL_ROWS, gate_sums += YB_PANEL_ROWS) {
        // Of many rows the second-level cache has them by now; stores to the first one do not wait for each other.
        if (r + ROWS_AHEAD < rows) expect_results(job, place, first_row + r + ROWS_AHEAD, 1);
        float *y = place->product->y + row_id(job, first_row + r) * width + place->row;
        if (job->gated) {
            _Alignas(64) float activated[YB_PANEL_ROWS], gate[YB_PANEL_ROWS];
            finish_row(job, place, sums, valid, activated);
            finish_row(job, place + 1, gate_sums, valid, gate);
            job->vectors->gated_product(y, activated, gate, valid, job->dtype);
        } else {
            finish_row(job, place, sums, valid, y);
        }
    }
}

// Columns of K that go through all blocks before the next ones do.
static size_t tile_columns(const linear_job *job, int once, int keep, size_t blocks) {
    if (once) return job->padded;
    if (!keep) return TILE_BYTES / bytes_of_column(job->dtype);
    return job->compact && blocks > 1 ? EXPANDED_COLUMNS : KEPT_COLUMNS;
}

// Some panels that lie one after the other, tile by tile, so that the tile's activations are still in the second-level
// cache for the next panel: of prompts there are more of them than that holds.
static void multiply_panels(
    const linear_job *job, const panel_place *places, size_t count, size_t first_block, size_t end_block,
    const char *next_panel, ahead_cursor *ahead) {
    const size_t columns = job->padded;
    const size_t first_row = block_start(job, first_block), rows = block_start(job, end_block) - first_row;
    // What is read once is taken whole; otherwise a tile of the panel stays in the cache for all blocks and both halves of the
    // rows, and compact panels are expanded once for all of them.
    const size_t blocks = end_block - first_block;
    const int once = blocks == 1 && rows <= (size_t)job->kernels.whole_columns;
    const int keep = job->compact ? !once : job->kernels.keeping[job->dtype] && blocks > 1;
    const int near = blocks == 1 && rows <= (size_t)job->kernels.near_columns[job->dtype];
    const size_t tile = tile_columns(job, once, keep, blocks);
    _Alignas(64) float kept[EXPANDED_COLUMNS * YB_PANEL_ROWS / 2];
    _Alignas(64) float sums[PANELS_AT_ONCE][BLOCKS_PER_CHUNK * MOST_COLUMNS * YB_PANEL_ROWS];
    for (size_t from = 0; from < columns; from += tile) {
        const size_t to = from + tile < columns ? from + tile : columns;
        for (size_t p = 0; p < count; p++) {
            if (to == columns && !(job->gated && p % 2)) expect_results(job, &places[p], first_row, rows);
            // What this thread reads next is fetched in step with this tile, each block its share of it.
            const char *there = p + 1 < count  ? steps_of(&places[p + 1], from)
                                : to < columns ? steps_of(&places[0], to)
                                : next_panel   ? next_panel
                                               : steps_of(&places[p], from);
            if (near) there = steps_of(&places[p], from) + job->kernels.near_bytes;
            multiply_columns(
                job, &places[p], from, to, first_block, end_block, keep ? kept : NULL, sums[p],
                (yb_prefetch){.from = there, .stride = share_of(places[p].step_bytes, blocks)}, ahead);
        }
    }
    for (size_t p = 0; p < count; p += job->gated ? 2 : 1)
        finish_panel(job, &places[p], sums[p], sums[p + job->gated], first_row, rows);
}

static void multiply_task(void *context, size_t chunk, size_t worker) {
    (void)worker;
    const linear_job *job = context;
    const size_t groups = (job->blocks + BLOCKS_PER_CHUNK - 1) / BLOCKS_PER_CHUNK;
    const size_t first_block = chunk % groups * BLOCKS_PER_CHUNK;
    const size_t end_block = first_block + BLOCKS_PER_CHUNK < job->blocks ? first_block + BLOCKS_PER_CHUNK : job->blocks;
    const size_t from = chunk / groups * job->panels_per_chunk;
    const size_t to = from + job->panels_per_chunk < job->panels ? from + job->panels_per_chunk : job->panels;
    // With all threads at the same pace this one's next chunk lies as many chunks on as there are threads.
    const size_t beyond = from + job->panels_per_chunk * job->threads;
    ahead_cursor ahead = ahead_of(job, chunk);
    for (size_t panel = from; panel < to; panel += PANELS_AT_ONCE) {
        const size_t count = to - panel < PANELS_AT_ONCE ? to - panel : PANELS_AT_ONCE;
        panel_place places[PANELS_AT_ONCE];
        for (size_t p = 0; p < count; p++) places[p] = place_of(job, panel + p);
        const size_t next = panel + count < to ? panel + count : beyond;
        multiply_panels(
            job, places, count, first_block, end_block, next < job->panels ? place_of(job, next).weights : NULL, &ahead);
    }
}

size_t yb_linear_scratch(const yb_matrix *matrix, size_t rows) {
    return rows * yb_padded_columns(matrix->dtype, matrix->columns);
}

static void multiply(
    yb_pool *pool, yb_isa isa, const yb_product *products, size_t count, int gated, const float *x, const int32_t *row_ids,
    size_t rows, float *scratch, const yb_range *ahead, size_t ahead_count) {
    if (rows == 0 || count == 0) return;
    const yb_matrix *matrix = &products[0].matrix;
    linear_job job = {.kernels = yb_matmul_kernels_for(isa), .vectors = yb_vector_kernels_for(isa), .products = products,
                      .count = count, .dtype = matrix->dtype, .x = x, .row_ids = row_ids, .rows = rows,
                      .columns = matrix->columns, .threads = yb_pool_threads(pool), .gated = gated,
                      .interleaved = scratch, .ahead = ahead};
    for (size_t i = 0; i < ahead_count; i++) job.ahead_bytes += ahead[i].bytes;
    job.padded = yb_padded_columns(matrix->dtype, matrix->columns);
    job.pairs = matrix->dtype == YB_BF16 && job.kernels.dot_bf16;
    job.blocks = (rows + job.kernels.max_columns - 1) / job.kernels.max_columns;
    job.column_chunks = (job.padded + INTERLEAVE_COLUMNS - 1) / INTERLEAVE_COLUMNS;
    size_t outputs = 0;
    for (size_t p = 0; p < count; p++) {
        outputs += products[p].matrix.rows;
        job.compact |= products[p].matrix.compact;
        job.panels += panels_of(&products[p]);
    }
    if (outputs * yb_panel_bytes(job.dtype, job.columns) / YB_PANEL_ROWS + job.ahead_bytes > AHEAD_BYTES) job.ahead_bytes = 0;
    const int alone = outputs * matrix->columns * rows < inline_work;
    const size_t interleavings = job.blocks * job.column_chunks;
    if (alone || rows * job.padded < 16384)
        for (size_t chunk = 0; chunk < interleavings; chunk++) yb_interleave(&job, chunk, 0);
    else
        yb_pool_run(pool, interleavings, yb_interleave, &job);

    const size_t groups = (job.blocks + BLOCKS_PER_CHUNK - 1) / BLOCKS_PER_CHUNK;
    job.panels_per_chunk = job.panels / (yb_pool_threads(pool) * 8);
    if (job.panels_per_chunk < 1) job.panels_per_chunk = 1;
    if (job.panels_per_chunk > 16) job.panels_per_chunk = 16;
    if (gated) job.panels_per_chunk += job.panels_per_chunk % 2;
    job.chunks = (job.panels + job.panels_per_chunk - 1) / job.panels_per_chunk * groups;
    if (alone)
        for (size_t chunk = 0; chunk < job.chunks; chunk++) multiply_task(&job, chunk, 0);
    else
        yb_pool_run(pool, job.chunks, multiply_task, &job);
}

void yb_linear(
    yb_pool *pool, yb_isa isa, const yb_product *products, size_t count, const float *x, const int32_t *row_ids,
    size_t rows, float *scratch, const yb_range *ahead, size_t ahead_count) {
    multiply(pool, isa, products, count, 0, x, row_ids, rows, scratch, ahead, ahead_count);
}

void yb_gated_linear(
    yb_pool *pool, yb_isa isa, const yb_product products[2], const float *x, const int32_t *row_ids, size_t rows,
    float *scratch, const yb_range *ahead, size_t ahead_count) {
    multiply(pool, isa, products, 2, 1, x, row_ids, rows, scratch, ahead, ahead_count);
}

void yb_linear_reference(const yb_matrix *matrix, const float *x, size_t rows, double *y) {
    const size_t n = matrix->rows, k = matrix->columns;
    float weights[k];
    for (size_t row = 0; row < n; row++) {
        yb_unpack_row(YB_BASELINE, matrix, row, weights);
        for (size_t r = 0; r < rows; r++) {
            double sum = 0;
            for (size_t i = 0; i < k; i++) sum += (double)weights[i] * (double)x[r * k + i];
            y[r * n + row] = sum;
        }
    }
}
