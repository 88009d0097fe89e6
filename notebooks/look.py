"""One look for all charts: readable in grey, by the colour-blind, and in three scripts."""

# From dark to light, blue and orange by turns: neighbours differ in grey and to every kind of eye.
RANKS = ["#0b3954", "#c4502a", "#3d8fb0", "#e8a33d", "#a9cfe0", "#f3ddb3"]
REST = "#9a9a9a"
INK, LINE, FAINT = "#1a1a1a", "#5a5a5a", "#d0d0d0"
# A verdict is told by a word; this is for a shape beside it.
DASHES = [[1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [4, 4], [1, 3]]
HEAT = ["#f7f3e8", "#f3d7a0", "#e8a33d", "#c4502a", "#5c1a10"]
FONTS = {
    "en": "Noto Sans, Segoe UI, Helvetica Neue, Arial, Noto Sans CJK TC, sans-serif",
    "zh-Hant": "Noto Sans CJK TC, Microsoft JhengHei, PingFang TC, Noto Sans TC, sans-serif",
    "ja": "Noto Sans CJK JP, Yu Gothic, Hiragino Sans, Noto Sans JP, sans-serif",
}
SPOKEN = {"en": "English", "zh-Hant": "繁體中文", "ja": "日本語"}
# Where the name that Unicode gives does not fit a chart.
SHORT = {
    ("HKG", "en"): "Hong Kong", ("HKG", "zh-Hant"): "香港", ("HKG", "ja"): "香港",
    ("MAC", "en"): "Macao", ("MAC", "zh-Hant"): "澳門", ("MAC", "ja"): "マカオ",
    ("COD", "en"): "DR Congo", ("COD", "zh-Hant"): "剛果民主共和國", ("COD", "ja"): "コンゴ民主共和国",
    ("MMR", "en"): "Myanmar", ("MMR", "ja"): "ミャンマー", ("USA", "ja"): "米国", ("GBR", "ja"): "英国",
}


def theme(language):
    axis = {"labelFontSize": 14, "titleFontSize": 14, "titleFontWeight": "normal", "labelColor": INK,
            "titleColor": INK, "domainColor": LINE, "tickColor": LINE, "gridColor": "#ebebeb"}
    return lambda: {"config": {
        "font": FONTS[language], "background": "white", "padding": 4,
        "view": {"continuousWidth": 480, "continuousHeight": 280, "stroke": None},
        "axis": axis, "axisX": {"grid": False}, "axisXQuantitative": {"format": "d", "labelFlush": False}, "axisY": {"titleAlign": "left", "titleAngle": 0,
        "titleAnchor": "start", "titleX": 0, "titleY": -14, "titleBaseline": "bottom", "domain": False, "ticks": False},
        "legend": {"labelFontSize": 14, "titleFontSize": 14, "orient": "bottom", "labelLimit": 400, "titleLimit": 400, "titleFontWeight": "normal"},
        "header": {"labelFontSize": 14, "titleFontSize": 14},
        "text": {"fontSize": 14, "color": INK}, "line": {"strokeWidth": 2.5},
        "range": {"category": RANKS, "ordinal": HEAT, "heatmap": HEAT}}}


def spread(values, gap):
    """Places for labels beside ascending values, at least a gap apart."""
    places = []
    for value in values:
        places.append(max(value, places[-1] + gap) if places else value)
    return places
