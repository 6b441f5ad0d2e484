import type { State } from '../facts/state.ts';
import { html, type Html } from '../html.ts';

/** A state in words; its colour and its shape only repeat them. */
export function stateMark({ tone, word }: State): Html {
  return html`<span class="state ${tone}">${shape(tone)}${word}</span>`;
}

export function shape(tone: State['tone']): Html {
  return html`<span class="shape" aria-hidden="true">${SHAPES[tone]}</span> `;
}

const SHAPES: Readonly<Record<State['tone'], string>> = { good: '●', busy: '◐', bad: '▲', quiet: '○' };
