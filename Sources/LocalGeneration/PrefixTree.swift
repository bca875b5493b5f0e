import Tensors

/// The beginnings that prompts have in common, in blocks of a cache page, so that each is computed once.
///
/// Every prompt not yet prefilled counts at the blocks it passes. Where prompts part, the first to arrive leaves what it
/// has computed, and the others wait for it and go on from there.
final class PrefixTree {
    static let blockTokens = KVCache.pagePositions

    final class Node {
        /// Tokens from the beginning to the end of this block.
        let length: Int
        /// Prompts that pass here and have not been prefilled.
        fileprivate var uses = 0
        fileprivate var children: [ArraySlice<Int>: Node] = [:]
        fileprivate(set) var prefix: SequencePrefix?
        /// The sequence that is computing up to here.
        fileprivate var owner: ObjectIdentifier?

        fileprivate init(length: Int) { self.length = length }
    }

    private let root = Node(length: 0)
    /// Tokens of all prefixes kept, pages shared among them counted each time.
    private var heldTokens = 0
    private let mostHeldTokens: Int

    /// - Parameter mostHeldTokens: beyond so many nothing more is kept, which costs time but no memory.
    init(mostHeldTokens: Int) { self.mostHeldTokens = mostHeldTokens }

    /// Counts a prompt; returns the blocks it passes, all but its last token.
    func enter(_ prompt: [Int]) -> [Node] {
        var path: [Node] = []
        var node = root
        for end in stride(from: Self.blockTokens, to: prompt.count, by: Self.blockTokens) {
            let key = prompt[end - Self.blockTokens..<end]
            let next = node.children[key] ?? Node(length: end)
            node.children[key] = next
            next.uses += 1
            path.append(next)
            node = next
        }
        return path
    }

    /// Takes a prompt off that has been prefilled or given up.
    func leave(_ prompt: [Int], _ path: [Node], owner: ObjectIdentifier?) {
        var parent = root
        for node in path {
            node.uses -= 1
            if let owner, node.owner == owner { node.owner = nil }
            if node.uses == 0 {
                parent.children[prompt[node.length - Self.blockTokens..<node.length]] = nil
                if node.prefix != nil { heldTokens -= node.length }
                node.prefix = nil
            }
            parent = node
        }
    }

    /// The longest prefix there is beyond `length` tokens.
    func prefix(on path: [Node], beyond length: Int) -> SequencePrefix? {
        path.last { $0.length > length && $0.prefix != nil }?.prefix
    }

    /// Where a sequence that has `length` tokens must next leave what it has; nil when it shares nothing more.
    func boundary(on path: [Node], beyond length: Int) -> Node? {
        for (index, node) in path.enumerated() where node.length > length && node.prefix == nil && node.uses > 1 {
            if index + 1 == path.count || path[index + 1].uses < node.uses { return node }
        }
        return nil
    }

    /// Whether `sequence` may compute up to `node`: false while another does.
    func claim(_ node: Node, for sequence: ObjectIdentifier) -> Bool {
        if node.owner == nil { node.owner = sequence }
        return node.owner == sequence
    }

    /// Keeps the state of the owner, which has arrived at `node`.
    func keep(_ state: SequenceState, at node: Node) {
        node.owner = nil
        guard heldTokens + node.length <= mostHeldTokens else { return }
        node.prefix = state.prefix()
        heldTokens += node.length
    }
}
