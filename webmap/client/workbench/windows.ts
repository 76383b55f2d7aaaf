/** Which window keeps which edits: each has a name that a reload keeps, and a lock while it is open. */
import type { DraftDescription } from "../api/draft-types";
import { Keeper, openShelf } from "./state/keeping";

const NAME = "dia-do-window";

function lockOf(window: string): string {
  return `dia-do-workbench/${window}`;
}

/** The page before a reload lets go of its lock a moment after the next one has begun. */
const LETTING_GO_MS = 2000;

/** Hold a lock as long as the window is open; false: another window holds it. */
function hold(window: string): Promise<boolean> {
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(LETTING_GO_MS);
    const held = (): Promise<never> => {
      resolve(true);
      return new Promise(() => undefined);
    };
    navigator.locks.request(lockOf(window), { signal }, held).catch(() => { resolve(false); });
  });
}

async function isOpen(window: string): Promise<boolean> {
  const { held = [] } = await navigator.locks.query();
  return held.some(({ name }) => name === lockOf(window));
}

/** Open what this window keeps of a draft, with what windows that are gone left behind. */
export async function openKeeper(description: DraftDescription): Promise<Keeper> {
  const shelf = await openShelf(indexedDB, localStorage);
  // Only over https (and on the machine itself) there are locks; else the name alone must do.
  const hasLocks = "locks" in navigator;
  let window = sessionStorage.getItem(NAME) ?? crypto.randomUUID();
  // A window that was duplicated took the name along.
  if (hasLocks && !(await hold(window))) {
    window = crypto.randomUUID();
    await hold(window);
  }
  sessionStorage.setItem(NAME, window);
  return Keeper.open(shelf, {
    draft: description.id,
    person: description.me.id,
    window,
    isOpen: (other) => (hasLocks ? isOpen(other) : Promise.resolve(true)),
  });
}
