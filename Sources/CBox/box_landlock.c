// Landlock: what may be read and written where there are no namespaces. By number, since headers may be older.
#ifdef __linux__
#include "box.h"

#define YB_CREATE_RULESET 444
#define YB_ADD_RULE 445
#define YB_RESTRICT_SELF 446

struct ruleset {
    uint64_t files, network, scoped;
};

struct below {
    uint64_t allowed;
    int32_t folder;
} __attribute__((packed));

enum {
    EXECUTE = 1,
    WRITE_FILE = 2,
    READ_FILE = 4,
    READ_FOLDER = 8,
    TRUNCATE = 1 << 14,
};

int yb_landlock_abi(void) {
    long abi = syscall(YB_CREATE_RULESET, NULL, 0, 1);
    return abi > 0 ? (int)abi : 0;
}

static void allow(int rules, const char *path, uint64_t access, uint64_t file_access) {
    int fd = open(path, O_PATH | O_CLOEXEC);
    struct stat kind;
    if (fd < 0) return;
    if (fstat(fd, &kind) == 0) {
        struct below rule = {S_ISDIR(kind.st_mode) ? access : access & file_access, fd};
        syscall(YB_ADD_RULE, rules, 1, &rule, 0);
    }
    close(fd);
}

/// Restricts this process and all it starts to reading the visible folders and to writing below `writable`.
bool yb_landlock_restrict(int abi, char *visible, uint32_t visible_bytes, const char *writable) {
    uint64_t all = abi >= 3 ? 0x7fff : abi == 2 ? 0x3fff : 0x1fff;
    if (abi >= 5) all |= 1 << 15; // ioctl on devices
    const uint64_t file = (EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE) & all, reading = EXECUTE | READ_FILE | READ_FOLDER;
    struct ruleset rules = {all, abi >= 4 ? 3 : 0, abi >= 6 ? 3 : 0};
    size_t size = abi >= 6 ? 24 : abi >= 4 ? 16 : 8;
    int fd = (int)syscall(YB_CREATE_RULESET, &rules, size, 0);
    if (fd < 0) return false;
    char *paths[256];
    int count = yb_strings(visible, visible_bytes, paths, 256);
    for (int i = 0; i < count; i++) allow(fd, paths[i], reading, file);
    allow(fd, writable, all & ~(uint64_t)(1 << 15), file);
    const char *devices[] = {"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"};
    for (size_t i = 0; i < sizeof devices / sizeof *devices; i++)
        allow(fd, devices[i], (READ_FILE | WRITE_FILE | TRUNCATE) & all, file);
    bool good = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && syscall(YB_RESTRICT_SELF, fd, 0) == 0;
    close(fd);
    return good;
}
#endif
