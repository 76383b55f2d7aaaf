/** A Lorenz curve: how unequally something is shared, with its numbers in a table. */
import { html, svg, type TemplateResult } from "lit";

/** Share of the people, and the share of the whole that they have together. */
export type LorenzPoint = readonly [people: number, share: number];

const [SIZE, LEFT, BOTTOM, TOP] = [260, 46, 36, 8];

/** Return the points of a curve at each tenth of the people, by straight lines between its points. */
export function tenthsOf(curve: readonly LorenzPoint[]): readonly LorenzPoint[] {
  return Array.from({ length: 11 }, (_, tenth) => {
    const wanted = tenth / 10;
    const after = curve.findIndex(([people]) => people >= wanted - 1e-9);
    const [one, other] = [curve[Math.max(after - 1, 0)], curve[after < 0 ? curve.length - 1 : after]];
    if (one === undefined || other === undefined) return [wanted, 0] as const;
    const span = other[0] - one[0];
    return [wanted, span <= 0 ? other[1] : one[1] + ((wanted - one[0]) / span) * (other[1] - one[1])] as const;
  });
}

export function lorenz(
  { caption, curve, percent, axes, heads, more, note }: {
    readonly caption: string; readonly curve: readonly LorenzPoint[]; readonly percent: (share: number) => string;
    readonly axes: { readonly people: string; readonly share: string }; readonly heads: { readonly people: string; readonly share: string };
    readonly more: string; readonly note: string;
  },
): TemplateResult {
  const side = SIZE - LEFT - 12;
  const x = (share: number): number => LEFT + share * side;
  const y = (share: number): number => TOP + (1 - share) * side;
  const line = curve.map(([people, share]) => `${x(people).toFixed(1)},${y(share).toFixed(1)}`).join(" ");
  const whole = (share: number): string => `${String(Math.round(share * 100))} %`;
  const height = TOP + side + BOTTOM;
  return html`<figure class="chart lorenz-chart">
    <figcaption>${caption}</figcaption>
    <svg class="plot" viewBox="0 0 ${SIZE} ${height}" aria-hidden="true" focusable="false">
      ${[0, 0.25, 0.5, 0.75, 1].map((share) => svg`<line class="grid" x1=${x(0)} x2=${x(1)} y1=${y(share)} y2=${y(share)}></line>
        <line class="grid" y1=${y(0)} y2=${y(1)} x1=${x(share)} x2=${x(share)}></line>`)}
      ${[0, 0.5, 1].map((share) => svg`<text class="tick" x=${LEFT - 5} y=${y(share) + 4} text-anchor="end">${whole(share)}</text>
        <text class="tick" x=${x(share)} y=${y(0) + 15} text-anchor=${share === 1 ? "end" : "middle"}>${whole(share)}</text>`)}
      <polygon class="lorenz-gap" points="${line} ${x(1)},${y(1)} ${x(0)},${y(0)}"></polygon>
      <line class="lorenz-equal" x1=${x(0)} y1=${y(0)} x2=${x(1)} y2=${y(1)}></line>
      <polyline class="lorenz-curve" points=${line}></polyline>
      <text class="tick" x=${x(0.5)} y=${height - 4} text-anchor="middle">${axes.people}</text>
    </svg>
    <p class="chart-note">${note}</p>
    <details class="chart-table"><summary>${more}</summary>
      <table><thead><tr><th scope="col">${heads.people}</th><th scope="col">${heads.share}</th></tr></thead>
        <tbody>${tenthsOf(curve).map(([people, share]) => html`<tr><th scope="row">${percent(people)}</th><td>${percent(share)}</td></tr>`)}</tbody></table>
    </details>
  </figure>`;
}
