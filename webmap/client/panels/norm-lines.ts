/** What the planning norms say of a zone, in lines. */
import { html, nothing, type TemplateResult } from "lit";

import type { NormFinding, NormState } from "../api/norm-types";
import { icon } from "../elements/icon";
import { gettext } from "../text/gettext";

const LOOKS: Readonly<Record<NormState, string>> = {
  met: "clear",
  not_met: "conflict",
  not_checked: "not_checked",
};

function nameOfState(state: NormState): string {
  const names = {
    met: gettext("Norm met"),
    not_met: gettext("Norm not met"),
    not_checked: gettext("Norm cannot be checked"),
  };
  return names[state];
}

/** Return the findings as a list, the unmet ones first. */
export function normLines(findings: readonly NormFinding[]): TemplateResult | typeof nothing {
  if (findings.length === 0) return nothing;
  const states: readonly NormState[] = ["not_met", "not_checked", "met"];
  const ordered = states.flatMap((state) => findings.filter((one) => one.state === state));
  return html`<ul class="norm-lines">
    ${ordered.map(
      (one) => html`<li class="norm-line" data-state=${one.state}>
        ${icon(LOOKS[one.state])}
        <div>
          <b>${nameOfState(one.state)}.</b> ${one.text}
          ${one.reason === "" ? nothing : html`<span class="norm-reason">${one.reason}</span>`}
          <small>${one.norm.basis}</small>
        </div>
      </li>`,
    )}
  </ul>`;
}
