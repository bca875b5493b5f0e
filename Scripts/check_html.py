#!/usr/bin/env python3
"""Opens report.html files in headless Chromium and uses them: no message on the console, no request beyond the file
itself, filter, sort, open, compare and theme work, and what a report holds stays text.

  python3 Scripts/check_html.py [--screenshots FOLDER] PAGE...

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

VERDICTS = "[...document.querySelectorAll('.problems > tbody > tr:not(.detail) .verdict')].map((e) => e.textContent)"
ROWS = "document.querySelectorAll('.problems > tbody > tr:not(.detail)').length"


class Browser:
    """One Chromium with one page, spoken to over file descriptors 3 and 4."""

    def __init__(self, program, profile):
        to_browser, self.send_end = os.pipe()
        self.receive_end, from_browser = os.pipe()

        def place():
            os.dup2(to_browser, 103)
            os.dup2(from_browser, 104)
            os.dup2(103, 3)
            os.dup2(104, 4)

        arguments = [program, "--headless=new", "--remote-debugging-pipe", "--no-first-run", "--disable-gpu",
                     "--disable-background-networking", f"--user-data-dir={profile}", "--hide-scrollbars"]
        if os.geteuid() == 0:
            arguments.append("--no-sandbox")  # Chromium's own does not run as root; the pages are the project's.
        self.process = subprocess.Popen(arguments + ["about:blank"], preexec_fn=place, pass_fds=(3, 4),
                                        stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        self.buffer, self.number, self.events, self.session = b"", 0, [], None
        targets = self.call("Target.getTargets")["targetInfos"]
        page = next(t for t in targets if t["type"] == "page")
        self.session = self.call("Target.attachToTarget", targetId=page["targetId"], flatten=True)["sessionId"]
        for domain in ["Page", "Runtime", "Log", "Network"]:
            self.call(domain + ".enable")

    def message(self):
        while b"\0" not in self.buffer:
            piece = os.read(self.receive_end, 1 << 16)
            if not piece:
                sys.exit("chromium ended unexpectedly")
            self.buffer += piece
        line, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(line)

    def call(self, method, **parameters):
        self.number += 1
        request = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            request["sessionId"] = self.session
        os.write(self.send_end, json.dumps(request).encode() + b"\0")
        while True:
            answer = self.message()
            if answer.get("id") == self.number:
                if "error" in answer:
                    sys.exit(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def open(self, page):
        self.events = []
        self.call("Page.navigate", url=page.as_uri())
        while not any(e["method"] == "Page.loadEventFired" for e in self.events):
            self.events.append(self.message())

    def value(self, expression):
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            sys.exit(f"{expression}: {result['exceptionDetails']['exception'].get('description')}")
        return result["result"].get("value")

    def screen(self, width, height, dark, phone=False):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=2 if phone else 1,
                  mobile=phone)
        self.call("Emulation.setEmulatedMedia", media="",
                  features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def screenshot(self, file):
        height = self.value("document.documentElement.scrollHeight")
        width = self.value("innerWidth")
        clip = {"x": 0, "y": 0, "width": width, "height": min(height, 4000), "scale": 1}
        data = self.call("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)["data"]
        file.write_bytes(base64.b64decode(data))


class Checks:
    def __init__(self):
        self.failures = 0

    def __call__(self, condition, what):
        if not condition:
            self.failures += 1
            print(f"  FAILED: {what}")


def quiet(browser, page, check):
    for event in browser.events:
        method, parameters = event["method"], event.get("params", {})
        if method in ("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded"):
            check(False, f"the console says {json.dumps(parameters)[:400]}")
        if method == "Network.requestWillBeSent":
            url = parameters["request"]["url"]
            check(url.startswith("data:") or url == page.as_uri(), f"asks for {url[:200]}")
    browser.events = []


def use(browser, page, check):
    """What a reader does, by mouse and keyboard."""
    data = json.loads(browser.value("document.getElementById('data').textContent"))
    problems = [p for run in data for p in run["problems"]]
    check(browser.value("document.querySelectorAll('script').length") == 2, "has two script elements")
    check(browser.value("document.querySelectorAll('[onmouseover],[onerror],iframe,img,object').length") == 0, "no foreign elements")
    check(browser.value("[...document.querySelectorAll('[id]')].length === new Set([...document.querySelectorAll('[id]')].map((e) => e.id)).size"), "ids are unique")
    check(browser.value("[...document.querySelectorAll('input,select,button')].every((e) => e.labels?.length || e.textContent || e.ariaLabel)"), "controls are labelled")
    if not problems:
        return
    check(browser.value(ROWS) == len(problems), "a row for each answer")
    # Filter by verdict and by text.
    verdict = problems[0]["verdict"]
    set_value = "(() => {{ const e = document.getElementById('{}'); e.value = {}; e.dispatchEvent(new Event('input', {{bubbles: true}})); }})()"
    browser.value(set_value.format("verdict", json.dumps(verdict)))
    expected = sum(p["verdict"] == verdict for p in problems)
    check(browser.value(ROWS) == expected, f"the filter on {verdict} leaves {expected} rows")
    check(set(browser.value(VERDICTS)) == {verdict}, "the filter leaves that verdict alone")
    check(str(expected) in browser.value("document.getElementById('count').textContent"), "the count is told")
    browser.value("document.querySelector('#filters [type=reset]').click()")
    browser.value("new Promise((done) => setTimeout(done, 20))")
    check(browser.value(ROWS) == len(problems), "clearing shows all again")
    browser.value(set_value.format("query", json.dumps("no such text anywhere 4711")))
    check(browser.value(ROWS) == 0, "a text that no answer holds leaves no row")
    browser.value(set_value.format("query", json.dumps("")))
    # Sort, both ways.
    titles = browser.value("[...document.querySelectorAll('.sort')].map((e) => e.textContent)")
    column = titles.index("Verdict")
    for direction in ["ascending", "descending"]:
        browser.value(f"document.querySelectorAll('.sort')[{column}].click()")
        shown = browser.value(VERDICTS)
        check(shown == sorted(shown, reverse=direction == "descending"), f"sorts {direction}")
        check(browser.value(f"document.querySelectorAll('.problems > thead th')[{column}].ariaSort") == direction, f"says {direction}")
    # Open a row by keyboard: its completion is there as text, and the comparison with another dtype.
    browser.value("document.querySelectorAll('.open')[0].focus()")
    for kind in ["keyDown", "keyUp"]:
        browser.call("Input.dispatchKeyEvent", type=kind, key="Enter", code="Enter", windowsVirtualKeyCode=13, text="\r" if kind == "keyDown" else "")
    check(browser.value("document.querySelectorAll('.detail').length") == 1, "Enter opens a row")
    check(browser.value("document.querySelectorAll('.open')[0].getAttribute('aria-expanded')") == "true", "says that it is open")
    if len(data) > 1 and data[0]["group"] == data[1]["group"]:
        check(browser.value("document.querySelectorAll('.detail .diff, .detail select').length") >= 1, "compares dtypes")
    # Every row opens, whatever it holds.
    browser.value("[...document.querySelectorAll('.open[aria-expanded=false]')].forEach((e) => e.click())")
    check(browser.value("document.querySelectorAll('.detail').length") == len(problems), "every row opens")
    texts = "\n".join(browser.value("[...document.querySelectorAll('.detail pre')].map((e) => e.textContent)"))
    for problem in problems:
        words = problem["completion"].strip().split("\n")[0]
        if words.isprintable():
            check(words in texts, f"the completion of {problem['id']} is shown")
    check(browser.value("document.querySelectorAll('.problems > tbody script, .problems b').length") == 0, "completions are text")
    browser.value("[...document.querySelectorAll('.open[aria-expanded=true]')].forEach((e) => e.click())")
    check(browser.value("document.querySelectorAll('.detail').length") == 0, "every row closes")
    before = browser.value("getComputedStyle(document.body).backgroundColor")
    browser.value("document.getElementById('theme').click()")
    check(before != browser.value("getComputedStyle(document.body).backgroundColor"), "the theme turns")
    browser.value("delete document.documentElement.dataset.theme")


def fits(browser, check):
    """At phone width the page itself does not scroll sideways."""
    browser.screen(390, 844, dark=False, phone=True)
    browser.value("document.querySelectorAll('.open')[0]?.click()")
    check(browser.value("document.documentElement.scrollWidth <= innerWidth"), "fits a phone's width")
    browser.value("document.querySelectorAll('.open')[0]?.click()")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--screenshots", type=pathlib.Path)
    parser.add_argument("pages", nargs="+", type=pathlib.Path)
    options = parser.parse_args()
    program = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome", "chrome"])), None)
    if not program:
        print("no Chromium here (apt-get install chromium): the pages were not looked at")
        sys.exit(69)
    check = Checks()
    with tempfile.TemporaryDirectory() as profile:
        browser = Browser(program, profile)
        for page in (p.resolve() for p in options.pages):
            print(page.name)
            browser.screen(1280, 900, dark=False)
            browser.open(page)
            use(browser, page, check)
            fits(browser, check)
            quiet(browser, page, check)
            if options.screenshots:
                options.screenshots.mkdir(parents=True, exist_ok=True)
                for name, screen in {"light": (1280, 900, False), "dark": (1280, 900, True),
                                     "phone-light": (390, 844, False, True), "phone-dark": (390, 844, True, True)}.items():
                    browser.screen(*screen)
                    browser.open(page)
                    browser.value("document.querySelectorAll('.open')[2]?.click()")
                    browser.screenshot(options.screenshots / f"{page.stem}-{name}.png")
        browser.call("Browser.close") if browser.process.poll() is None else None
        browser.process.wait(timeout=20)
    print("all well" if check.failures == 0 else f"{check.failures} checks failed")
    sys.exit(1 if check.failures else 0)


if __name__ == "__main__":
    main()
