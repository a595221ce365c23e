"""/docs: the description of the routes as one page, made here: no script, no request to anywhere else."""

import html
import json
from typing import Any, Final

from litestar import Litestar

_METHODS: Final = ("get", "post", "put", "patch", "delete")
_HEAD: Final = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    '<title>mExchange: REST</title><link rel="stylesheet" href="/docs/style.css"></head><body><main>'
)
STYLE: Final = """
:root{color-scheme:light dark;--line:#8884;--weak:#8888}
body{font:15px/1.5 system-ui,sans-serif;margin:0}main{max-width:60rem;margin:0 auto;padding:1rem}
details{border:1px solid var(--line);border-radius:6px;margin:.4rem 0;padding:.4rem .8rem}
summary{cursor:pointer;font-family:ui-monospace,monospace}summary span{font-family:system-ui,sans-serif;opacity:.8}
b.get{color:#0a7d33}b.post{color:#9a5b00}b.delete{color:#b3261e}
pre{overflow:auto;border:1px solid var(--line);border-radius:6px;padding:.6rem}
table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid var(--line);padding:.2rem .5rem}
td,th{text-align:left;vertical-align:top}
"""


def description(app: Litestar) -> bytes:
    """OpenAPI 3.1 in JSON."""
    return json.dumps(app.openapi_schema.to_schema(), ensure_ascii=False, separators=(",", ":")).encode()


def page(app: Litestar) -> bytes:
    """For people."""
    schema = app.openapi_schema.to_schema()
    parts = [_HEAD, f"<h1>{_text(schema['info']['title'])} {_text(schema['info']['version'])}</h1>"]
    parts.append(f"<p>{_text(schema['info'].get('description', ''))} <a href='/openapi.json'>OpenAPI 3.1</a></p>")
    groups: dict[str, list[str]] = {tag["name"]: [] for tag in schema.get("tags", [])}
    for path, item in sorted(schema["paths"].items()):
        for method in _METHODS:
            if method in item:
                tag = (item[method].get("tags") or ["service"])[0]
                groups.setdefault(tag, []).append(_operation(path, method, item[method]))
    for name, operations in groups.items():
        if operations:
            parts += [f"<h2>{_text(name)}</h2>", *operations]
    parts.append("<h2>shapes</h2>")
    for name, shape in sorted(schema.get("components", {}).get("schemas", {}).items()):
        parts.append(_shape(name, shape))
    parts.append("</main></body></html>")
    return "".join(parts).encode()


def _operation(path: str, method: str, operation: dict[str, Any]) -> str:
    rows = "".join(_parameter(each) for each in operation.get("parameters", []))
    who = " · signed in" if operation.get("security") else ""
    return (
        f"<details><summary><b class='{method}'>{method.upper()}</b> {_text(path)} "
        f"<span>{_text(operation.get('summary', ''))}{who}</span></summary>"
        f"<p>{_text(operation.get('description', ''))}</p>"
        + (f"<table>{rows}</table>" if rows else "")
        + _body(operation)
        + _answers(operation)
        + "</details>"
    )


def _parameter(each: dict[str, Any]) -> str:
    needed = ", needed" if each.get("required") else ""
    return (
        f"<tr><td><code>{_text(each['name'])}</code></td><td>{_text(each['in'])}{needed}</td>"
        f"<td>{_type(each.get('schema', {}))} {_text(each.get('description', ''))}</td></tr>"
    )


def _body(operation: dict[str, Any]) -> str:
    content = operation.get("requestBody", {}).get("content", {})
    found = []
    for media in content.values():
        found.append(f"<p>Body: {_type(media.get('schema', {}))}</p>")
        for example in media.get("schema", {}).get("examples", []):
            found.append(f"<pre>{_text(json.dumps(example, indent=1, ensure_ascii=False))}</pre>")
    return "".join(found)


def _answers(operation: dict[str, Any]) -> str:
    rows = []
    for status, answer in sorted(operation.get("responses", {}).items()):
        types = ", ".join(_type(media.get("schema", {})) for media in answer.get("content", {}).values())
        rows.append(f"<tr><td>{_text(status)}</td><td>{types}</td><td>{_text(answer.get('description', ''))}</td></tr>")
    return f"<table>{''.join(rows)}</table>"


def _shape(name: str, shape: dict[str, Any]) -> str:
    needed = set(shape.get("required", []))
    rows = "".join(
        f"<tr><td><code>{_text(field)}</code>{'' if field in needed else ' (optional)'}</td><td>{_type(kind)}</td></tr>"
        for field, kind in shape.get("properties", {}).items()
    )
    return f"<details id='{_text(name)}'><summary>{_text(name)}</summary><table>{rows}</table></details>"


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        name = _text(schema["$ref"].rpartition("/")[2])
        return f"<a href='#{name}'>{name}</a>"
    for word in ("oneOf", "anyOf", "allOf"):
        if word in schema:
            return " or ".join(_type(each) for each in schema[word])
    kind = schema.get("type", "")
    if kind == "array":
        return f"list of {_type(schema.get('items', {}))}"
    return _text(kind if isinstance(kind, str) else ", ".join(kind))


def _text(value: object) -> str:
    return html.escape(str(value))
