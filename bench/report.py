#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""usage: bench/report.py record|check|hold FIGURES

Reads the figures of bench/run and the budgets.

  check   print a line for each budget in the format of tests/run
  record  print the tables, write them to docs/performance.md with a plot, and
          write bench.json beside the figures
  hold    lower the limits in budgets.tsv to the measured figures; raise none
"""
import json
import math
import os
import subprocess
import sys
from fractions import Fraction

HERE = os.path.dirname(os.path.abspath(__file__))
BUDGETS = os.path.join(HERE, "budgets.tsv")
DOCS = os.path.join(HERE, "..", "docs")
SLACK = 1.02  # for another compiler, or another package of the kernel
MAIN = "7.3"  # most budgets are of this kernel
START = 10  # at this size a command has almost no work
PER = {"buffers": 1, "processes": 100, "pairs": 1}  # counted objects per unit of a scene's size

# The descriptions of the cases in the tables.
MEANING = {
    "kernel-count": "the floor: the run of a BPF program that counts buffers",
    "kernel-take-iter_open": "kernel part of a snapshot by `iter_open`",
    "kernel-take-iter_seq": "kernel part of a snapshot by `iter_seq`",
    "kernel-take-list_walk": "kernel part of a snapshot by `list_walk`",
    "count": "the whole program that counts buffers",
    "take-iter_open": "a program that takes a snapshot by `iter_open`",
    "take-iter_seq": "a program that takes a snapshot by `iter_seq`",
    "take-list_walk": "a program that takes a snapshot by `list_walk`",
    "bufinfo": "`cat /sys/kernel/debug/dma_buf/bufinfo`",
    "text": "`cat` of the pinned iterator with Android's text",
    "records": "`cat` of the pinned iterator with our records",
    "sysfsread": "a reader of `/sys/kernel/dmabuf/buffers`",
    "summary": "`dmabuf summary`",
    "list": "`dmabuf list`",
    "list-json": "`dmabuf list --json`",
    "list-dump": "`dmabuf list --format=dmabuf_dump`",
    "save": "`dmabuf save`",
    "ps": "`dmabuf ps`",
    "ps-procfs": "`dmabuf ps --collector procfs`",
    "procscan": "a reader of `/proc/PID/fdinfo` and `maps`, like dmabuf_dump",
    "summary-pinned": "`dmabuf summary --collector pinned`",
    "list-pinned": "`dmabuf list --collector pinned`",
    "save-pinned": "`dmabuf save --collector pinned`",
    "again": "a program that takes three snapshots in one context",
    "kernel-again": "the third snapshot of one context",
    "pair-track": "what `dmabuf track on --stacks off` adds to a buffer made and freed",
    "pair-stacks": "what `dmabuf track on` adds to a buffer made and freed",
    "iter_open": "snapshots by `iter_open` in a loop",
    "iter_seq": "snapshots by `iter_seq` in a loop",
    "list_walk": "snapshots by `list_walk` in a loop",
}


def meaning(case):
    return MEANING.get(case, f"`dmabuf {case}`")


class Figures:
    """What the guests printed."""

    def __init__(self, path):
        self.commits = []  # one for each file of figures
        self.kernels = {}
        self.costs = {}  # (kernel, mode, scene, case) -> size -> (ns, kB)
        self.latency = {}  # (kernel, reader) -> what -> (median, p99, worst)
        self.read(path)

    def read(self, path):
        with open(path, encoding="utf-8") as file:
            for line in file:
                self.add(line.split())

    def add(self, words):
        what, kernel, *rest = words
        if what == "commit":
            self.commits.append(kernel)
        elif what == "kernel":
            self.kernels[kernel] = rest[0]
        elif what == "figure":
            mode, scene, size, case, ns, kilobytes = rest
            sizes = self.costs.setdefault((kernel, mode, scene, case), {})
            sizes[int(size)] = (int(ns), None if kilobytes == "-" else int(kilobytes))
        elif what == "latency":
            reader, operation, *times = rest
            of_reader = self.latency.setdefault((kernel, reader), {})
            of_reader[operation] = tuple(map(int, times))
        else:
            sys.exit(f"report.py: unknown line '{' '.join(words)}'")

    def cases(self, kernel, mode, scene, size):
        """Return the cases measured at this size, in the order of the tables."""
        known = list(MEANING)
        found = [
            case
            for (k, m, s, case), sizes in self.costs.items()
            if (k, m, s) == (kernel, mode, scene) and size in sizes
        ]
        return sorted(found, key=lambda c: known.index(c) if c in known else len(known))

    def start(self, kernel, mode, scene, case):
        return self.costs[kernel, mode, scene, case][START][0]

    def each(self, kernel, mode, scene, case, size):
        """Return the cost of one buffer or descriptor, without the start."""
        beyond = (
            self.costs[kernel, mode, scene, case][size][0]
            - self.start(kernel, mode, scene, case)
        )
        return beyond / ((size - START) * PER[scene])

    def memory(self, kernel, mode, scene, case, size):
        return self.costs[kernel, mode, scene, case][size][1]


class Budget:
    """A line of budgets.tsv."""

    def __init__(self, line):
        words = line.rstrip("\n").split("\t")
        if len(words) != 9:
            sys.exit(f"report.py: budgets.tsv: expected 9 columns: {line}")
        self.kernel, self.scene, size, self.case, self.figure, of, *rest = words
        self.target_text, held, self.why = rest
        self.size = int(size)
        self.of = None if of == "-" else of
        self.target = float(Fraction(self.target_text))
        self.limit = self.target if held == "-" else float(held)
        if (self.limit > self.target) != (self.why != "-"):
            sys.exit(
                f"report.py: budgets.tsv: {self.name()}: a limit above the target "
                "needs a reason, and no other line may have one"
            )

    def name(self):
        of = f"-of-{self.of}" if self.of else ""
        on = "" if self.kernel == MAIN else f"-on-{self.kernel}"
        return f"{self.case}-{self.figure}-{self.scene}-{self.size}{of}{on}"

    def of_case(self, figures, case):
        at = (self.kernel, "exact", self.scene, case)
        if self.figure == "start":
            return figures.start(*at)
        if self.figure == "each":
            return figures.each(*at, self.size)
        if self.figure == "growth":
            return figures.each(*at, self.size) / figures.each(*at, self.size // 10)
        if self.figure == "memory":
            return figures.memory(*at, self.size)
        if self.figure == "p99":
            return figures.latency[self.kernel, case]["alloc"][1]
        sys.exit(f"report.py: budgets.tsv: unknown figure '{self.figure}'")

    def measure(self, figures):
        """Return the figure, or None if it was not measured."""
        try:
            value = self.of_case(figures, self.case)
            return value / self.of_case(figures, self.of) if self.of else value
        except KeyError:
            return None

    def line(self):
        held = "-" if self.limit == self.target else f"{self.limit:.4g}"
        return "\t".join([self.kernel, self.scene, str(self.size), self.case,
                          self.figure, self.of or "-", self.target_text, held,
                          self.why]) + "\n"

    def lower(self, value):
        if value is None or self.limit == self.target:
            return
        self.limit = min(self.limit, max(self.target, SLACK * value))
        if self.limit == self.target:
            self.why = "-"

    def verdict(self, value):
        if value > self.limit:
            return "exceeded"
        return "above target" if value > self.target else "pass"


def read_budgets():
    with open(BUDGETS, encoding="utf-8") as file:
        return [Budget(line) for line in file if line[0] != "#"]


def hold(figures, budgets):
    with open(BUDGETS, encoding="utf-8") as file:
        lines = [line for line in file if line[0] == "#"]
    for budget in budgets:
        budget.lower(budget.measure(figures))
        lines.append(budget.line())
    with open(BUDGETS, "w", encoding="utf-8") as file:
        file.writelines(lines)


def number(value):
    """Format with four significant digits."""
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.4g}"


def check(figures, budgets):
    failed = False
    for budget in budgets:
        if budget.figure == "p99":
            continue
        name = f"speed/{budget.name()}"
        value = budget.measure(figures)
        if value is None:
            print(f"not ok {name}\n  not measured")
            failed = True
            continue
        verdict = budget.verdict(value)
        said = f"{number(value)}, limit {number(budget.limit)}"
        if budget.limit > budget.target:
            said += f", target {budget.target_text}"
        if verdict == "exceeded":
            print(f"not ok {name}\n  {said}")
            failed = True
            continue
        print(f"ok {name}\n  # {said}")
        if value <= budget.target < budget.limit:
            print("  # the target is met: lower the limit with bench/report.py hold")
    return failed


# --- The record


def table(head, rows):
    """Return a Markdown table; the first column is text, the others are numbers."""
    rows = [[str(cell) for cell in row] for row in [head, *rows]]
    widths = [max(len(row[i]) for row in rows) for i in range(len(head))]
    lines = []
    for row in rows:
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
        lines.append("| " + " | ".join(cells) + " |")
    rule = ["-" * (widths[0] + 2)] + ["-" * (width + 1) + ":" for width in widths[1:]]
    lines.insert(1, "|" + "|".join(rule) + "|")
    return "\n".join(lines)


def cost_table(figures, kernel, scene, floor):
    """Return a table of the cases of an exact guest: start, cost per object, memory."""
    sizes = sorted(
        {
            size
            for (k, m, s, _), by_size in figures.costs.items()
            if (k, m, s) == (kernel, "exact", scene)
            for size in by_size
        }
    )
    largest = sizes[-1]
    rows = []
    for case in figures.cases(kernel, "exact", scene, largest):
        at = (kernel, "exact", scene, case)
        each = [figures.each(*at, size) for size in sizes[1:]]
        memory = figures.memory(*at, largest)
        rows.append(
            [
                meaning(case),
                number(figures.start(*at) / 1e6),
                *map(number, each),
                number(each[-1] / figures.each(kernel, "exact", scene, floor, largest)),
                f"{memory / 1024:.1f}" if memory else "",
            ]
        )
    head = ["", "start, millions", *[f"at {size:,}" for size in sizes[1:]]]
    return table([*head, f"times {peer_name(floor)}", "MiB"], rows)


def peer_name(case):
    return "the floor" if case == "kernel-count" else case


def start_table(figures, kernel):
    """Return a table of the cases that were measured only at the start size."""
    rows = []
    for case in figures.cases(kernel, "exact", "buffers", START):
        at = (kernel, "exact", "buffers", case)
        if len(figures.costs[at]) == 1:
            rows.append([meaning(case), number(figures.start(*at) / 1e6)])
    return table(["", "start, millions"], rows)


def pairs_table(figures, kernel):
    """Return a table of what noting births costs each buffer."""
    rows = []
    for case in figures.cases(kernel, "exact", "pairs", START):
        at = (kernel, "exact", "pairs", case)
        rows.append([meaning(case), number(figures.each(*at, max(figures.costs[at])))])
    return table(["", "instructions"], rows)


def truth_table(figures, kernel):
    """Return a table of instructions and time, as ratios to a peer of the same size."""
    rows = []
    for scene, peer in ("buffers", "bufinfo"), ("processes", "procscan"):
        size = max(figures.costs[kernel, "plain", scene, peer])
        for case in figures.cases(kernel, "plain", scene, size):
            if case in ("count", peer):
                continue
            ratios = [
                figures.each(kernel, mode, scene, case, size)
                / figures.each(kernel, mode, scene, peer, size)
                for mode in ("exact", "plain")
            ]
            rows.append([meaning(case), f"{size:,} {scene}", peer]
                        + [f"{ratio:.3f}" for ratio in ratios])
    return table(["", "scene", "compared with", "instructions", "time"], rows)


# What the other CPU does; without an entry, it reads in that way.
OTHER_CPU = {
    "track": "idle, with `dmabuf track on --stacks off`",
    "stacks": "idle, with `dmabuf track on`",
}


def latency_table(figures, kernel):
    if (kernel, "idle") not in figures.latency:
        return "Not measured."
    idle = figures.latency[kernel, "idle"]
    rows = []
    for (k, reader), operations in figures.latency.items():
        if k != kernel:
            continue
        row = [OTHER_CPU.get(reader, reader)]
        for operation in "alloc", "free":
            row += [
                number(time / 1000) if reader == "idle" else f"× {time / base:.2f}"
                for time, base in zip(operations[operation], idle[operation])
            ]
        rows.append(row)
    head = [f"{what} {which}" for what in ("alloc", "free")
            for which in ("median", "p99", "worst")]
    return table(["the other CPU", *head], rows)


FIGURE_WORDS = {
    "each": "per {unit}{of}, at {size:,} {scene}",
    "start": "{whole}{of}",
    "growth": "growth from {tenth:,} to {size:,} {scene}",
    "memory": "kB at {size:,} {scene}",
    "p99": "p99 of an allocation{of}",
}


def budget_table(figures, budgets):
    rows, reasons = [], []
    for budget in budgets:
        value = budget.measure(figures)
        of = f", times {peer_name(budget.of)}" if budget.of else ""
        what = FIGURE_WORDS[budget.figure].format(
            whole="start" if budget.scene == "buffers" else f"all, in the scene {budget.scene}",
            of=of, unit="buffer" if budget.scene in ("buffers", "pairs") else "descriptor",
            size=budget.size, tenth=budget.size // 10, scene=budget.scene,
        )
        if value is None:
            verdict, shown = "not measured", ""
        else:
            verdict, shown = budget.verdict(value), number(value)
            if budget.limit <= 1 and budget.of:
                shown = f"1/{1 / value:.1f}"
            elif budget.target >= 1e6:
                shown = f"{value / 1e6:.1f} million"
        if verdict == "above target":
            if budget.why not in reasons:
                reasons.append(budget.why)
            verdict += f", see note {reasons.index(budget.why) + 1}"
        target = budget.target_text
        if budget.target >= 1e6:
            target = f"{budget.target / 1e6:g} million"
        if budget.kernel != MAIN:
            what += f", on {budget.kernel}"
        rows.append([meaning(budget.case), what, target, shown, verdict])
    text = table(["", "", "target", "measured", ""], rows)
    notes = [f"{i}. {reason}" for i, reason in enumerate(reasons, 1)]
    return text + ("\n\nNotes:\n\n" + "\n".join(notes) if notes else "")


# --- The plot


def panel(figures, left, title, unit, curves):
    """Plot instructions of the whole command against size, on logarithmic scales."""
    width, height, top, right = 330, 330, 40, 100
    curves = [(at, style) for at, style in curves if at in figures.costs]
    points = [
        (size, ns) for at, _ in curves for size, (ns, _) in figures.costs[at].items()
    ]
    x0, x1 = (f(size for size, _ in points) for f in (min, max))
    low = math.floor(math.log10(min(ns for _, ns in points)))
    high = math.ceil(math.log10(max(ns for _, ns in points)))

    def x(size):
        return left + width * math.log10(size / x0) / math.log10(x1 / x0)

    def y(log):
        return top + height * (high - log) / (high - low)

    out = [f'<text x="{left}" y="22" class="title">{title}</text>']
    for log in range(low, high + 1):
        out.append(f'<path class="grid" d="M{left} {y(log):.1f}h{width}"/>')
        out.append(f'<text x="{left - 6}" y="{y(log) + 4:.1f}" text-anchor="end">'
                   f'10<tspan dy="-5" font-size="9">{log}</tspan></text>')
    for size in sorted({size for size, _ in points}):
        out.append(f'<text x="{x(size):.1f}" y="{top + height + 18}" '
                   f'text-anchor="middle">{size:,}</text>')
    out.append(f'<text x="{left + width / 2}" y="{top + height + 38}" '
               f'text-anchor="middle">{unit}</text>')

    # Labels are at the ends of the curves and do not overlap.
    ends = []
    for at, style in curves:
        sizes = sorted(figures.costs[at].items())
        path = " ".join(f"{x(s):.1f},{y(math.log10(ns)):.1f}" for s, (ns, _) in sizes)
        out.append(f'<polyline class="{style}" points="{path}"/>')
        ends.append((y(math.log10(sizes[-1][1][0])), at, style))
    last = -math.inf
    for end, at, style in sorted(ends):
        last = max(end, last + 14)
        kernel, case = at[0], at[3].removeprefix("kernel-")
        label = case if kernel == "7.3" else f"{case} (6.12)"
        out.append(f'<text x="{left + width + 6}" y="{last + 4:.1f}" '
                   f'class="{style}-label">{label}</text>')
    return out, left + width + right


def plot(figures):
    buffers = [(("7.3", "exact", "buffers", case), style) for case, style in (
        ("kernel-count", "floor"), ("bufinfo", "peer"), ("text", "peer"),
        ("summary", "ours"), ("save", "ours"), ("list", "ours"), ("list-json", "ours"),
    )]
    buffers.insert(3, (("6.12-dmabuf", "exact", "buffers", "sysfsread"), "peer"))
    processes = [(("7.3", "exact", "processes", case), style) for case, style in (
        ("ps", "ours"), ("procscan", "peer"),
    )]
    left, end = panel(figures, 50, "Instructions, buffers", "buffers", buffers)
    more, end = panel(figures, end + 50, "Instructions, processes",
                      "processes of 100 descriptors", processes)
    style = """
    text { font: 12px sans-serif; fill: #333 }
    .title { font-size: 14px; font-weight: bold }
    polyline { fill: none; stroke-width: 2 }
    .grid { stroke: #ddd }
    .floor { stroke: #777; stroke-dasharray: 2 3 }
    .peer { stroke: #c4620f; stroke-dasharray: 6 4 }
    .ours { stroke: #1c62b9 }
    .peer-label { fill: #c4620f }
    .ours-label { fill: #1c62b9 }
  """
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {end} 420">',
        "<!-- SPDX-License-Identifier: GPL-2.0-or-later; made by make bench -->",
        f"<style>{style}</style>",
        f'<rect width="{end}" height="420" fill="#fff"/>',
        *left, *more, "</svg>", "",
    ])


def output_of(*command):
    return subprocess.run(command, cwd=HERE, check=True, text=True,
                          stdout=subprocess.PIPE).stdout.splitlines()[0]


def tools():
    return {
        "compiler": output_of(os.environ.get("CC", "gcc"), "--version"),
        "bpf_compiler": output_of(os.environ.get("CLANG", "clang"), "--version"),
        "emulator": output_of("qemu-system-x86_64", "--version"),
    }


PAGE = """<!-- SPDX-License-Identifier: GPL-2.0-or-later; made by make bench -->

# The cost of reading buffers

The figures are instructions of the kernel and the program together. They come from a
guest whose clock counts instructions (`tools/vm --exact`), so the same programs give the
same figures. *Start* is the whole cost with {start} buffers or processes, where a command
has almost no work. The other figures are the cost of each further buffer or descriptor.
Half of the buffers have a name, and one process has all of them. In the scene with many
processes, each process has 100 descriptors. 50 of them are buffers, and it shares half
of these with all other processes. MiB is the peak memory at the largest size. *The
floor* is the run of a BPF program that only counts buffers.

{tools}

![Instructions against size](performance.svg)

## Cost per buffer

On {release}:

{buffers}

`/sys/kernel/dmabuf/buffers` needs CONFIG_DMABUF_SYSFS_STATS, which 7.3 does not have.
On {old_release}, 6.12 with our patches:

{old_buffers}

## Cost per descriptor

{processes}

## Cost at the start

{starts}

## Cost of noting births

For each buffer, from `dma_buf_export()` to its release, on {release}:

{pairs}

## Budgets

`make check-speed` checks all of these except p99, which is time. *Above target* means
that the figure does not meet the target yet, and must not grow.

{budgets}

## Do instructions predict time?

This table has the cost per buffer or descriptor as a ratio to a peer, in instructions
and in time. The time comes from a guest that does not count instructions. It is the time
of an emulator and differs between runs.

{truth}

## Effect on other programs

One CPU allocates and frees a buffer of one page in a loop, while the other CPU reads
10,000 buffers in a loop, or is idle while births are noted. The figures are microseconds
when it is idle and nothing is noted, and ratios to these. They are medians of 5 rounds of
3 seconds, from `bench/run harm`{of_harm}.
The times come from two emulated CPUs on a machine that has other work, so the worst case
may have any cause.

On {release}:

{latency}

On {old_release}:

{old_latency}
"""


def record(figures, budgets, path):
    made_by = {"commit": figures.commits[0], **tools()}
    page = PAGE.format(
        start=START,
        tools="\n".join(f"- {what.replace('_', ' ')}: {value}"
                        for what, value in made_by.items()),
        of_harm=f" of commit {figures.commits[1]}" if figures.commits[1:] else "",
        release=figures.kernels["7.3"],
        old_release=figures.kernels["6.12-dmabuf"],
        buffers=cost_table(figures, "7.3", "buffers", "kernel-count"),
        old_buffers=cost_table(figures, "6.12-dmabuf", "buffers", "kernel-count"),
        processes=cost_table(figures, "7.3", "processes", "procscan"),
        starts=start_table(figures, "7.3"),
        pairs=pairs_table(figures, "7.3"),
        budgets=budget_table(figures, budgets),
        truth=truth_table(figures, "7.3"),
        latency=latency_table(figures, "7.3"),
        old_latency=latency_table(figures, "6.12-dmabuf"),
    )
    print(page)
    with open(os.path.join(DOCS, "performance.md"), "w", encoding="utf-8") as file:
        file.write(page)
    with open(os.path.join(DOCS, "performance.svg"), "w", encoding="utf-8") as file:
        file.write(plot(figures))

    whole = {
        "schema": "dmabuf.bench/1", **made_by, "kernels": figures.kernels,
        "costs": [
            {"kernel": kernel, "mode": mode, "scene": scene, "case": case,
             "size": size, "ns": ns, "peak_kb": kilobytes}
            for (kernel, mode, scene, case), sizes in figures.costs.items()
            for size, (ns, kilobytes) in sizes.items()
        ],
        "latency": [
            {"kernel": kernel, "reader": reader, "operation": operation,
             "median_ns": median, "p99_ns": p99, "worst_ns": worst}
            for (kernel, reader), operations in figures.latency.items()
            for operation, (median, p99, worst) in operations.items()
        ],
        "budgets": [
            {"name": budget.name(), "target": budget.target, "limit": budget.limit,
             "measured": budget.measure(figures)}
            for budget in budgets
        ],
    }
    with open(os.path.join(os.path.dirname(path), "bench.json"), "w",
              encoding="utf-8") as file:
        json.dump(whole, file, indent=1)
        file.write("\n")
    return any(budget.measure(figures) is None for budget in budgets
               if budget.figure != "p99")


def main():
    if len(sys.argv) != 3 or sys.argv[1] not in ("record", "check", "hold"):
        sys.exit(__doc__)
    what, path = sys.argv[1:]
    try:
        figures = Figures(path)
    except OSError as error:
        sys.exit(f"report.py: {path}: {error.strerror}: run bench/run first")
    budgets = read_budgets()
    if what == "check":
        sys.exit(check(figures, budgets))
    if what == "hold":
        sys.exit(hold(figures, budgets))
    harm = os.path.join(os.path.dirname(path), "figures-harm")
    if os.path.exists(harm):
        figures.read(harm)
    sys.exit(record(figures, budgets, path))


main()
