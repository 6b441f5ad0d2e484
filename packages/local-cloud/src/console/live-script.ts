/**
 * Fetches the page anew every two seconds and changes in place what differs, so that focus, scroll and open details stay. It rests while the tab is
 * hidden and while a person has paused it; for a person who prefers reduced motion it is paused from the start.
 */
export const LIVE_SCRIPT = `
'use strict';
(() => {
  const PERIOD_MS = 2000;
  const button = document.getElementById('pause');
  const lost = document.getElementById('lost');
  const remembered = sessionStorage.getItem('paused');
  let paused = remembered === null ? matchMedia('(prefers-reduced-motion: reduce)').matches : remembered === 'yes';
  let waiting;

  const show = () => {
    button.hidden = false;
    button.textContent = paused ? 'Resume updates' : 'Pause updates';
  };
  const plan = () => {
    clearTimeout(waiting);
    if (!paused && !document.hidden) waiting = setTimeout(refresh, PERIOD_MS);
  };
  button.addEventListener('click', () => {
    paused = !paused;
    sessionStorage.setItem('paused', paused ? 'yes' : 'no');
    show();
    if (paused) plan();
    else refresh();
  });
  document.addEventListener('visibilitychange', () => {
    if (document.hidden || paused) clearTimeout(waiting);
    else refresh();
  });

  const refresh = async () => {
    clearTimeout(waiting);
    try {
      const answer = await fetch(location.pathname + location.search, { headers: { accept: 'text/html' } });
      const text = await answer.text();
      if (!paused) take(new DOMParser().parseFromString(text, 'text/html'));
      lost.textContent = '';
    } catch {
      lost.textContent = 'The local cloud does not answer.';
    }
    plan();
  };
  const take = (fresh) => {
    const main = fresh.getElementById('main');
    if (main === null) return;
    const followed = [...document.querySelectorAll('[data-follow]')].filter(isAtEnd);
    morph(document.getElementById('main'), main);
    document.title = fresh.title;
    document.getElementById('updated').textContent = fresh.getElementById('updated').textContent;
    followed.forEach(toEnd);
  };

  const isAtEnd = (box) => box.scrollHeight - box.scrollTop - box.clientHeight < 8;
  const toEnd = (box) => { box.scrollTop = box.scrollHeight; };

  const KEPT = ['open', 'tabindex'];
  const isOther = (a, b) => a.nodeType !== b.nodeType || a.nodeName !== b.nodeName || (a.id ?? '') !== (b.id ?? '');
  const morph = (old, fresh) => {
    if (old.isEqualNode(fresh)) return;
    if (old.nodeType !== Node.ELEMENT_NODE) {
      old.nodeValue = fresh.nodeValue;
      return;
    }
    for (const { name } of [...old.attributes]) {
      if (!fresh.hasAttribute(name) && !KEPT.includes(name)) old.removeAttribute(name);
    }
    for (const { name, value } of fresh.attributes) {
      if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    }
    const before = [...old.childNodes];
    [...fresh.childNodes].forEach((child, index) => {
      const there = before[index];
      if (there === undefined) old.append(document.importNode(child, true));
      else if (isOther(there, child)) there.replaceWith(document.importNode(child, true));
      else morph(there, child);
    });
    before.slice(fresh.childNodes.length).forEach((child) => child.remove());
  };

  document.querySelectorAll('[data-follow]').forEach(toEnd);
  show();
  plan();
})();
`;
