#define _GNU_SOURCE
#include "include/yb_memory.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

static const size_t huge_page = (size_t)2 << 20;

static _Atomic size_t mapped_bytes;

static size_t rounded(size_t bytes) {
    const size_t unit = bytes >= huge_page ? huge_page : 4096;
    return (bytes + unit - 1) / unit * unit;
}

void *yb_map(size_t bytes) {
    if (bytes == 0 || bytes > SIZE_MAX / 2) return NULL;
    const size_t size = rounded(bytes);
    const int large = bytes >= huge_page;
    const size_t mapped = large ? size + huge_page : size;
    char *start = mmap(NULL, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (start == MAP_FAILED) return NULL;
    atomic_fetch_add_explicit(&mapped_bytes, size, memory_order_relaxed);
    if (!large) return start;
    // Trim to a huge-page boundary: the kernel only uses huge pages for whole aligned ones.
    const size_t before = (huge_page - (uintptr_t)start % huge_page) % huge_page;
    if (before) munmap(start, before);
    if (huge_page - before) munmap(start + before + size, huge_page - before);
#ifdef MADV_HUGEPAGE
    madvise(start + before, size, MADV_HUGEPAGE);
#endif
    return start + before;
}

void yb_unmap(void *memory, size_t bytes) {
    if (!memory) return;
    munmap(memory, rounded(bytes));
    atomic_fetch_sub_explicit(&mapped_bytes, rounded(bytes), memory_order_relaxed);
}

size_t yb_mapped_bytes(void) { return atomic_load_explicit(&mapped_bytes, memory_order_relaxed); }

void yb_trim_heap(void) {
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}
