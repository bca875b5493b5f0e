// Products of compact panels with one block of activations: stretches without listed weights, and single steps with them.
#include "matmul_job.h"

void yb_multiply_compact(
    const linear_job *job, const panel_place *place, size_t steps, const float *x, int columns, float *sums,
    yb_prefetch prefetch) {
    const compact_head *head = place->head;
    const size_t count = steps / 2, x_step = (size_t)columns * (job->pairs ? COMPACT_COLUMNS / 2 : COMPACT_COLUMNS);
    prefetch.stride *= 2;
    for (size_t from = 0, listed = 0; from < count;) {
        const size_t next = listed < head->exceptions ? (head->list[listed] >> 8) / COMPACT_STEP_WEIGHTS : count;
        const char *here = place->weights + from * COMPACT_STEP_BYTES;
        if (next > from) {
            job->kernels.compact[job->dtype](
                here, next - from, x + from * x_step, columns, sums, from > 0, prefetch, head->upper);
            prefetch.from += (next - from) * prefetch.stride;
            prefetch.also += (next - from) * prefetch.also_stride;
            from = next;
            continue;
        }
        _Alignas(64) uint16_t plain[COMPACT_STEP_WEIGHTS];
        job->kernels.expand(here, 1, head->upper, plain);
        listed += compact_mend(head, listed, from, from + 1, plain);
        job->kernels.expanded[job->dtype](plain, 2, x + from * x_step, columns, sums, from > 0, prefetch);
        prefetch.from += prefetch.stride;
        from++;
    }
}
