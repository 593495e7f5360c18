/** The style sheet of the report: no fonts, images or scripts, light and dark, from a phone's width up. */
export const style = `
:root { color-scheme: light dark; --paper: #fff; --card: #f6f7f9; --ink: #1b1f24; --dim: #5b6470; --line: #dde1e6; --shade: #5b647014;
  --stable: #8a8f98; --candidate: #0b6bcb; --good: #1a7f37; --bad: #c62828; --warn: #8a6100; }
@media (prefers-color-scheme: dark) { :root { --paper: #14171a; --card: #1d2126; --ink: #e8eaed; --dim: #a3abb5; --line: #333a42; --shade: #ffffff12;
  --stable: #9aa1ab; --candidate: #62aaff; --good: #57c774; --bad: #ff7b72; --warn: #e0b341; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 960px; margin: 0 auto; padding: 24px 20px 64px; }
h1 { font-size: 1.1rem; font-weight: 500; color: var(--dim); margin: 0 0 12px; }
h2 { font-size: 1.2rem; margin: 44px 0 12px; }
p { margin: 8px 0; max-width: 75ch; }
.dim { color: var(--dim); }
.verdict { border-left: 6px solid var(--tone); background: var(--card); border-radius: 0 8px 8px 0; padding: 16px 20px; }
.verdict .word { color: var(--tone); font-size: 1.9rem; font-weight: 700; line-height: 1.2; }
.verdict .word::first-letter { text-transform: uppercase; }
.verdict p { font-size: 1.1rem; margin: 8px 0 0; }
.promoted { --tone: var(--good); } .refused, .aborted { --tone: var(--bad); } .inconclusive.verdict { --tone: var(--warn); }
.tiles { display: flex; flex-wrap: wrap; gap: 10px; margin: 16px 0 0; padding: 0; list-style: none; }
.tiles strong { white-space: nowrap; }
.tiles li { background: var(--card); border-radius: 8px; padding: 12px 14px; flex: 1 1 200px; }
.tiles strong { display: block; font-size: 1.35rem; font-weight: 650; font-variant-numeric: tabular-nums; }
.tiles span { color: var(--dim); font-size: .875rem; display: block; line-height: 1.35; }
figure { margin: 24px 0 0; }
figcaption { font-weight: 600; margin-bottom: 4px; }
svg.plot { width: 100%; height: auto; display: block; }
svg.narrow { display: none; }
td.passed, td.failed, td.inconclusive { white-space: nowrap; } td .dim { white-space: normal; }
@media (max-width: 600px) { .tiles li { flex-basis: 140px; } svg.wide { display: none; } svg.narrow { display: block; } main { padding: 16px 14px 48px; } .verdict .word { font-size: 1.6rem; } }
.scroll { overflow-x: auto; } .scroll + .scroll, figure + .scroll { margin-top: 20px; } .tall { max-height: 22rem; overflow-y: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9375rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 6px 14px 6px 0; border-bottom: 1px solid var(--line); vertical-align: middle; }
thead th { color: var(--dim); font-weight: 500; white-space: nowrap; } tbody th { font-weight: 500; white-space: nowrap; }
.number { text-align: right; white-space: nowrap; }
td.passed, td.good { color: var(--good); } td.failed, td.harmful, td.error { color: var(--bad); } td.inconclusive { color: var(--warn); }
td .dim { font-size: .875rem; }
details.gate { background: var(--card); border-radius: 8px; padding: 10px 14px; margin: 8px 0; border-left: 4px solid var(--line); }
details.gate.failed, details.gate.error { border-color: var(--bad); } details.gate.inconclusive { border-color: var(--warn); } details.gate.passed { border-color: var(--good); }
.failed > summary .mark, .error > summary .mark { color: var(--bad); } .passed > summary .mark { color: var(--good); } .gate.inconclusive > summary .mark { color: var(--warn); }
.mark { font-weight: 700; display: inline-block; width: 1.1em; }
summary { cursor: pointer; } details.gate[open] > summary { margin-bottom: 8px; }
details.inner { margin-top: 8px; } details.inner > summary { color: var(--dim); font-size: .9375rem; }
svg.spark { width: 150px; height: 28px; display: block; } .spark polyline { fill: none; stroke: var(--candidate); stroke-width: 1.5; }
.spark .limit { stroke: var(--bad); stroke-width: 1; stroke-dasharray: 4 3; } .spark circle { fill: var(--candidate); } .spark circle.harmful { fill: var(--bad); }
pre { background: var(--card); border-radius: 8px; padding: 12px 14px; overflow-x: auto; font: .8125rem/1.5 ui-monospace, monospace; margin: 8px 0; }
.gate pre { background: var(--paper); } code { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
footer { margin-top: 48px; color: var(--dim); font-size: .875rem; }
`;
