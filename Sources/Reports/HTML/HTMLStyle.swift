/// The page's looks: light, dark and printed, from the width of a phone upwards.
enum HTMLStyle {
    static let text = """
        :root { \(light) }
        :root[data-theme="light"] .yb-chart { \(tones(\.light)) }
        :root[data-theme="dark"] .yb-chart { \(tones(\.dark)) }
        @media (prefers-color-scheme: dark) { :root:not([data-theme="light"]) { \(dark) } }
        :root[data-theme="dark"] { \(dark) }
        \(layout)
        \(problems)
        @media print {
          :root, :root[data-theme] { \(light) }
          :root .yb-chart, :root[data-theme] .yb-chart { \(tones(\.light)) }
          header nav, header button, .filters, .skip, .sort::after { display: none !important; }
          body { font-size: 10pt; } main { max-width: none; padding: 0; }
          section { break-before: auto; } tr, .cards li { break-inside: avoid; }
          .wide { overflow: visible; } pre { white-space: pre-wrap; max-height: none; }
        }
        """

    /// The charts follow the system by themselves, and the page's own choice by these.
    private static func tones(_ value: (ChartTheme.Tone) -> String) -> String {
        ([ChartTheme.surface, ChartTheme.ink, ChartTheme.muted, ChartTheme.grid] + ChartTheme.series)
            .map { "--yb-\($0.name): \(value($0));" }.joined(separator: " ")
    }

    private static let light = """
        color-scheme: light; --back: #ffffff; --panel: #f6f8fa; --ink: #1b1f24; --soft: #57606a; --line: #d0d7de;
        --link: #0b57d0; --good: #116329; --good-back: #dafbe1; --bad: #a40e26; --bad-back: #ffebe9;
        --other: #6b4300; --other-back: #fff3c4; --bar: #8fb8f0; --mark: #0b57d0;
        """

    private static let dark = """
        color-scheme: dark; --back: #0d1117; --panel: #161b22; --ink: #e6edf3; --soft: #a3adb8; --line: #3a424d;
        --link: #79b8ff; --good: #7ee787; --good-back: #12301d; --bad: #ff9a91; --bad-back: #3d1519;
        --other: #e3b341; --other-back: #33270c; --bar: #2f5f9e; --mark: #9ecbff;
        """

    private static let layout = """
        * { box-sizing: border-box; }
        html { scroll-padding-top: 4rem; -webkit-text-size-adjust: 100%; }
        body { margin: 0; background: var(--back); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
        code, pre, .mono { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: .875em; }
        code { overflow-wrap: anywhere; }
        a { color: var(--link); }
        :focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
        .skip { position: absolute; left: -100rem; }
        .skip:focus { left: 1rem; top: 1rem; z-index: 2; background: var(--back); padding: .5rem; }
        .hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
        header { display: flex; flex-wrap: wrap; gap: .25rem 1rem; align-items: center; padding: .5rem 1rem;
          border-bottom: 1px solid var(--line); background: var(--panel); }
        header .brand { font-weight: 600; margin: 0; }
        header nav { display: flex; flex-wrap: wrap; gap: .25rem 1rem; flex: 1; }
        header nav a { padding: .35rem 0; }
        main { max-width: 76rem; margin: 0 auto; padding: 0 1rem 2rem; }
        footer { padding: 1rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .875rem; }
        h2 { margin: 2rem 0 .5rem; font-size: 1.375rem; } h3 { margin: 1.25rem 0 .5rem; font-size: 1.0625rem; }
        h4 { margin: 1rem 0 .25rem; font-size: .9375rem; }
        button, select, input[type=search] { font: inherit; color: inherit; background: var(--back);
          border: 1px solid var(--soft); border-radius: 6px; padding: .3rem .6rem; min-height: 2.25rem; max-width: 100%; }
        button { cursor: pointer; }
        .cards { list-style: none; display: grid; gap: .75rem; padding: 0; margin: 0;
          grid-template-columns: repeat(auto-fit, minmax(min(14rem, 100%), 1fr)); }
        .cards li { border: 1px solid var(--line); border-radius: 8px; background: var(--panel); padding: .75rem 1rem; }
        .cards p { margin: 0; color: var(--soft); font-size: .875rem; }
        .cards .dtype { font-weight: 600; color: var(--ink); }
        .cards .score { font-size: 2rem; font-weight: 650; color: var(--ink); line-height: 1.2;
          font-variant-numeric: tabular-nums; }
        .gauge { width: 100%; height: 12px; display: block; margin: .25rem 0 .4rem; }
        .gauge .all { fill: var(--line); } .gauge .interval { fill: var(--bar); } .gauge .value { fill: var(--mark); }
        .notes { border-left: 4px solid var(--other); background: var(--other-back); margin: 1rem 0;
          padding: .5rem 1rem .5rem 2rem; }
        .wide { overflow-x: auto; margin: .5rem 0 1rem; }
        table { border-collapse: collapse; width: 100%; }
        caption { text-align: left; color: var(--soft); font-size: .875rem; padding-bottom: .25rem; }
        th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid var(--line); }
        thead th { background: var(--panel); }
        tbody th { font-weight: 400; color: var(--soft); }
        .numbers td, .numbers thead th + th { text-align: right; font-variant-numeric: tabular-nums; }
        .numbers td, .numbers tbody th { white-space: nowrap; }
        .numbers { width: auto; min-width: min(100%, 30rem); }
        details { margin: .5rem 0 1rem; } summary { cursor: pointer; padding: .35rem 0; }
        .facts th { white-space: nowrap; width: 1%; } .facts td { overflow-wrap: anywhere; }
        .charts { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(24rem, 100%), 1fr)); }
        .charts figure { margin: 0; } .charts svg { max-width: 100%; height: auto; }
        .charts figcaption { color: var(--soft); font-size: .875rem; }
        pre { margin: .25rem 0; padding: .6rem .75rem; background: var(--panel); border: 1px solid var(--line);
          border-radius: 6px; overflow: auto; max-height: 30rem; white-space: pre-wrap; overflow-wrap: anywhere;
          tab-size: 4; }
        @media (max-width: 40rem) {
          .facts th { white-space: normal; width: 35%; }
          th, td { padding: .3rem .4rem; }
        }
        """

    private static let problems = """
        .filters { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; margin: .5rem 0;
          position: sticky; top: 0; background: var(--back); padding: .5rem 0; z-index: 1; }
        .filters label { display: flex; gap: .4rem; align-items: center; font-size: .875rem; color: var(--soft); }
        .filters [hidden] { display: none; }
        .filters p { margin: 0; font-size: .875rem; }
        .problems thead th { padding: 0; }
        .sort { border: 0; border-radius: 0; background: none; font-weight: 600; width: 100%; text-align: inherit;
          padding: .35rem .6rem; white-space: nowrap; }
        .sort::after { content: " ↕"; color: var(--soft); }
        [aria-sort=ascending] .sort::after { content: " ↑"; color: var(--ink); }
        [aria-sort=descending] .sort::after { content: " ↓"; color: var(--ink); }
        .problems td.n, .problems th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
        .problems tbody th { color: inherit; }
        .problems .why { max-width: 16rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
        .open { border: 0; padding: .1rem .2rem; min-height: 0; background: none; color: var(--link); text-align: left;
          text-decoration: underline; overflow-wrap: break-word; max-width: 16rem; }
        .verdict { display: inline-block; border-radius: 999px; padding: 0 .55rem; font-size: .8125rem; white-space: nowrap;
          color: var(--other); background: var(--other-back); }
        .verdict.passed { color: var(--good); background: var(--good-back); }
        .verdict.failed { color: var(--bad); background: var(--bad-back); }
        .detail > td { background: var(--panel); padding: .5rem 1rem 1rem; }
        .detail pre { background: var(--back); }
        .detail dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: .25rem 0; }
        .detail dt { color: var(--soft); } .detail dd { margin: 0; overflow-wrap: anywhere; }
        .texts { display: grid; gap: 0 1rem; grid-template-columns: repeat(auto-fit, minmax(min(24rem, 100%), 1fr)); }
        .texts > div { min-width: 0; }
        .diff { table-layout: fixed; background: var(--back); }
        .diff td, .diff tbody th { white-space: pre-wrap; overflow-wrap: anywhere; border: 0; padding: 0 .5rem; font-size: .8125rem; }
        .diff td:empty::after { content: " "; }
        .diff .gone { background: var(--bad-back); } .diff .new { background: var(--good-back); }
        .diff mark { background: none; color: inherit; font-weight: 700; text-decoration: underline; }
        @media (max-width: 40rem) {
          .problems .less { display: none; }
          .open { max-width: 9rem; }
          header nav { order: 3; flex-basis: 100%; } header .brand { flex: 1; }
          .numbers td, .numbers tbody th { white-space: normal; }
          .detail > td { padding: .5rem .4rem; }
          .filters { position: static; }
          .filters label:first-child, .filters input[type=search] { width: 100%; }
          .diff tr { display: block; } .diff td { display: block; width: 100%; } .diff thead { display: none; }
          .diff .same + td, .diff td.none { display: none; }
          .diff .gone::before { content: "− "; } .diff .new::before { content: "+ "; }
        }
        """
}
