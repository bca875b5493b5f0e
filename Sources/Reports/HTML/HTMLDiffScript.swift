import CPages

/// Two texts side by side, line by line.
enum HTMLDiffScript {
    static let text = shared + differences

    /// What this page and the page of runs share; a script that is no module exports nothing.
    private static let shared: String = {
        for index in 0..<page_file_count() {
            let file = page_file_at(index)
            guard String(cString: file.name) == "texts.js" else { continue }
            let source = String(decoding: UnsafeBufferPointer(start: file.bytes, count: file.count), as: UTF8.self)
            return source.replacing("export const ", with: "const ")
        }
        preconditionFailure("texts.js is embedded by CPages, but was not found there")
    }()

    private static let differences = #"""
        // A changed line with the part that the other line does not share marked.
        const marked = (line, other) => {
          if (other === null) return [visible(line)];
          let start = 0, end = line.length, last = other.length;
          while (start < end && start < last && line[start] === other[start]) start++;
          while (end > start && last > start && line[end - 1] === other[last - 1]) { end--; last--; }
          return [visible(line.slice(0, start)), make("mark", null, visible(line.slice(start, end))), visible(line.slice(end))];
        };
        const firstDifference = (a, b) => {
          let i = 0;
          while (i < a.length && i < b.length && a[i] === b[i]) i++;
          return i;
        };
        const diff = (left, right, nameLeft, nameRight) => {
          if (left === right) return make("p", null, "The completions are the same text.");
          const at = firstDifference(left, right);
          const line = left.slice(0, at).split("\n").length;
          const body = make("tbody");
          for (const [a, b] of align(left.split("\n"), right.split("\n"))) {
            const same = a !== null && a === b;
            const cell = (text, other, kind) => text === null ? make("td", { class: "none" })
              : make("td", { class: same ? "same" : kind }, ...(same ? [visible(text)] : marked(text, other)));
            body.append(make("tr", null, cell(a, b, "gone"), cell(b, a, "new")));
          }
          return make("div", null,
            make("p", null, "First difference: character " + (at + 1) + ", line " + line + "."),
            make("table", { class: "diff mono" },
              make("caption", null, "Completions of " + nameLeft + " (left, −) and " + nameRight + " (right, +)"),
              make("thead", null, make("tr", null, make("th", { scope: "col" }, nameLeft), make("th", { scope: "col" }, nameRight))),
              body));
        };

        """#
}
