/** Calm, in the system's own type; colours keep AA contrast in light and dark, and only repeat what words and shapes say. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: #f7f7f5; --sheet: #ffffff; --text: #1d2024; --soft: #565d66; --rule: #dddfe2;
  --link: #0b4fb3; --good: #17663a; --busy: #7a4b00; --bad: #b3231b; --bad-ground: #fdeceb; --busy-ground: #fdf3e0;
  --fill: #3f6fb5; --track: #e4e7eb; --focus: #0b4fb3;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #131518; --sheet: #1b1e22; --text: #e7e9eb; --soft: #a3aab3; --rule: #30343a;
    --link: #8fb8ff; --good: #7fd19b; --busy: #efbd6b; --bad: #ff938a; --bad-ground: #38201f; --busy-ground: #33291a;
    --fill: #6f9be0; --track: #2d3238; --focus: #8fb8ff;
  }
}
* { box-sizing: border-box; }
html { background: var(--ground); color: var(--text); font: 15px/1.5 system-ui, sans-serif; font-variant-numeric: tabular-nums; scroll-padding-top: 1rem; }
body { margin: 0; }
h1, h2, h3, p, ul, ol, figure, table { margin: 0; }
h1 { font-size: 1.6rem; line-height: 1.25; font-weight: 650; letter-spacing: -0.01em; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; font-weight: 650; margin-bottom: 0.6rem; }
h3 { font-size: 1.05rem; font-weight: 650; }
ul, ol { padding: 0; list-style: none; }
a { color: var(--link); text-underline-offset: 0.15em; text-decoration-thickness: 1px; }
a:hover { text-decoration-thickness: 2px; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 3px; }
code, .log { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', monospace; font-size: 0.875em; }
code { overflow-wrap: anywhere; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: 0.5rem; padding: 0.4rem 0.8rem; background: var(--sheet); z-index: 1; }

.site { display: flex; flex-wrap: wrap; align-items: center; gap: 0.25rem 1.75rem; padding: 0.6rem 1.5rem; background: var(--sheet); border-bottom: 1px solid var(--rule); }
.brand { font-weight: 650; }
.site nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; }
.site nav a { display: inline-block; padding: 0.25rem 0; color: var(--text); text-decoration: none; border-bottom: 2px solid transparent; }
.site nav a:hover { border-color: var(--rule); }
.site nav a[aria-current='page'] { border-color: var(--link); font-weight: 600; }
.live { margin-left: auto; display: flex; align-items: center; gap: 0.9rem; color: var(--soft); font-size: 0.875rem; }
#lost { color: var(--bad); font-weight: 600; }

main { max-width: 78rem; margin: 0 auto; padding: 1.75rem 1.5rem 4rem; }
main:focus { outline: none; }
section { margin-top: 2.25rem; }
.top { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.35rem 1.1rem; }
.place { white-space: nowrap; }
.quiet, .age, .detail, .note, .empty, .place { color: var(--soft); }
.note, .empty { font-size: 0.925rem; }
.note { margin-bottom: 0.6rem; }
.more { display: flex; flex-wrap: wrap; gap: 0.25rem 1.5rem; margin-top: 0.9rem; }
.message { color: var(--text); overflow-wrap: anywhere; max-width: 75ch; }
.age, .detail, .since { font-size: 0.875em; }
.moment { white-space: nowrap; }
.since { display: block; }

.notices { margin-top: 1.1rem; display: grid; gap: 0.4rem; }
.notices li { display: flex; gap: 0.65rem; padding: 0.55rem 0.9rem; background: var(--sheet); border: 1px solid var(--rule); border-left-width: 4px; border-radius: 6px; overflow-wrap: anywhere; }
.notices a { color: inherit; }
.notices .bad { background: var(--bad-ground); border-color: var(--bad); color: var(--bad); font-weight: 600; }
.notices .busy { background: var(--busy-ground); border-color: var(--busy); color: var(--busy); }
.notices .good { border-left-color: var(--good); }
.notices .good .shape { color: var(--good); }

.state { white-space: nowrap; font-weight: 550; }
.state.good { color: var(--good); } .state.busy { color: var(--busy); } .state.bad, td .bad { color: var(--bad); font-weight: 600; }
.detail, .since { font-weight: 400; } .state.quiet { color: var(--soft); }
.shape { font-size: 0.8em; }

.card { background: var(--sheet); border: 1px solid var(--rule); border-radius: 8px; padding: 1rem 1.2rem 0.5rem; }
.card + .card { margin-top: 0.9rem; }
.card header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.2rem 1.1rem; }
.card .url { margin-left: auto; }
.card .wide { border: 0; background: none; padding: 0; margin-top: 0.5rem; }

.wide { overflow-x: auto; background: var(--sheet); border: 1px solid var(--rule); border-radius: 8px; padding: 0.4rem 1.2rem; }
table { border-collapse: collapse; width: 100%; font-size: 0.95rem; }
caption { text-align: left; color: var(--soft); font-size: 0.875rem; padding: 0.35rem 0; }
th, td { text-align: left; vertical-align: baseline; padding: 0.5rem 1.1rem 0.5rem 0; border-top: 1px solid var(--rule); }
th:last-child, td:last-child { padding-right: 0; }
thead th { border-top: 0; color: var(--soft); font-weight: 500; font-size: 0.8125rem; white-space: nowrap; }
tbody th { font-weight: 550; white-space: nowrap; }
.number { text-align: right; white-space: nowrap; }
.prose { overflow-wrap: anywhere; min-width: 14rem; }
.card table { table-layout: fixed; }
.card thead th:nth-child(1) { width: 26%; } .card thead th:nth-child(2) { width: 30%; } .card thead th:nth-child(3) { width: 16%; }
.card .bar { width: 7rem; }
.card tbody th { overflow-wrap: anywhere; white-space: normal; }
.card caption { position: absolute; width: 1px; height: 1px; padding: 0; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.share { display: flex; align-items: center; gap: 0.7rem; white-space: nowrap; }
.bar { width: 5.5rem; height: 0.6rem; flex: none; }
.track { fill: var(--track); } .fill { fill: var(--fill); } .aim { fill: var(--text); }
.percent { font-weight: 600; }
.aimed { color: var(--busy); font-size: 0.875em; }

.charts { display: grid; gap: 1.1rem; background: var(--sheet); border: 1px solid var(--rule); border-radius: 8px; padding: 1rem 1.2rem; margin-bottom: 0.75rem; }
figcaption { display: flex; flex-wrap: wrap; gap: 0 0.9rem; margin-bottom: 0.3rem; }
figcaption span { color: var(--soft); }
figcaption .bad { color: var(--bad); font-weight: 600; }
figure svg { display: block; width: 100%; height: 84px; }
.mark { stroke: var(--soft); stroke-dasharray: 2 3; vector-effect: non-scaling-stroke; }
.requests { fill: var(--fill); } .errors { fill: var(--bad); } .line { fill: var(--soft); }
.axis { display: flex; justify-content: space-between; color: var(--soft); font-size: 0.8125rem; }

details > summary { cursor: pointer; color: var(--link); }
details[open] > summary { margin-bottom: 0.4rem; }
.image { max-width: 16rem; }
.image summary { white-space: nowrap; }
.tags { display: flex; flex-wrap: wrap; gap: 0 0.7rem; }

.choice ul { display: flex; flex-wrap: wrap; gap: 0.4rem; margin-bottom: 0.75rem; }
.choice a { display: inline-block; padding: 0.2rem 0.7rem; border: 1px solid var(--rule); border-radius: 99px; background: var(--sheet); text-decoration: none; }
.choice a[aria-current='true'] { border-color: var(--link); box-shadow: inset 0 0 0 1px var(--link); font-weight: 600; }
.log { max-height: 26rem; overflow: auto; background: var(--sheet); border: 1px solid var(--rule); border-radius: 8px; padding: 0.7rem 1.2rem; }
.log li { display: grid; grid-template-columns: 5.2rem 4.2rem 1fr; gap: 0 0.75rem; }
.log.several li { grid-template-columns: 5.2rem 8rem 4.2rem 1fr; }
.log .container { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.log time, .log .stream, .log .container { color: var(--soft); }
.log .line { white-space: pre-wrap; overflow-wrap: anywhere; }
.log .stderr .stream { color: var(--bad); }
.log .system .line { color: var(--soft); }

button, input, select { font: inherit; color: inherit; }
button, select, input[type='text'], input[type='number'] { background: var(--sheet); border: 1px solid var(--soft); border-radius: 6px; padding: 0.3rem 0.8rem; }
button { cursor: pointer; white-space: nowrap; }
button:hover { border-color: var(--text); }
.fields { display: flex; flex-wrap: wrap; gap: 0.9rem 1.25rem; align-items: end; }
.fields label { display: grid; gap: 0.2rem; color: var(--soft); font-size: 0.875rem; }
.fields label > * { color: var(--text); font-size: 0.95rem; max-width: 100%; }
.fields input, .fields select, .fields button { height: 2.25rem; }
.fields input[type='number'] { width: 6rem; }
.problem { color: var(--bad); font-weight: 600; margin-bottom: 0.75rem; }
.wide + form, .fields + .note { margin-top: 0.9rem; }
.wide + .message { margin-top: 0.75rem; }
.top + .note, h1 + .note { margin-top: 0.6rem; }
h1 + .wide, h1 + .fields { margin-top: 1.1rem; }
details + details { margin-top: 0.4rem; }
.wide form button { padding: 0.1rem 0.6rem; }

@media (max-width: 52rem) {
  .site { padding: 0.6rem 1rem; }
  .live { margin-left: 0; width: 100%; justify-content: space-between; }
  main { padding: 1.25rem 1rem 3rem; }
  .card .url { margin-left: 0; }
  .wide { padding: 0.4rem 0.9rem; }
  table, tbody, tr, th, td, caption { display: block; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  tbody tr { border-top: 1px solid var(--rule); padding: 0.6rem 0; }
  tbody th, td { border: 0; padding: 0.1rem 0; }
  td:not(:empty) { display: grid; grid-template-columns: 8.5rem minmax(0, 1fr); gap: 0.75rem; text-align: left; }
  td:not(:empty)::before { content: attr(data-label); color: var(--soft); font-size: 0.875rem; }
  td:empty { display: none; }
  td.number { text-align: left; }
  .prose { min-width: 0; }
  tbody th { white-space: normal; overflow-wrap: anywhere; }
  .number { white-space: normal; }
  .log li { grid-template-columns: auto auto 1fr; }
  .log .line { grid-column: 1 / -1; padding-bottom: 0.35rem; }
}
@media (prefers-reduced-motion: reduce) { * { scroll-behavior: auto; } }
@media (forced-colors: active) { .fill, .requests { fill: Highlight; } .errors, .aim { fill: CanvasText; } .track { fill: Canvas; stroke: CanvasText; } }
`;
