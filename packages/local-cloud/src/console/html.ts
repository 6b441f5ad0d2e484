/** Markup that holds no unescaped value. Only {@link html} and {@link verbatim} make it. */
class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

export type Html = Markup;

/** What a template takes: text is escaped, markup goes in as it is, `undefined` leaves nothing behind. */
export type HtmlValue = string | number | Html | readonly Html[] | undefined;

/**
 * A piece of HTML, closed in itself. Every value is escaped for the place where it stands; a template that puts one where no escaping is safe (an
 * unquoted attribute, a script, a style, an event handler) throws the first time that it is used, whatever the value.
 */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  const places = placesOf(strings);
  const filled = values.map((value, index) => fill(places[index] ?? 'text', value));
  return new Markup(strings.map((text, index) => `${text}${filled[index] ?? ''}`).join(''));
}

/** A style or a script of our own, which must be constant: nothing in it is escaped. */
export function verbatim(element: 'style' | 'script', text: string): Html {
  if (/<\/|<!--/.test(text)) throw new Error(`a ${element} must hold no "</" and no "<!--"`);
  return new Markup(`<${element}>${text}</${element}>`);
}

type Place = 'text' | 'attribute' | 'address';

function fill(place: Place, value: HtmlValue): string {
  if (value === undefined) return '';
  if (typeof value === 'string' || typeof value === 'number') {
    const text = String(value);
    return escaped(place === 'address' ? safeAddress(text) : text);
  }
  if (place !== 'text') throw new Error('an attribute takes text, not markup');
  return value instanceof Markup ? value.text : value.map(({ text }) => text).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

/** Addresses that lead to a page: `javascript:` and all other schemes lead nowhere, and so does a host in a path's clothes. */
function safeAddress(text: string): string {
  return /^(?:https?:\/\/|\/(?![/\\])|[?#])[\x21-\x7e]*$|^\/$/.test(text) ? text : '#';
}

const known = new WeakMap<TemplateStringsArray, readonly Place[]>();

function placesOf(strings: TemplateStringsArray): readonly Place[] {
  const seen = known.get(strings);
  if (seen !== undefined) return seen;
  let state: State = { in: 'text' };
  const places = strings.slice(0, -1).map((text) => {
    state = scan(state, text);
    return placeIn(state, text);
  });
  if (scan(state, strings.at(-1) ?? '').in !== 'text')
    throw new Error(`a template must close what it opens, got ${strings.join('…')}`);
  known.set(strings, places);
  return places;
}

/** Where a template stands after its constant text so far. */
type State =
  | { readonly in: 'text' }
  | { readonly in: 'tag'; readonly element: string }
  | { readonly in: 'value'; readonly element: string; readonly attribute: string };

const STEPS = {
  text: /^[^<]*<(?<name>\/?[a-z][a-z0-9]*|!)/i,
  tag: /^[^">]*?(?:\s(?<name>[a-z][a-z0-9-]*)="|>)/i,
  value: /^[^"]*"/,
} as const;

function scan(start: State, text: string): State {
  let state = start;
  let rest = text;
  for (;;) {
    const step = STEPS[state.in].exec(rest);
    if (step === null) break;
    rest = rest.slice(step[0].length);
    state = next(state, step.groups?.['name']?.toLowerCase());
  }
  if (state.in === 'text' && rest.includes('<'))
    throw new Error(`"<" must begin an element of a template, got ${text}`);
  return state;
}

function next(state: State, name: string | undefined): State {
  switch (state.in) {
    case 'text':
      if (/^(?:script|style)$/.test(name ?? ''))
        throw new Error(`a template holds no <${name ?? ''}>, verbatim makes one`);
      return { in: 'tag', element: name ?? '' };
    case 'tag':
      return name === undefined ? { in: 'text' } : { in: 'value', element: state.element, attribute: name };
    case 'value':
      return { in: 'tag', element: state.element };
  }
}

function placeIn(state: State, text: string): Place {
  if (state.in === 'text') return 'text';
  if (state.in === 'tag') throw new Error(`no value is safe inside the tag <${state.element}>`);
  if (/^(?:on.*|style|srcdoc)$/.test(state.attribute))
    throw new Error(`no value is safe in the attribute "${state.attribute}"`);
  const isWhole = /^(?:href|src|action|formaction)$/.test(state.attribute) && text.endsWith('="');
  return isWhole ? 'address' : 'attribute';
}
