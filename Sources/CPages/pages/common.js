// What both pages need: elements, questions to the server, theme and language.
import { say, switchLanguage, translate } from "./words.js";

export const byId = (id) => document.getElementById(id);

// Text always becomes text nodes: no markup is ever made of what a model or a report says.
export const make = (tag, attributes, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  for (const child of children) if (child !== null && child !== undefined) element.append(child);
  return element;
};

// A question to the server. A server with a key is asked again once the key was given.
export const ask = async (path, options = {}) => {
  for (;;) {
    const response = await fetch(path, { credentials: "same-origin", ...options });
    if (response.status !== 401) return response;
    await unlock();
  }
};

export const askJSON = async (path) => {
  const response = await ask(path);
  const body = await response.json().catch(() => null);
  if (!response.ok) throw new Error(body?.error?.message ?? `${response.status}`);
  return body;
};

let unlocking = null;
// Asks for the key and trades it for a cookie; the key itself is not kept.
const unlock = () => unlocking ??= new Promise((done) => {
  const field = make("input", { type: "password", id: "key", autocomplete: "current-password", required: true });
  const wrong = make("p", { role: "alert", class: "wrong" });
  const form = make("form", { method: "dialog", class: "sheet" },
    make("h2", { id: "key-title" }, say("keyTitle")),
    make("label", { for: "key" }, say("key")), field, wrong,
    make("p", { class: "actions" }, make("button", { class: "primary" }, say("unlock"))));
  const dialog = make("dialog", { "aria-labelledby": "key-title" }, form);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const response = await fetch("/api/login", {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ key: field.value }),
    }).catch(() => null);
    if (!response?.ok) {
      wrong.textContent = say(response ? "keyWrong" : "unreachable");
      field.select();
      return;
    }
    dialog.close();
    dialog.remove();
    unlocking = null;
    done();
  });
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  document.body.append(dialog);
  dialog.showModal();
});

export const copy = async (text, button) => {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without permission for the clipboard: the old way.
    const area = make("textarea", { class: "hidden" });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  const before = button.textContent;
  button.textContent = say("copied");
  setTimeout(() => { button.textContent = before; }, 1500);
};

const themes = [null, "light", "dark"];
const theme = () => document.documentElement.dataset.theme ?? null;
const showTheme = () => {
  const name = say(theme() ?? "system_theme");
  byId("theme").setAttribute("aria-label", `${say("theme")}: ${name}`);
  byId("theme").title = `${say("theme")}: ${name}`;
  byId("theme").textContent = { light: "☀", dark: "☾" }[theme()] ?? "◐";
};
const nextTheme = () => {
  const next = themes[(themes.indexOf(theme()) + 1) % themes.length];
  if (next) document.documentElement.dataset.theme = next;
  else delete document.documentElement.dataset.theme;
  try {
    if (next) localStorage.setItem("yuanbench.theme", next);
    else localStorage.removeItem("yuanbench.theme");
  } catch { /* kept for this page alone */ }
  showTheme();
};

export const seconds = (value) => value < 1 ? `${(value * 1000).toPrecision(3)} ms` : `${value.toPrecision(3)} s`;

// The header's buttons, and the model that is served.
export const start = async () => {
  translate();
  showTheme();
  byId("theme").addEventListener("click", nextTheme);
  byId("language").addEventListener("click", () => { switchLanguage(); showTheme(); });
  const model = (await askJSON("/v1/models")).data[0];
  byId("model").textContent = `${model.id} · ${model.dtype}`;
  return model;
};
