#!/usr/bin/env python3
"""Makes the manual page (mdoc) from `yuanbench --experimental-dump-help`, read from standard input."""
import json
import sys


def escape(text):
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\n".join("\\&" + line if line[:1] in ".'" else line for line in text.split("\n"))


def names(argument):
    spelled = []
    for name in argument.get("names", []):
        spelled.append(("-" if name["kind"] == "short" else "--") + name["name"])
    value = argument.get("valueName", "value")
    if argument["kind"] == "positional":
        return f".Ar {escape(value)}"
    text = ", ".join(map(escape, spelled))
    return f".Sy {text}" + (f" Ar {escape(value)}" if argument["kind"] == "option" else "")


def command(node, path, out):
    title = " ".join(path)
    out.append(f".Ss {escape(title)}")
    if node.get("abstract"):
        out.append(escape(node["abstract"]))
    if node.get("discussion"):
        # Examples keep their lines.
        head, _, example = node["discussion"].partition("Example:\n")
        if head.strip():
            out += [".Pp", escape(" ".join(head.split()))]
        if example:
            out += [".Pp", ".Bd -literal -offset indent", escape(example.rstrip()), ".Ed"]
    arguments = [a for a in node.get("arguments", []) if a.get("shouldDisplay", True)]
    if arguments:
        out.append(".Bl -tag -width indent")
        for argument in arguments:
            out.append(".It " + names(argument)[1:])
            text = argument.get("abstract", "")
            if argument.get("defaultValue"):
                text += f" (default: {argument['defaultValue']})"
            out.append(escape(text) or "\\&")
        out.append(".El")
    for child in node.get("subcommands", []):
        if child["commandName"] != "help":
            command(child, path + [child["commandName"]], out)


def main():
    root = json.load(sys.stdin)["command"]
    out = [".Dd", ".Dt YUANBENCH 1", ".Os", ".Sh NAME", ".Nm yuanbench", f".Nd {escape(root['abstract'].rstrip('.'))}",
           ".Sh SYNOPSIS", ".Nm", ".Ar command", ".Op Ar options", ".Sh COMMANDS"]
    for child in root.get("subcommands", []):
        if child["commandName"] != "help":
            command(child, ["yuanbench", child["commandName"]], out)
    out += [".Sh ENVIRONMENT", ".Bl -tag -width indent"]
    for name, text in [
        ("XDG_CACHE_HOME", "Where models and fetched problem sets are kept, below yuanbench/; default ~/.cache."),
        ("HF_TOKEN, MODELSCOPE_API_TOKEN", "Tokens for private models; sent to their own server alone."),
        ("HF_ENDPOINT, MODELSCOPE_ENDPOINT", "Mirrors."),
        ("HTTPS_PROXY, NO_PROXY", "The proxy for model pull and dataset pull."),
        ("NO_COLOR", "If not empty, no colours."),
    ]:
        out += [f".It {escape(name)}", escape(text)]
    out += [".El", ".Sh EXIT STATUS", ".Bl -tag -width indent"]
    for code, text in [
        ("0", "Done; with a baseline: not worse."), ("1", "Regression."), ("2", "Cannot tell (only with a baseline)."),
        ("64", "Wrong usage."), ("65", "Bad input: model, data set or report."),
        ("69", "Something needed is missing on this host."), ("74", "Could not write."),
        ("130", "Interrupted; everything finished is kept."),
    ]:
        out += [f".It {code}", text]
    out += [".El"]
    print("\n".join(out))


if __name__ == "__main__":
    main()
