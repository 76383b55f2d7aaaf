/** A share of people as a bar of three parts: within, not known, beyond. */
import { svg, html, nothing, type TemplateResult } from "lit";

/** Shares of one whole; together they are 1. */
export interface BarParts { readonly covered: number; readonly unknown: number; readonly beyond: number }

/** What the patterns of all bars are drawn with; once in a page. */
export function barPatterns(): TemplateResult {
  return html`<svg class="unseen" width="0" height="0" aria-hidden="true" focusable="false"><defs>${svg`
    <pattern id="bar-unknown" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <rect width="7" height="7" fill="#fdf0e0"></rect><rect width="2.4" height="7" fill="#8a4300"></rect></pattern>`}</defs></svg>`;
}

const WIDTH = 1000;
const FILLS = ["#1b7837", "url(#bar-unknown)", "#a5162b"];

/** The bar alone: the words beside it say the same, so it is hidden from screen readers. null: an empty one. */
export function shareBar(parts: BarParts | null): TemplateResult {
  const widths = parts === null ? [0, 0, 0] : [parts.covered, parts.unknown, parts.beyond].map((share) => share * WIDTH);
  const names = ["covered", "unknown", "beyond"];
  let at = 0;
  return html`<svg class="share-bar" viewBox="0 0 ${WIDTH} 20" preserveAspectRatio="none" aria-hidden="true" focusable="false">
    <rect class="share-empty" width=${WIDTH} height="20"></rect>
    ${widths.map((width, place) => {
      // What is there is seen, however small.
      const seen = width > 0 ? Math.max(width, 8) : 0;
      const x = place === 2 ? WIDTH - seen : at;
      at += width;
      return seen === 0 ? nothing : svg`<rect class="share-part" data-part=${names[place]} fill=${FILLS[place]} x=${x} width=${seen} height="20"></rect>`;
    })}
  </svg>`;
}
