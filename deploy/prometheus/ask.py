"""Asks a Prometheus every query of gloss.rules.yaml and of the dashboard, and prints what comes as a table in Markdown.

    ask.py PROMETHEUS-URL

Ends with 1 if a query is refused, and says how many gave nothing.
"""

import json
import pathlib
import sys
import urllib.error
import urllib.parse
import urllib.request

folder = pathlib.Path(__file__).parent
base = sys.argv[1].rstrip("/")


def get(path, **query):
    url = base + path + ("?" + urllib.parse.urlencode(query) if query else "")
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        return json.load(error)


def shown(value):
    number = float(value)
    return f"{number:.4g}" if abs(number) < 1e6 else f"{number:.3e}"


rows, refused, empty = [], 0, 0
for group in get("/api/v1/rules")["data"]["groups"]:
    for rule in group["rules"]:
        rows.append(("alert", rule["name"], rule["query"]))
board = json.loads((folder.parent / "grafana" / "gloss-overview.json").read_text())
for panel in board["panels"]:
    for target in panel.get("targets", []):
        name = panel["title"] + (f": {target['legendFormat']}" if len(panel["targets"]) > 1 else "")
        query = target["expr"].replace("$__rate_interval", "1m")
        for variable in ["$instance", "$component", "$method"]:
            query = query.replace(variable, ".*")
        rows.append(("panel", name, query))

print("| | Query | Series | One of them |\n|---|---|---|---|")
for kind, name, query in rows:
    answer = get("/api/v1/query", query=query)
    if answer["status"] != "success":
        refused += 1
        print(f"| {kind} | {name} | refused | {answer.get('error', '')} |")
        continue
    result = answer["data"]["result"]
    if not result:
        empty += 1
        print(f"| {kind} | {name} | 0 | {'quiet' if kind == 'alert' else 'nothing to show'} |")
        continue
    one = max(result, key=lambda series: (float(series["value"][1]) == float(series["value"][1]), abs(float(series["value"][1]))))
    labels = ", ".join(f"{name}={value}" for name, value in sorted(one["metric"].items())
                       if name not in ("__name__", "instance", "job"))
    print(f"| {kind} | {name} | {len(result)} | {shown(one['value'][1])}{' of ' + labels if labels else ''} |")
print(f"\n{len(rows)} queries, {refused} refused, {empty} with nothing to show.")
sys.exit(1 if refused else 0)
