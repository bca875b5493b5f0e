/// Two completions as one text of lines that went (`-`), came (`+`) and stayed.
enum CompletionDiff {
    /// More lines than this a side are cut, and said to be.
    private static let longest = 200

    /// The lines of a unified diff without headers, in full context: completions are short.
    static func lines(_ a: String, _ b: String) -> [String] {
        let (old, new) = (split(a), split(b))
        let change = new.difference(from: old)
        var removed: Set<Int> = []
        var inserted: Set<Int> = []
        for step in change {
            switch step {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): inserted.insert(offset)
            }
        }
        var result: [String] = []
        var (i, j) = (0, 0)
        while i < old.count || j < new.count {
            if i < old.count, removed.contains(i) {
                result.append("-" + old[i])
                i += 1
            } else if j < new.count, inserted.contains(j) {
                result.append("+" + new[j])
                j += 1
            } else {
                result.append(" " + old[i])
                i += 1
                j += 1
            }
        }
        return result
    }

    private static func split(_ text: String) -> [String] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.count > longest {
            let more = lines.count - longest
            lines = Array(lines.prefix(longest)) + ["… \(more) more lines"]
        }
        return lines
    }
}
