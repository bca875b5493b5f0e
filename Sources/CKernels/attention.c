#include "include/yb_attention.h"

#include <string.h>

#include "inlining.h"
#include "vector_kernels.h"

enum { QUERY_ROWS = 16 }; // rows of one head that a task handles
enum { QUERIES = 4 };     // queries a kernel call handles
enum { ENCODED_AT_ONCE = 64 }; // dimensions of a key

static size_t value_stride(const yb_cache_geometry *g) { return (g->head_dim + 15) / 16 * 16; }
static size_t element(const yb_cache_geometry *g) { return g->dtype == YB_FP32 ? 4 : 2; }
// Bytes of the keys of one head, and of its values.
static size_t key_bytes(const yb_cache_geometry *g) { return g->head_dim * YB_PAGE_POSITIONS * element(g); }
static size_t value_bytes(const yb_cache_geometry *g) { return value_stride(g) * YB_PAGE_POSITIONS * element(g); }
static size_t layer_bytes(const yb_cache_geometry *g) { return g->kv_heads * (key_bytes(g) + value_bytes(g)); }

static size_t key_offset(const yb_cache_geometry *g, size_t layer, size_t head) {
    return layer * layer_bytes(g) + head * key_bytes(g);
}
static size_t value_offset(const yb_cache_geometry *g, size_t layer, size_t head) {
    return layer * layer_bytes(g) + g->kv_heads * key_bytes(g) + head * value_bytes(g);
}

size_t yb_page_bytes(const yb_cache_geometry *g) { return g->layers * layer_bytes(g); }

static size_t page_count(const yb_segment *segment) {
    return (segment->start + segment->count + YB_PAGE_POSITIONS - 1) / YB_PAGE_POSITIONS;
}

size_t yb_cache_ranges(
    const yb_cache_geometry *g, size_t layer, const yb_segment *segments, size_t segment_count, yb_range *out) {
    size_t count = 0;
    for (size_t s = 0; s < segment_count; s++) {
        const yb_segment *segment = &segments[s], *before = s > 0 ? segment - 1 : NULL;
        for (size_t page = 0; page < page_count(segment); page++) {
            if (before && page < page_count(before) && before->pages[page] == segment->pages[page]) continue;
            out[count++] = (yb_range){(const char *)segment->pages[page] + key_offset(g, layer, 0), layer_bytes(g)};
        }
    }
    return count;
}

// ---- append ----

typedef struct {
    const yb_vector_kernels *kernels;
    const yb_cache_geometry *geometry;
    size_t layer, segment_count;
    const float *k, *v;
    const yb_segment *segments;
} append_job;

// Stores `count` dimensions of one position's key, each a page's width after the last.
static void append_keys(const append_job *job, char *to, const float *k, size_t count) {
    if (job->geometry->dtype == YB_FP32) {
        for (size_t d = 0; d < count; d++) memcpy(to + d * YB_PAGE_POSITIONS * sizeof(float), k + d, sizeof(float));
        return;
    }
    uint16_t encoded[ENCODED_AT_ONCE];
    job->kernels->encode(encoded, k, count, job->geometry->dtype);
    for (size_t d = 0; d < count; d++)
        memcpy(to + d * YB_PAGE_POSITIONS * sizeof(uint16_t), encoded + d, sizeof(uint16_t));
}

static void append_head(const append_job *job, const yb_segment *segment, size_t head) {
    const yb_cache_geometry *g = job->geometry;
    const size_t dim = g->head_dim, width = g->kv_heads * dim, size = element(g);
    for (size_t done = 0; done < segment->count;) {
        const size_t position = segment->start + done, slot = position % YB_PAGE_POSITIONS;
        size_t run = YB_PAGE_POSITIONS - slot;
        if (run > segment->count - done) run = segment->count - done;
        char *page = segment->pages[position / YB_PAGE_POSITIONS];
        char *keys = page + key_offset(g, job->layer, head), *values = page + value_offset(g, job->layer, head);
        const size_t from = (segment->first_row + done) * width + head * dim;
        // Every dimension's place is a line of its own, in main memory where there are many sequences.
        for (size_t d = 0; d < dim; d++) fetch_to_write(keys + (d * YB_PAGE_POSITIONS + slot) * size);
        for (size_t i = 0; i < run; i++) {
            const size_t row = from + i * width;
            job->kernels->encode(values + (slot + i) * value_stride(g) * size, job->v + row, dim, g->dtype);
            for (size_t d = 0; d < dim; d += ENCODED_AT_ONCE) {
                const size_t count = dim - d < ENCODED_AT_ONCE ? dim - d : ENCODED_AT_ONCE;
                append_keys(job, keys + (d * YB_PAGE_POSITIONS + slot + i) * size, job->k + row + d, count);
            }
        }
        done += run;
    }
}

static void append_task(void *context, size_t chunk, size_t worker) {
    (void)worker;
    const append_job *job = context;
    const size_t heads = job->geometry->kv_heads;
    append_head(job, &job->segments[chunk / heads], chunk % heads);
}

void yb_append(
    yb_pool *pool, yb_isa isa, const yb_cache_geometry *geometry, size_t layer, const float *k, const float *v,
    const yb_segment *segments, size_t segment_count) {
    append_job job = {yb_vector_kernels_for(isa), geometry, layer, segment_count, k, v, segments};
    const size_t chunks = segment_count * geometry->kv_heads;
    size_t rows = 0;
    for (size_t s = 0; s < segment_count; s++) rows += segments[s].count;
    // Waking others costs more than it saves.
    if (rows * geometry->kv_heads * geometry->head_dim < 8192)
        for (size_t chunk = 0; chunk < chunks; chunk++) append_task(&job, chunk, 0);
    else
        yb_pool_run(pool, chunks, append_task, &job);
}

// ---- attention ----

typedef struct {
    const yb_vector_kernels *kernels;
    const yb_cache_geometry *geometry;
    size_t layer, heads, heads_at_once, segment_count, scratch_per_thread;
    float scale;
    const float *q;
    float *out, *scratch;
    const yb_segment *segments;
    const int32_t *first_visible;
} attention_job;

// Attention of rows from..<to of a segment for all query heads that share one kv head, four queries at a time.
static void attend_rows(
    const attention_job *job, const yb_segment *segment, size_t kv_head, size_t from, size_t to, size_t worker) {
    const yb_cache_geometry *g = job->geometry;
    const size_t dim = g->head_dim, group = job->heads / g->kv_heads, width = job->heads * dim;
    const size_t k_offset = key_offset(g, job->layer, kv_head), v_offset = value_offset(g, job->layer, kv_head);
    yb_query queries[QUERIES];
    size_t count = 0;
    for (size_t i = from; i < to; i++) {
        const size_t row = segment->first_row + i, last = segment->start + i;
        const size_t wanted = job->first_visible ? (size_t)job->first_visible[row] : 0;
        for (size_t member = 0; member < group; member++) {
            const size_t at = row * width + (kv_head * group + member) * dim;
            queries[count++] = (yb_query){job->q + at, job->out + at, wanted < last ? wanted : last, last};
            if (count < QUERIES && !(i + 1 == to && member + 1 == group)) continue;
            job->kernels->attend(
                queries, count, segment->pages, k_offset, v_offset, dim, value_stride(g), job->scale,
                job->scratch + worker * job->scratch_per_thread, g->dtype);
            count = 0;
        }
    }
}

static size_t row_blocks(const yb_segment *segment) { return (segment->count + QUERY_ROWS - 1) / QUERY_ROWS; }

static void attention_task(void *context, size_t chunk, size_t worker) {
    const attention_job *job = context;
    const size_t parts = job->geometry->kv_heads / job->heads_at_once, head = chunk % parts * job->heads_at_once;
    size_t block = chunk / parts, s = 0;
    while (block >= row_blocks(&job->segments[s])) block -= row_blocks(&job->segments[s++]);
    const yb_segment *segment = &job->segments[s];
    const size_t from = block * QUERY_ROWS, to = from + QUERY_ROWS < segment->count ? from + QUERY_ROWS : segment->count;
    for (size_t h = head; h < head + job->heads_at_once; h++) attend_rows(job, segment, h, from, to, worker);
}

size_t yb_attention_scratch(size_t positions) {
    return QUERIES * ((positions + YB_PAGE_POSITIONS) / YB_PAGE_POSITIONS * YB_PAGE_POSITIONS);
}

void yb_attention(
    yb_pool *pool, yb_isa isa, const yb_cache_geometry *geometry, size_t layer, size_t heads, float scale,
    const float *q, float *out, const yb_segment *segments, size_t segment_count, const int32_t *first_visible,
    float *scratch, size_t scratch_per_thread) {
    size_t blocks = 0, pairs = 0; // pairs of a query and a position
    for (size_t s = 0; s < segment_count; s++) {
        blocks += row_blocks(&segments[s]);
        pairs += segments[s].count * (segments[s].start + segments[s].count);
    }
    // With work for everyone a thread takes all heads of its rows: their keys lie one after the other.
    const size_t heads_at_once = blocks >= 8 * yb_pool_threads(pool) ? geometry->kv_heads : 1;
    attention_job job = {yb_vector_kernels_for(isa), geometry, layer, heads, heads_at_once, segment_count,
                         scratch_per_thread, scale, q, out, scratch, segments, first_visible};
    const size_t chunks = blocks * (geometry->kv_heads / heads_at_once);
    if (pairs * heads * geometry->head_dim < 16384)
        for (size_t chunk = 0; chunk < chunks; chunk++) attention_task(&job, chunk, 0);
    else
        yb_pool_run(pool, chunks, attention_task, &job);
}
