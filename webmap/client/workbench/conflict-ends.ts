/** What conflicts may do at the workbench, by its parts. */
import type { ConflictEnds } from "./conflict-desk";
import type { BenchMap } from "./map/bench-map";
import type { Panels } from "./panels";
import type { Sync } from "./state/sync";

export interface Parts {
  readonly settings: { readonly language: string; readonly conflicts: string };
  readonly map: BenchMap;
  readonly panels: Panels;
  readonly sync: Sync;
  readonly mayEdit: boolean;
  readonly nameOf: (code: string) => string;
  readonly say: (text: string) => void;
}

export function conflictEnds({ settings, map, panels, sync, mayEdit, nameOf, say }: Parts): ConflictEnds {
  return {
    language: settings.language,
    page: settings.conflicts,
    mayEdit,
    nameOf,
    say,
    draw: () => { panels.draw(); },
    open: () => { panels.show("conflicts"); },
    isOpen: () => panels.element.panel === "conflicts",
    fit: (box) => { map.fit(box); },
    showConflicts: (conflicts, selected) => { map.showConflicts(conflicts, selected); },
    showDetail: (detail) => { map.showParties(detail); },
    showPreview: (surfaces) => { map.showPreview(surfaces); },
    apply: ({ changes }) => {
      sync.put("repair", changes.map((change) => ({ ...change, after: sync.store.lastKeyOf(change.uid) })));
    },
  };
}
