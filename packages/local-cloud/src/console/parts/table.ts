import { html, type Html, type HtmlValue } from '../html.ts';

export interface Column {
  readonly label: string;
  /** Numbers stand under each other by their digits; prose may break anywhere. */
  readonly kind?: 'text' | 'number' | 'prose';
}

/**
 * A table whose first column heads its rows. On a narrow screen each row becomes a block; the roles keep it a table for those who do not see it.
 * Says `empty` where there is no row.
 */
export function table(of: {
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly HtmlValue[])[];
  readonly empty?: string;
}): Html {
  const { caption, columns, rows, empty = 'None.' } = of;
  if (rows.length === 0) return html`<p class="empty">${empty}</p>`;
  return html`<div class="wide">
    <table role="table">
      <caption>
        ${caption}
      </caption>
      <thead role="rowgroup">
        <tr role="row">
          ${columns.map(heading)}
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${rows.map((cells) => row(cells, columns))}
      </tbody>
    </table>
  </div>`;
}

function heading({ label, kind = 'text' }: Column): Html {
  return html`<th role="columnheader" scope="col" class="${kind}">${label}</th>`;
}

function row([head, ...cells]: readonly HtmlValue[], [, ...columns]: readonly Column[]): Html {
  return html`<tr role="row">
    <th role="rowheader" scope="row">${head}</th>
    ${cells.map((value, index) => cell(value, columns[index]))}
  </tr>`;
}

function cell(value: HtmlValue, { label = '', kind = 'text' }: Partial<Column> = {}): Html {
  if (value === undefined || value === '') return html`<td role="cell"></td>`;
  return html`<td role="cell" class="${kind}" data-label="${label}"><div>${value}</div></td>`;
}
