/// The program of the warm interpreter, in parts. It reports facts; `VerdictRules` turns them into a verdict.
enum PythonSource {
    static let whole = imports + codec + negativeControl + candidate + judge + program + zygote

    private static let imports =
        "import array, ctypes, fcntl, gc, json, os, resource, select, signal, socket, struct, sys\n"
        + "sys.path[:] = [folder for folder in sys.path if folder]\n\n"
}
