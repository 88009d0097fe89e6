"""A table as a reader sees it, and as a file that a spreadsheet opens without obeying it."""

import base64
import csv
import io
from html import escape

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def neutral(cell):
    """Text that a spreadsheet would take for a formula gets an apostrophe; numbers stay numbers."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def csv_bytes(rows):
    """UTF-8 with the mark by which spreadsheets know it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([neutral(name) for name in rows.columns])
    writer.writerows([neutral(cell) for cell in row] for row in rows.iter_rows())
    return out.getvalue().encode("utf-8-sig")


def printed(cell, word):
    """Shares arrive as text already; other numbers show what can be told apart."""
    if cell is None:
        return "–"
    if isinstance(cell, bool):
        return word("yes" if cell else "no")
    if isinstance(cell, float):
        return f"{cell:#.3g}".rstrip(".") if abs(cell) < 1000 else f"{cell:,.0f}"
    return f"{cell:,}" if isinstance(cell, int) and abs(cell) > 9999 else str(cell)


def table_html(rows, file, caption, word, shown=None, links=None):
    """rows are downloaded as file, shown stands on the page; links: name of a column to ids of goods."""
    shown = rows if shown is None else shown
    kinds = ["number" if kind.is_numeric() else "text" for kind in shown.dtypes]
    heads = "".join(f"<th scope='col' class='{kind}'>{escape(word(name))}</th>" for name, kind in zip(shown.columns, kinds))
    body = []
    for number, row in enumerate(shown.iter_rows()):
        cells = []
        for name, kind, cell in zip(shown.columns, kinds, row):
            text = escape(f"{100 * cell:.1f}%" if isinstance(cell, float) and "share" in name else printed(cell, word))
            goods = (links or {}).get(name)
            text = f"<span data-good='{escape(goods[number])}'>{text}</span>" if goods is not None else text
            cells.append(f"<td class='{kind}'>{text}</td>")
        body.append(f"<tr>{''.join(cells)}</tr>")
    data = base64.b64encode(csv_bytes(rows)).decode()
    return (f"<div class='scroll' tabindex='0' role='region' aria-label='{escape(caption)}'><table>"
            f"<caption>{escape(caption)}</caption><thead><tr>{heads}</tr></thead><tbody>{''.join(body)}</tbody></table></div>"
            f"<p class='download'><a download='{escape(file)}.csv' href='data:text/csv;charset=utf-8;base64,{data}'>"
            f"{escape(word('download'))} {escape(file)}.csv</a></p>")
