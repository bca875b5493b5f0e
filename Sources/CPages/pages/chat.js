// The chat page: many turns, streamed, kept in this browser.
import { byId, copy, make, seconds, start } from "./common.js";
import { render } from "./markdown.js";
import * as store from "./store.js";
import { AnswerError, streamAnswer } from "./stream.js";
import { say } from "./words.js";

let model = null;
let chat = newChat();
// The answer that is coming: { controller, message }.
let running = null;

function newChat() {
  return { id: crypto.randomUUID?.() ?? String(Math.random()), title: "", messages: [] };
}

// ── the conversation ──

const scroller = byId("scroll");
const atEnd = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 60;
const toEnd = () => { scroller.scrollTop = scroller.scrollHeight; };

const factsOf = (message, isLast) => {
  const facts = make("div", { class: "facts" });
  const add = (text) => facts.append(make("span", null, text));
  const stats = message.stats;
  if (stats?.tokens !== undefined) add(say("tokens", { n: stats.tokens }));
  if (stats?.rate) add(say("rate", { n: stats.rate.toFixed(1) }));
  if (stats?.first) add(say("first", { n: seconds(stats.first) }));
  if (stats?.model) add(`${stats.model} · ${stats.dtype}`);
  if (message.finish === "length") add(say("cutOff"));
  if (message.finish === "stopped") add(say("stopped"));
  if (message.content) {
    const button = make("button", { type: "button", "aria-label": say("copyAnswer") }, say("copy"));
    button.addEventListener("click", () => copy(message.content, button));
    facts.append(button);
  }
  if (isLast && !message.error) facts.append(make("button", { type: "button", onclick: retry }, say("retry")));
  return facts;
};

const elementOf = (message, isLast) => {
  const own = message.role === "user";
  const busy = running?.message === message;
  const text = make("div", { class: "text" }, own ? message.content : render(message.content));
  const element = make("li", { class: `message ${own ? "user" : "assistant"}`, "aria-busy": busy ? "true" : null },
    make("h2", null, say(own ? "you" : "assistant")), text);
  if (message.error) {
    element.append(make("div", { class: "problem", role: "alert" }, make("p", null, message.error),
      isLast ? make("button", { type: "button", onclick: retry }, say("retry")) : null));
  }
  if (!own && !busy) element.append(factsOf(message, isLast));
  return element;
};

const draw = () => {
  const messages = byId("messages");
  messages.replaceChildren(...chat.messages.map((message, index) => elementOf(message, index === chat.messages.length - 1)));
  byId("welcome").hidden = chat.messages.length > 0;
  document.title = chat.title ? `${chat.title} – YuanBench` : "YuanBench";
};

// Only the answer that grows is drawn anew, at most once a frame.
let isDrawing = false;
const drawGrowing = () => {
  if (isDrawing) return;
  isDrawing = true;
  requestAnimationFrame(() => {
    isDrawing = false;
    const element = byId("messages").lastElementChild;
    if (!running || !element) return;
    const stay = atEnd();
    element.querySelector(".text").replaceChildren(render(running.message.content));
    if (stay) toEnd();
  });
};

const setBusy = (busy) => {
  byId("send").hidden = busy;
  byId("stop").hidden = !busy;
};

const send = (text) => {
  if (running || !text.trim() || !model?.chat) return;
  if (!chat.messages.length) chat.title = text.trim().split("\n")[0].slice(0, 60);
  chat.messages.push({ role: "user", content: text });
  answer();
};

const answer = async () => {
  const settings = store.settings();
  const turns = chat.messages.filter((message) => !message.error || message.content)
    .map(({ role, content }) => ({ role, content }));
  const request = {
    model: model.id, temperature: settings.temperature, max_completion_tokens: settings.maxTokens,
    messages: settings.system ? [{ role: "system", content: settings.system }, ...turns] : turns,
  };
  const message = { role: "assistant", content: "" };
  const controller = new AbortController();
  const mine = chat;
  running = { controller, message };
  mine.messages.push(message);
  setBusy(true);
  keep(mine);
  draw();
  toEnd();
  byId("status").textContent = say("writing");
  try {
    const result = await streamAnswer(request, controller.signal, (piece) => {
      message.content += piece;
      if (mine === chat) drawGrowing();
    });
    message.finish = result.finish;
    message.stats = {
      tokens: result.usage?.completion_tokens, rate: result.timings?.decode_tokens_per_s,
      first: result.timings?.time_to_first_token_s, model: model.id, dtype: model.dtype,
    };
  } catch (error) {
    if (error.name === "AbortError") message.finish = "stopped";
    else message.error = error instanceof AnswerError ? error.message : say("failed", { reason: error.message });
  }
  running = null;
  setBusy(false);
  keep(mine);
  if (mine === chat) {
    const stay = atEnd();
    draw();
    if (stay) toEnd();
  }
  // What was shown as it grew is read out once, when it is whole; an error has an alert of its own.
  byId("status").textContent = message.error ? "" : message.content;
};

const retry = () => {
  if (running) return;
  while (chat.messages.at(-1)?.role === "assistant") chat.messages.pop();
  if (chat.messages.length) answer();
  byId("message").focus();
};

const stop = () => running?.controller.abort();

// ── the list of chats ──

const keep = (which) => {
  if (!store.keep(which)) byId("status").textContent = say("full");
  drawList();
};

const drawList = () => {
  const list = store.chats();
  byId("chat-list").replaceChildren(...(list.length ? list.map((other) => {
    const current = other.id === chat.id;
    return make("li", { class: current ? "current" : null },
      make("button", { type: "button", "aria-current": current ? "true" : null, title: other.title, onclick: () => show(other.id) }, other.title || "…"),
      make("button", { type: "button", class: "delete", "aria-label": say("deleteChat", { title: other.title }), onclick: () => remove(other.id) }, "✕"));
  }) : [make("li", { class: "empty" }, say("noChats"))]));
};

const leave = () => {
  stop();
  closeList();
};

const show = (id) => {
  if (id === chat.id) return closeList();
  leave();
  chat = store.chats().find((other) => other.id === id) ?? newChat();
  history.replaceState(null, "", `#${chat.id}`);
  draw();
  drawList();
  toEnd();
  byId("message").focus();
};

const begin = () => {
  leave();
  chat = newChat();
  history.replaceState(null, "", "/");
  draw();
  drawList();
  byId("message").focus();
};

const remove = (id) => {
  if (!confirm(say("confirmDelete"))) return;
  if (id === chat.id) stop();
  store.forget(id);
  if (id === chat.id) begin();
  else drawList();
};

const closeList = () => {
  byId("chats").classList.remove("open");
  byId("show-chats").setAttribute("aria-expanded", "false");
};

// ── controls ──

const field = byId("message");
const grow = () => {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight}px`;
};
const submit = () => {
  if (running || !model?.chat) return;
  const text = field.value;
  if (!text.trim()) return;
  field.value = "";
  grow();
  send(text);
};
field.addEventListener("input", grow);
field.addEventListener("keydown", (event) => {
  // While an input method composes, Enter belongs to it.
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
    event.preventDefault();
    submit();
  }
});
byId("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
});
byId("stop").addEventListener("click", () => { stop(); field.focus(); });
byId("new-chat").addEventListener("click", begin);
byId("show-chats").addEventListener("click", () => {
  const open = byId("chats").classList.toggle("open");
  byId("show-chats").setAttribute("aria-expanded", String(open));
});
byId("newest").addEventListener("click", toEnd);
scroller.addEventListener("scroll", () => { byId("newest").hidden = atEnd(); });
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
  if (byId("chats").classList.contains("open")) closeList();
  else stop();
});

const dialog = byId("settings");
byId("open-settings").addEventListener("click", () => {
  const settings = store.settings();
  byId("temperature").value = settings.temperature;
  byId("max-tokens").value = settings.maxTokens;
  byId("system").value = settings.system;
  dialog.showModal();
});
dialog.querySelector("form").addEventListener("submit", () => store.keepSettings({
  temperature: Number(byId("temperature").value), maxTokens: Number(byId("max-tokens").value) || 1024,
  system: byId("system").value.trim(),
}));

// What another tab kept.
addEventListener("storage", () => { drawList(); });
// A reload in the middle of an answer keeps what has come of it.
addEventListener("pagehide", () => { if (running) store.keep(chat); });

const examples = () => {
  byId("welcome-sub").textContent = model ? say(model.chat ? "welcomeSub" : "noTemplate", { model: model.id }) : "";
  byId("examples").replaceChildren(...["example1", "example2", "example3", "example4"].map((key) =>
    make("li", null, make("button", { type: "button", onclick: () => send(say(key)) }, say(key)))));
};
addEventListener("languagechange-yuanbench", () => { draw(); drawList(); examples(); });

const opened = store.chats().find((other) => `#${other.id}` === location.hash) ?? store.chats()[0];
if (opened) chat = opened;
draw();
drawList();
examples();
setBusy(false);
toEnd();
const connect = async () => {
  try {
    model = await start();
  } catch {
    byId("welcome-sub").textContent = say("unreachable");
    chat.messages.length || (byId("welcome-sub").role = "alert");
  }
  if (model) examples();
  field.focus();
};
connect();
