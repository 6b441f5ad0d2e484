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

const HEIGHT = 84;
/** Room below the line even where no error is, so that a first error is no surprise to the eye. */
const LEAST_BELOW = 0.2;
const STEP = 10;

/**
 * One small chart for each revision, all to one scale: requests stand on the line, errors hang below it. What the picture shows is said in its
 * title and description, and again in a table of numbers.
 */
export function requestChart(series: readonly Series[], barMs: number): Html {
  if (series.length === 0) return html`<p class="empty">No request in the last fifteen minutes.</p>`;
  const bars = series.flatMap((one) => one.bars);
  const tallest = Math.max(...bars.map(({ requests }) => requests), 1);
  const deepest = Math.max(...bars.map(({ errors }) => errors), tallest * LEAST_BELOW);
  const scale = HEIGHT / (tallest + deepest);
  return html`<p class="note">
      Requests stand on the line, errors (5xx) hang below it. One bar is ${duration(barMs)}; the tallest is
      ${counted(tallest, 'request')}.
    </p>
    <div class="charts">
      ${series.map((one, index) => figure(one, { scale, lineY: tallest * scale, id: `chart-${index}` }))}
    </div>
    <details>
      <summary>The numbers of the chart</summary>
      ${numbers(series)}
    </details>`;
}

interface Frame {
  readonly scale: number;
  /** Where the line is, from the top. */
  readonly lineY: number;
  readonly id: string;
}

function figure({ revision, bars }: Series, { scale, lineY, id }: Frame): Html {
  const total = sum(bars);
  const width = bars.length * STEP;
  const first = bars[0]?.startMs ?? 0;
  return html`<figure id="${id}">
    <figcaption>
      <strong>${revision}</strong>
      <span>${counted(total.requests, 'request')}, ${errorsOf(total)}</span>
    </figcaption>
    <svg
      role="img"
      aria-labelledby="${id}-title"
      aria-describedby="${id}-desc"
      viewBox="0 0 ${width} ${HEIGHT}"
      preserveAspectRatio="none"
      focusable="false"
    >
      <title id="${id}-title">Requests and errors of ${revision}</title>
      <desc id="${id}-desc">${described(bars)}</desc>
      ${bars.map((bar, index) => barShapes(bar, { x: index * STEP + 1, scale, lineY }))}
      <rect class="line" x="0" y="${round(lineY)}" width="${width}" height="1" />
    </svg>
    <div class="axis" aria-hidden="true">
      <span>${clockTime(first).slice(0, 5)}</span>
      <span>${clockTime(bars[Math.floor(bars.length / 2)]?.startMs ?? first).slice(0, 5)}</span>
      <span>now</span>
    </div>
  </figure>`;
}

function barShapes(
  { requests, errors }: Bar,
  at: { readonly x: number; readonly scale: number; readonly lineY: number },
): Html {
  const up = heightOf(requests, at.scale);
  const down = heightOf(errors, at.scale);
  return html`${
    requests === 0
      ? undefined
      : html`<rect
          class="requests"
          x="${at.x}"
          y="${round(at.lineY - up)}"
          width="${STEP - 2}"
          height="${up}"
        />`
  }${
    errors === 0
      ? undefined
      : html`<rect
          class="errors"
          x="${at.x}"
          y="${round(at.lineY + 1)}"
          width="${STEP - 2}"
          height="${down}"
        />`
  }`;
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
        { label: `${revision}: requests`, isNumber: true as const },
        { label: `${revision}: errors`, isNumber: true as const },
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
