#!/usr/bin/env python3
"""Checks that every relative link and anchor in the Markdown documents leads somewhere.

  python3 Scripts/check_docs.py [FILE...]     default: every document of the repository

Links to other hosts are not asked for. Anchors are made of headings as GitHub makes them.
"""
import pathlib
import re
import sys
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parent.parent
SKIPPED = re.compile(r"\.build.*|\.git|node_modules|runs")
FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
LINK = re.compile(r"!?\[(?:[^\[\]]|\[[^\]]*\])*\]\(\s*<?([^()\s<>]+(?:\([^()\s]*\)[^()\s<>]*)*)>?(?:\s+[\"'(][^)]*)?\)")
DEFINITION = re.compile(r"^ {0,3}\[[^\]]+\]:\s*<?(\S+?)>?(?:\s|$)")
ATTRIBUTE = re.compile(r"<(?:a|img|source)\b[^>]*?\b(?:href|src|srcset)=[\"']([^\"']+)[\"']", re.I)
ANCHOR = re.compile(r"<[^>]+\b(?:id|name)=[\"']([^\"']+)[\"']", re.I)


def prose(text):
    """Lines with their numbers; what stands in fences or code spans is no link."""
    fence = None
    for number, line in enumerate(text.split("\n"), 1):
        match = FENCE.match(line)
        if fence:
            if match and match[1][0] == fence[0] and len(match[1]) >= len(fence) and not line.strip(" `~"):
                fence = None
        elif match:
            fence = match[1]
        else:
            yield number, re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", line), line


def slug(heading):
    """As GitHub names a heading: lower case, punctuation gone, spaces to hyphens."""
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", heading)
    text = re.sub(r"<[^>]*>", "", text).replace("`", "").strip().lower()
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


def anchors(file):
    found, counts = set(), {}
    for _, _, line in prose(file.read_text(encoding="utf-8")):
        found.update(ANCHOR.findall(line))
        match = re.match(r" {0,3}#{1,6}\s+(.*?)\s*#*\s*$", line)
        if match:
            name = slug(match[1])
            count = counts.get(name, 0)
            counts[name] = count + 1
            found.add(f"{name}-{count}" if count else name)
    return found


def exact(path):
    """Whether the path is there in just this spelling, also where the file system does not care."""
    if not path.exists():
        return False
    while path != ROOT and path != path.parent:
        if path.name not in {entry.name for entry in path.parent.iterdir()}:
            return False
        path = path.parent
    return True


def check(file):
    complaints = []
    for number, line, _ in prose(file.read_text(encoding="utf-8")):
        for target in LINK.findall(line) + DEFINITION.findall(line) + ATTRIBUTE.findall(line):
            if re.match(r"[a-z][a-z0-9+.-]*:|//", target, re.I):
                continue
            path, _, fragment = target.partition("#")
            path, fragment = urllib.parse.unquote(path), urllib.parse.unquote(fragment)
            goal = (file.parent / path).resolve() if path else file
            place = f"{file.relative_to(ROOT)}:{number}: {target}"
            if not goal.is_relative_to(ROOT):
                complaints.append(f"{place} leads out of the repository")
            elif not exact(goal):
                complaints.append(f"{place} is not there")
            elif fragment and goal.suffix == ".md" and fragment not in anchors(goal):
                complaints.append(f"{place}: {goal.relative_to(ROOT)} has no heading of that name")
    return complaints


def main():
    files = [pathlib.Path(name).resolve() for name in sys.argv[1:]]
    if not files:
        files = sorted(f for f in ROOT.rglob("*.md") if not any(map(SKIPPED.fullmatch, f.relative_to(ROOT).parts)))
    complaints = [complaint for file in files for complaint in check(file)]
    for complaint in complaints:
        print(complaint)
    print(f"{len(files)} documents, {len(complaints) or 'no'} broken links")
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main()
