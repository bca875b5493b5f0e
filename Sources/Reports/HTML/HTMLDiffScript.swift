/// Two texts side by side, line by line.
enum HTMLDiffScript {
    static let text = #"""
        // Pairs of lines [left, right]; null where one side has none. Longest common subsequence of what lies between the
        // common start and the common end; too long a middle is told as changed throughout.
        const align = (a, b) => {
          let start = 0, endA = a.length, endB = b.length;
          while (start < endA && start < endB && a[start] === b[start]) start++;
          while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) { endA--; endB--; }
          const pairs = [];
          for (let i = 0; i < start; i++) pairs.push([a[i], b[i]]);
          const n = endA - start, m = endB - start;
          let gone = [], added = [];
          const flush = () => {
            for (let i = 0; i < Math.max(gone.length, added.length); i++) pairs.push([gone[i] ?? null, added[i] ?? null]);
            gone = []; added = [];
          };
          if (n * m <= 4e6) {
            const width = m + 1, best = new Uint32Array((n + 1) * width);
            for (let i = n - 1; i >= 0; i--) for (let j = m - 1; j >= 0; j--) {
              best[i * width + j] = a[start + i] === b[start + j] ? best[(i + 1) * width + j + 1] + 1
                : Math.max(best[(i + 1) * width + j], best[i * width + j + 1]);
            }
            let i = 0, j = 0;
            while (i < n && j < m) {
              if (a[start + i] === b[start + j]) { flush(); pairs.push([a[start + i++], b[start + j++]]); }
              else if (best[(i + 1) * width + j] >= best[i * width + j + 1]) gone.push(a[start + i++]);
              else added.push(b[start + j++]);
            }
            while (i < n) gone.push(a[start + i++]);
            while (j < m) added.push(b[start + j++]);
          } else {
            gone = a.slice(start, endA); added = b.slice(start, endB);
          }
          flush();
          for (let i = endA, j = endB; i < a.length; i++, j++) pairs.push([a[i], b[j]]);
          return pairs;
        };
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
