/** What outlives a reload: edits on their way and the half-drawn sketch, in the browser's own store. */
import type { QueuedEdit } from "./outbox";

export interface Kept {
  readonly queue: readonly QueuedEdit[];
  /** The tool with which somebody was drawing, and the corners so far. */
  readonly sketch: { readonly tool: string; readonly points: readonly (readonly [number, number])[] } | null;
}

export const NOTHING_KEPT: Kept = { queue: [], sketch: null };

/** Texts by name, as IndexedDB and localStorage can both hold them. */
export interface Shelf {
  read(name: string): Promise<string | null>;
  write(name: string, text: string | null): Promise<void>;
  names(): Promise<readonly string[]>;
}

const DATABASE = "dia-do-workbench";
const STORE = "kept";

function answered<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => { resolve(request.result); };
    request.onerror = () => { reject(request.error ?? new Error("the browser's store failed")); };
  });
}

async function indexedShelf(factory: IDBFactory): Promise<Shelf> {
  const opening = factory.open(DATABASE, 1);
  opening.onupgradeneeded = () => { opening.result.createObjectStore(STORE); };
  const database = await answered(opening);
  const store = (mode: IDBTransactionMode): IDBObjectStore => database.transaction(STORE, mode).objectStore(STORE);
  return {
    read: async (name) => ((await answered(store("readonly").get(name))) as string | undefined) ?? null,
    write: async (name, text) => {
      if (text === null) await answered(store("readwrite").delete(name));
      else await answered(store("readwrite").put(text, name));
    },
    names: async () => (await answered(store("readonly").getAllKeys())).map(String),
  };
}

function simpleShelf(storage: Storage): Shelf {
  const prefix = `${DATABASE}/`;
  return {
    read: (name) => Promise.resolve(storage.getItem(prefix + name)),
    write: (name, text) => {
      if (text === null) storage.removeItem(prefix + name);
      else storage.setItem(prefix + name, text);
      return Promise.resolve();
    },
    names: () =>
      Promise.resolve(
        Object.keys(storage).filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length)),
      ),
  };
}

/** The browser's IndexedDB, or what stands in for it where it is closed (private windows). */
export async function openShelf(factory: IDBFactory, storage: Storage): Promise<Shelf> {
  try {
    return await indexedShelf(factory);
  } catch {
    return simpleShelf(storage);
  }
}

/**
 * What one window keeps of one draft.
 *
 * Owns one entry of the shelf. Windows have entries of their own, so that two of them on one draft do
 * not send each other's edits; an entry whose window is gone is taken over by the next. Public:
 * `load`, `keep`.
 */
export class Keeper {
  private kept: Kept = NOTHING_KEPT;
  private writing: Promise<void> = Promise.resolve();

  private constructor(
    private readonly shelf: Shelf,
    private readonly name: string,
  ) {}

  /** Open the entry of this window, with what windows that are gone left behind for the same person and draft. */
  static async open(
    shelf: Shelf,
    { draft, person, window, isOpen }: { draft: number; person: number; window: string; isOpen: (window: string) => Promise<boolean> },
  ): Promise<Keeper> {
    const prefix = `${draft}/${person}/`;
    const keeper = new Keeper(shelf, prefix + window);
    const left: Kept[] = [];
    for (const name of (await shelf.names()).filter((one) => one.startsWith(prefix))) {
      const theirs = name.slice(prefix.length);
      if (theirs !== window && (await isOpen(theirs))) continue;
      const text = await shelf.read(name);
      if (text !== null) left.push(JSON.parse(text) as Kept);
      if (theirs !== window) await shelf.write(name, null);
    }
    const queue = left.flatMap((one) => one.queue).sort((one, other) => one.made_at.localeCompare(other.made_at));
    await keeper.keep({ queue, sketch: left.find((one) => one.sketch !== null)?.sketch ?? null });
    return keeper;
  }

  get now(): Kept {
    return this.kept;
  }

  /** Keep this; writes follow one another, and the last one wins. */
  keep(part: Partial<Kept>): Promise<void> {
    this.kept = { ...this.kept, ...part };
    const { kept } = this;
    const is_empty = kept.queue.length === 0 && kept.sketch === null;
    const text = is_empty ? null : JSON.stringify(kept);
    this.writing = this.writing.then(() => this.shelf.write(this.name, text));
    return this.writing;
  }
}
