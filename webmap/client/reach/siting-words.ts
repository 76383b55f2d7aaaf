/** What things about the search for sites are called. */
import type { SitingModel } from "../api/scenario-types";
import type { Proof } from "../state/siting-answer";
import type { SitingFault } from "../state/siting-form";
import { gettext, interpolate } from "../text/gettext";

/** The question that a model answers, as somebody would ask it. */
export function questionOf(model: SitingModel): string {
  return {
    max_cover: gettext("Where do so many new ones reach most people?"),
    set_cover: gettext("How few reach everybody who can be reached?"),
    p_median: gettext("Where is the way shortest for all together?"),
    capacitated: gettext("Where do most people find room?"),
  }[model];
}

/** What is counted, and what is not. */
export function meaningOf(model: SitingModel): string {
  return {
    max_cover: gettext("Counts people within the distance who have none there today. The usual question."),
    set_cover: gettext("No limit to how many: the cheapest set of sites that covers everybody any site covers."),
    p_median: gettext("Counts everybody’s metres to the nearest one, also of those far beyond the distance."),
    capacitated: gettext("As the first, but each site takes only so many people."),
  }[model];
}

export function sentenceOfFault(fault: SitingFault): string {
  return {
    kind: gettext("Choose a service."),
    limit: gettext("Say a distance in metres."),
    count: gettext("Say how many new ones: a whole number."),
    budget: gettext("Say how much may be spent."),
    cost: gettext("What each costs is a number above nothing."),
    capacity: gettext("Say what capacity each new one has."),
    time: gettext("The search takes 1 to 300 seconds."),
    no_candidates: gettext("Choose at least one sort of sites to pick from."),
    function: gettext("Choose the function of the plots."),
    least: gettext("Say how large a plot must be at least, in m²."),
    no_points: gettext("Put at least one site of your own on the map."),
  }[fault];
}

export function nameOfSource(source: string): string {
  const names: Readonly<Record<string, string>> = {
    site: gettext("available land"), sites: gettext("available land"), plot: gettext("plot"), plots: gettext("plot"), parcel: gettext("plot"),
    drawn: gettext("own site"),
  };
  return names[source] ?? source;
}

/** How sure it is that no other choice is better, in a few words beside the server's sentence. */
export function wordsOfProof(proof: Proof, language: string): string {
  switch (proof.kind) {
    case "best":
      return gettext("Proven best");
    case "within":
      return interpolate(gettext("Not proven best: at most %(share)s better is possible"), { share: upTo(proof.share, language) });
    case "unknown":
      return gettext("How much better is possible is not known");
    case "none":
      return gettext("No choice does what was asked");
  }
}

/** A share rounded up, so that "at most" stays true. */
export function upTo(share: number, language: string): string {
  const percent = Math.ceil(share * 1000 - 1e-9) / 10;
  return `${new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(percent)} %`;
}
