import os, sys


def add(a, b):
    for code in (None, 3):
        child = os.fork()
        if child == 0: sys.exit(code)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == (code or 0)
    return a + b
