import ArgumentParser

/// Paths and names as they were given.
enum GivenPaths {
    /// An empty one is a shell variable that was not set; it would be taken for the current folder.
    static func refuseEmpty(_ values: KeyValuePairs<String, String?>) throws {
        for (name, value) in values where value?.isEmpty == true {
            throw ValidationError("\(name) is empty, expected a path or a name; leave it out for the default.")
        }
    }

    static func refuseEmpty(_ name: String, _ values: [String]) throws {
        if values.contains("") { throw ValidationError("\(name) is empty, expected a path or a name.") }
    }
}
