import type { Page } from 'playwright-core';

/** For tests: what a person with a keyboard, a screen reader or weak eyes would stumble over on the page; empty when it is well. */
export function hindrances(page: Page): Promise<readonly string[]> {
  return page.evaluate(FIND);
}

// Text, because it runs in the page: the types of this program know no document.
const FIND = `(() => {
  const found = [];
  const all = (selector) => [...document.querySelectorAll(selector)];
  const expectOne = (selector) => {
    const { length } = all(selector);
    if (length !== 1) found.push(selector + ': expected one, found ' + length);
  };
  const expectNone = (what, elements) => {
    for (const element of elements) found.push(what + ': ' + element.outerHTML.slice(0, 120));
  };
  const textOf = (element) => (element?.textContent ?? '').trim();
  const refersTo = (element, attribute) =>
    (element.getAttribute(attribute) ?? '').split(' ').map((id) => textOf(document.getElementById(id))).join('');

  ['h1', 'main', 'body > header', 'nav[aria-label=Console]', 'html[lang]', 'head > title'].forEach(expectOne);
  const levels = all('h1, h2, h3, h4').map((heading) => Number(heading.tagName[1]));
  if (levels.some((level, index) => level > (levels[index - 1] ?? 0) + 1)) found.push('a level of headings is left out');
  expectNone('a table without a caption', all('table').filter((table) => textOf(table.querySelector('caption')) === ''));
  expectNone('a table without row headers', all('tbody tr').filter((row) => row.querySelector('th[scope=row]') === null));
  expectNone(
    'a picture without a name',
    all('svg:not([aria-hidden=true]), img').filter((image) => refersTo(image, 'aria-labelledby') === ''),
  );
  expectNone(
    'a field without a label',
    all('input:not([type=hidden]), select').filter(({ labels }) => labels.length === 0),
  );
  expectNone('a link or button without a name', all('a, button').filter((link) => textOf(link) === ''));
  expectNone(
    'a reference to nothing',
    all('[aria-labelledby], [aria-describedby]').filter(
      (element) => refersTo(element, 'aria-labelledby') + refersTo(element, 'aria-describedby') === '',
    ),
  );
  expectNone('an assertive live region', all('[aria-live=assertive]'));
  const ids = all('[id]').map(({ id }) => id);
  ids.filter((id, index) => ids.indexOf(id) !== index).forEach((id) => found.push('the id ' + id + ' twice'));

  const colourOf = (text) => text.match(/[\\d.]+/g).map(Number);
  const groundOf = (element) => {
    if (element === null) return [255, 255, 255];
    const colour = colourOf(getComputedStyle(element).backgroundColor);
    return colour[3] === 0 ? groundOf(element.parentElement) : colour;
  };
  const luminance = ([red, green, blue]) => {
    const linear = (value) => (value <= 10 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  };
  const contrastOf = (element) => {
    const text = luminance(colourOf(getComputedStyle(element).color));
    const ground = luminance(groundOf(element));
    return (Math.max(text, ground) + 0.05) / (Math.min(text, ground) + 0.05);
  };
  const holdsText = (element) =>
    [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.nodeValue.trim() !== '');
  expectNone(
    'contrast below 4.5',
    all('body *:not(script, noscript, option)').filter((element) => holdsText(element) && contrastOf(element) < 4.5),
  );
  if (document.documentElement.scrollWidth > innerWidth) found.push('the page scrolls sideways');
  return found;
})()`;
