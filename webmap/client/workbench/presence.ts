/** Where this planner works, told to the others; and where they do. */
import type { EastNorth, Person } from "../api/draft-types";

/** Not more often than this, and at least every ten seconds: others see a place for half a minute. */
const LEAST_MS = 2000;
const MOST_MS = 10_000;

/** Tells and knows places. Owns what was told last. Public: `start`, `at`, `zone`, `heard`, `placeOf`. */
export class Presence {
  private place: EastNorth | null = null;
  private uid: string | null = null;
  private told = "";
  private toldAt = 0;
  private people: readonly Person[] = [];

  constructor(private readonly tell: (at: EastNorth | null, zone: string | null) => Promise<void>) {}

  start(): void {
    setInterval(() => { this.send(); }, LEAST_MS);
    this.send();
  }

  at(place: EastNorth | null): void {
    this.place = place ?? this.place;
  }

  zone(uid: string | null): void {
    this.uid = uid;
  }

  heard(people: readonly Person[]): void {
    this.people = people;
  }

  placeOf(id: number): EastNorth | null {
    return this.people.find((one) => one.id === id)?.at ?? null;
  }

  private send(): void {
    if (document.hidden || !navigator.onLine) return;
    const now = `${this.place?.map(Math.round).join() ?? ""} ${this.uid ?? ""}`;
    if (now === this.told && Date.now() - this.toldAt < MOST_MS) return;
    [this.told, this.toldAt] = [now, Date.now()];
    // Whether it got there does not matter: the next one comes soon.
    this.tell(this.place, this.uid).catch(() => { this.told = ""; });
  }
}
