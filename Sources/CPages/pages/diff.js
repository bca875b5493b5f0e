// Two texts side by side, line by line, as in report.html.
import { make } from "./common.js";
import { align, visible } from "./texts.js";
import { say } from "./words.js";

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
