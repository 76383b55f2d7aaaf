/** How something is spread over people: columns, and the same numbers in a table. */
import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from "lit";

import { ticks } from "./axes";

export interface Column {
  /** Where it begins and ends on the scale; null: it has no place there (no way at all, not known). */
  readonly from: number | null;
  readonly to: number | null;
  readonly people: number;
  /** What the column stands for: "3 to 4 min". */
  readonly name: string;
  readonly look?: "unreached" | "unknown";
}

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [480, 190, 66, 10, 16, 38];

/**
 * A histogram.
 *
 * `mark` is a place on the scale that is named (a limit, the median). The drawing is hidden from screen readers;
 * the table below it, folded, is what they read.
 */
export function histogram(
  { caption, columns, scale, people, marks = [], heads, more }: {
    readonly caption: string; readonly columns: readonly Column[]; readonly scale: string; readonly people: (count: number) => string;
    readonly marks?: readonly { readonly at: number; readonly name: string }[];
    readonly heads: { readonly range: string; readonly people: string }; readonly more: string;
  },
): TemplateResult {
  const placed = columns.filter(({ from }) => from !== null);
  const apart = columns.filter(({ from, people: count }) => from === null && count > 0);
  const end = Math.max(...placed.map(({ to }) => to ?? 0), 1);
  const levels = ticks(Math.max(...columns.map((one) => one.people), 0));
  const top = Math.max(levels.at(-1) ?? 1, 1);
  const room = apart.length * 46;
  const x = (value: number): number => LEFT + (value / end) * (WIDTH - LEFT - RIGHT - room);
  const y = (count: number): number => HEIGHT - BOTTOM - (count / top) * (HEIGHT - TOP - BOTTOM);
  const column = (left: number, width: number, { people: count, look }: Column): SVGTemplateResult => {
    const height = count > 0 ? Math.max(HEIGHT - BOTTOM - y(count), 1.5) : 0;
    const fill = look === "unknown" ? "url(#bar-unknown)" : look === "unreached" ? "#a5162b" : "#1f5f8b";
    return svg`<rect x=${left} y=${HEIGHT - BOTTOM - height} width=${Math.max(width - 1.5, 1)} height=${height} fill=${fill}></rect>`;
  };
  return html`<figure class="chart">
    <figcaption>${caption}</figcaption>
    <svg class="plot" viewBox="0 0 ${WIDTH} ${HEIGHT}" aria-hidden="true" focusable="false">
      ${levels.map((level) => svg`<line class="grid" x1=${LEFT} x2=${WIDTH - RIGHT} y1=${y(level)} y2=${y(level)}></line>
        <text class="tick" x=${LEFT - 6} y=${y(level) + 4} text-anchor="end">${people(level)}</text>`)}
      ${placed.map((one) => column(x(one.from ?? 0), x(one.to ?? 0) - x(one.from ?? 0), one))}
      ${apart.map((one, at) => svg`${column(WIDTH - RIGHT - room + at * 46 + 10, 30, one)}`)}
      ${ticks(end, 6).filter((tick) => tick <= end).map((tick) => svg`<text class="tick" x=${x(tick)} y=${HEIGHT - BOTTOM + 15} text-anchor="middle">${people(tick)}</text>`)}
      <text class="tick" x=${(x(0) + x(end)) / 2} y=${HEIGHT - 4} text-anchor="middle">${scale}</text>
      ${marks.filter(({ at }) => at <= end).map(({ at, name }) => svg`<line class="mark" x1=${x(at)} x2=${x(at)} y1=${TOP - 4} y2=${HEIGHT - BOTTOM}></line>
        <text class="mark-name" x=${x(at) + 4} y=${TOP + 4} text-anchor="start">${name}</text>`)}
    </svg>
    ${apart.length === 0 ? nothing : html`<p class="chart-note">${apart.map(({ name, people: count }) => html`<span>${name}: <b>${people(count)}</b></span> `)}</p>`}
    <details class="chart-table"><summary>${more}</summary>
      <table><thead><tr><th scope="col">${heads.range}</th><th scope="col">${heads.people}</th></tr></thead>
        <tbody>${columns.map(({ name, people: count }) => html`<tr><th scope="row">${name}</th><td>${people(count)}</td></tr>`)}</tbody></table>
    </details>
  </figure>`;
}
