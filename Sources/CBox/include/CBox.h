// The box: a small program that keeps untrusted code in namespaces, watches it and reports facts. It is this executable
// started again as `yuanbench __box` (a constructor takes over before Swift runs), and speaks the structures below over
// its standard input. Nothing here decides a verdict.
#ifndef CBOX_H
#define CBOX_H

#include <stdint.h>
#include <sys/types.h>

// Layers, as bits. All are asked for in earnest; tests take single ones away to see that it is noticed.
#define YB_LAYER_NAMESPACES 1u         // user (unless root), mount, pid, ipc and uts namespaces, a minimal read-only root
#define YB_LAYER_NETWORK 2u            // a network namespace without interfaces
#define YB_LAYER_SECCOMP 4u            // a filter of system calls
#define YB_LAYER_LANDLOCK 8u           // where there are no namespaces: what may be read and written
#define YB_LAYER_FRESH_FOLDER 16u      // a new work folder for every program
#define YB_LAYER_CLEAN_ENVIRONMENT 32u // none of the caller's environment
#define YB_LAYER_CGROUP 64u            // memory and processes of all descendants together
#define YB_LAYER_OWN_USER 128u         // for root: a user id of its own for every program

// Sent first. Followed by three lists of NUL-terminated strings: folders and files to show read-only; the environment
// (NAME=value); the command of the warm interpreter, to which the name of its flavour is appended.
typedef struct {
    uint32_t layers, first_user;
    uint32_t visible_bytes, environment_bytes, interpreter_bytes;
} yb_setup;

// Answer to yb_setup.
typedef struct {
    uint32_t ok;           // 0: the message says why there is no box; 1: why a layer is missing, if one is
    uint32_t landlock_abi; // 0: none
    uint32_t layers;       // those that hold
    char message[244];
} yb_ready;

#define YB_KIND_EXEC 0u   // a program of its own; arguments name it
#define YB_KIND_PYTHON 1u // a fork of the warm interpreter, which runs the role in the payload
#define YB_KIND_NUMPY 2u  // the same with numpy loaded

#define YB_ROLE_CHANNEL 1u // has the channel to the other role as descriptor 3
#define YB_ROLE_TOLD 2u    // may tell: its descriptor 4 is read as `told`
#define YB_ROLE_TRUSTED 4u // runs only the data set's own text: exempt from the job's watch over output and CPU time
#define YB_ROLE_SECRET 8u  // descriptor 5 gives the secret (the payload's last `secret_bytes`)

// One process to start. Followed by payload, stdin, arguments (NUL-terminated strings) and files for the work folder
// (each a yb_file, its name and its bytes).
typedef struct {
    uint32_t kind, flags;
    uint64_t cpu_ms, memory_bytes, work_bytes, output_bytes, told_bytes;
    uint32_t processes, files;
    uint32_t payload_bytes, secret_bytes, stdin_bytes, arguments_bytes, contents_bytes, address_space;
} yb_role;

typedef struct {
    uint32_t mode, name_bytes, bytes;
} yb_file;

// One job: up to two roles, joined by the channel. The last one decides: the job ends when it does.
typedef struct {
    uint32_t roles, wall_ms;
} yb_job;

#define YB_ENDING_EXITED 0u
#define YB_ENDING_WALL 1u
#define YB_ENDING_OUTPUT 2u
#define YB_ENDING_MEMORY 3u
#define YB_ENDING_CPU 4u
#define YB_ENDING_STARVED 5u
#define YB_ENDING_BROKEN 6u // the box itself failed; the last role's `told` says how

typedef struct {
    uint32_t ending, roles;
    uint64_t wall_us;
} yb_outcome;

#define YB_STATE_ABSENT 0u
#define YB_STATE_EXITED 1u
#define YB_STATE_KILLED 2u // by the box, when the job was over

// Of one role; followed by out, err and told.
typedef struct {
    int32_t status; // as wait gives it
    uint32_t state;
    uint64_t cpu_us, waited_us;
    uint32_t out_bytes, err_bytes, told_bytes, oom_kills;
} yb_role_outcome;

/// Starts the command `arguments` (ended by null; `yuanbench __box`, perhaps through a program that changes the user)
/// with a socket as its standard input and nothing of our environment but `variable` (NAME=value, or null).
/// Returns the process, or -1 with errno; `descriptor` becomes our end.
pid_t yb_box_start(char *const *arguments, const char *variable, int *descriptor);

/// Reads or writes exactly `bytes`, waiting at most `milliseconds` (-1: for ever). Returns 0, -1 when the other end is
/// gone, -2 when the time is over.
int yb_box_read(int descriptor, void *buffer, size_t bytes, int milliseconds);
int yb_box_write(int descriptor, const void *buffer, size_t bytes);

#endif
