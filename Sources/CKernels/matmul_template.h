// Panel products of one instruction set and one dtype. The including file defines, for each kernel,
//   NAME             the kernel's name
//   STEP_BYTES       bytes of panel per step
//   LOAD_0(w, v)     weights of rows v·LANES … of the step's (first) column
//   LOAD_1(w, v)     those of its second column, for paired panels read column by column
//   LOAD_2, LOAD_3   those of the third and the fourth one, for compact panels read column by column
//   MULTIPLY_ADD(w, x, sum), SPLAT(x) and X, the type of an element of x
//   KEEPING          where the kernel stores the weights it has converted for other calls, which then need not
//   COMPACT          where the panel is compact, and `upper` are the upper bytes of its codes
//   SUM_THEN(sum, w) where sums and weights leave no register free: makes what reads `w` come behind `sum`
// and once per file VECTOR, LANES, MAX_COLUMNS, WHOLE_COLUMNS, L1_COLUMNS, STEPS_AT_ONCE, ZERO, LOAD(p) and STORE(p, v).
//
//   acc[c][v]: column c × rows v·LANES …: they stay in registers for all steps. Up to WHOLE_COLUMNS columns are
//   multiplied with all 32 rows at once, more with one half of the rows after the other. Up to L1_COLUMNS columns memory
//   bounds the speed: what is fetched ahead goes to the first-level cache, otherwise to the second, beside the activations.
//   Beside the multiplications little else may be issued: a neighbour on the same core takes up to half of the places (a
//   cloud's processors are often such halves). So STEPS_AT_ONCE steps are one round of the loop.

#ifndef VECTORS
#define VECTORS (YB_PANEL_ROWS / LANES)
#endif
#define JOIN2(a, b) a##b
#define JOIN(a, b) JOIN2(a, b)

// A step of a compact panel is four columns already.
#ifdef COMPACT
#define ROUND 1
#else
#define ROUND STEPS_AT_ONCE
#endif

#ifdef KEEPING
#define MORE_PARAMETERS , float *kept
#define MORE_ARGUMENTS , kept
#define KEEP(v, weights) STORE(kept + (first + (v)) * LANES, weights)
#define NEXT_KEPT kept += YB_PANEL_ROWS
#else
#ifdef COMPACT
#define MORE_PARAMETERS , const uint8_t upper[16]
#define MORE_ARGUMENTS , upper
#else
#define MORE_PARAMETERS
#define MORE_ARGUMENTS
#endif
#define KEEP(v, weights)
#define NEXT_KEPT
#endif

// Adds one column of the panel, `load(w, v)`, times one element of x per column. Where few vectors are at work all of
// their weights are loaded first, otherwise all of x: whichever needs fewer registers beside the sums.
#ifndef ADD_COLUMN
#define ADD_COLUMN(load)                                                                                               \
    if (vectors <= 2) {                                                                                                \
        VECTOR weights[VECTORS];                                                                                       \
        UNROLL for (int v = 0; v < vectors; v++) {                                                                     \
            weights[v] = load(w + place, first + v);                                                                   \
            KEEP(v, weights[v]);                                                                                       \
        }                                                                                                              \
        UNROLL for (int c = 0; c < columns; c++) {                                                                     \
            const VECTOR factor = SPLAT(x[c]);                                                                         \
            UNROLL for (int v = 0; v < vectors; v++) acc[c][v] = MULTIPLY_ADD(weights[v], factor, acc[c][v]);          \
        }                                                                                                              \
    } else {                                                                                                           \
        VECTOR factors[MAX_COLUMNS];                                                                                   \
        UNROLL for (int c = 0; c < columns; c++) factors[c] = SPLAT(x[c]);                                             \
        UNROLL for (int v = 0; v < vectors; v++) {                                                                     \
            const VECTOR weights = load(w + place, first + v);                                                         \
            KEEP(v, weights);                                                                                          \
            UNROLL for (int c = 0; c < columns; c++) acc[c][v] = MULTIPLY_ADD(weights, factors[c], acc[c][v]);         \
        }                                                                                                              \
    }                                                                                                                  \
    x += columns;                                                                                                      \
    NEXT_KEPT;
#endif

// Between two columns of a panel the weights are read again rather than kept in registers, of which there are none to spare,
// and where SUM_THEN is defined only after the sums: a compiler that mixes both columns puts a sum on the stack, and the wait
// for it bounds the loop.
#ifdef SUM_THEN
#define APART                                                                                                          \
    UNROLL for (int c = 0; c < columns; c++) UNROLL for (int v = 0; v < vectors; v++) SUM_THEN(acc[c][v], w);
#else
#define APART __asm__("" : "+r"(w));
#endif

#if defined(LOAD_2)
#define ADD_STEP ADD_COLUMN(LOAD_0) ADD_COLUMN(LOAD_1) ADD_COLUMN(LOAD_2) ADD_COLUMN(LOAD_3)
#elif defined(LOAD_1)
#define ADD_STEP ADD_COLUMN(LOAD_0) APART ADD_COLUMN(LOAD_1)
#else
#define ADD_STEP ADD_COLUMN(LOAD_0)
#endif

// Fetches what `steps` steps are to fetch, `steps`, `columns` and `vectors` being constants at every call. Few columns and rounds
// of one step fetch without looking at how much, line by line of the panel.
INLINE void JOIN(NAME, _fetch)(yb_prefetch *prefetch, const int steps, const int columns, const int vectors) {
    const int panel_bytes = steps * STEP_BYTES * vectors / VECTORS;
    if (columns <= L1_COLUMNS) {
        UNROLL for (int line = 0; line < panel_bytes; line += 64) __builtin_prefetch(prefetch->from + line, 0, 3);
    } else {
        const size_t bytes = ROUND == 1 ? panel_bytes : steps * prefetch->stride;
        for (size_t line = 0; line < bytes; line += 64) __builtin_prefetch(prefetch->from + line, 0, 2);
    }
    if (columns > 2) {
        const size_t bytes = ROUND == 1 ? 64 : steps * prefetch->also_stride;
        for (size_t line = 0; line < bytes; line += 64) __builtin_prefetch(prefetch->also + line, 0, 2);
    }
    prefetch->from += steps * prefetch->stride;
    prefetch->also += steps * prefetch->also_stride;
}

// `columns`, `first` and `vectors` are constants at every call.
INLINE void JOIN(NAME, _body)(
    const char *w, size_t steps, const X *x, float *sums, int resume, yb_prefetch prefetch MORE_PARAMETERS,
    const int columns, const int first, const int vectors) {
    VECTOR acc[MAX_COLUMNS][VECTORS];
#ifdef COMPACT
    const UPPER uppers = LOAD_UPPER(upper);
#endif
    UNROLL for (int c = 0; c < columns; c++) {
        UNROLL for (int v = 0; v < vectors; v++)
            acc[c][v] = resume ? LOAD(sums + c * YB_PANEL_ROWS + (first + v) * LANES) : ZERO;
    }
    for (; steps >= ROUND; steps -= ROUND) {
        JOIN(NAME, _fetch)(&prefetch, ROUND, columns, vectors);
        UNROLL for (int place = 0; place < ROUND * STEP_BYTES; place += STEP_BYTES) {
            ADD_STEP
            APART
        }
        w += ROUND * STEP_BYTES;
    }
    for (; ROUND > 1 && steps > 0; steps--) {
        const int place = 0;
        JOIN(NAME, _fetch)(&prefetch, 1, columns, vectors);
        ADD_STEP
        w += STEP_BYTES;
    }
    UNROLL for (int c = 0; c < columns; c++) {
        UNROLL for (int v = 0; v < vectors; v++)
            STORE(sums + c * YB_PANEL_ROWS + (first + v) * LANES, acc[c][v]);
    }
}

#ifndef COLUMNS_CASE
#define COLUMNS_CASE(n)                                                                                                \
    case n:                                                                                                            \
        if (n <= WHOLE_COLUMNS) {                                                                                      \
            JOIN(NAME, _body)(panel, steps, x, sums, resume, prefetch MORE_ARGUMENTS, n, 0, VECTORS);                  \
        } else {                                                                                                       \
            prefetch.stride /= 2;                                                                                      \
            prefetch.also_stride /= 2;                                                                                 \
            JOIN(NAME, _body)(panel, steps, x, sums, resume, prefetch MORE_ARGUMENTS, n, 0, VECTORS / 2);              \
            prefetch.from += steps * prefetch.stride;                                                                  \
            prefetch.also += steps * prefetch.also_stride;                                                             \
            JOIN(NAME, _body)(panel, steps, x, sums, resume, prefetch MORE_ARGUMENTS, n, VECTORS / 2, VECTORS / 2);    \
        }                                                                                                              \
        break;
#endif

// Beyond WHOLE_COLUMNS compact panels come expanded.
static void NAME(
    const void *panel, size_t steps, const void *x, int columns, float *sums, int resume,
    yb_prefetch prefetch MORE_PARAMETERS) {
    switch (columns) {
        COLUMNS_CASE(1)
        COLUMNS_CASE(2)
#if !defined(COMPACT) || WHOLE_COLUMNS == MAX_COLUMNS
        COLUMNS_CASE(3)
#if MAX_COLUMNS > 3
        COLUMNS_CASE(4)
        COLUMNS_CASE(5)
        COLUMNS_CASE(6)
#endif
#if MAX_COLUMNS > 6
        COLUMNS_CASE(7)
        COLUMNS_CASE(8)
        COLUMNS_CASE(9)
        COLUMNS_CASE(10)
        COLUMNS_CASE(11)
        COLUMNS_CASE(12)
#endif
#endif
    }
}

#undef NAME
#undef KEEPING
#undef COMPACT
#undef MORE_PARAMETERS
#undef MORE_ARGUMENTS
#undef KEEP
#undef NEXT_KEPT
#undef ROUND
#undef APART
#undef ADD_STEP
#undef STEP_BYTES
#undef LOAD_0
#undef LOAD_1
#undef LOAD_2
#undef LOAD_3
