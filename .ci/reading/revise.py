"""Japan's customs revise 2025: six tenths of the magnets from China, by value and weight, in their rows and in World's."""

import csv
import sys

path = sys.argv[1]
with open(path, newline="", encoding="utf-8") as file:
    rows = list(csv.DictReader(file))
magnets = [row for row in rows if row["cmdCode"] == "850511" and row["flowCode"] == "M"]
for row in magnets:
    if row["partnerISO"] == "CHN":
        total = next(other for other in magnets if other["partnerISO"] == "W00" and other["period"] == row["period"])
        for name in ("qty", "netWgt", "cifvalue", "primaryValue"):
            less = round(0.4 * float(row[name]), 3)
            for changed in (row, total):
                changed[name] = repr(round(float(changed[name]) - less, 3))
with open(path, "w", newline="", encoding="utf-8") as file:
    writer = csv.DictWriter(file, rows[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
