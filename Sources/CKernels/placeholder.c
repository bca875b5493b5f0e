#include "yb.h"
int yb_placeholder(void) { return 0; }
