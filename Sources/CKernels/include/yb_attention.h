// Paged keys and values, and attention over them.
//
// A page holds 64 positions of every layer of one sequence: for each layer the keys, transposed,
// [kv_heads][head_dim][64], then the values [kv_heads][64][head_dim rounded up to 16], in the run's dtype.
#ifndef YB_ATTENTION_H
#define YB_ATTENTION_H

#include <stddef.h>
#include <stdint.h>

#include "yb_isa.h"
#include "yb_matmul.h"
#include "yb_pool.h"

enum { YB_PAGE_POSITIONS = 64 };

typedef struct {
    size_t layers, kv_heads, head_dim;
    yb_dtype dtype;
} yb_cache_geometry;

size_t yb_page_bytes(const yb_cache_geometry *geometry);

// Consecutive rows of a step that belong to one sequence: row first_row + i is position start + i.
typedef struct {
    void *const *pages; // the sequence's pages, position p on pages[p / 64]
    size_t first_row, count, start;
} yb_segment;

// Stores rows of k and v [rows, kv_heads · head_dim] at their positions of `layer`.
void yb_append(
    yb_pool *pool, yb_isa isa, const yb_cache_geometry *geometry, size_t layer, const float *k, const float *v,
    const yb_segment *segments, size_t segment_count);

// out = softmax(q · k · scale) · v per head, causal; q and out [rows, heads · head_dim]. Query head h reads kv head
// h / (heads / kv_heads). first_visible [rows]: the first position each row may see; NULL for all. `scratch` holds
// `yb_attention_scratch` floats for each of the pool's threads.
void yb_attention(
    yb_pool *pool, yb_isa isa, const yb_cache_geometry *geometry, size_t layer, size_t heads, float scale,
    const float *q, float *out, const yb_segment *segments, size_t segment_count, const int32_t *first_visible,
    float *scratch, size_t scratch_per_thread);

// What attention of a layer reads: a range of every page of the segments, of pages that segments share one. Returns how
// many there are.
size_t yb_cache_ranges(
    const yb_cache_geometry *geometry, size_t layer, const yb_segment *segments, size_t segment_count, yb_range *out);

// Floats of scratch a thread needs for sequences of up to `positions`.
size_t yb_attention_scratch(size_t positions);

#endif
