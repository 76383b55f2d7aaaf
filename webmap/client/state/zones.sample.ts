/** Zones for the tests of tables and colours. */
import type { PlanFunction, Zone } from "../api/draft-types";

export const FUNCTIONS: readonly PlanFunction[] = [
  { code: "DAT_O", name_vi: "Đất nhóm nhà ở", name_en: "Housing", colour: "#cc9900", group: "Residential" },
  { code: "DAT_YTE", name_vi: "Đất y tế", name_en: "Health", colour: "#ff00bf", group: "Social infrastructure" },
];

/** A zone of one hectare that says nothing but its symbol and what is given. */
export function zone(label: string, given: Partial<Zone> = {}): Zone {
  return {
    uid: `uid-${label}`,
    version: 1,
    area_m2: 10_000,
    box: [0, 0, 100, 100],
    boundary: null,
    label,
    function: "DAT_O",
    land_use_code: "",
    density: "",
    storeys: "",
    floor_area_ratio: "",
    population: null,
    note: "",
    ...given,
  };
}
