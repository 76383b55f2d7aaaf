/** The answer of a search for sites: what to build, how good that is known to be, and what else would do nearly as well. */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import { atLeastOne, capacityText, placeText, titlesOf } from "./scenario-words";
import { nameOfSource, wordsOfProof, upTo } from "./siting-words";
import { metresText, peopleText, percentText } from "./words";
import type { Candidate, ScenarioLine, SitingView } from "../api/scenario-types";
import { shareBar } from "../charts/share-bar";
import { icon } from "../elements/icon";
import { chosenIn, newlyIn, type Proof, proofOf, sitesOf } from "../state/siting-answer";
import { gettext, interpolate, ngettext } from "../text/gettext";

/** What shall be done with a choice; `scenario` null: a new one. */
export interface Taking { readonly choice: number; readonly scenario: string | null; readonly title: string }

/**
 * Owns into which scenario a choice goes. Tells "choice-chosen" (0 best, n the n-th alternative), "site-shown" (Candidate)
 * and "choice-taken" (Taking). Public: `siting`, `choice`, `scenarios` (own ones), `taken` (address of the scenario
 * into which a choice went, or ""), `functionName`, `isSending`, `language`.
 */
@customElement("siting-answer")
export class SitingAnswer extends LitElement {
  @property({ attribute: false }) siting!: SitingView;
  @property({ attribute: false }) choice = 0;
  @property({ attribute: false }) scenarios: readonly ScenarioLine[] = [];
  @property({ attribute: false }) taken = "";
  @property({ attribute: false }) functionName: (code: string) => string = (code) => code;
  @property({ attribute: false }) isSending = false;
  @property({ attribute: false }) language = "vi";
  @state() private scenario = "";

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { siting } = this;
    const proof = proofOf(siting);
    return html`<section class="siting-answer" aria-labelledby="siting-title" data-status=${siting.status ?? ""}>
      <h3 id="siting-title" tabindex="-1">${siting.text === "" ? wordsOfProof(proof, this.language) : siting.text}</h3>
      ${this.choice === 0 ? this.proof(proof) : this.otherwise(siting)}
      ${proof.kind === "none" ? nothing : html`${this.shares(siting)}${this.choices(siting)}${this.sites(siting)}${this.taking()}`}
      ${this.wards(siting)}
      ${this.beside(siting)}
    </section>`;
  }

  private proof(proof: Proof): TemplateResult {
    return html`<p class="siting-proof" data-proof=${proof.kind}>${icon(proof.kind === "best" ? "clear" : proof.kind === "none" ? "severity-blocks" : "info")}${wordsOfProof(proof, this.language)}</p>`;
  }

  /** The sentence above speaks of the best choice: what is shown is another one. */
  private otherwise({ alternatives }: SitingView): TemplateResult {
    const behind = alternatives[this.choice - 1]?.behind ?? 0;
    return html`<p class="siting-proof" data-proof="other" role="status">${icon("info")}${behind <= 0
      ? interpolate(gettext("Shown is other choice %(number)s, just as good"), { number: this.choice })
      : interpolate(gettext("Shown is other choice %(number)s, %(share)s behind"), { number: this.choice, share: upTo(behind, this.language) })}</p>`;
  }

  private shares({ share_before, share_after, people_total }: SitingView): TemplateResult | typeof nothing {
    if (share_before === null || share_after === null) return nothing;
    const newly = newlyIn(this.siting, this.choice);
    const after = this.choice === 0 || newly === null || people_total === null || people_total === 0 ? share_after : share_before + newly / people_total;
    const row = (name: string, share: number): TemplateResult => html`<tr><th scope="row">${name}</th>
      <td class="gains-bar">${shareBar({ covered: share, unknown: 0, beyond: Math.max(0, 1 - share) })}</td><td><b>${percentText(share, this.language)}</b></td></tr>`;
    return html`<table class="gains-shares"><caption class="unseen">${gettext("Share of people within the distance")}</caption><tbody>
      ${row(gettext("today"), share_before)}${row(gettext("with these"), after)}</tbody></table>
      ${newly === null ? nothing : html`<p class="gains-people"><span data-what="gain"><span aria-hidden="true">▲</span> <b>${atLeastOne(newly, this.language)}</b>
        ${ngettext("person newly reached", "people newly reached", Math.round(newly))}</span></p>`}`;
  }

  private choices(siting: SitingView): TemplateResult {
    const { alternatives } = siting;
    const button = (choice: number, words: string, about: string): TemplateResult => html`<button type="button" class="siting-choice" data-choice=${choice}
      aria-pressed=${choice === this.choice ? "true" : "false"} @click=${() => { this.tell("choice-chosen", choice); }}><b>${words}</b> <span>${about}</span></button>`;
    const people = (choice: number): string => this.worth(siting, choice);
    return html`<h4>${gettext("Choices")}</h4>
      <div class="siting-choices" role="group" aria-label=${gettext("Choices")}>
        ${button(0, gettext("Best"), people(0))}
        ${alternatives.map((one, at) => button(at + 1, interpolate(gettext("Other %(number)s"), { number: at + 1 }), [
          people(at + 1), one.behind <= 0 ? gettext("just as good") : interpolate(gettext("%(share)s behind"), { share: upTo(one.behind, this.language) }),
        ].filter((words) => words !== "").join(" · ")))}
      </div>
      ${alternatives.length === 0 ? html`<p class="form-note">${gettext("No other choice comes within 2 % of the best one.")}</p>` : nothing}`;
  }

  /** What a choice is judged by. */
  private worth(siting: SitingView, choice: number): string {
    const objective = choice === 0 ? siting.objective : (siting.alternatives[choice - 1]?.objective ?? null);
    if (siting.model === "p_median") {
      const everybody = siting.people_total ?? 0;
      return objective === null || everybody <= 0 ? "" : interpolate(gettext("%(distance)s on average"), { distance: metresText(objective / everybody, this.language) });
    }
    if (siting.model === "set_cover") {
      return objective === null ? "" : interpolate(gettext("cost %(cost)s"), { cost: new Intl.NumberFormat(this.language, { maximumFractionDigits: 1 }).format(objective) });
    }
    const newly = newlyIn(siting, choice);
    return newly === null ? "" : interpolate(gettext("%(people)s people"), { people: peopleText(newly, this.language) });
  }

  private sites(siting: SitingView): TemplateResult {
    const best = new Set(siting.chosen);
    return html`<h4>${gettext("Where to build")}</h4>
      <ol class="site-list">${sitesOf(siting, this.choice).map((site) => html`<li><button type="button" class="site-row" data-key=${site.key}
          @click=${() => { this.tell("site-shown", site); }}>
        <b>${site.name === "" ? placeText(site.place, this.language) : site.name}</b>
        ${this.choice > 0 && !best.has(site.key) ? html`<span class="scenario-tag">${gettext("other than the best")}</span>` : nothing}
        <span class="site-about">${this.about(site)}</span>
        ${site.is_permitted === false ? html`<span class="site-warning">${icon("not_checked")}${gettext("The plan’s function does not permit this service here.")}</span>` : nothing}
      </button></li>`)}</ol>`;
  }

  private about({ source, function: code, capacity, newly_people, is_permitted }: Candidate): string {
    return [
      nameOfSource(source), code === "" ? "" : this.functionName(code), capacity === null ? "" : interpolate(gettext("capacity %(capacity)s"), { capacity: capacityText(capacity, "", this.language) }),
      newly_people === null ? "" : interpolate(gettext("alone %(people)s people"), { people: peopleText(newly_people, this.language) }),
      is_permitted === true ? gettext("permitted") : is_permitted === null ? gettext("whether it is permitted is not known") : "",
    ].filter((words) => words !== "").join(" · ");
  }

  private taking(): TemplateResult {
    if (this.taken !== "") {
      return html`<p class="siting-taken" role="status">${icon("clear")}${gettext("These sites are in a scenario now.")} <a href=${this.taken}>${gettext("See who gains and who loses there")}</a></p>`;
    }
    return html`<form class="siting-take" @submit=${this.took}>
      <label class="field">${gettext("Try this choice out in")}
        <select name="scenario" @change=${(event: Event) => { this.scenario = (event.target as HTMLSelectElement).value; }}>
          <option value="" ?selected=${this.scenario === ""}>${gettext("a new scenario")}</option>
          ${[...titlesOf(this.scenarios, this.language)].map(([key, title]) => html`<option value=${key} ?selected=${key === this.scenario}>${title}</option>`)}
        </select></label>
      ${this.scenario === ""
        ? html`<label class="field">${gettext("Name of a new scenario")}<input name="title" type="text" maxlength="200" required
            .value=${interpolate(gettext("Next: %(service)s"), { service: this.siting.kind_name })}></label>`
        : nothing}
      <button type="submit" class="button small-button main-button" ?disabled=${this.isSending || chosenIn(this.siting, this.choice).length === 0}>${gettext("Take it")}</button>
    </form>`;
  }

  private wards({ wards }: SitingView): TemplateResult | typeof nothing {
    if (wards.length === 0 || this.choice > 0) return nothing;
    return html`<details class="siting-wards" open><summary>${gettext("People newly reached, ward by ward")}</summary>
      <table class="gains-wards"><thead><tr><th scope="col">${gettext("Ward")}</th><th scope="col">${gettext("people")}</th></tr></thead>
        <tbody>${[...wards].sort((one, other) => other.newly - one.newly).map(({ code, name, newly }) => html`<tr data-code=${code}><th scope="row">${name}</th>
          <td>${atLeastOne(newly, this.language)}</td></tr>`)}</tbody></table></details>`;
  }

  private beside({ left_out, out_of_reach_people, loosened_m, seconds, limit_m, candidates }: SitingView): TemplateResult {
    const said = [
      interpolate(ngettext("%(count)s site to pick from, ways up to %(limit)s.", "%(count)s sites to pick from, ways up to %(limit)s.", candidates.length), {
        count: peopleText(candidates.length, this.language), limit: metresText(limit_m, this.language),
      }),
      ...(out_of_reach_people !== null && out_of_reach_people > 0
        ? [interpolate(gettext("%(people)s people are within the distance of no site at all."), { people: peopleText(Math.ceil(out_of_reach_people), this.language) })]
        : []),
      ...(loosened_m !== null && loosened_m > 0
        ? [interpolate(gettext("Plots were taken together: the bound is looser by %(metres)s a person for that."), { metres: metresText(Math.ceil(loosened_m), this.language) })]
        : []),
      ...left_out.map(({ text }) => text),
      ...(seconds === null ? [] : [interpolate(gettext("Searched for %(seconds)s s."), { seconds: new Intl.NumberFormat(this.language, { maximumFractionDigits: 1 }).format(seconds) })]),
    ];
    return html`<details class="siting-beside"><summary>${gettext("What this rests on")}</summary><ul>${said.map((words) => html`<li>${words}</li>`)}</ul></details>`;
  }

  private readonly took = (event: SubmitEvent): void => {
    event.preventDefault();
    const title = new FormData(event.target as HTMLFormElement).get("title");
    const detail: Taking = { choice: this.choice, scenario: this.scenario === "" ? null : this.scenario, title: typeof title === "string" ? title.trim() : "" };
    this.dispatchEvent(new CustomEvent("choice-taken", { detail, bubbles: true }));
  };

  private tell(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }
}
