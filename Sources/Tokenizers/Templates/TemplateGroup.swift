/// The elements of a list or the members of a dictionary, with how deep they are nested.
///
/// The depth is carried along, so that it costs nothing to know: a value can hold another one twice at every level, and
/// going through it would take longer than anybody lives.
struct TemplateGroup<Element: Sendable>: RandomAccessCollection, Sendable {
    let elements: [Element]
    /// 1 for a list of plain values.
    let depth: Int

    private init(_ elements: [Element], depths: some Sequence<Int>) {
        self.elements = elements
        depth = 1 + (depths.max() ?? 0)
    }

    var startIndex: Int { elements.startIndex }
    var endIndex: Int { elements.endIndex }

    subscript(position: Int) -> Element { elements[position] }
}

typealias TemplateMember = (key: String, value: TemplateValue)

extension TemplateGroup where Element == TemplateValue {
    init(_ values: [TemplateValue]) { self.init(values, depths: values.lazy.map(\.depth)) }
}

extension TemplateGroup where Element == TemplateMember {
    init(_ members: [TemplateMember]) { self.init(members, depths: members.lazy.map(\.value.depth)) }
}

extension RandomAccessCollection where Element == TemplateMember {
    subscript(name: String) -> TemplateValue? { last { $0.key == name }?.value }
}
