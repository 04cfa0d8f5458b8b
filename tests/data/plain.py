"""A program for the `command` backend: the render job as JSON in, plain text out."""

import json
import sys

job = json.load(sys.stdin.buffer)


def words(node):
    """Return the text of a node, wherever it stands."""
    if isinstance(node, list):
        return "".join(words(child) for child in node)
    if not isinstance(node, dict):
        return ""
    if node["node"] in ("Text", "Code", "Verbatim", "Foreign"):
        return node["text"]
    if node["node"] == "Ruby":
        return node["base"]
    if node["node"] in ("Paragraph", "Heading", "Entry"):
        return "".join(words(value) for value in node.values()) + "\n"
    return "".join(words(value) for value in node.values())


lines = [job["edition"]["title"]]
for article in job["edition"]["articles"]:
    lines += [words(article["title"]), words(article["body"])]
print(f"{len(job['edition']['articles'])} articles", file=sys.stderr)
sys.stdout.buffer.write("\n".join(lines).encode())
