import { badField } from '../messages/index.ts';

/** Views in the order of `orderBy` (`updateTime desc`), which may name fields in either spelling; in their own order without it. */
export function ordered<T extends object>(views: readonly T[], orderBy = ''): readonly T[] {
  if (orderBy.trim() === '') return views;
  const [, field = '', direction = 'asc'] = /^\s*([\w]+)(?:\s+(asc|desc))?\s*$/i.exec(orderBy) ?? [];
  const key = field.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  if (!ORDERS.includes(key))
    throw badField(
      'order_by',
      `order_by must be one of ${ORDERS.join(', ')}, and "asc" or "desc", got "${orderBy}"`,
    );
  const sign = direction.toLowerCase() === 'desc' ? -1 : 1;
  const valueOf = (view: T) => {
    const value = (view as Readonly<Record<string, unknown>>)[key];
    return typeof value === 'string' ? value : '';
  };
  return views.toSorted((a, b) => (valueOf(a) < valueOf(b) ? -sign : valueOf(a) > valueOf(b) ? sign : 0));
}

const ORDERS = ['name', 'createTime', 'updateTime', 'uploadTime', 'buildTime'];
