/// The table of problems: sorted, filtered, each row opening to everything that is known of it.
enum HTMLTableScript {
    static let text = #"""
        const runs = JSON.parse(byId("data").textContent);
        const rows = runs.flatMap((run, index) => run.problems.map((problem, order) => ({ run, index, problem, order })));
        const keyOf = (row) => row.run.group + "\n" + row.problem.id + "\n" + row.problem.sample;
        const family = new Map();
        for (const row of rows) family.set(keyOf(row), [...(family.get(keyOf(row)) || []), row]);
        for (const row of rows) {
          const kin = family.get(keyOf(row));
          row.differs = kin.some((other) => other.problem.completion !== row.problem.completion || other.problem.verdict !== row.problem.verdict);
          row.haystack = [row.problem.id, row.problem.detail, row.problem.verdict, row.problem.completion, row.problem.extracted].join("\n").toLowerCase();
        }
        const severalRuns = [...family.values()].some((kin) => kin.length > 1);
        const severalSamples = rows.some((row) => row.problem.sample > 0);
        const groups = [...new Map(runs.map((run) => [run.group, run.title]))];
        const columns = [
          { title: "Problem", value: (r) => r.problem.id, natural: true },
          { title: "Sample", value: (r) => r.problem.sample, number: true, show: severalSamples },
          { title: "Set", value: (r) => r.run.title, show: groups.length > 1, less: true },
          { title: "Dtype", value: (r) => r.run.label },
          { title: "Verdict", value: (r) => r.problem.verdict },
          { title: "Reason", value: (r) => r.problem.detail, why: true, less: true },
          { title: "Tokens", value: (r) => r.problem.generated_tokens, number: true, less: true },
          { title: "Finish", value: (r) => r.problem.finish_reason, less: true },
          { title: "First token", value: (r) => r.problem.ttft_s, time: true, number: true, less: true },
          { title: "Generation", value: (r) => r.problem.generation_s, time: true, number: true, less: true },
          { title: "Test CPU", value: (r) => r.problem.test_cpu_s, time: true, number: true, less: true },
        ].filter((column) => column.show !== false);
        let sorting = { column: null, descending: false };
        const opened = new Set();

        const pill = (verdict) => make("span", { class: "verdict " + (verdict === "passed" || verdict === "failed" ? verdict : "") }, verdict);
        const fold = (title, text) => make("div", null, make("h4", null, title),
          text === null || text === undefined ? make("p", null, notMeasured) : text === "" ? make("p", null, "empty") : make("pre", { tabindex: "0" }, visible(text)));
        const detailOf = (row) => {
          const p = row.problem, facts = make("dl");
          const fact = (name, value) => facts.append(make("dt", null, name), make("dd", null, value === null || value === undefined ? notMeasured : value));
          fact("verdict", pill(p.verdict));
          fact("finished by", p.finish_reason);
          fact("tokens", count(p.prompt_tokens) + " of the prompt, " + count(p.generated_tokens) + " generated");
          fact("first token after", seconds(p.ttft_s));
          fact("generation took", seconds(p.generation_s));
          fact("CPU time of the tests", seconds(p.test_cpu_s));
          fact("verdict protected by", p.verdict_integrity);
          for (const [name, value] of Object.entries(p.scores)) fact("score " + name, String(value));
          const cell = make("td", { colspan: columns.length },
            facts, fold("Test output", p.detail),
            make("div", { class: "texts" }, fold("Prompt", p.prompt), fold("Completion", p.completion),
              fold("Scored, by the rule " + p.extraction, p.extracted)));
          const others = family.get(keyOf(row)).filter((other) => other !== row);
          if (others.length > 0) {
            const place = make("div");
            const choice = make("select", null, ...others.map((other, i) => make("option", { value: i }, other.run.label)));
            const show = () => {
              const other = others[Number(choice.value)];
              place.replaceChildren(diff(p.completion, other.problem.completion, row.run.label, other.run.label));
            };
            choice.addEventListener("change", show);
            cell.append(make("h4", null, "Beside another dtype"), make("label", null, row.run.label + " and ", choice), place);
            show();
          }
          return make("tr", { class: "detail" }, cell);
        };

        const rowOf = (row) => {
          const isOpen = opened.has(row);
          const cells = columns.map((column, i) => {
            const value = column.value(row);
            if (i === 0) {
              return make("th", { scope: "row" }, make("button", {
                type: "button", class: "open", "aria-expanded": String(isOpen),
                onclick: (event) => toggle(row, event.currentTarget) }, visible(String(value))));
            }
            const style = [column.number && "n", column.less && "less", column.why && "why"].filter(Boolean).join(" ");
            const shown = column.title === "Verdict" ? pill(value) : value === null ? "–" : column.time ? seconds(value)
              : column.number ? count(value) : visible(String(value).replace(/\s+/g, " "));
            return make("td", { class: style || null, title: column.why ? visible(String(value)) : null }, shown);
          });
          return make("tr", null, ...cells);
        };
        const toggle = (row, button) => {
          const line = button.closest("tr");
          if (opened.delete(row)) line.nextSibling.remove();
          else { opened.add(row); line.after(detailOf(row)); }
          button.setAttribute("aria-expanded", String(opened.has(row)));
        };

        const natural = new Intl.Collator("en", { numeric: true });
        const compare = (column) => (a, b) => {
          const x = column.value(a), y = column.value(b);
          if (x === null || y === null) return (x === null) - (y === null) || a.order - b.order;
          const order = typeof x === "number" ? x - y : natural.compare(x, y);
          return (sorting.descending ? -order : order) || a.order - b.order || a.index - b.index;
        };
        const body = make("tbody");
        const headings = columns.map((column) => make("th", {
          scope: "col", class: [column.number && "n", column.less && "less"].filter(Boolean).join(" ") || null, "aria-sort": "none" },
          make("button", { type: "button", class: "sort", onclick: () => {
            sorting = { column, descending: sorting.column === column && !sorting.descending };
            headings.forEach((heading, i) => heading.setAttribute("aria-sort",
              columns[i] !== column ? "none" : sorting.descending ? "descending" : "ascending"));
            draw();
          } }, column.title)));
        const draw = () => {
          const query = byId("query").value.toLowerCase().trim(), group = byId("group").value;
          const run = byId("run").value, verdict = byId("verdict").value, differing = byId("differing").checked;
          const shown = rows.filter((r) => (!query || r.haystack.includes(query)) && (!group || String(r.run.group) === group)
            && (!run || r.run.label === run) && (!verdict || r.problem.verdict === verdict) && (!differing || r.differs));
          // Without a chosen order the dtypes of a problem stand together, problems as in the set.
          shown.sort(sorting.column ? compare(sorting.column)
            : (a, b) => a.run.group - b.run.group || a.order - b.order || a.index - b.index);
          body.replaceChildren(...shown.flatMap((row) => opened.has(row) ? [rowOf(row), detailOf(row)] : [rowOf(row)]));
          byId("count").textContent = shown.length === rows.length ? plural(rows.length, "row") : shown.length + " of " + plural(rows.length, "row");
        };
        const fill = (select, first, values) => {
          select.append(make("option", { value: "" }, first), ...values.map(([value, text]) => make("option", { value }, text)));
          select.closest("label").hidden = values.length < 2;
        };

        if (rows.length > 0) {
          fill(byId("group"), "all", groups);
          fill(byId("run"), "all", [...new Set(runs.map((run) => run.label))].map((label) => [label, label]));
          fill(byId("verdict"), "all", [...new Set(rows.map((row) => row.problem.verdict))].sort().map((v) => [v, v]));
          byId("differing").closest("label").hidden = !severalRuns;
          const form = byId("filters");
          form.hidden = false;
          form.addEventListener("submit", (event) => event.preventDefault());
          form.addEventListener("input", draw);
          form.addEventListener("reset", () => setTimeout(draw));
          byId("table").append(make("div", { class: "wide" }, make("table", { class: "problems" },
            make("caption", null, "Every answer; a problem's name opens prompt, completion, what was scored, and the test's output"),
            make("thead", null, make("tr", null, ...headings)), body)));
          draw();
        }

        const theme = byId("theme");
        theme.hidden = false;
        theme.addEventListener("click", () => {
          const dark = getComputedStyle(document.documentElement).colorScheme === "dark";
          document.documentElement.dataset.theme = dark ? "light" : "dark";
          theme.setAttribute("aria-label", dark ? "Theme: light" : "Theme: dark");
        });

        """#
}
