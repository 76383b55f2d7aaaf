/** Asking our server for JSON. Functions throw; nothing here knows the page or the map. */

/** The server answered with a problem: a code, and a sentence in the page's language. */
export class ServerProblem extends Error {
  override readonly name = "ServerProblem";

  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail: string,
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
  );
}

/**
 * Return the JSON at `url`.
 *
 * Throws ServerProblem for an answer other than 2xx, NoConnection where none came, and
 * lets the AbortError of `signal` through.
 */
export async function getJson<T>(url: string, signal?: AbortSignal): Promise<T> {
  let response: Response;
  try {
    response = await fetch(url, {
      headers: { Accept: "application/json" },
      ...(signal ? { signal } : {}),
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new NoConnection(url, { cause: error });
  }
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
