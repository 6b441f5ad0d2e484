import { html, type Html, type HtmlValue } from '../html.ts';

export interface Column {
  readonly label: string;
  readonly isNumber?: true;
}

/**
 * A table whose first column heads its rows. On a narrow screen each row becomes a block; the roles keep it a table for those who do not see it.
 * `id` is unique on the page. Says `empty` where there is no row.
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
        ${rows.map(
          (cells) =>
            html`<tr role="row">
              ${cells.map((value, index) => cell(value, columns[index]))}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;

  function cell(value: HtmlValue, column: Column | undefined): Html {
    const { label = '', isNumber } = column ?? {};
    if (column === columns[0]) return html`<th role="rowheader" scope="row">${value}</th>`;
    return html`<td role="cell" class="${isNumber ? 'number' : ''}" data-label="${label}">${value}</td>`;
  }
}

function heading({ label, isNumber }: Column): Html {
  return html`<th role="columnheader" scope="col" class="${isNumber ? 'number' : ''}">${label}</th>`;
}
