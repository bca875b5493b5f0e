// Attention over paged keys and values for one instruction set.
//
// A page holds 64 positions: keys [head_dim][64] at k_offset, values [64][v_stride] at v_offset, in the run's dtype.
// Per query everything has one order: scores over d ascending with 16 positions a vector, the maximum, partial sums of
// the exponentials by position mod 16 and then a fixed tree, values in ascending position. Neither the number of
// queries handled at once nor the pages beyond a query's last position enter its result.

#define PAGE 64

// What is read after a page's keys: those of the next page (after the last one, of the next head) and its own values,
// of which there are `value_bytes`.
typedef struct {
    const char *keys, *values;
    size_t value_bytes;
} attention_ahead;

// Scores of positions page·64 + 16·part … for NQ queries and NV vectors of 16 positions. Meanwhile the places of NF vectors
// of what is read after this page are fetched: the cache of many sequences is in main memory, and a page is too short for
// the processor to foresee the next one. Into the second-level cache: the first one has too few lines under way.
INLINE void score_part(
    const yb_query *queries, const void *keys, const attention_ahead ahead, size_t part, size_t head_dim, float scale,
    float *scores, size_t stride, const int nq, const int nv, const int nf, const yb_dtype dtype) {
    const size_t size = dtype == YB_FP32 ? 4 : 2;
    f16v sums[4][4];
    UNROLL for (int i = 0; i < nq; i++)
        UNROLL for (int v = 0; v < nv; v++) sums[i][v] = zeros();
    for (size_t d = 0; d < head_dim; d++) {
        f16v k[4];
        UNROLL for (size_t byte = 0; byte < nf * 16 * size; byte += 64) {
            const size_t place = (d * PAGE + part * 16) * size + byte;
            __builtin_prefetch(ahead.keys + place, 0, 2);
            if (place < ahead.value_bytes) __builtin_prefetch(ahead.values + place, 0, 2);
        }
        UNROLL for (int v = 0; v < nv; v++) k[v] = load_as(keys, d * PAGE + (part + v) * 16, dtype);
        UNROLL for (int i = 0; i < nq; i++) {
            const f16v q = splat(queries[i].q[d]);
            UNROLL for (int v = 0; v < nv; v++) sums[i][v] = multiply_add(q, k[v], sums[i][v]);
        }
    }
    UNROLL for (int i = 0; i < nq; i++)
        UNROLL for (int v = 0; v < nv; v++) store(scores + i * stride + (part + v) * 16, sums[i][v] * scale);
}

// Scores of the page's first `positions`, and of what fills their last vectors.
INLINE void score_page(
    const yb_query *queries, const void *keys, const attention_ahead ahead, size_t positions, size_t head_dim, float scale,
    float *scores, size_t stride, const int nq, const yb_dtype dtype) {
    const int nv = nq == 1 ? 4 : YB_SCORE_VECTORS;
    if (nv == 4 && positions <= 32)
        score_part(queries, keys, ahead, 0, head_dim, scale, scores, stride, nq, 2, 4, dtype);
    else
        for (size_t part = 0; part * 16 < positions; part += nv)
            score_part(queries, keys, ahead, part, head_dim, scale, scores, stride, nq, nv, nv, dtype);
}

// Turns scores of first...last into weights e^(s − max); returns their sum. Positions outside become 0.
INLINE float soften(float *scores, size_t first, size_t last) {
    const size_t begin = first / 16 * 16;
    const i16v lane = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    const float infinity = __builtin_inff();
    f16v highest = splat(-infinity);
    for (size_t p = begin; p <= last; p += 16) {
        const i16v position = lane + (int32_t)p;
        const i16v visible = (position >= (int32_t)first) & (position <= (int32_t)last);
        const f16v s = choose(visible, load(scores + p), splat(-infinity));
        store(scores + p, s);
        highest = choose(s > highest, s, highest);
    }
    float lanes[16];
    store(lanes, highest);
    float top = lanes[0];
    for (int i = 1; i < 16; i++)
        if (lanes[i] > top) top = lanes[i];
    // All scores minus infinity (or NaN): subtracting would turn what is defined into NaN only where it is NaN anyway.
    f16v sums = zeros();
    for (size_t p = begin; p <= last; p += 16) {
        const f16v s = load(scores + p);
        const i16v position = lane + (int32_t)p;
        const i16v visible = (position >= (int32_t)first) & (position <= (int32_t)last);
        const f16v weight = choose(visible, exponential(s - top), zeros());
        store(scores + p, weight);
        sums += weight;
    }
    return sum_of(sums);
}

// Adds weight · value of positions from..<to to NQ queries' sums of 16·NV dimensions from `d`.
INLINE void add_values(
    f16v sums[4][4], void *const *pages, size_t v_offset, size_t v_stride, size_t d, const float *const *weights,
    size_t from, size_t to, const int nq, const int nv, const yb_dtype dtype) {
    const size_t size = dtype == YB_FP32 ? 4 : 2;
    for (size_t p = from; p < to; p++) {
        const char *row = (const char *)pages[p / PAGE] + v_offset + (p % PAGE * v_stride + d) * size;
        f16v value[4];
        UNROLL for (int v = 0; v < nv; v++) value[v] = load_as(row, v * 16, dtype);
        UNROLL for (int i = 0; i < nq; i++) {
            const f16v w = splat(weights[i][p]);
            UNROLL for (int v = 0; v < nv; v++) sums[i][v] = multiply_add(w, value[v], sums[i][v]);
        }
    }
}

INLINE void weigh(
    const yb_query *queries, void *const *pages, size_t v_offset, size_t v_stride, size_t head_dim, size_t d,
    const float *const *weights, const float *totals, const int nq, const int nv, const yb_dtype dtype) {
    // Positions that all queries see are handled together, the ends each on its own, so that a value outside a
    // query's range never meets its sum (0 · infinity would be NaN).
    size_t from = 0, to = SIZE_MAX;
    UNROLL for (int i = 0; i < nq; i++) {
        if (queries[i].first > from) from = queries[i].first;
        if (queries[i].last + 1 < to) to = queries[i].last + 1;
    }
    if (to < from) to = from;
    f16v sums[4][4];
    UNROLL for (int i = 0; i < nq; i++) {
        UNROLL for (int v = 0; v < nv; v++) sums[i][v] = zeros();
        const size_t end = queries[i].last + 1 < from ? queries[i].last + 1 : from;
        add_values(
            sums + i, pages, v_offset, v_stride, d, weights + i, queries[i].first, end, 1, nv, dtype);
    }
    add_values(sums, pages, v_offset, v_stride, d, weights, from, to, nq, nv, dtype);
    UNROLL for (int i = 0; i < nq; i++) {
        const size_t begin = queries[i].last + 1 < to ? queries[i].last + 1 : to;
        if (queries[i].last + 1 > to)
            add_values(sums + i, pages, v_offset, v_stride, d, weights + i, begin, queries[i].last + 1, 1, nv, dtype);
        UNROLL for (int v = 0; v < nv; v++) {
            const size_t at = d + v * 16;
            const f16v y = round_to(sums[i][v] / totals[i], dtype);
            if (at < head_dim) store_up_to(queries[i].out + at, y, head_dim - at);
        }
    }
}

INLINE void attend_all(
    const yb_query *queries, void *const *pages, size_t k_offset, size_t v_offset, size_t head_dim, size_t v_stride,
    float scale, float *scores, const int nq, const yb_dtype dtype) {
    size_t first = SIZE_MAX, last = 0;
    UNROLL for (int i = 0; i < nq; i++) {
        if (queries[i].first < first) first = queries[i].first;
        if (queries[i].last > last) last = queries[i].last;
    }
    const size_t stride = (last / PAGE + 1) * PAGE;
    const size_t size = dtype == YB_FP32 ? 4 : 2, key_bytes = head_dim * PAGE * size;
    for (size_t page = first / PAGE; page <= last / PAGE; page++) {
        const char *start = pages[page];
        const char *next = page < last / PAGE ? (const char *)pages[page + 1] : (const char *)pages[first / PAGE] + key_bytes;
        const size_t positions = last + 1 - page * PAGE < PAGE ? last + 1 - page * PAGE : PAGE;
        const attention_ahead ahead = {next + k_offset, start + v_offset, positions * v_stride * size};
        score_page(
            queries, start + k_offset, ahead, positions, head_dim, scale, scores + page * PAGE, stride, nq, dtype);
    }
    const float *weights[4];
    float totals[4];
    UNROLL for (int i = 0; i < nq; i++) {
        weights[i] = scores + i * stride;
        totals[i] = soften(scores + i * stride, queries[i].first, queries[i].last);
    }
    size_t d = 0;
    if (nq == 1 || YB_SCORE_VECTORS == 4)
        for (; d + 64 <= v_stride; d += 64)
            weigh(queries, pages, v_offset, v_stride, head_dim, d, weights, totals, nq, 4, dtype);
    for (; d < v_stride; d += 16)
        weigh(queries, pages, v_offset, v_stride, head_dim, d, weights, totals, nq, 1, dtype);
}

#define BODY(D)                                                                                                        \
    switch (count) {                                                                                                   \
    case 1: attend_all(queries, pages, k_offset, v_offset, head_dim, v_stride, scale, scores, 1, D); break;            \
    case 2: attend_all(queries, pages, k_offset, v_offset, head_dim, v_stride, scale, scores, 2, D); break;            \
    case 3: attend_all(queries, pages, k_offset, v_offset, head_dim, v_stride, scale, scores, 3, D); break;            \
    case 4: attend_all(queries, pages, k_offset, v_offset, head_dim, v_stride, scale, scores, 4, D); break;            \
    }
static void attend(
    const yb_query *queries, size_t count, void *const *pages, size_t k_offset, size_t v_offset, size_t head_dim,
    size_t v_stride, float scale, float *scores, yb_dtype dtype) {
    FOR_DTYPE(dtype, BODY)
}
#undef BODY
