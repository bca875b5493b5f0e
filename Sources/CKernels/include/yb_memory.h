// Large zeroed buffers straight from the operating system.
#ifndef YB_MEMORY_H
#define YB_MEMORY_H

#include <stddef.h>

// `bytes` of zeroes, page-aligned (2 MiB-aligned and offered to transparent huge pages when large), or NULL.
// Pages count as used only once written.
void *yb_map(size_t bytes);

// Gives back what `yb_map` returned for the same size; NULL is fine.
void yb_unmap(void *memory, size_t bytes);

// Bytes of all buffers of `yb_map` that are not yet given back.
size_t yb_mapped_bytes(void);

// Gives the pages of freed heap memory back to the operating system, those in the arenas of ended threads too, which
// free() keeps. Does nothing where the C library has no such call.
void yb_trim_heap(void);

#endif
