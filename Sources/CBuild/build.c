#include "yb_build.h"

#define TEXT(x) #x
#define EXPANDED(x) TEXT(x)

const char *yb_build_commit(void) { return EXPANDED(YB_COMMIT); }
