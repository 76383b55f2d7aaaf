/** What the page of reach asks and tells the server. The address comes from the page. */
import type { Area } from "./drafts";
import { getJson, sendJson, type Sending, withQuery } from "./http";
import type { Areas, CoverageRun, Figure, InView, NetworkQuality, NormCheck, NotReady, PlotDetail, TenthSquares, WardFigures } from "./reach-types";

/** What is not ready is asked for again after so long. */
const AGAIN_MS = 2_000;

function pause(milliseconds: number): Promise<void> {
  return new Promise((end) => { setTimeout(end, milliseconds); });
}

/** Reach in one plan version, or in the whole city (`draft` null): one method per address, each throws. */
export class ReachServer {
  private readonly root: string;

  constructor(
    /** Where /planning/ lies. */
    planning: string,
    readonly draft: number | null,
    private readonly token: () => string,
  ) {
    this.root = `${planning}/reach`;
  }

  async runs(signal?: AbortSignal): Promise<readonly CoverageRun[]> {
    return (await getJson<{ runs: readonly CoverageRun[] }>(this.of("runs"), signal)).runs;
  }

  run(id: number): Promise<CoverageRun> {
    return getJson(`${this.root}/runs/${id}`);
  }

  start(): Promise<CoverageRun> {
    return sendJson(`${this.root}/runs`, { draft: this.draft }, this.post());
  }

  cancel(id: number): Promise<CoverageRun> {
    return sendJson(`${this.root}/runs/${id}/cancel`, {}, this.post());
  }

  /** Figures of the last run that is done. Throws ServerProblem `coverage_never_run`. */
  async figures(asked: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<readonly Figure[]> {
    return (await getJson<{ figures: readonly Figure[] }>(this.of("figures", asked), signal)).figures;
  }

  wards(kind: string, signal?: AbortSignal): Promise<WardFigures> {
    return getJson(this.of("wards", { kind }), signal);
  }

  areas(kind: string, bands: readonly number[] = [], signal?: AbortSignal): Promise<Areas> {
    return this.whenReady(this.of("areas", { kind, mode: "walk", ...(bands.length > 0 ? { bands: bands.join(",") } : {}) }), signal);
  }

  /** Ground around a kind as the last run of the city published it; without features where it did not. */
  bands(kind: string, signal?: AbortSignal): Promise<Areas> {
    return getJson(withQuery(`${this.root}/map/bands`, { kind }), signal);
  }

  /** Where those live who have it farthest. */
  squares(kind: string, signal?: AbortSignal): Promise<TenthSquares> {
    return this.whenReady(this.of("squares", { kind }), signal);
  }

  map(kind: string, area: Area, signal?: AbortSignal): Promise<InView> {
    return getJson(this.of("map", { ...(kind === "" ? {} : { kind }), box: area.join(",") }), signal);
  }

  plot(uuid: string, kind: string, signal?: AbortSignal): Promise<PlotDetail> {
    return this.whenReady(this.of(`plots/${uuid}`, kind === "" ? {} : { kind }), signal);
  }

  quality(signal?: AbortSignal): Promise<NetworkQuality> {
    return getJson(this.of("quality"), signal);
  }

  norms(signal?: AbortSignal): Promise<NormCheck> {
    return getJson(this.of("norms"), signal);
  }

  /** Where a report lies. */
  report(name: "report.csv" | "report.pdf" | "table.csv", kind = ""): string {
    return this.of(name, kind === "" ? {} : { kind });
  }

  /** Ask until the city is put together. Throws as `getJson`. */
  private async whenReady<T extends object>(address: string, signal?: AbortSignal): Promise<T> {
    for (;;) {
      const found = await getJson<(T & { readonly run?: null }) | NotReady>(address, signal);
      if (found.run === undefined || found.run === null) return found;
      await pause(AGAIN_MS);
      signal?.throwIfAborted();
    }
  }

  private of(name: string, asked: Readonly<Record<string, string>> = {}): string {
    return withQuery(`${this.root}/${name}`, { draft: this.draft, ...asked });
  }

  private post(): Sending {
    return { method: "POST", token: this.token() };
  }
}
