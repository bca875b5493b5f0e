#ifndef YB_BUILD_H
#define YB_BUILD_H

/// The commit the build was told of by the environment variable YUANBENCH_COMMIT, or "unknown".
const char *yb_build_commit(void);

#endif
