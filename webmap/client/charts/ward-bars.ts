/** Shares by ward as bars, the worst first, with the numbers in a table that is the chart. */
import { html, nothing, type TemplateResult } from "lit";

import { type BarParts, shareBar } from "./share-bar";

export interface WardBar {
  readonly code: string;
  readonly name: string;
  readonly parts: BarParts | null;
  /** What is written at the end of the bar. */
  readonly share: string;
  readonly people: string;
  /** Too few people to be ranked. */
  readonly isSmall: boolean;
}

/** One row a ward. The bar repeats what the row says in numbers, so one table serves eyes and ears. */
export function wardBars(
  { caption, bars, worst, heads, note }: {
    readonly caption: string; readonly bars: readonly WardBar[]; readonly worst: string;
    readonly heads: { readonly ward: string; readonly share: string; readonly people: string; readonly worst: string; readonly small: string };
    readonly note?: string;
  },
): TemplateResult {
  return html`<figure class="chart ward-chart">
    <table>
      <caption>${caption}</caption>
      <thead class="unseen"><tr><th scope="col">${heads.ward}</th><th scope="col">${heads.share}</th><th scope="col">${heads.people}</th></tr></thead>
      <tbody>${bars.map(({ code, name, parts, share, people, isSmall }) => html`<tr data-ward=${code} ?data-worst=${code === worst}>
        <th scope="row">${name}${code === worst ? html` <em class="ward-worst">${heads.worst}</em>` : nothing}
          ${isSmall ? html` <small>${heads.small}</small>` : nothing}${shareBar(parts)}</th>
        <td>${share}</td><td class="ward-people">${people}</td></tr>`)}</tbody>
    </table>
    ${note === undefined ? nothing : html`<p class="chart-note">${note}</p>`}
  </figure>`;
}
