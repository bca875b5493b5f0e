// The chats of this browser: nothing of them is kept anywhere else.
const name = "yuanbench.chats";
const settingsName = "yuanbench.settings";

const read = (key, otherwise) => {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? otherwise;
  } catch {
    return otherwise;
  }
};

// The newest first: { id, title, updated, messages: [{ role, content, stats?, finish?, error? }] }.
export const chats = () => {
  const list = read(name, []);
  return Array.isArray(list) ? list.filter((chat) => chat && Array.isArray(chat.messages)) : [];
};

// Keeps a chat as it is now. False where older ones had to go to make room.
export const keep = (chat) => {
  chat.updated = Date.now();
  const others = chats().filter((other) => other.id !== chat.id);
  let list = [chat, ...others];
  let whole = true;
  while (list.length) {
    try {
      localStorage.setItem(name, JSON.stringify(list));
      return whole;
    } catch {
      list.pop();
      whole = false;
    }
  }
  return false;
};

export const forget = (id) => {
  try {
    localStorage.setItem(name, JSON.stringify(chats().filter((chat) => chat.id !== id)));
  } catch { /* nothing was kept either */ }
};

export const settings = () => ({ temperature: 0, maxTokens: 1024, system: "", ...read(settingsName, {}) });

export const keepSettings = (value) => {
  try { localStorage.setItem(settingsName, JSON.stringify(value)); } catch { /* kept for this page alone */ }
};
