#!/usr/bin/env python3
"""Reads JSON-LD out of pages with extruct and compares it with what was written.

    cargo test --package tests --test all events::calendar::oracle

Reads a JSON array of `html` and `json` from the standard input. Needs extruct.
"""

import json
import sys

try:
    import extruct
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(0)

pages = json.load(sys.stdin)
differing = [
    page for page in pages if extruct.extract(page["html"], syntaxes=["json-ld"])["json-ld"] != [page["json"]]
]
for page in differing[:5]:
    print(page["html"])
print(f"{len(pages) - len(differing)} of {len(pages)} agree")
sys.exit(1 if differing else 0)
