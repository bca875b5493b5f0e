#!/usr/bin/env python3
"""Checks the reports that are committed: valid by Reports/schema, and every number follows from the records in them.

  python3 Scripts/check_reports.py BINARY [REPORT.json...]     default: every report.json below Reports/
"""
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}
KNOWN = {"type", "enum", "const", "minimum", "maximum", "minItems", "maxItems", "items", "required", "properties",
         "additionalProperties", "$schema", "$id", "title", "description"}


def is_of(value, kind):
    if kind in ("number", "integer"):
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        return number and (kind == "number" or value == int(value))
    return isinstance(value, TYPES[kind])


def complaints(value, schema, place="$"):
    """The part of JSON Schema that the report's schema uses."""
    if set(schema) - KNOWN:
        yield f"the schema at {place} uses {sorted(set(schema) - KNOWN)}, which this check does not know"
    kinds = schema.get("type")
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and not any(is_of(value, kind) for kind in kinds):
        yield f"{place} is not of type {' or '.join(kinds)}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{place} is {json.dumps(value)[:60]}, which is none of {schema['enum']}"
    if "const" in schema and value != schema["const"]:
        yield f"{place} is not {schema['const']}"
    if is_of(value, "number"):
        if value < schema.get("minimum", value) or value > schema.get("maximum", value):
            yield f"{place} is {value}, out of its range"
    if isinstance(value, list):
        if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
            yield f"{place} has {len(value)} elements"
        for index, element in enumerate(value):
            yield from complaints(element, schema.get("items", {}), f"{place}[{index}]")
    if isinstance(value, dict):
        for key in schema.get("required", []):
            if key not in value:
                yield f"{place}.{key} is missing"
        for key, member in value.items():
            part = schema.get("properties", {}).get(key, schema.get("additionalProperties"))
            if part is not None:
                yield from complaints(member, part, f"{place}.{key}")


def main():
    binary = str(pathlib.Path(sys.argv[1]).resolve())
    schema = json.loads((ROOT / "Reports/schema/report-1.schema.json").read_text(encoding="utf-8"))
    files = [pathlib.Path(name) for name in sys.argv[2:]] or sorted((ROOT / "Reports").rglob("report.json"))
    failures = 0
    for file in files:
        found = list(complaints(json.loads(file.read_text(encoding="utf-8")), schema))
        for complaint in found[:20]:
            print(f"{file}: {complaint}")
        run = subprocess.run([binary, "verify", str(file)], capture_output=True, text=True, check=False, cwd=ROOT)
        if run.returncode != 0:
            print(f"{file}: yuanbench verify ends with {run.returncode}\n{run.stdout}{run.stderr}".rstrip())
        failures += bool(found) or run.returncode != 0
    print(f"{len(files)} reports, {failures or 'none'} at fault")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
