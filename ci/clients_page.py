"""cases/clients/RESULTS.md and its dialogues, from the reports that ci/clients had written."""

import collections
import re
import shutil

from clients_install import Mistake

SEVERITIES = ("leak", "false-accept", "false-refuse", "wrong-reason", "note")  # worst first
MARKS = dict(zip(SEVERITIES, "LARWN"))
# As cases/engine makes them: one that is seen here was not blotted out.
CANARY = re.compile(r"canary[0-9a-f]{8}")
MOST_SKIPS = 6  # reasons that are shown of a client


def file_name(name):
    return re.sub(r"[^A-Za-z0-9._-]", "-", name)


def counts(report):
    s = report["summary"]
    return (f"{s['passed'] + s['expected_failures']} passed, {s['failed'] + s['unexpected_passes'] + s['errors']} failed, "
            f"{s['skipped']} skipped, {s.get('notes', 0)} notes")


def findings_text(report):
    found = sorted_findings(report)
    if not found:
        return "no finding"
    return f"{len(found)} finding{'s' * (len(found) > 1)}, worst {found[0]['severity']}"


def sorted_findings(report):
    return sorted(report["findings"],
                  key=lambda one: (SEVERITIES.index(one["severity"]), -len(one["cases"]), one["id"]))


def shown(text):
    """As Markdown has it, on one line; dpkg-query puts tabs, which a report has as \\x09."""
    return re.sub(r"([<|*_])", r"\\\1", " ".join(text.replace("\\x09", " ").split()))


def sentence(text):
    text = shown(text)
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def dialogue_of(report, finding):
    if finding.get("dialogue"):
        return finding["dialogue"]
    first = finding["cases"][0] if finding["cases"] else None
    return next((case["dialogue"] for case in report["cases"] if case["id"] == first and case.get("dialogue")), [])


def date_of(report):
    return report["clock"][:10]


def library_of(report):
    """Empty: the client's version says it already."""
    client = report["client"]
    return "" if client["tls_library"] == client["version"] else shown(client["tls_library"])


def client_rows(runs):
    for run in runs:
        if run.report is None:
            yield f"| {shown(run.client)} | not run: {shown(run.why)} | | | | | | | | |"
            continue
        client, found = run.report["client"], sorted_findings(run.report)
        name = f"[{shown(run.client)}](#{anchor(run.client)})"
        s = run.report["summary"]
        yield (f"| {name} | {shown(client['version'])} | {library_of(run.report)} | {run.report['trust_model']} "
               f"| {date_of(run.report)} | {s['passed']} | {s['failed']} | {s.get('notes', 0)} | {s['skipped']} "
               f"| {found[0]['severity'] if found else 'no finding'} |")


def anchor(client):
    return re.sub(r"[^a-z0-9_-]", "", client.lower().replace(" ", "-"))


def matrix_lines(runs):
    """By finding, what each client does: worst first, then by how many have it, then by its id."""
    cells = collections.defaultdict(dict)
    for run in runs:
        for finding in run.report["findings"]:
            cells[finding["id"]][run.client] = (finding["severity"], len(finding["cases"]))

    def order(name):
        return (min(SEVERITIES.index(severity) for severity, _ in cells[name].values()), -len(cells[name]), name)

    yield "| finding | " + " | ".join(shown(run.client) for run in runs) + " |"
    yield "|---" * (len(runs) + 1) + "|"
    for name in sorted(cells, key=order):
        row = [cells[name].get(run.client) for run in runs]
        yield f"| `{name}` | " + " | ".join(f"{MARKS[one[0]]} {one[1]}" if one else "" for one in row) + " |"


def skip_lines(report):
    why = collections.Counter(case["reason"] for case in report["cases"] if case["verdict"] == "skip")
    ranked = sorted(why.items(), key=lambda item: (-item[1], item[0]))
    for reason, count in ranked[:MOST_SKIPS]:
        yield f"* {count} skipped: {shown(reason)}"
    if len(ranked) > MOST_SKIPS:
        yield f"* {sum(count for _, count in ranked[MOST_SKIPS:])} skipped for {len(ranked) - MOST_SKIPS} other reasons"


def client_lines(run, dialogues):
    report = run.report
    yield from (f"## {shown(run.client)}", "")
    versions = [text for text in (shown(report["client"]["version"]), library_of(report)) if text]
    yield f"{', '.join(versions)}; {counts(report)}."
    yield ""
    skips = list(skip_lines(report))
    yield from skips + [""] * bool(skips)
    for finding in sorted_findings(report):
        count = len(finding["cases"])
        yield from (f"### {finding['severity']}: `{finding['id']}`, {count} case{'s' * (count != 1)}", "")
        yield sentence(finding["seen"])
        if finding["why"]:
            yield sentence(finding["why"])
        yield from ("", f"    {finding['reproduce']}", "")
        said = dialogue_of(report, finding)
        if said:
            name = f"dialogues/{file_name(run.client)}/{file_name(finding['id'])}.txt"
            dialogues[name] = "\n".join([f"# {finding['cases'][0]}" if finding["cases"] else "#", *said, ""])
            yield from (f"[What was said]({name})", "")


def varying_lines(varying):
    if not varying:
        return []
    return ["## What a second run came to otherwise", "",
            "Verdicts of two runs that differ: where a server speaks before it was asked, or breaks off, it is chance what a "
            "client has read by then, and some clients do not bound what they make of it.", "",
            *(f"* {shown(one)}" for one in varying), ""]


def page(runs, varying=()):
    """RESULTS.md, and the dialogues by their file. `varying`: sentences about what two runs did not agree in."""
    judged, dialogues = [run for run in runs if run.report], {}
    dates = sorted({date_of(run.report) for run in judged})
    lines = [
        "# What other people's clients come to", "",
        f"Written by `ci/clients`, of runs of {' and '.join(dict.fromkeys([dates[0], dates[-1]]))} "
        f"(startle {judged[0].report['startle']}).", "",
        "| client | version | TLS library | trust model | date | passed | failed | notes | skipped | worst |",
        "|---|---|---|---|---|---|---|---|---|---|", *client_rows(runs), "",
        "## Findings by client", "",
        "How many cases, and how severe the finding is: " + ", ".join(f"{MARKS[one]} {one}" for one in SEVERITIES) + ".", "",
        *matrix_lines(judged), "",
        *varying_lines(varying)]
    for run in judged:
        lines += client_lines(run, dialogues)
    return "\n".join(lines).rstrip("\n") + "\n", dialogues


def write_page(runs, folder, varying=()):
    text, dialogues = page(runs, varying)
    for name, content in {"RESULTS.md": text, **dialogues}.items():
        if CANARY.search(content):
            raise Mistake(f"{name} would hold a secret: nothing is written", 3)
    folder.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(folder / "dialogues", ignore_errors=True)
    for name, content in dialogues.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    (folder / "RESULTS.md").write_text(text)
    print(f"{folder / 'RESULTS.md'} and {len(dialogues)} dialogues are written")
