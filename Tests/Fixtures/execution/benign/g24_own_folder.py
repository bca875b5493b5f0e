import os

assert os.listdir(".") == ["solution.py"], os.listdir(".")


def add(a, b): return a + b
