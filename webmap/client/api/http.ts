/** Asking our server for JSON. Functions throw; nothing here knows the page or the map. */

/** The server answered with a problem: a code, and a sentence in the page's language. */
export class ServerProblem extends Error {
  override readonly name = "ServerProblem";

  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail: string,
    /** What the refusal names, as the server sent it. */
    readonly values: Readonly<Record<string, unknown>> = {},
  ) {
    super(`${status} ${code}: ${detail}`);
  }
}

/** No answer came: no network, or the server is not there. */
export class NoConnection extends Error {
  override readonly name = "NoConnection";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function textOf(body: unknown, key: string): string {
  const value = isRecord(body) ? body[key] : undefined;
  return typeof value === "string" ? value : "";
}

async function problemOf(response: Response): Promise<ServerProblem> {
  let body: unknown = null;
  try {
    body = await response.json();
  } catch (error) {
    // A proxy in between may answer with a page of its own; the status still says enough.
    if (!(error instanceof SyntaxError)) throw error;
  }
  return new ServerProblem(
    response.status,
    textOf(body, "code"),
    textOf(body, "title"),
    textOf(body, "detail"),
    isRecord(body) && isRecord(body["values"]) ? body["values"] : {},
  );
}

async function asked(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new NoConnection(url, { cause: error });
  }
}

/**
 * Return the JSON at `url`.
 *
 * Throws ServerProblem for an answer other than 2xx, NoConnection where none came, and
 * lets the AbortError of `signal` through.
 */
export async function getJson<T>(url: string, signal?: AbortSignal): Promise<T> {
  const response = await asked(url, {
    headers: { Accept: "application/json" },
    ...(signal ? { signal } : {}),
  });
  if (!response.ok) throw await problemOf(response);
  return (await response.json()) as T;
}

/** Return `address` with `values` as its query, leaving out what is null. */
export function withQuery(
  address: string,
  values: Readonly<Record<string, string | number | null>>,
): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== null) query.set(name, String(value));
  }
  const text = query.toString();
  return text === "" ? address : `${address}?${text}`;
}

/** What goes with something that is sent. */
export interface Sending {
  readonly method: "POST" | "PUT" | "PATCH" | "DELETE";
  /** The token that Django's middleware wants to see again. */
  readonly token: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Send `body` to `url` and return the JSON of the answer, undefined where it has none (204).
 *
 * Throws as `getJson` does.
 */
export async function sendJson<T>(url: string, body: unknown, how: Sending): Promise<T> {
  const response = await asked(url, {
    method: how.method,
    headers: {
      Accept: "application/json",
      "Content-Type": "application/json",
      "X-CSRFToken": how.token,
      ...how.headers,
    },
    body: body === undefined ? null : JSON.stringify(body),
    ...(how.signal ? { signal: how.signal } : {}),
  });
  if (!response.ok) throw await problemOf(response);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

/** An answer with the mark of its state; `value` is null where nothing changed since. */
export interface Marked<T> {
  readonly mark: string | null;
  readonly value: T | null;
}

/** Return the JSON at `url` unless it is still in the state `mark` (an ETag). Throws as `getJson`. */
export async function getIfChanged<T>(url: string, mark: string | null, signal?: AbortSignal): Promise<Marked<T>> {
  const response = await asked(url, {
    headers: { Accept: "application/json", ...(mark === null ? {} : { "If-None-Match": mark }) },
    // The browser's own cache would answer 200 in place of our 304.
    cache: "no-store",
    ...(signal ? { signal } : {}),
  });
  if (response.status === 304) return { mark, value: null };
  if (!response.ok) throw await problemOf(response);
  return { mark: response.headers.get("ETag"), value: (await response.json()) as T };
}
