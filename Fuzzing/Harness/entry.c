// What libFuzzer calls. Swift executables bring a main of their own, which would stand against libFuzzer's; this one does not.
#include <stddef.h>
#include <stdint.h>

void yuanbench_fuzz_start(void);
void yuanbench_fuzz_one(const uint8_t *bytes, ptrdiff_t count);

int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc;
    (void)argv;
    yuanbench_fuzz_start();
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
    yuanbench_fuzz_one(bytes, (ptrdiff_t)count);
    return 0;
}
