#pragma once
#include <stddef.h>

/// One file of the model `yuan2-nano`, as it lies in Models/yuan2-nano.
typedef struct {
    const char *name;
    const unsigned char *bytes;
    size_t count;
} nano_file;

/// How many files the model has.
size_t nano_file_count(void);

/// The file at `index`; its bytes live as long as the process.
nano_file nano_file_at(size_t index);
