// What report.html and the page of runs both do with texts: report.html has no modules and takes these lines as they are.

// Pairs of lines [left, right]; null where one side has none. Longest common subsequence of what lies between the
// common start and the common end; too long a middle is told as changed throughout.
export const align = (a, b) => {
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

// What is invisible or turns the direction of writing is spelt out.
const invisible = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;
export const visible = (text) => text.replace(/\r\n/g, "\u240d\n").replace(invisible, (c) => `\\u{${c.charCodeAt(0).toString(16)}}`);
