// Large zeroed buffers straight from the operating system.
#ifndef YB_MEMORY_H
#define YB_MEMORY_H

#include <stddef.h>

// `bytes` of zeroes, page-aligned (2 MiB-aligned and offered to transparent huge pages when large), or NULL.
// Pages count as used only once written.
void *yb_map(size_t bytes);

// Gives back what `yb_map` returned for the same size; NULL is fine.
void yb_unmap(void *memory, size_t bytes);

#endif
