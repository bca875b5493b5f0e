// Panel products of one instruction set and one dtype. The including file defines, for each kernel,
//   NAME             the kernel's name
//   STEP_BYTES       bytes of panel per step
//   LOAD_0(w, v)     weights of rows v·LANES … of the step's (first) column
//   LOAD_1(w, v)     those of its second column, for paired panels read column by column
//   MULTIPLY_ADD(w, x, sum), SPLAT(x) and X, the type of an element of x
// and once per file VECTOR, LANES, MAX_COLUMNS, ZERO, LOAD(p) and STORE(p, v).
//
//   acc[c][v]: column c × rows v·LANES …: 32 rows × up to MAX_COLUMNS columns stay in registers for all steps.

#ifndef VECTORS
#define VECTORS (YB_PANEL_ROWS / LANES)
#endif
#define JOIN2(a, b) a##b
#define JOIN(a, b) JOIN2(a, b)

// Adds one column of the panel, `load(w, v)`, times one element of x per column. Where a row takes few vectors all of
// its weights are loaded first, otherwise all of x: whichever needs fewer registers beside the sums.
#ifndef ADD_COLUMN
#define ADD_COLUMN(load)                                                                                               \
    if (VECTORS <= 2) {                                                                                                \
        VECTOR weights[VECTORS];                                                                                       \
        UNROLL for (int v = 0; v < VECTORS; v++) weights[v] = load(w, v);                                              \
        UNROLL for (int c = 0; c < columns; c++) {                                                                     \
            const VECTOR factor = SPLAT(x[c]);                                                                         \
            UNROLL for (int v = 0; v < VECTORS; v++) acc[c][v] = MULTIPLY_ADD(weights[v], factor, acc[c][v]);          \
        }                                                                                                              \
    } else {                                                                                                           \
        VECTOR factors[MAX_COLUMNS];                                                                                   \
        UNROLL for (int c = 0; c < columns; c++) factors[c] = SPLAT(x[c]);                                             \
        UNROLL for (int v = 0; v < VECTORS; v++) {                                                                     \
            const VECTOR weights = load(w, v);                                                                         \
            UNROLL for (int c = 0; c < columns; c++) acc[c][v] = MULTIPLY_ADD(weights, factors[c], acc[c][v]);         \
        }                                                                                                              \
    }                                                                                                                  \
    x += columns;
#endif

INLINE void JOIN(NAME, _body)(
    const char *w, size_t steps, const X *x, float *sums, int resume, yb_prefetch prefetch, const int columns) {
    VECTOR acc[MAX_COLUMNS][VECTORS];
    UNROLL for (int c = 0; c < columns; c++) {
        UNROLL for (int v = 0; v < VECTORS; v++)
            acc[c][v] = resume ? LOAD(sums + c * YB_PANEL_ROWS + v * LANES) : ZERO;
    }
    for (size_t i = 0; i < steps; i++) {
        if (i >= prefetch.begin && i < prefetch.end) {
            for (size_t line = 0; line < STEP_BYTES; line += 64)
                __builtin_prefetch(prefetch.from + i * STEP_BYTES + line, 0, 2);
        }
        ADD_COLUMN(LOAD_0)
#ifdef LOAD_1
        ADD_COLUMN(LOAD_1)
#endif
        w += STEP_BYTES;
    }
    UNROLL for (int c = 0; c < columns; c++) {
        UNROLL for (int v = 0; v < VECTORS; v++) STORE(sums + c * YB_PANEL_ROWS + v * LANES, acc[c][v]);
    }
}

static void NAME(
    const void *panel, size_t steps, const void *x, int columns, float *sums, int resume, yb_prefetch prefetch) {
    switch (columns) {
    case 1: JOIN(NAME, _body)(panel, steps, x, sums, resume, prefetch, 1); break;
    case 2: JOIN(NAME, _body)(panel, steps, x, sums, resume, prefetch, 2); break;
    case 3: JOIN(NAME, _body)(panel, steps, x, sums, resume, prefetch, 3); break;
#if MAX_COLUMNS > 3
    case 4: JOIN(NAME, _body)(panel, steps, x, sums, resume, prefetch, 4); break;
#endif
#if MAX_COLUMNS > 4
    case 5: JOIN(NAME, _body)(panel, steps, x, sums, resume, prefetch, 5); break;
    case 6: JOIN(NAME, _body)(panel, steps, x, sums, resume, prefetch, 6); break;
    case 7: JOIN(NAME, _body)(panel, steps, x, sums, resume, prefetch, 7); break;
    case 8: JOIN(NAME, _body)(panel, steps, x, sums, resume, prefetch, 8); break;
    case 9: JOIN(NAME, _body)(panel, steps, x, sums, resume, prefetch, 9); break;
    case 10: JOIN(NAME, _body)(panel, steps, x, sums, resume, prefetch, 10); break;
    case 11: JOIN(NAME, _body)(panel, steps, x, sums, resume, prefetch, 11); break;
    case 12: JOIN(NAME, _body)(panel, steps, x, sums, resume, prefetch, 12); break;
#endif
    }
}

#undef NAME
#undef STEP_BYTES
#undef LOAD_0
#undef LOAD_1
