#!/usr/bin/env python3
"""Checks that help texts quoted in the documents are what the program says.

  python3 Scripts/check_help.py BINARY [--write]

A quoted text is the fenced block after a line `<!-- help: yuanbench COMMAND… -->`. With --write the documents are brought
up to date, and Documentation/commands.md gets a block for every command there is.
"""
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
COMMANDS = ROOT / "Documentation" / "commands.md"
SKIPPED = re.compile(r"\.build.*|\.git|node_modules|runs")
BLOCK = re.compile(r"(<!-- help: yuanbench(?P<words>[a-z -]*) -->\n```text\n)(?P<text>.*?)(\n```\n)", re.S)


def said(binary, words):
    environment = {**os.environ, "COLUMNS": "80"}
    run = subprocess.run([binary, *words, "--help"], capture_output=True, text=True, env=environment, check=False)
    if run.returncode != 0:
        sys.exit(f"{' '.join(words)} --help ends with {run.returncode}: {run.stderr.strip()[:300]}")
    return run.stdout.strip()


def subcommands(binary, words):
    """Names below SUBCOMMANDS, `help` left out."""
    lines = said(binary, words).partition("SUBCOMMANDS:\n")[2].split("\n")
    names = [match[1] for match in (re.match(r"  ([a-z-]+)(?:\s|$)", line) for line in lines) if match]
    return [name for name in names if name != "help"]


def every(binary, words=()):
    for name in subcommands(binary, list(words)):
        yield [*words, name]
        yield from every(binary, [*words, name])


def reference(binary):
    parts = ["# Commands", "What `yuanbench COMMAND --help` says; `man yuanbench` has the same after "
             "`bash Scripts/install.sh`. Written by `python3 Scripts/check_help.py BINARY --write`."]
    for words in every(binary):
        parts += ["## " + " ".join(words), f"<!-- help: yuanbench {' '.join(words)} -->\n```text\n```"]
    return "\n\n".join(parts).replace("```text\n```", "```text\n\n```") + "\n"


def main():
    binary, write = str(pathlib.Path(sys.argv[1]).resolve()), "--write" in sys.argv[2:]
    if write:
        COMMANDS.write_text(reference(binary), encoding="utf-8")
    stale, blocks = [], 0
    for file in sorted(f for f in ROOT.rglob("*.md") if not any(map(SKIPPED.fullmatch, f.relative_to(ROOT).parts))):
        text = file.read_text(encoding="utf-8")

        def current(match, file=file):
            nonlocal blocks
            blocks += 1
            now = said(binary, match["words"].split())
            if now != match["text"]:
                stale.append(f"{file.relative_to(ROOT)}: yuanbench{match['words']} --help")
            return match[1] + now + match[4]

        new = BLOCK.sub(current, text)
        if text.count("<!-- help:") != len(BLOCK.findall(text)):
            stale.append(f"{file.relative_to(ROOT)}: a mark <!-- help: … --> without its block")
        if write and new != text:
            file.write_text(new, encoding="utf-8")
    missing = [] if not COMMANDS.exists() else [
        words for words in every(binary) if f"<!-- help: yuanbench {' '.join(words)} -->" not in COMMANDS.read_text(encoding="utf-8")]
    stale += [f"Documentation/commands.md: yuanbench {' '.join(words)} is missing" for words in missing]
    if write:
        print(f"{blocks} help texts, brought up to date")
        return
    for place in stale:
        print(f"not current: {place}")
    if stale:
        print("run: python3 Scripts/check_help.py BINARY --write")
        sys.exit(1)
    print(f"{blocks} help texts are current")


if __name__ == "__main__":
    main()
