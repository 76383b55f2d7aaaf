import { afterEach, expect, test } from "vitest";

import { gettext, interpolate, ngettext, useCatalogue } from "./gettext";

afterEach(() => {
  useCatalogue({ catalog: {} });
});

test("a text without translation is shown in English rather than left out", () => {
  expect(gettext("Legend")).toBe("Legend");
});

test("a translated text replaces the English one", () => {
  useCatalogue({ catalog: { Legend: "Chú giải" } });

  expect(gettext("Legend")).toBe("Chú giải");
});

test("one form serves every number in Vietnamese", () => {
  useCatalogue({ catalog: { "%(count)s plot": ["%(count)s thửa"] } });

  expect(ngettext("%(count)s plot", "%(count)s plots", 1)).toBe("%(count)s thửa");
  expect(ngettext("%(count)s plot", "%(count)s plots", 3)).toBe("%(count)s thửa");
});

test("values go where their names stand, and an unknown name stays visible", () => {
  expect(interpolate("tờ %(sheet)s thửa %(number)s", { sheet: "12" })).toBe("tờ 12 thửa %(number)s");
});
