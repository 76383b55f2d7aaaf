/** What went wrong, in a sentence a person can act on. */
import { NoConnection, ServerProblem } from "../api/http";
import { gettext } from "../text/gettext";

/** Return a sentence for `error`; the server's own sentence where it sent one. */
export function sentenceFor(error: unknown): string {
  if (error instanceof NoConnection) {
    return gettext("The server cannot be reached. Check your connection and try again.");
  }
  if (error instanceof ServerProblem) {
    if (error.detail !== "") return error.detail;
    if (error.title !== "") return error.title;
    if (error.status === 404) return gettext("This plot is not in the land data (any more).");
  }
  return gettext("Something went wrong on our side. Try again; if it stays, tell the city.");
}
