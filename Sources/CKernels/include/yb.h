#ifndef YB_H
#define YB_H
int yb_placeholder(void);
#endif
