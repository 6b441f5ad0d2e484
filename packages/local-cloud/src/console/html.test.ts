import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { html, verbatim } from './html.ts';

const nasty = `"><script>alert(1)</script><a b='&`;

test('a value is text, whatever it holds', () => {
  expect(html`<p>${nasty}</p>`.text).toBe(
    '<p>&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;a b=&#39;&amp;</p>',
  );
});

test('a value in an attribute stays inside its quotes', () => {
  expect(html`<p title="${nasty}">x</p>`.text).toBe(
    '<p title="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;a b=&#39;&amp;">x</p>',
  );
});

test('no value at all breaks out of text or of an attribute', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (text, title) => {
      const made = html`<p title="${title}">${text}</p>`.text;

      const [, inAttribute = '<', inText = '<'] = /^<p title="([^]*)">([^]*)<\/p>$/.exec(made) ?? [];
      expect(`${inAttribute}${inText}`).not.toMatch(/[<>"']/);
      expect([decoded(inAttribute), decoded(inText)]).toEqual([title, text]);
    }),
  );
});

test('pieces go into each other as they are, and what is undefined leaves nothing behind', () => {
  const items = ['<a>', 'b'].map((text) => html`<li>${text}</li>`);

  expect(
    html`<ul>
      ${items}${undefined}${0}
    </ul>`.text.replaceAll(/\s+/g, ''),
  ).toBe('<ul><li>&lt;a&gt;</li><li>b</li>0</ul>');
});

test.each([
  ['/console/faults', '/console/faults'],
  ['http://127.0.0.1:4000/a?b=1&c', 'http://127.0.0.1:4000/a?b=1&amp;c'],
  ['?revision=web-1', '?revision=web-1'],
  ['javascript:alert(1)', '#'],
  ['\tjavascript:alert(1)', '#'],
  ['data:text/html,x', '#'],
  ['//elsewhere.example', '#'],
  ['/\\elsewhere.example', '#'],
  ['/\t/elsewhere.example', '#'],
  ['', '#'],
])('an address %j leads to %j', (given, led) => {
  expect(html`<a href="${given}">x</a>`.text).toBe(`<a href="${led}">x</a>`);
});

test.each([
  ['an unquoted attribute', '<p title=', '>x</p>'],
  ['an attribute in single quotes', "<p title='", "'>x</p>"],
  ['an event handler', '<p onclick="', '">x</p>'],
  ['a style', '<p style="color: ', '">x</p>'],
  ['an attribute’s name', '<p ', '="x">x</p>'],
  ['an element’s name', '<', '>x</p>'],
  ['an element’s end', '<p>x</', '>'],
  ['a script', '<script>', '</script>'],
  ['a style sheet', '<style>', '</style>'],
  ['a comment', '<!-- ', ' -->'],
  ['a tag that is left open', '<p>', '</p><p title="'],
])('a template with a value in %s is refused, however harmless the value', (_, before, after) => {
  const strings = Object.assign([before, after], { raw: [before, after] });

  expect(() => html(strings, 'x')).toThrow(/no value is safe|must begin|must close|verbatim makes one/);
});

test('markup does not go into an attribute', () => {
  expect(() => html`<p title="${html`<b>x</b>`}">x</p>`).toThrow('an attribute takes text, not markup');
});

test('a constant script or style cannot end itself', () => {
  expect(verbatim('script', 'a < b').text).toBe('<script>a < b</script>');
  expect(() => verbatim('script', 'x = "</script>"')).toThrow('must hold no "</"');
});

function decoded(text: string): string {
  const characters: Readonly<Record<string, string>> = {
    '&amp;': '&',
    '&lt;': '<',
    '&gt;': '>',
    '&quot;': '"',
    '&#39;': "'",
  };
  return text.replaceAll(/&(?:amp|lt|gt|quot|#39);/g, (entity) => characters[entity] ?? '');
}
