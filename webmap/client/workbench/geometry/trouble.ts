/** What a drawing does not allow. In a file of its own: whoever catches it need not load JSTS. */

/** Why a tool could not do what was drawn. */
export type Trouble =
  | "crosses_itself" | "nothing_left" | "not_across" | "not_touching" | "no_ground" | "no_selection" | "two_needed";

/** The drawing does not allow what was asked; the code is named to the planner. */
export class CannotDo extends Error {
  override readonly name = "CannotDo";

  constructor(readonly trouble: Trouble) {
    super(trouble);
  }
}
