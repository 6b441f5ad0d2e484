/**
 * What a text has in the place that a template marks by a name in braces, as `/users/{user}/`: from the first occurrence of what is before it to the next
 * of what is behind it. Empty when the text does not fit, as IAM's own `extract` has it.
 */
export function extract(text: string, template: string): string {
  const parts = /^([^{}]*)\{\w+\}([^{}]*)$/s.exec(template);
  if (parts === null) return '';
  const [, before = '', behind = ''] = parts;
  const at = text.indexOf(before);
  if (at < 0) return '';
  const start = at + before.length;
  const end = behind === '' ? text.length : text.indexOf(behind, start);
  return end < 0 ? '' : text.slice(start, end);
}
