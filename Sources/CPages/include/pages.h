#pragma once
#include <stddef.h>

/// One file of the pages that `yuanbench serve` shows, as it lies in Sources/CPages/pages.
typedef struct {
    const char *name;
    const unsigned char *bytes;
    size_t count;
} page_file;

/// How many files there are.
size_t page_file_count(void);

/// The file at `index`; its bytes live as long as the process.
page_file page_file_at(size_t index);
