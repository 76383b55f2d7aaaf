/** The network of streets that ways are measured on: how large it is, and what looks wrong in it. */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import { metresText } from "./words";
import type { NetworkIssue, NetworkQuality } from "../api/reach-types";
import { countText } from "../conflicts/words";
import { icon } from "../elements/icon";
import { type IssueGroup, issueGroups } from "../state/issue-groups";
import { gettext, interpolate } from "../text/gettext";

/** So many places of a kind are listed at first. */
const FIRST = 20;

/** What a finding is called, and what it means for ways. */
function wordsOf(kind: string): readonly [name: string, meaning: string] {
  const words: Readonly<Record<string, readonly [string, string]>> = {
    crossings_without_node: [gettext("Crossings without a junction"), gettext("Two streets on the ground cross, and the data join them nowhere: nobody can turn there.")],
    crosses_barriers: [gettext("Streets across water or railways"), gettext("A street on the ground goes over water or rails: a bridge may be missing, or there is none.")],
    near_misses: [gettext("Ends beside a street"), gettext("A street ends less than 2 m from another one without joining it.")],
    nodes_together: [gettext("Two nodes in one place"), gettext("Streets meet here under different names of one place and are not joined.")],
    duplicates: [gettext("Streets drawn twice"), gettext("Two streets between the same junctions lie on each other.")],
    small_parts: [gettext("Streets cut off from the rest"), gettext("These streets hang together with no other; whoever lives there reaches nothing outside.")],
    bridges_in_the_air: [gettext("Bridges joined to nothing"), gettext("A bridge or tunnel ends without a street.")],
    zero_lengths: [gettext("Streets without length"), gettext("Both ends lie in one place.")],
    loops: [gettext("Loops"), gettext("A street begins and ends at the same junction.")],
    leads_nowhere: [gettext("One-way streets into nothing"), gettext("Vehicles get in and never out.")],
    comes_from_nowhere: [gettext("One-way streets out of nothing"), gettext("Vehicles get out and never in.")],
    dead_ends: [gettext("Dead ends"), gettext("Most are alleys and right so; look where a street ought to go on.")],
    dead_ends_at_rim: [gettext("Ends at the rim of the data"), gettext("The data end here; streets outside are not known.")],
    access_unknown: [gettext("Words about access that nobody knows"), gettext("The street counts as open to all.")],
    barriers_unknown: [gettext("Barriers that nobody knows"), gettext("They stop nobody.")],
    segments_without_nodes: [gettext("Streets without nodes"), gettext("They join nothing and are left out.")],
    nodes_without_segments: [gettext("Nodes without streets"), gettext("They play no part.")],
  };
  return words[kind] ?? [kind, ""];
}

const KINDS = [
  "crossings_without_node", "crosses_barriers", "near_misses", "nodes_together", "duplicates", "small_parts", "bridges_in_the_air", "zero_lengths", "loops",
  "leads_nowhere", "comes_from_nowhere", "dead_ends", "dead_ends_at_rim", "access_unknown", "barriers_unknown", "segments_without_nodes",
  "nodes_without_segments",
] as const;

/** The key by which a finding is known on the map. */
export function issueKey({ kind, keys, place }: NetworkIssue): string {
  return [kind, ...keys, ...(place ?? [])].join(" ");
}

/**
 * The report of the network.
 *
 * Owns which kinds are open and how many places are listed. Tells "issue-chosen" (NetworkIssue) and "issues-shown" (those of the
 * open kinds). Public: `quality` (null: it is being read), `chosen` (key), `trouble`, `language`.
 */
@customElement("reach-network")
export class ReachNetwork extends LitElement {
  @property({ attribute: false }) quality: NetworkQuality | null = null;
  @property({ attribute: false }) chosen: string | null = null;
  @property({ attribute: false }) trouble = "";
  @property({ attribute: false }) language = "vi";
  @state() private listed: Readonly<Record<string, number>> = {};

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    if (this.trouble !== "") return html`<p class="form-refusal" role="alert">${this.trouble}</p>`;
    const { quality } = this;
    if (quality === null) return html`<p class="panel-empty">${gettext("Looking at the streets…")}</p>`;
    const groups = issueGroups(quality, KINDS);
    const wanting = groups.filter(({ isMild }) => !isMild);
    return html`<h2 class="reach-title">${gettext("The network of streets")}</h2>
      ${this.size(quality)}
      <h3 class="reach-subtitle">${gettext("What looks wrong")}</h3>
      ${wanting.length === 0 ? html`<p class="reach-note">${icon("clear")}${gettext("Nothing that looks wrong was found.")}</p>` : this.list(wanting)}
      ${wanting.length === groups.length ? nothing : html`<h3 class="reach-subtitle">${gettext("What is worth a look")}</h3>${this.list(groups.filter(({ isMild }) => isMild))}`}
      <p class="reach-small">${gettext("Nothing is mended by us: whoever sent the data is told where to look.")}</p>`;
  }

  private size({ counts, metres, segments }: NetworkQuality): TemplateResult {
    const fact = (name: string, value: string): TemplateResult => html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
    const [streets, flat] = [metres["streets"], metres["no_heights"]];
    const paths = counts["paths"] ?? 0;
    return html`<dl class="reach-facts">
        ${streets === undefined ? nothing : fact(gettext("of streets"), metresText(streets, this.language))}
        ${segments === undefined ? nothing : fact(gettext("streets between junctions"), countText(segments, this.language))}
        ${counts["parts"] === undefined ? nothing : fact(gettext("parts that hang together"), countText(counts["parts"], this.language))}
        ${flat === undefined ? nothing : fact(gettext("without known heights"), metresText(flat, this.language))}</dl>
      ${paths === 0 ? html`<p class="reach-note">${icon("info")}${gettext("No paths for walkers are in the data: ways on foot may really be shorter.")}</p>` : nothing}`;
  }

  private list(groups: readonly IssueGroup[]): TemplateResult {
    return html`<div class="issue-list">${groups.map((group) => this.group(group))}</div>`;
  }

  private group({ kind, count, issues }: IssueGroup): TemplateResult {
    const [name, meaning] = wordsOf(kind);
    const shown = this.listed[kind] ?? FIRST;
    return html`<details data-kind=${kind} @toggle=${() => { this.tellShown(); }}>
      <summary><span class="issue-name">${name}</span><b>${countText(count, this.language)}</b></summary>
      <p class="reach-small">${meaning}</p>
      <ul>${issues.slice(0, shown).map((issue) => html`<li><button type="button" class="issue-row" aria-pressed=${issueKey(issue) === this.chosen ? "true" : "false"}
        ?disabled=${issue.place === null} @click=${() => { this.tell("issue-chosen", issue); }}>${issue.keys.length === 0 ? issue.text : issue.keys.map((key) => key.replace(/^[^/]*\//, "")).join(" · ")}
        ${issue.metres === null || issue.metres === 0 ? nothing : html`<small>${metresText(issue.metres, this.language)}</small>`}</button></li>`)}</ul>
      ${issues.length > shown ? html`<button type="button" class="button small-button" @click=${() => { this.listed = { ...this.listed, [kind]: shown + 100 }; }}>
        ${interpolate(gettext("Show more (%(count)s)"), { count: issues.length - shown })}</button>` : nothing}
    </details>`;
  }

  private tellShown(): void {
    const open = [...this.querySelectorAll<HTMLDetailsElement>("details[open]")].map(({ dataset }) => dataset["kind"]);
    this.tell("issues-shown", this.quality?.issues.filter(({ kind }) => open.includes(kind)) ?? []);
  }

  private tell(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }
}
