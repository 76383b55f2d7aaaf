/** The charts of a kind of service, made of figures of a run. */
import { html, nothing, type TemplateResult } from "lit";

import { decisive, figureOf, numberIn, partsOf, textIn } from "./figures";
import { giniText, minutesText, peopleText, percentText, reasonText, shareText } from "./words";
import type { Figure, Mode, NormView } from "../api/reach-types";
import { type Column, histogram } from "../charts/histogram";
import { lorenz, type LorenzPoint } from "../charts/lorenz";
import { type WardBar, wardBars } from "../charts/ward-bars";
import { gettext, interpolate } from "../text/gettext";

/** Wards by their certain share, the worst first; those too small to be ranked come last. `norm` null: every service. */
export function wardChart(
  { figures, kind, norm, wards, language }: {
    readonly figures: readonly Figure[]; readonly kind: string; readonly norm: NormView | null; readonly wards: ReadonlyMap<string, string>; readonly language: string;
  },
): TemplateResult | typeof nothing {
  const gap = figureOf(figures, kind, "gap", { norm: norm?.id ?? "" });
  const unranked = gap?.values["unranked"];
  const small = new Set(Array.isArray(unranked) ? unranked.map(String) : []);
  const codes = [...new Set(figures.filter((one) => one.unit !== "").map(({ unit }) => unit))];
  const bars = codes.flatMap((code): WardBar[] => {
    const figure = norm === null ? figureOf(figures, "", "all_services", { unit: code }) : decisive(figures, kind, norm, code);
    if (figure === undefined || (figure.people ?? 0) === 0) return [];
    return [{
      code, name: wards.get(code) ?? code, parts: partsOf(figure), share: shareText(figure, language) ?? reasonText(figure.reason),
      people: interpolate(gettext("%(people)s people"), { people: peopleText(figure.people ?? 0, language) }), isSmall: small.has(code),
    }];
  });
  if (bars.length === 0) return nothing;
  bars.sort((one, other) => Number(one.isSmall) - Number(other.isSmall) || (one.parts?.covered ?? 2) - (other.parts?.covered ?? 2) || one.name.localeCompare(other.name));
  const isApart = (gap?.value ?? 0) > 0;
  const worst = isApart ? textIn(gap, "worst") : bars.some(({ parts }) => (parts?.covered ?? 1) < 1) && bars.length > 1 ? (bars[0]?.code ?? "") : "";
  return wardBars({
    caption: gettext("Ward by ward"), bars, worst: small.has(worst) ? "" : worst,
    heads: {
      ward: gettext("Ward"), share: gettext("People within"), people: gettext("People"), worst: gettext("served worst"),
      small: gettext("too few people to be ranked"),
    },
    ...(isApart && gap?.value != null
      ? { note: interpolate(gettext("Between the best and the worst ward lie %(points)s percentage points."), { points: pointsText(gap.value, language) }) }
      : {}),
  });
}

function pointsText(share: number, language: string): string {
  return new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(share * 100);
}

interface Bins { readonly bins: readonly number[]; readonly step: number; readonly beyond: number; readonly unknown: number; readonly unreached: number }

/** How many minutes people need, minute by minute; nothing where no figure says so. */
export function minutesChart(
  { figures, kind, mode, language, choose }: {
    readonly figures: readonly Figure[]; readonly kind: string; readonly mode: Mode; readonly language: string; readonly choose: (mode: Mode) => void;
  },
): TemplateResult | typeof nothing {
  const modes = (["walk", "motorbike"] as const).filter((one) => figureOf(figures, kind, "minutes", { mode: one }) !== undefined);
  const figure = figureOf(figures, kind, "minutes", { mode });
  const bins = figure?.values["histogram"] as Bins | undefined;
  if (figure === undefined || bins === undefined) return nothing;
  const names: Readonly<Record<Mode, string>> = { walk: gettext("On foot"), motorbike: gettext("By motorbike") };
  return html`<section class="reach-section" aria-label=${gettext("Minutes to the nearest one")}>
    <div class="reach-section-head"><h3>${gettext("Minutes to the nearest one")}</h3>
      <div class="mode-switch" role="group" aria-label=${gettext("Way of moving")}>${modes.map((one) => html`<button type="button" aria-pressed=${one === mode ? "true" : "false"}
        @click=${() => { choose(one); }}>${names[one]}</button>`)}</div></div>
    ${histogram({
      caption: interpolate(gettext("People by minutes, %(mode)s"), { mode: names[mode].toLocaleLowerCase(language) }),
      columns: columnsOf(bins), scale: gettext("minutes"), people: (count) => peopleText(count, language),
      marks: figure.value === null ? [] : [{ at: figure.value, name: interpolate(gettext("half: %(minutes)s"), { minutes: minutesText(figure.value, language) }) }],
      heads: { range: gettext("Minutes"), people: gettext("People") }, more: gettext("The same in numbers"),
    })}
    <p class="reach-small">${gettext("Speeds are our own assumptions, not counts; no norm at hand is in minutes.")}</p>
  </section>`;
}

/** Columns of a distribution, with what has no place on its scale behind them. */
export function columnsOf({ bins, step, beyond, unreached, unknown }: Bins): readonly Column[] {
  const range = (from: number, to: number): string => interpolate(gettext("%(from)s to %(to)s"), { from, to });
  return [
    ...bins.map((people, at) => ({ from: at * step, to: (at + 1) * step, people, name: range(at * step, (at + 1) * step) })),
    { from: null, to: null, people: beyond, name: interpolate(gettext("more than %(most)s"), { most: bins.length * step }) },
    { from: null, to: null, people: unreached, name: gettext("no way at all"), look: "unreached" as const },
    { from: null, to: null, people: unknown, name: gettext("not known"), look: "unknown" as const },
  ].filter(({ from, people }) => from !== null || people > 0);
}

/** How unequally ways, and if it is known the supply, are shared. */
export function inequality(figures: readonly Figure[], kind: string, language: string): TemplateResult | typeof nothing {
  const found = figures.filter((one) => one.kind === kind && one.measure === "gini" && one.unit === "" && Array.isArray(one.values["lorenz"]) && one.values["lorenz"].length > 1);
  if (found.length === 0) return nothing;
  return html`<section class="reach-section" aria-label=${gettext("Inequality")}>
    <div class="reach-section-head"><h3>${gettext("Inequality")}</h3></div>
    <div class="lorenz-row">${found.map((figure) => curve(figure, language))}</div>
  </section>`;
}

function curve(figure: Figure, language: string): TemplateResult {
  const isSupply = figure.values["of"] === "supply";
  const unreached = numberIn(figure, "unreached_people");
  const percent = (share: number): string => percentText(share, language);
  const words = interpolate(
    isSupply ? gettext("Gini coefficient of places a person: %(gini)s. 0 is the same for everybody.") : gettext("Gini coefficient of the ways: %(gini)s. 0 is the same for everybody."),
    { gini: figure.value === null ? gettext("none") : giniText(figure.value, language) },
  );
  const left = unreached > 0 ? ` ${interpolate(gettext("%(people)s people without any way are left out."), { people: peopleText(Math.ceil(unreached), language) })}` : "";
  return lorenz({
    caption: isSupply ? gettext("Places a person (Lorenz curve)") : gettext("Metres on foot (Lorenz curve)"),
    curve: figure.values["lorenz"] as LorenzPoint[], percent, note: words + left, more: gettext("The same in numbers"),
    axes: { people: gettext("share of the people"), share: "" },
    heads: {
      people: isSupply ? gettext("People with the fewest places") : gettext("People with the shortest ways"),
      share: isSupply ? gettext("Their share of all places") : gettext("Their share of all metres"),
    },
  });
}
