import { html, type Html } from '../html.ts';
import type { Bar } from '../traffic-reading.ts';
import { sum } from '../traffic-history.ts';
import { clockTime, count, counted, duration, percentOf } from '../words.ts';
import { table } from './table.ts';

/** The requests of one revision over time, all bars of the same length. */
export interface Series {
  readonly revision: string;
  readonly bars: readonly Bar[];
}

/** Above the line and below it, each to a scale of its own: a few errors among many requests are to be seen. */
const ABOVE = 58;
const BELOW = 26;
const STEP = 10;
/** Errors to the full depth at least, so that a single one does not look like many. */
const LEAST_DEEP = 5;

/**
 * One small chart for each revision, all to one scale: requests stand on the line, errors hang below it, dotted lines mark changes of traffic. What
 * the picture shows is said in its title and description, and again in a table of numbers.
 */
export function requestChart(
  series: readonly Series[],
  { barMs, changesMs }: { readonly barMs: number; readonly changesMs: readonly number[] },
): Html {
  if (series.length === 0) return html`<p class="empty">No request in the last fifteen minutes.</p>`;
  const bars = series.flatMap((one) => one.bars);
  const tallest = Math.max(...bars.map(({ requests }) => requests), 1);
  const deepest = Math.max(...bars.map(({ errors }) => errors));
  const scales = { up: ABOVE / tallest, down: BELOW / Math.max(deepest, LEAST_DEEP) };
  const marks = changesMs.map((ms) => xOf(ms, series[0]?.bars ?? [], barMs)).filter((x) => x > 0);
  return html`<p class="note">
      Requests stand on the line, errors (5xx) hang below it to a scale of their own. One bar is
      ${duration(barMs)}; the tallest is
      ${counted(tallest, 'request')}${deepest === 0 ? undefined : `, the deepest ${counted(deepest, 'error')}`}.
      ${marks.length === 0 ? undefined : 'A dotted line is a change of traffic.'}
    </p>
    <div class="charts">
      ${series.map((one, index) => figure(one, { scales, marks, id: `chart-${index}` }))}
    </div>
    <details>
      <summary>The numbers of the chart</summary>
      ${numbers(series)}
    </details>`;
}

function xOf(ms: number, bars: readonly Bar[], barMs: number): number {
  return round(((ms - (bars[0]?.startMs ?? 0)) / barMs) * STEP);
}

/** Height of one request and of one error. */
interface Scales {
  readonly up: number;
  readonly down: number;
}

interface Frame {
  readonly scales: Scales;
  /** Where changes of traffic are, from the left. */
  readonly marks: readonly number[];
  readonly id: string;
}

function figure({ revision, bars }: Series, { scales, marks, id }: Frame): Html {
  const total = sum(bars);
  const width = bars.length * STEP;
  return html`<figure id="${id}">
    <figcaption>
      <strong>${revision}</strong>
      <span>${counted(total.requests, 'request')}</span>
      <span class="${total.errors > 0 ? 'bad' : ''}">${errorsOf(total)}</span>
    </figcaption>
    <svg
      role="img"
      aria-labelledby="${id}-title"
      aria-describedby="${id}-desc"
      viewBox="0 0 ${width} ${ABOVE + BELOW}"
      preserveAspectRatio="none"
      focusable="false"
    >
      <title id="${id}-title">Requests and errors of ${revision}</title>
      <desc id="${id}-desc">${described(bars)}</desc>
      ${marks.map((x) => html`<line class="mark" x1="${x}" x2="${x}" y1="0" y2="${ABOVE + BELOW}" />`)}
      ${bars.flatMap((bar, index) => barShapes(bar, index * STEP + 1, scales))}
      <rect class="line" x="0" y="${ABOVE}" width="${width}" height="1" />
    </svg>
    ${axis(bars)}
  </figure>`;
}

function axis(bars: readonly Bar[]): Html {
  const at = (index: number) => clockTime(bars[index]?.startMs ?? 0).slice(0, 5);
  const third = Math.floor(bars.length / 3);
  return html`<div class="axis" aria-hidden="true">
    <span>${at(0)}</span> <span>${at(third)}</span> <span>${at(2 * third)}</span> <span>now</span>
  </div>`;
}

function barShapes({ requests, errors }: Bar, x: number, { up, down }: Scales): readonly Html[] {
  const above = heightOf(requests, up);
  const below = heightOf(errors, down);
  const width = STEP - 2;
  return [
    ...(requests === 0
      ? []
      : [
          html`<rect
            class="requests"
            x="${x}"
            y="${round(ABOVE - above)}"
            width="${width}"
            height="${above}"
          />`,
        ]),
    ...(errors === 0
      ? []
      : [html`<rect class="errors" x="${x}" y="${ABOVE + 1}" width="${width}" height="${below}" />`]),
  ];
}

/** One request among thousands is still to be seen. */
function heightOf(value: number, scale: number): number {
  return round(Math.max(2, value * scale));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function errorsOf({ requests, errors }: { readonly requests: number; readonly errors: number }): string {
  const share = errors === 0 ? undefined : percentOf(errors, requests);
  return `${counted(errors, 'error')}${share === undefined ? '' : ` (${share})`}`;
}

function described(bars: readonly Bar[]): string {
  const total = sum(bars);
  const first = bars.find(({ errors }) => errors > 0);
  const since = first === undefined ? '' : ` The first error was at ${clockTime(first.startMs)}.`;
  return `${counted(total.requests, 'request')} and ${errorsOf(total)} in ${duration(bars.length * lengthOf(bars))}.${since}`;
}

function lengthOf([first, second]: readonly Bar[]): number {
  return (second?.startMs ?? 0) - (first?.startMs ?? 0);
}

/** Minute by minute, newest first. */
function numbers(series: readonly Series[]): Html {
  const minutes = [...new Set((series[0]?.bars ?? []).map(({ startMs }) => minuteOf(startMs)))].reverse();
  return table({
    caption: 'Requests and errors, minute by minute, newest first',
    columns: [
      { label: 'From' },
      ...series.flatMap(({ revision }) => [
        { label: `${revision}: requests`, kind: 'number' as const },
        { label: `${revision}: errors`, kind: 'number' as const },
      ]),
    ],
    rows: minutes.map((minute) => [
      clockTime(minute),
      ...series.flatMap(({ bars }) => {
        const { requests, errors } = sum(bars.filter(({ startMs }) => minuteOf(startMs) === minute));
        return [count(requests), count(errors)];
      }),
    ]),
  });
}

function minuteOf(ms: number): number {
  return Math.floor(ms / 60_000) * 60_000;
}
