// Every word of the pages, in both languages.
const words = {
  en: {
    chat: "Chat", runs: "Runs", skip: "Skip to the content", pages: "Pages", chats: "Chats",
    newChat: "New chat", earlier: "Earlier chats", noChats: "Nothing yet", deleteChat: "Delete chat “{title}”",
    confirmDelete: "Delete this chat from this browser?", showChats: "Show earlier chats", closeChats: "Close",
    you: "You", assistant: "Assistant", message: "Message", placeholder: "Ask for some code…",
    hint: "Enter sends, Shift + Enter starts a new line, Esc stops.",
    send: "Send", stop: "Stop", retry: "Try again", copy: "Copy", copied: "Copied", copyAnswer: "Copy answer",
    copyCode: "Copy code", settings: "Settings", close: "Close", save: "Save",
    temperature: "Temperature", temperatureHelp: "0 always takes the likeliest token.",
    maxTokens: "New tokens at most", system: "System message",
    theme: "Theme", system_theme: "system", light: "light", dark: "dark", language: "中文", languageLabel: "语言：中文",
    welcome: "What shall we write?", welcomeSub: "Answers come from {model} on this host. Nothing leaves it.",
    example1: "Write a Python function that checks whether a word is a palindrome.",
    example2: "Write a Python function that merges two sorted lists.",
    example3: "Explain what a hash table is, with a short example.",
    example4: "Write a SQL query that counts orders by customer.",
    writing: "The assistant is answering.", stopped: "Stopped", cutOff: "Cut at the limit of tokens",
    tokens: "{n} tokens", rate: "{n} tokens/s", first: "first token {n}",
    unreachable: "The engine cannot be reached. Is “yuanbench serve” still running?",
    broken: "The connection broke off before the answer was whole.",
    failed: "The engine did not answer: {reason}", noTemplate: "{model} has no chat template and cannot chat.",
    newest: "To the newest", full: "The browser's storage is full; the oldest chats were dropped.",
    keyTitle: "This server asks for its key", key: "API key", keyWrong: "This is not the key.", unlock: "Unlock",
    runsTitle: "Runs", runsSub: "Choose two runs to compare them.", loading: "Loading…",
    noRuns: "There are no runs here yet. “yuanbench eval” writes one into the folder that “serve --runs” names.",
    filter: "Filter", filterHint: "model, data set, dtype or folder", choose: "Choose", date: "Date", model: "Model",
    dataset: "Data set", dtype: "Dtype", prompt: "Prompt", score: "Score", passed: "Passed", decode: "Decode, tokens/s",
    memory: "Peak memory", report: "Report", open: "open", reportOf: "report of {folder}", benchmark: "benchmark, {n} points",
    damaged: "cannot be shown", compare: "Compare", compareHint: "{n} of 2 chosen", clear: "Clear",
    comparison: "Comparison", otherData: "These runs are not about the same problems: what follows is about those with the same names.",
    both: "passed by both", onlyA: "by A alone", onlyB: "by B alone", neither: "by neither",
    identical: "same completion", p: "p (McNemar, exact)", difference: "B − A, 95 % interval",
    show: "Show", flips: "verdict differs", differing: "completion differs", all: "all",
    problem: "Problem", verdictA: "A", verdictB: "B", completion: "Completion", same: "same", differs: "differs",
    none: "No problem is like that.", sameText: "The completions are the same text.", rows: "{n} rows", notMeasured: "not measured",
    leftOut: "{n} problems are in one of them alone.", chooseRun: "Choose {name} for a comparison",
  },
  zh: {
    chat: "对话", runs: "评测", skip: "跳到正文", pages: "页面", chats: "对话",
    newChat: "新对话", earlier: "历史对话", noChats: "暂无", deleteChat: "删除对话“{title}”",
    confirmDelete: "从此浏览器中删除该对话？", showChats: "显示历史对话", closeChats: "关闭",
    you: "你", assistant: "助手", message: "消息", placeholder: "请输入编程问题……",
    hint: "Enter 发送，Shift + Enter 换行，Esc 停止。",
    send: "发送", stop: "停止", retry: "重试", copy: "复制", copied: "已复制", copyAnswer: "复制回答",
    copyCode: "复制代码", settings: "设置", close: "关闭", save: "保存",
    temperature: "温度", temperatureHelp: "0 表示始终取概率最高的词元。",
    maxTokens: "最多新词元数", system: "系统消息",
    theme: "主题", system_theme: "跟随系统", light: "浅色", dark: "深色", language: "English", languageLabel: "Language: English",
    welcome: "想写点什么？", welcomeSub: "回答由本机上的 {model} 生成，数据不会离开本机。",
    example1: "用 Python 写一个函数，判断一个单词是否是回文。",
    example2: "用 Python 写一个函数，合并两个有序列表。",
    example3: "解释什么是哈希表，并给出一个简短的例子。",
    example4: "写一条 SQL 查询，按客户统计订单数。",
    writing: "助手正在回答。", stopped: "已停止", cutOff: "已达到词元上限",
    tokens: "{n} 个词元", rate: "{n} 词元/秒", first: "首词元 {n}",
    unreachable: "无法连接推理引擎。“yuanbench serve” 还在运行吗？",
    broken: "回答尚未完成，连接已中断。",
    failed: "引擎没有给出回答：{reason}", noTemplate: "{model} 没有对话模板，无法对话。",
    newest: "回到最新", full: "浏览器存储已满，最早的对话已被移除。",
    keyTitle: "此服务器需要密钥", key: "API 密钥", keyWrong: "密钥不正确。", unlock: "解锁",
    runsTitle: "评测", runsSub: "选择两次评测进行比较。", loading: "正在加载……",
    noRuns: "这里还没有评测。“yuanbench eval” 会写入 “serve --runs” 指定的文件夹。",
    filter: "筛选", filterHint: "模型、数据集、精度或文件夹", choose: "选择", date: "日期", model: "模型",
    dataset: "数据集", dtype: "精度", prompt: "提示", score: "得分", passed: "通过", decode: "解码，词元/秒",
    memory: "内存峰值", report: "报告", open: "打开", reportOf: "{folder} 的报告", benchmark: "性能测试，{n} 个点",
    damaged: "无法显示", compare: "比较", compareHint: "已选 {n} / 2", clear: "清除",
    comparison: "比较", otherData: "两次评测的题目不同，以下只比较同名的题目。",
    both: "两者都通过", onlyA: "仅 A 通过", onlyB: "仅 B 通过", neither: "都未通过",
    identical: "回答相同", p: "p（McNemar 精确检验）", difference: "B − A，95 % 区间",
    show: "显示", flips: "判定不同", differing: "回答不同", all: "全部",
    problem: "题目", verdictA: "A", verdictB: "B", completion: "回答", same: "相同", differs: "不同",
    none: "没有这样的题目。", sameText: "两个回答完全相同。", rows: "{n} 行", notMeasured: "未测量",
    leftOut: "有 {n} 个题目只出现在其中一次。", chooseRun: "选择 {name} 进行比较",
  },
};

const stored = (() => { try { return localStorage.getItem("yuanbench.language"); } catch { return null; } })();
export let language = stored === "zh" || stored === "en" ? stored : navigator.language.startsWith("zh") ? "zh" : "en";

// The words for a key, with `{name}` filled in.
export const say = (key, values = {}) =>
  (words[language][key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

// Elements name their words: data-say for the text, data-say-label, data-say-title and data-say-placeholder for attributes.
export const translate = (root = document) => {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  for (const element of root.querySelectorAll("[data-say]")) element.textContent = say(element.dataset.say);
  for (const element of root.querySelectorAll("[data-say-label]")) element.setAttribute("aria-label", say(element.dataset.sayLabel));
  for (const element of root.querySelectorAll("[data-say-title]")) element.title = say(element.dataset.sayTitle);
  for (const element of root.querySelectorAll("[data-say-placeholder]")) element.placeholder = say(element.dataset.sayPlaceholder);
};

export const switchLanguage = () => {
  language = language === "zh" ? "en" : "zh";
  try { localStorage.setItem("yuanbench.language", language); } catch { /* kept for this page alone */ }
  translate();
  dispatchEvent(new Event("languagechange-yuanbench"));
};
