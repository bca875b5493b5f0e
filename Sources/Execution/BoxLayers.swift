import CBox

/// The layers of the box. Users choose levels; single layers are taken away only by tests.
struct BoxLayers: OptionSet, Sendable {
    var rawValue: UInt32

    static let namespaces = BoxLayers(rawValue: YB_LAYER_NAMESPACES)
    static let network = BoxLayers(rawValue: YB_LAYER_NETWORK)
    static let seccomp = BoxLayers(rawValue: YB_LAYER_SECCOMP)
    static let landlock = BoxLayers(rawValue: YB_LAYER_LANDLOCK)
    static let freshFolder = BoxLayers(rawValue: YB_LAYER_FRESH_FOLDER)
    static let cleanEnvironment = BoxLayers(rawValue: YB_LAYER_CLEAN_ENVIRONMENT)
    static let cgroup = BoxLayers(rawValue: YB_LAYER_CGROUP)
    static let ownUser = BoxLayers(rawValue: YB_LAYER_OWN_USER)

    static let everywhere: BoxLayers = [.freshFolder, .cleanEnvironment, .ownUser]
    static let l1: BoxLayers = [.everywhere, .seccomp, .landlock, .cgroup]
    static let l2: BoxLayers = [.everywhere, .seccomp, .namespaces, .network, .cgroup]

    /// In words, for reports.
    var sentence: String {
        var words: [String] = []
        if contains(.namespaces) {
            words.append("mount, pid and IPC namespaces of each program's own, a read-only root")
        }
        if contains(.network) { words.append("no network") }
        if contains(.landlock), !contains(.namespaces) { words.append("Landlock") }
        if contains(.seccomp) { words.append("seccomp") }
        if contains(.cgroup) { words.append("control groups") }
        return (words + ["resource limits"]).joined(separator: ", ")
    }
}
