/// The page's style: light and dark, wide and narrow.
enum ReportStyle {
    private static let light = [
        "#2f6fb7", "#d9822b", "#3a9a5b", "#b8407a", "#7a5fc0", "#8a6d3b", "#1f9ea8", "#c9a400", "#d14343", "#6b7280",
    ]
    private static let dark = [
        "#6ea8ea", "#f0a357", "#68c98a", "#e579b0", "#a892ec", "#c3a46d", "#52cbd5", "#e6c94a", "#f07a7a", "#a3acb9",
    ]

    /// How many colours there are.
    static let colourCount = light.count

    static var text: String {
        let names = light.indices
        let palette = { (colours: [String]) in names.map { "--c\($0):\(colours[$0]);" }.joined() }
        let classes = names.map {
            ".f\($0){fill:var(--c\($0))}.s\($0){stroke:var(--c\($0))}.b\($0){background:var(--c\($0))}"
        }.joined(separator: "\n")
        return """
            :root{color-scheme:light dark;--page:#fbfbf9;--card:#fff;--ink:#1d2330;--soft:#5b6473;--line:#dfe2e7;
            \(palette(light))}
            @media (prefers-color-scheme:dark){:root{--page:#14171c;--card:#1c2027;--ink:#e8eaee;--soft:#a2abb8;
            --line:#333a45;\(palette(dark))}}
            \(classes)
            \(rules)
            """
    }

    private static let rules = """
        *{box-sizing:border-box}
        body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}
        main{max-width:980px;margin:0 auto;padding:24px 16px 64px}
        h1{font-size:1.7rem;line-height:1.2;margin:.5em 0}
        h2{font-size:1.25rem;margin:2.2em 0 .5em}
        h3{font-size:1.02rem;margin:0 0 .4em}
        p{margin:.5em 0;max-width:72ch}
        .small,figcaption,th,td{font-size:.875rem}
        .small,.soft{color:var(--soft)}
        .columns{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,330px),1fr));gap:16px}
        figure,.card{margin:0;padding:14px;background:var(--card);border:1px solid var(--line);border-radius:8px;
        min-width:0}
        figcaption{font-weight:600;margin-bottom:8px}
        svg{display:block;width:100%;height:auto;max-width:560px;margin:0 auto}
        svg text{font-size:13px;fill:var(--ink)}
        svg .end{text-anchor:end}
        svg .middle{text-anchor:middle}
        svg .label{fill:var(--soft)}
        .grid{stroke:var(--line);stroke-width:1}
        .axis{stroke:var(--soft);stroke-width:1}
        .mark{stroke:var(--soft);stroke-width:1;stroke-dasharray:4 4}
        .curve{fill:none;stroke-width:2.2;stroke-linejoin:round}
        .ring{fill:none;stroke:var(--ink);stroke-width:2}
        .edges{fill:none;stroke:var(--soft);stroke-width:.5;opacity:.16}
        .users circle{stroke:var(--card);stroke-width:.7}
        .parts{height:12px;max-width:none;border-radius:3px;margin-top:8px}
        .legend{display:flex;flex-wrap:wrap;gap:2px 14px;list-style:none;margin:0 0 8px;padding:0;font-size:.8125rem}
        .legend li{display:flex;align-items:center;gap:6px}
        .swatch{width:12px;height:12px;border-radius:3px;flex:none}
        .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;margin:18px 0}
        .tiles strong{display:block;font-size:1.5rem;line-height:1.2}
        .scroll{overflow-x:auto;margin:14px 0}
        table{border-collapse:collapse;background:var(--card);min-width:100%}
        th,td{padding:5px 6px;border-bottom:1px solid var(--line);text-align:right;white-space:nowrap}
        th:first-child,td:first-child,td.text,th.text{text-align:left}
        td.main{font-weight:700}
        ol{margin:.6em 0;padding-left:1.3em}
        li{margin:.35em 0}
        .bought{font-size:.8125rem;font-weight:600;border:1px solid currentColor;border-radius:4px;padding:0 5px}
        .found{white-space:normal}
        """
}
