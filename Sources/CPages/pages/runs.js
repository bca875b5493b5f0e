// The page of runs: a sortable list, and two of them side by side.
import { askJSON, byId, make, start } from "./common.js";
import { diff } from "./diff.js";
import { say } from "./words.js";

// One row a run of a report; reports of benchmarks and damaged ones have a row of their own.
let rows = [];
let sorting = { column: "date", descending: true };
let chosen = [];
let pair = null;
let shown = "flips";
const opened = new Set();

const percent = (value) => value === null || value === undefined ? say("notMeasured") : `${(value * 100).toFixed(1)} %`;
const number = (value) => value === null || value === undefined ? "–" : value.toFixed(1);
const mebibytes = (value) => value === null || value === undefined ? "–" : `${Math.round(value / 1048576).toLocaleString("en")} MiB`;
const date = (value) => value ? value.replace("T", " ").replace(/:\d\d(\.\d+)?Z?$/, "") : "–";
const pill = (verdict) => make("span", { class: `verdict ${verdict === "passed" || verdict === "failed" ? verdict : ""}` }, verdict);

const columns = [
  { key: "date", value: (r) => r.created_at, cell: (r) => make("td", { class: "n less" }, date(r.created_at)), number: true, less: true },
  { key: "model", value: (r) => r.run?.model ?? r.folder, cell: (r) => make("th", { scope: "row", class: "name" }, r.run?.model ?? r.folder, 
      r.run ? make("span", { class: "folder" }, make("span", { class: "only-narrow" }, `${r.run.dataset} · ${r.run.dtype ?? "–"} · `), r.folder) : null) },
  { key: "dataset", less: true, value: (r) => r.run?.dataset ?? "", cell: (r) => make("td", { class: "less" }, r.run ? r.run.dataset : say("benchmark", { n: r.benchmarks })) },
  { key: "dtype", less: true, value: (r) => r.run?.dtype ?? "", cell: (r) => make("td", { class: "less" }, r.run?.dtype ?? "–") },
  { key: "score", value: (r) => r.run?.value, number: true, cell: (r) => make("td", { class: "n" }, r.run ? percent(r.run.value) : "–",
      r.run?.ci95 ? make("span", { class: "range" }, `${(r.run.ci95[0] * 100).toFixed(0)} – ${(r.run.ci95[1] * 100).toFixed(0)} %`) : null) },
  { key: "passed", value: (r) => r.run?.passed, number: true, less: true, cell: (r) => make("td", { class: "n less" }, r.run ? `${r.run.passed} / ${r.run.total}` : "–") },
  { key: "decode", value: (r) => r.run?.decode_tokens_per_s, number: true, less: true, cell: (r) => make("td", { class: "n less" }, number(r.run?.decode_tokens_per_s)) },
  { key: "memory", value: (r) => r.run?.peak_rss_bytes, number: true, less: true, cell: (r) => make("td", { class: "n less" }, mebibytes(r.run?.peak_rss_bytes)) },
];

const keyOf = (row) => `${row.folder}\n${row.run?.index ?? -1}`;
const sideOf = (row) => { const index = chosen.indexOf(keyOf(row)); return index < 0 ? null : "AB"[index]; };

const collator = new Intl.Collator("en", { numeric: true });
const order = (a, b) => {
  const column = columns.find((one) => one.key === sorting.column);
  const [x, y] = [column.value(a) ?? null, column.value(b) ?? null];
  if (x === null || y === null) return (x === null) - (y === null);
  const result = typeof x === "number" ? x - y : collator.compare(x, y);
  return sorting.descending ? -result : result;
};

const rowOf = (row) => {
  const side = sideOf(row);
  const box = row.run ? make("input", {
    type: "checkbox", "aria-label": say("chooseRun", { name: `${row.run.model}, ${row.run.dataset}, ${row.run.dtype}` }),
    onchange: () => choose(row),
  }) : null;
  if (box) box.checked = side !== null;
  return make("tr", { class: side ? "chosen" : null, "data-run": keyOf(row) },
    make("td", { class: "pick" }, box, side ? make("span", { class: "side" }, side) : null),
    ...(row.problem ? [make("td", { class: "n less" }, "–"), columns[1].cell(row),
      make("td", { class: "name", colspan: columns.length - 2 }, `${say("damaged")}: ${row.problem}`)]
      : columns.map((column) => column.cell(row))),
    make("td", null, row.has_page ? make("a", {
      href: `/runs/${encodeURIComponent(row.folder)}/report.html`, target: "_blank", rel: "noopener", "aria-label": say("reportOf", { folder: row.folder }),
    }, say("open")) : null));
};

const draw = () => {
  const query = byId("query").value.toLowerCase().trim();
  const found = rows.filter((row) => !query || [row.folder, row.run?.model, row.run?.dataset, row.run?.dtype].join("\n").toLowerCase().includes(query));
  found.sort(order);
  byId("count").textContent = rows.length ? say("rows", { n: found.length }) : "";
  const headings = columns.map((column) => make("th", {
    scope: "col", class: [column.number && "n", column.less && "less"].filter(Boolean).join(" ") || null,
    "aria-sort": sorting.column !== column.key ? "none" : sorting.descending ? "descending" : "ascending",
  }, make("button", { type: "button", class: "sort", "data-column": column.key, onclick: () => {
    sorting = { column: column.key, descending: sorting.column === column.key ? !sorting.descending : Boolean(column.number) };
    draw();
    document.querySelector(`[data-column=${column.key}]`).focus();
  } }, say(column.key))));
  byId("table").replaceChildren(...(rows.length ? [make("div", { class: "wide", tabindex: "0", role: "region", "aria-label": say("runsTitle") },
    make("table", { class: "list" }, make("thead", null, make("tr", null,
      make("th", { scope: "col" }, make("span", { class: "hidden" }, say("choose"))), ...headings,
      make("th", { scope: "col" }, make("span", null, say("report"))))),
      make("tbody", null, ...found.map(rowOf))))] : []));
  byId("tray").hidden = chosen.length === 0;
  byId("chosen").textContent = say("compareHint", { n: chosen.length });
  byId("compare").disabled = chosen.length !== 2;
};

const choose = (row) => {
  const key = keyOf(row);
  chosen = chosen.includes(key) ? chosen.filter((other) => other !== key) : [...chosen.slice(-1), key];
  draw();
  [...document.querySelectorAll("[data-run]")].find((element) => element.dataset.run === key)?.querySelector("input").focus();
};

// ── two runs ──

const compare = async () => {
  const [a, b] = chosen.map((key) => { const [folder, index] = key.split("\n"); return { folder, index }; });
  const query = new URLSearchParams({ a: a.folder, a_run: a.index, b: b.folder, b_run: b.index });
  byId("comparison").hidden = false;
  byId("pair").replaceChildren(make("p", { class: "state" }, say("loading")));
  try {
    pair = await askJSON(`/api/compare?${query}`);
    history.replaceState(null, "", `#${query}`);
    opened.clear();
    drawPair();
    byId("comparison-title").focus();
    byId("comparison").scrollIntoView();
  } catch (error) {
    byId("pair").replaceChildren(make("p", { class: "problem", role: "alert" }, error instanceof TypeError ? say("unreachable") : error.message));
  }
};

const cardOf = (name, run) => make("li", null,
  make("p", { class: "title" }, make("span", { class: "side" }, name), ` ${run.model}`),
  make("p", null, `${run.dataset} · ${run.dtype ?? "–"} · ${run.prompt}`),
  make("p", { class: "score" }, percent(run.value)),
  make("p", null, `${run.passed} / ${run.total}` + (run.ci95 ? ` · ${(run.ci95[0] * 100).toFixed(1)} – ${(run.ci95[1] * 100).toFixed(1)} %` : "")),
  make("p", null, run.decode_tokens_per_s ? `${number(run.decode_tokens_per_s)} tokens/s` : say("notMeasured")));

const kinds = {
  flips: (p) => (p.verdict_a === "passed") !== (p.verdict_b === "passed"),
  differing: (p) => !p.identical,
  all: () => true,
};

const drawPair = () => {
  const c = pair.comparison;
  const fact = (name, value) => make("div", null, make("dt", null, say(name)), make("dd", null, String(value)));
  const interval = c.difference_ci95 ? c.difference_ci95.map((x) => `${x >= 0 ? "+" : "−"}${Math.abs(x * 100).toFixed(1)}`).join(" … ") + " %" : say("notMeasured");
  const select = make("select", { id: "shown", onchange: (event) => { shown = event.target.value; drawPair(); byId("shown").focus(); } },
    ...Object.keys(kinds).map((kind) => make("option", { value: kind, selected: kind === shown }, `${say(kind)} (${pair.problems.filter(kinds[kind]).length})`)));
  const list = pair.problems.filter(kinds[shown]);
  const body = make("tbody");
  for (const p of list) {
    const key = `${p.id}\n${p.sample}`;
    const button = make("button", { type: "button", class: "open", "aria-expanded": String(opened.has(key)), onclick: () => {
      if (opened.has(key)) opened.delete(key); else opened.add(key);
      drawPair();
      [...document.querySelectorAll(".open")].find((one) => one.dataset.key === key)?.focus();
    }, "data-key": key }, p.sample ? `${p.id} · ${p.sample}` : p.id);
    body.append(make("tr", null, make("th", { scope: "row" }, button), make("td", null, pill(p.verdict_a)), make("td", null, pill(p.verdict_b)),
      make("td", { class: "less" }, say(p.identical ? "same" : "differs"))));
    if (opened.has(key)) body.append(make("tr", { class: "detail" }, make("td", { colspan: matchMedia("(max-width: 48rem)").matches ? "3" : "4" }, diff(p.completion_a, p.completion_b))));
  }
  byId("pair").replaceChildren(
    make("ul", { class: "cards" }, cardOf("A", pair.a), cardOf("B", pair.b)),
    ...(pair.same_data ? [] : [make("p", { class: "warning" }, say("otherData"))]),
    ...(pair.left_out.length ? [make("p", { class: "warning" }, say("leftOut", { n: pair.left_out.length }))] : []),
    make("p", { class: "conclusion", lang: "en" }, c.conclusion),
    make("dl", { class: "numbers" }, fact("both", c.both_passed), fact("onlyA", c.only_a), fact("onlyB", c.only_b), fact("neither", c.neither),
      fact("identical", `${pair.problems.filter((p) => p.identical).length} / ${pair.problems.length}`), fact("p", c.mcnemar_p >= 0.9995 ? "1" : c.mcnemar_p.toPrecision(2)), fact("difference", interval)),
    make("p", { class: "filters" }, make("label", { for: "shown" }, say("show")), select),
    list.length ? make("div", { class: "wide" }, make("table", null, make("thead", null, make("tr", null,
      ...["problem", "verdictA", "verdictB", "completion"].map((key) => make("th", { scope: "col", class: key === "completion" ? "less" : null }, make("span", null, say(key)))))), body))
      : make("p", { class: "state" }, say("none")));
};

byId("query").addEventListener("input", draw);
byId("filters").addEventListener("submit", (event) => event.preventDefault());
byId("clear").addEventListener("click", () => { chosen = []; draw(); });
byId("compare").addEventListener("click", compare);
addEventListener("languagechange-yuanbench", () => { draw(); if (pair) drawPair(); if (!rows.length) byId("state").textContent = say("noRuns"); });

const load = async () => {
  try {
    await start();
    const { folders } = await askJSON("/api/runs");
    rows = folders.flatMap((folder) => folder.runs.length
      ? folder.runs.map((run) => ({ ...folder, run })) : [{ ...folder, run: null }]);
    byId("state").hidden = rows.length > 0;
    byId("state").textContent = say("noRuns");
  } catch (error) {
    byId("state").textContent = error instanceof TypeError ? say("unreachable") : error.message;
    byId("state").className = "problem";
    return;
  }
  draw();
  const asked = new URLSearchParams(location.hash.slice(1));
  const wanted = ["a", "b"].map((side) => `${asked.get(side)}\n${asked.get(`${side}_run`)}`);
  if (wanted.every((key) => rows.some((row) => row.run && keyOf(row) === key))) {
    chosen = wanted;
    draw();
    compare();
  }
};
load();
