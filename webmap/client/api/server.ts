/** The questions that the map page asks. Addresses come from the page, never from here. */
import { getJson, withQuery } from "./http";
import type { Answer, LonLat, MapDescription, ParcelHit, SearchAnswer } from "./types";

/** Where the server listens; `{uuid}` stands for a plot's identity. */
export interface Addresses {
  readonly search: string;
  readonly at: string;
  readonly map: string;
  readonly answer: string;
  readonly plot: string;
}

/** The server as the map page sees it: one method per question, each throws. */
export class Server {
  constructor(private readonly addresses: Addresses) {}

  /** Plots and places that `text` may mean, in the words of people. */
  search(text: string, signal?: AbortSignal): Promise<SearchAnswer> {
    return getJson(withQuery(this.addresses.search, { q: text }), signal);
  }

  /** Every plot on which the point lies: none on a street, two where rows overlap. */
  async plotsAt([lon, lat]: LonLat, signal?: AbortSignal): Promise<readonly ParcelHit[]> {
    const found = await getJson<{ parcels: readonly ParcelHit[] }>(
      withQuery(this.addresses.at, { lon: lon.toFixed(8), lat: lat.toFixed(8) }),
      signal,
    );
    return found.parcels;
  }

  /** Extent, layers, colours and coordinate systems of the city's map. */
  map(signal?: AbortSignal): Promise<MapDescription> {
    return getJson(this.addresses.map, signal);
  }

  /** What is planned for a plot on a day (ISO date; null: today). */
  answer(uuid: string, asOf: string | null, signal?: AbortSignal): Promise<Answer> {
    const address = this.addresses.answer.replace("{uuid}", encodeURIComponent(uuid));
    return getJson(withQuery(address, { as_of: asOf }), signal);
  }

  /** The permanent page of a plot. */
  plotPage(uuid: string): string {
    return this.addresses.plot.replace("{uuid}", encodeURIComponent(uuid));
  }
}
