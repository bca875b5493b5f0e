#!/usr/bin/env python3
"""Uses the pages of `yuanbench serve` in headless Chromium as a reader does: send, stream, stop, a second turn, reload,
earlier chats, settings, both languages, the runs and two of them compared, a key, and an engine that goes away. Nothing
may appear on the console, and no request may leave the host.

  python3 Scripts/check_pages.py [--screenshots FOLDER] .build/release/yuanbench

Chromium is driven by its debugging pipe, so nothing but Chromium and Python is needed. Exit code 69 without Chromium.
"""
import argparse
import base64
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request

from check_html import Browser, Checks

MESSAGES = "document.querySelectorAll('#messages > li').length"
LAST = "document.querySelector('#messages > li:last-child')"
IDLE = "document.getElementById('stop').hidden && !document.querySelector('[aria-busy=true]')"

# A conversation that was never had: code, lists, markup that must stay text, and Chinese.
SHOWN = json.dumps([
    {"id": "made", "title": "Made <b>up</b>", "updated": 1, "messages": [
        {"role": "user", "content": "Merge two sorted lists in Python, and tell how it works."},
        {"role": "assistant", "finish": "stop",
         "stats": {"tokens": 212, "rate": 31.4, "first": 0.182, "model": "yuan2-2b-mars", "dtype": "bf16"},
         "content": """Both lists are walked **once**, so it takes `O(n + m)` steps:

```python
def merge(a: list, b: list) -> list:
    \"\"\"Merges two sorted lists.\"\"\"
    result, i, j = [], 0, 0
    while i < len(a) and j < len(b):
        if a[i] <= b[j]:  # ties come from the left
            result.append(a[i])
            i += 1
        else:
            result.append(b[j])
            j += 1
    return result + a[i:] + b[j:]
```

1. The smaller head is taken.
2. What is left of either list is appended.

<img src=x onerror=alert(1)> <script>alert(1)</script> stays text."""},
        {"role": "user", "content": "那么时间复杂度是多少？"},
        {"role": "assistant", "finish": "length",
         "stats": {"tokens": 64, "rate": 30.9, "first": 0.21, "model": "yuan2-2b-mars", "dtype": "bf16"},
         "content": "时间复杂度为 `O(n + m)`，空间复杂度相同。"}]},
    {"id": "other", "title": "用 Python 写一个函数，判断一个单词是否是回文。", "updated": 0,
     "messages": [{"role": "user", "content": "x"}]},
])


class Serving:
    """`yuanbench serve` on a port of its own choosing."""

    def __init__(self, binary, *arguments, key=None):
        environment = dict(os.environ)
        environment.pop("YUANBENCH_SERVE_KEY", None)
        if key:
            environment["YUANBENCH_SERVE_KEY"] = key
        self.process = subprocess.Popen([binary, "serve", "--port", "0", *arguments], env=environment,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()
        if not self.url:
            sys.exit(f"yuanbench serve did not start: {self.process.stderr.read()}")

    def stop(self):
        self.process.terminate()
        return self.process.wait(timeout=30)


class Reader:
    """A browser at a server's pages, and what it is checked for throughout."""

    def __init__(self, browser, check):
        self.browser, self.check = browser, check
        self.value = browser.value

    def open(self, url):
        self.browser.events = []
        self.browser.call("Page.navigate", url=url)
        self.loaded()

    def loaded(self):
        while not any(e["method"] == "Page.loadEventFired" for e in self.browser.events):
            self.browser.events.append(self.browser.message())

    def wait(self, expression, what, seconds=20):
        end = time.monotonic() + seconds
        while not self.value(f"Boolean({expression})"):
            if time.monotonic() > end:
                self.check(False, f"{what} (waited {seconds} s)")
                return False
            time.sleep(0.03)
        return True

    def click(self, selector):
        self.value(f"document.querySelector({json.dumps(selector)}).click()")

    def key(self, key, code, text="", modifiers=0):
        for kind in ["keyDown", "keyUp"]:
            self.browser.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code,
                              modifiers=modifiers, **({"text": text} if text and kind == "keyDown" else {}))

    def write(self, text):
        self.value("document.getElementById('message').focus()")
        self.browser.call("Input.insertText", text=text)

    def quiet(self, base, where, allowed=()):
        for event in self.browser.events:
            method, parameters = event["method"], event.get("params", {})
            if method in ("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded"):
                text = json.dumps(parameters)
                self.check(any(a in text for a in allowed), f"{where}: the console says {text[:400]}")
            if method == "Network.requestWillBeSent":
                url = parameters["request"]["url"]
                self.check(url.startswith(("data:", base)), f"{where}: asks for {url[:200]}")
        self.browser.events = []

    def labelled(self, where):
        bad = self.value("[...document.querySelectorAll('input,select,textarea,button,a,aside,nav,dialog')].filter((e) => "
                         "!(e.labels?.length || e.textContent.trim() || e.ariaLabel || e.getAttribute('aria-labelledby')))"
                         ".map((e) => e.outerHTML)")
        self.check(not bad, f"{where}: controls without a name {bad}")
        self.check(self.value("[...document.querySelectorAll('[id]')].length === new Set([...document.querySelectorAll('[id]')].map((e) => e.id)).size"),
                   f"{where}: ids are unique")

    def fits(self, where):
        self.check(self.value("document.documentElement.scrollWidth <= screen.width && innerWidth <= screen.width"), f"{where}: fits the width")

    def slow(self, bytes_per_second):
        """Lets answers arrive slowly, so that there is time to stop them."""
        self.browser.call("Network.emulateNetworkConditions", offline=False, latency=0, uploadThroughput=-1,
                          downloadThroughput=bytes_per_second)


def chat(reader, base):
    check, value = reader.check, reader.value
    value("localStorage.clear()")
    reader.open(base + "/")
    check(reader.wait("document.getElementById('model').textContent.includes('bf16')", "model and dtype are shown"), "starts")
    check(value("document.activeElement.id") == "message", "the message field has the focus")
    reader.labelled("chat")
    # A first turn by keyboard; Shift + Enter starts a new line.
    reader.write("def add(a, b):")
    reader.key("Enter", 13, "\r", modifiers=8)
    reader.write("# adds")
    check(value("document.getElementById('message').value").count("\n") == 1, "Shift + Enter starts a new line")
    reader.key("Enter", 13, "\r")
    reader.wait(f"{MESSAGES} === 2 && {IDLE}", "the first answer comes to its end")
    check(len(value(f"{LAST}.querySelector('.text').textContent")) > 0, "the answer is shown")
    facts = value(f"{LAST}.querySelector('.facts').textContent")
    check("tokens/s" in facts and "bf16" in facts and "yuan2-nano" in facts, f"rate and dtype are shown: {facts}")
    check(value("document.getElementById('status').textContent") != "", "the answer is told to screen readers")
    first = value(f"{LAST}.querySelector('.text').textContent")
    # A second turn carries the first.
    value("window.sent = []; (() => { const ask = window.fetch; window.fetch = (...a) => { window.sent.push(a[1]?.body); return ask(...a); }; })()")
    reader.write("and subtract?")
    reader.click("#send")
    reader.wait(f"{MESSAGES} === 4 && {IDLE}", "the second answer comes to its end")
    sent = json.loads(value("window.sent[0]"))["messages"]
    check([m["role"] for m in sent] == ["user", "assistant", "user"], "the second turn carries the first")
    check(value("document.querySelectorAll('#chat-list li.current').length") == 1, "the chat is in the list")
    # Streamed and stopped: what has come stays, and the engine is free again.
    reader.slow(4000)
    reader.click("#new-chat")
    check(value(f"{MESSAGES} === 0 && !document.getElementById('welcome').hidden"), "a new chat is empty")
    reader.write("def add(a, b):")
    reader.key("Enter", 13, "\r")
    reader.wait("document.querySelector('[aria-busy=true] .text')?.textContent.length > 3", "text shows while it comes")
    some = value(f"{LAST}.querySelector('.text').textContent.length")
    reader.wait(f"{LAST}.querySelector('.text').textContent.length > {some}", "the text grows")
    check(not value("document.getElementById('stop').hidden"), "there is a stop button")
    reader.key("Escape", 27)
    reader.wait(IDLE, "Esc stops")
    reader.slow(-1)
    check("Stopped" in value(f"{LAST}.querySelector('.facts').textContent"), "says that it was stopped")
    check(len(value(f"{LAST}.querySelector('.text').textContent")) > 3, "what had come stays")
    metrics = "fetch('/metrics').then((r) => r.text()).then((t) => Number(t.match(/^yuanbench_running (\\d+)$/m)[1]))"
    end = time.monotonic() + 10
    while value(metrics) != 0 and time.monotonic() < end:
        time.sleep(0.05)
    check(value(metrics) == 0, "stopping frees the engine")
    # Try again.
    reader.click("#messages > li:last-child .facts button:last-child")
    reader.wait(f"{MESSAGES} === 2 && {IDLE}", "try again gives a whole answer")
    # Both chats outlive a reload.
    reader.quiet(base, "chat")
    reader.browser.call("Page.reload")
    reader.loaded()
    reader.wait("document.querySelectorAll('#chat-list li').length === 2", "both chats are kept")
    check(value(MESSAGES) == 2, "the last chat is open again")
    reader.click("#chat-list li:last-child button")
    check(value(MESSAGES) == 4 and value("document.querySelectorAll('#messages .assistant .text')[0].textContent") == first,
          "an earlier chat opens as it was")
    # Code is highlighted and copied; markup in an answer stays text.
    value(f"localStorage.setItem('yuanbench.chats', {json.dumps(SHOWN)})")
    reader.open(base + "/")
    reader.wait(f"{MESSAGES} === 4", "a kept chat opens")
    check(value("document.querySelectorAll('.code .hl-keyword').length") >= 5, "code is highlighted")
    check(value("document.querySelectorAll('#messages img, #messages script, #chat-list b').length") == 0, "markup in an answer stays text")
    check(value("document.querySelectorAll('.code .copy').length") == 1, "code has a copy button")
    check("def merge" in value("document.querySelector('.code pre').textContent"), "code is there as it was")
    reader.labelled("chat with answers")
    # Languages and themes.
    reader.click("#language")
    check(value("document.documentElement.lang") == "zh-CN" and value("document.getElementById('send').textContent") == "发送", "turns to Chinese")
    reader.click("#language")
    check(value("document.getElementById('send').textContent") == "Send", "turns back to English")
    before = value("getComputedStyle(document.body).backgroundColor")
    reader.click("#theme")
    reader.click("#theme")
    check(value("document.documentElement.dataset.theme") == "dark" and before != value("getComputedStyle(document.body).backgroundColor"), "the theme turns")
    reader.click("#theme")
    check(value("document.documentElement.dataset.theme === undefined"), "the theme follows the system again")
    # Settings reach the request.
    reader.click("#open-settings")
    value("document.getElementById('max-tokens').value = 7; document.querySelector('#settings [type=submit]').click()")
    reader.click("#new-chat")
    value("window.sent = []; (() => { const ask = window.fetch; window.fetch = (...a) => { window.sent.push(a[1]?.body); return ask(...a); }; })()")
    reader.write("x")
    reader.key("Enter", 13, "\r")
    reader.wait(f"{MESSAGES} === 2 && {IDLE}", "a short answer comes")
    check(json.loads(value("window.sent[0]"))["max_completion_tokens"] == 7, "settings reach the request")
    value("localStorage.removeItem('yuanbench.settings')")
    reader.browser.screen(390, 844, dark=False, phone=True)
    reader.fits("chat on a phone")
    check(value("getComputedStyle(document.getElementById('chats')).display") == "none", "earlier chats are folded on a phone")
    reader.click("#show-chats")
    check(value("getComputedStyle(document.getElementById('chats')).display") == "block", "and unfold")
    reader.click("#show-chats")
    reader.browser.screen(1280, 900, dark=False)
    reader.quiet(base, "chat")


def runs(reader, base):
    check, value = reader.check, reader.value
    reader.open(base + "/runs")
    reader.wait("document.querySelectorAll('.list tbody tr').length === 5", "every run has a row")
    reader.labelled("runs")
    check("damaged" in value("document.querySelector('.list').textContent"), "a damaged report is told of")
    check(value("document.querySelectorAll('.list b').length") == 0, "names stay text")
    for direction in ["descending", "ascending"]:
        reader.click("[data-column=score]")
        shown = value("[...document.querySelectorAll('.list tbody tr td:nth-child(6)')].map((e) => parseFloat(e.textContent)).filter((x) => !isNaN(x))")
        check(shown == sorted(shown, reverse=direction == "descending"), f"sorts by score, {direction}: {shown}")
        check(value("document.querySelector('[data-column=score]').parentElement.ariaSort") == direction, f"says {direction}")
    value("(() => { const e = document.getElementById('query'); e.value = 'fp16'; e.dispatchEvent(new Event('input', { bubbles: true })); })()")
    check(value("document.querySelectorAll('.list tbody tr').length") == 2, "the filter leaves two rows")
    value("(() => { const e = document.getElementById('query'); e.value = ''; e.dispatchEvent(new Event('input', { bubbles: true })); })()")
    # The report itself, in an origin of its own.
    link = value("document.querySelector('.list a').href")
    here = value("location.href")
    reader.quiet(base, "runs")
    reader.open(link)
    check(value("document.title").endswith("YuanBench report"), "the report opens")
    check(value("document.querySelectorAll('.problems tbody tr').length") > 0, "its script runs")
    check(value("(() => { try { localStorage.length; return 'read'; } catch { return 'refused'; } })()") == "refused", "it cannot read what the chat keeps")
    reader.quiet(base, "report")
    reader.open(here)
    reader.wait("document.querySelectorAll('.list input').length === 4", "runs can be chosen")
    for folder in ["first", "second"]:
        value(f"[...document.querySelectorAll('[data-run]')].find((e) => e.dataset.run === '{folder}\\n0').querySelector('input').click()")
    check(value("!document.getElementById('compare').disabled"), "two chosen runs can be compared")
    reader.click("#compare")
    reader.wait("document.querySelectorAll('#pair .cards li').length === 2", "both stand side by side")
    value("(() => { const e = document.getElementById('shown'); e.value = 'all'; e.dispatchEvent(new Event('change')); })()")
    check(value("document.querySelectorAll('#pair tbody tr').length") == 8, "every problem has a row")
    reader.click("#pair .open")
    check(value("document.querySelectorAll('#pair .detail').length") == 1, "a problem opens to both completions")
    reader.labelled("comparison")
    reader.browser.screen(390, 844, dark=False, phone=True)
    reader.fits("runs on a phone")
    reader.browser.screen(1280, 900, dark=False)
    reader.browser.call("Page.reload")
    reader.loaded()
    reader.wait("document.querySelectorAll('#pair .cards li').length === 2", "a reload keeps the comparison")
    reader.quiet(base, "comparison")


def key(reader, binary, folder):
    check, value = reader.check, reader.value
    server = Serving(binary, "--runs", folder, key="open sesame")
    refused = ["401"]
    reader.open(server.url + "/")
    if reader.wait("document.querySelector('dialog[open] #key')", "a server with a key asks for it"):
        for attempt, expected in [("wrong", "document.querySelector('.wrong').textContent !== ''"), ("open sesame", "document.getElementById('model').textContent.includes('bf16')")]:
            value(f"document.getElementById('key').value = {json.dumps(attempt)}; document.querySelector('dialog[open] button').click()")
            reader.wait(expected, f"the key “{attempt}” is judged")
    check(value("document.cookie") == "", "the session is out of the reach of scripts")
    reader.open(server.url + "/runs")
    reader.wait("document.querySelectorAll('.list tbody tr').length > 0", "the session opens the runs too")
    reader.quiet(server.url, "key", refused)
    server.stop()


def endless(base):
    """A message whose answer takes all the tokens there are; which one does depends on the model's weights."""
    messages = ["if " * 8, "a b c " * 6, " ".join(map(str, range(1, 21))), "()" * 10]
    for message in messages:
        body = {"messages": [{"role": "user", "content": message}], "max_tokens": 600, "temperature": 0}
        request = urllib.request.Request(
            base + "/v1/chat/completions", json.dumps(body).encode(), {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as reply:
            if json.load(reply)["choices"][0]["finish_reason"] == "length":
                return message
    sys.exit(f"none of {messages} is answered at length; add one that is")


def gone(reader, binary):
    """The engine goes away in the middle of an answer, and stays away."""
    check, value = reader.check, reader.value
    # Slow enough to be in the middle of a thousand tokens.
    server = Serving(binary, "--dtype", "fp32", "--threads", "1", "--no-speculation")
    base = server.url
    reader.open(base + "/")
    value("localStorage.clear()")
    reader.open(base + "/")
    reader.wait("document.getElementById('model').textContent.includes('fp32')", "starts once more")
    reader.write(endless(base))
    reader.key("Enter", 13, "\r")
    reader.wait("document.querySelector('[aria-busy=true] .text')?.textContent.length > 3", "an answer is coming")
    server.process.kill()
    server.process.wait()
    reader.wait(f"{IDLE} && {LAST}.querySelector('[role=alert]')", "a broken answer is told of")
    check("broke off" in value(f"{LAST}.textContent"), "in words")
    check(len(value(f"{LAST}.querySelector('.text').textContent")) > 3, "what had come stays")
    reader.click("#messages > li:last-child .problem button")
    reader.wait(f"{IDLE} && {LAST}.querySelector('[role=alert]')", "an engine that is gone is told of")
    check("cannot be reached" in value(f"{LAST}.textContent"), "in words, with what to look at")
    reader.quiet(base, "gone", ["ERR_CONNECTION_REFUSED", "ERR_INCOMPLETE_CHUNKED", "ERR_CONNECTION_RESET", "ERR_EMPTY_RESPONSE"])


def screenshots(reader, base, folder):
    folder.mkdir(parents=True, exist_ok=True)
    browser = reader.browser

    def shot(name):
        time.sleep(0.3)
        data = browser.call("Page.captureScreenshot")["data"]
        (folder / f"{name}.png").write_bytes(base64.b64decode(data))

    looks = {"light": (1280, 900, False), "dark": (1280, 900, True), "phone-light": (390, 844, False, True), "phone-dark": (390, 844, True, True)}
    for name, screen in looks.items():
        browser.screen(*screen)
        reader.value("localStorage.clear()")
        reader.open(base + "/")
        reader.wait("document.querySelectorAll('#examples button').length === 4", "examples")
        shot(f"welcome-{name}")
        reader.value(f"localStorage.setItem('yuanbench.chats', {json.dumps(SHOWN)})")
        reader.open(base + "/")
        reader.wait(f"{MESSAGES} === 4", "shown")
        shot(f"chat-{name}")
        reader.value("document.getElementById('scroll').scrollTop = 0")
        shot(f"chat-top-{name}")
        reader.open(base + "/runs")
        reader.wait("document.querySelectorAll('.list tbody tr').length === 5", "runs")
        for run in ["first", "second"]:
            reader.value(f"[...document.querySelectorAll('[data-run]')].find((e) => e.dataset.run === '{run}\\n0').querySelector('input').click()")
        reader.value("scrollTo(0, 0)")
        shot(f"runs-{name}")
        reader.click("#compare")
        reader.wait("document.querySelectorAll('#pair .cards li').length === 2", "pair")
        reader.value("(() => { const e = document.getElementById('shown'); e.value = 'all'; e.dispatchEvent(new Event('change')); })()")
        reader.value("[...document.querySelectorAll('#pair tr')].find((r) => r.textContent.includes('differs'))?.querySelector('.open').click()")
        browser.screenshot(folder / f"compare-{name}.png")
    browser.screen(1280, 900, False)
    reader.value("localStorage.clear(); localStorage.setItem('yuanbench.language', 'zh')")
    reader.open(base + "/")
    reader.wait("document.querySelectorAll('#examples button').length === 4", "examples")
    reader.click("#open-settings")
    shot("settings-chinese")
    reader.value("localStorage.clear()")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--screenshots", type=pathlib.Path)
    parser.add_argument("binary", type=pathlib.Path)
    options = parser.parse_args()
    program = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome", "chrome"])), None)
    if not program:
        print("no Chromium here (apt-get install chromium): the pages were not looked at")
        sys.exit(69)
    check = Checks()
    binary = str(options.binary.resolve())
    with tempfile.TemporaryDirectory() as place:
        folder = pathlib.Path(place) / "runs"
        for name, dtypes, length in [("first", "bf16,fp16", "48"), ("second", "bf16,fp16", "12")]:
            subprocess.run([binary, "eval", "--limit", "8", "--dtype", dtypes, "--max-new-tokens", length, "--quiet",
                            "--output", str(folder / name)], check=True, stdout=subprocess.DEVNULL)
        (folder / "damaged <b>one").mkdir()
        (folder / "damaged <b>one" / "report.json").write_text("{")
        server = Serving(binary, "--runs", str(folder))
        browser = Browser(program, str(pathlib.Path(place) / "profile"))
        reader = Reader(browser, check)
        browser.screen(1280, 900, dark=False)
        reader.open(server.url + "/")
        for part in [chat, runs]:
            print(part.__name__)
            part(reader, server.url)
        if options.screenshots:
            screenshots(reader, server.url, options.screenshots)
        print("key")
        key(reader, binary, str(folder))
        print("gone")
        check(server.stop() == 0, "the server ends well")
        gone(reader, binary)
        browser.call("Browser.close") if browser.process.poll() is None else None
        browser.process.wait(timeout=20)
    print("all well" if check.failures == 0 else f"{check.failures} checks failed")
    sys.exit(1 if check.failures else 0)


if __name__ == "__main__":
    main()
