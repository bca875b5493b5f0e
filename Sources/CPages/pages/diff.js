// Two texts side by side, line by line, as in report.html.
import { make } from "./common.js";
import { say } from "./words.js";

// Pairs of lines [left, right]; null where one side has none. Longest common subsequence of what lies between the
// common start and the common end; too long a middle is told as changed throughout.
const align = (a, b) => {
  let start = 0, endA = a.length, endB = b.length;
  while (start < endA && start < endB && a[start] === b[start]) start++;
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) { endA--; endB--; }
  const pairs = a.slice(0, start).map((line, i) => [line, b[i]]);
  const n = endA - start, m = endB - start, width = m + 1;
  let gone = [], added = [];
  const flush = () => {
    for (let i = 0; i < Math.max(gone.length, added.length); i++) pairs.push([gone[i] ?? null, added[i] ?? null]);
    gone = []; added = [];
  };
  if (n * m <= 4e6) {
    const best = new Uint32Array((n + 1) * width);
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
    gone.push(...a.slice(start + i, endA));
    added.push(...b.slice(start + j, endB));
  } else {
    gone = a.slice(start, endA); added = b.slice(start, endB);
  }
  flush();
  for (let i = endA, j = endB; i < a.length; i++, j++) pairs.push([a[i], b[j]]);
  return pairs;
};

// What is invisible or turns the direction of writing is spelt out.
const invisible = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;
const visible = (text) => text.replace(invisible, (c) => `\\u{${c.charCodeAt(0).toString(16)}}`);

export const diff = (left, right) => {
  if (left === right) return make("div", null, make("p", null, say("sameText")), make("pre", { tabindex: "0" }, visible(left)));
  const body = make("tbody");
  for (const [a, b] of align(left.split("\n"), right.split("\n"))) {
    const same = a !== null && a === b;
    const cell = (text, kind) => text === null ? make("td", { class: "none" }) : make("td", { class: same ? "same" : kind }, visible(text));
    body.append(make("tr", null, cell(a, "gone"), cell(b, "new")));
  }
  return make("table", { class: "diff mono" },
    make("thead", null, make("tr", null, make("th", { scope: "col" }, "A −"), make("th", { scope: "col" }, "B +"))), body);
};
