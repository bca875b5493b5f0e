// The part of Markdown that models write, made into elements: nothing in an answer can become anything else.
import { copy, make } from "./common.js";
import { highlight } from "./highlight.js";
import { say } from "./words.js";

// Bold, emphasis and code within a line. Links stay text: an answer sends nobody anywhere.
const inline = (text) => {
  const result = document.createDocumentFragment();
  let end = 0;
  for (const match of text.matchAll(/(`+)(.+?)\1|\*\*(?=\S)(.+?)\*\*|(?<![\w*])\*(?=[^\s*])([^*\n]+?)\*(?![\w*])/gs)) {
    result.append(text.slice(end, match.index));
    if (match[2] !== undefined) result.append(make("code", null, match[2]));
    else if (match[3] !== undefined) result.append(make("strong", null, inline(match[3])));
    else result.append(make("em", null, match[4]));
    end = match.index + match[0].length;
  }
  result.append(text.slice(end));
  return result;
};

const codeBlock = (code, language) => {
  const button = make("button", { type: "button", class: "copy", "aria-label": say("copyCode") }, say("copy"));
  button.addEventListener("click", () => copy(code, button));
  return make("figure", { class: "code" },
    make("figcaption", null, make("span", null, language), button),
    make("pre", { tabindex: "0" }, make("code", null, highlight(code, language.toLowerCase()))));
};

// A fence that is still open, because the answer is still coming, reaches to the end.
export const render = (text) => {
  const result = document.createDocumentFragment();
  const lines = text.replace(/\r\n?/g, "\n").split("\n");
  let paragraph = [];
  let list = null;
  const flush = () => {
    if (paragraph.length) {
      const element = make("p");
      paragraph.forEach((line, index) => {
        if (index) element.append(make("br"));
        element.append(inline(line));
      });
      result.append(element);
    }
    paragraph = [];
    list = null;
  };
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i];
    const fence = line.match(/^\s{0,3}(`{3,}|~{3,})\s*([\w+#.-]*)/);
    if (fence) {
      flush();
      const code = [];
      while (++i < lines.length && !(lines[i].trim().startsWith(fence[1]) && /^[`~]+\s*$/.test(lines[i].trim()))) code.push(lines[i]);
      result.append(codeBlock(code.join("\n"), fence[2]));
      continue;
    }
    const heading = line.match(/^(#{1,6})\s+(.*)/);
    const item = line.match(/^\s*(?:([-*+])|(\d{1,9})[.)])\s+(.*)/);
    if (heading) {
      flush();
      // The page's own headings end at the second level.
      result.append(make(`h${Math.min(6, heading[1].length + 2)}`, null, inline(heading[2])));
    } else if (item) {
      const tag = item[1] ? "ul" : "ol";
      if (list?.localName !== tag) {
        flush();
        list = make(tag, tag === "ol" && item[2] !== "1" ? { start: item[2] } : null);
        result.append(list);
      }
      list.append(make("li", null, inline(item[3])));
    } else if (line.trim() === "") {
      flush();
    } else if (list && /^\s{2,}\S/.test(line)) {
      list.lastChild.append(make("br"), inline(line.trim()));
    } else {
      if (list) flush();
      // Indentation is kept: models that write code without fences are still to be read.
      paragraph.push(line);
    }
  }
  flush();
  return result;
};
