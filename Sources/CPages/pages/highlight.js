// Colours for code: comments, strings, numbers and keywords, by one scanner for many languages.
const lists = {
  python: "and as assert async await break class continue def del elif else except False finally for from global if import in is lambda match None nonlocal not or pass raise return self True try while with yield",
  javascript: "async await break case catch class const continue default delete do else export extends false finally for from function if import in instanceof interface let new null of return static super switch this throw true try type typeof undefined var void while yield",
  c: "alignas auto bool break case catch char class concept const constexpr continue default delete do double else enum explicit extern false float for friend if inline int long namespace new noexcept nullptr operator private protected public return short signed sizeof static struct switch template this throw true try typedef typename union unsigned using virtual void volatile while NULL",
  java: "abstract boolean break byte case catch char class const continue default do double else enum extends final finally float for if implements import instanceof int interface long new null package private protected public return short static super switch this throw throws true false try void volatile while var record string namespace using",
  swift: "actor any as async await break case catch class continue default defer deinit do else enum extension fallthrough false fileprivate for func guard if import in init inout internal is let mutating nil override package private protocol public repeat return self Self some static struct subscript super switch throw throws true try typealias var where while",
  go: "break case chan const continue default defer else false fallthrough for func go goto if import interface map nil package range return select struct switch true type var",
  rust: "as async await break const continue crate dyn else enum extern false fn for if impl in let loop match mod move mut pub ref return self Self static struct super trait true type unsafe use where while",
  bash: "case do done elif else esac exit export fi for function if in local return set then unset until while",
  sql: "add all alter and as asc between by case count create delete desc distinct drop else end exists from full group having in index inner insert into is join key left like limit not null on or order outer primary right select set table then union unique update values view when where with",
  json: "true false null",
};
const names = {
  py: "python", python3: "python", js: "javascript", jsx: "javascript", ts: "javascript", tsx: "javascript", typescript: "javascript",
  cpp: "c", "c++": "c", cc: "c", h: "c", hpp: "c", cs: "java", csharp: "java", kotlin: "java", scala: "java", golang: "go", rs: "rust",
  sh: "bash", shell: "bash", zsh: "bash", console: "bash",
};
const keywords = Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, new Set(list.split(" "))]));
const hashComments = new Set(["python", "bash"]);

const scanner = (kind) => new RegExp([
  hashComments.has(kind) ? "(?<comment>#[^\\n]*)" : kind === "sql" ? "(?<comment>--[^\\n]*|/\\*[^]*?(?:\\*/|$))"
    : kind === "json" ? "(?<comment>(?!))" : "(?<comment>//[^\\n]*|/\\*[^]*?(?:\\*/|$))",
  "(?<string>\"\"\"[^]*?(?:\"\"\"|$)|'''[^]*?(?:'''|$)|\"(?:\\\\.|[^\"\\\\\\n])*(?:\"|$|(?=\\n))|'(?:\\\\.|[^'\\\\\\n])*(?:'|$|(?=\\n))|`(?:\\\\.|[^`\\\\])*(?:`|$))",
  "(?<number>\\b(?:0[xXbBoO][\\da-fA-F_]+|\\d[\\d_]*(?:\\.[\\d_]+)?(?:[eE][+-]?\\d+)?)\\b)",
  "(?<word>[\\p{L}_$@][\\p{L}\\p{N}_$]*)",
].join("|"), "gu");

// The code as text nodes and spans.
export const highlight = (code, language) => {
  const kind = names[language] ?? language;
  const known = keywords[kind];
  const result = document.createDocumentFragment();
  if (!known) {
    result.append(code);
    return result;
  }
  let end = 0;
  for (const match of code.matchAll(scanner(kind))) {
    const { comment, string, number, word } = match.groups;
    const isCall = word !== undefined && code[match.index + word.length] === "(";
    const type = comment !== undefined ? "comment" : string !== undefined ? "string" : number !== undefined ? "number"
      : known.has(kind === "sql" ? word.toLowerCase() : word) ? "keyword" : isCall ? "call" : null;
    if (!type) continue;
    const span = document.createElement("span");
    span.className = `hl-${type}`;
    span.textContent = match[0];
    result.append(code.slice(end, match.index), span);
    end = match.index + match[0].length;
  }
  result.append(code.slice(end));
  return result;
};
