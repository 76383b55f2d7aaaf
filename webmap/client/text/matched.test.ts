import { afterEach, expect, test } from "vitest";

import { useCatalogue } from "./gettext";
import { matchedBy } from "./matched";

const old = { sheet: "5", number: "7", unit_code: "00079", unit_name: "Phường Hàng Bài" };

afterEach(() => {
  useCatalogue({ catalog: {} });
});

test("an old number that matched is named with the ward that gave it", () => {
  expect(matchedBy({ matched: "old_sheet_and_number", matched_as: old })).toBe(
    "by old number: plot 7, sheet 5, Phường Hàng Bài",
  );
});

test("an old number of a ward that nobody recorded is named without one", () => {
  const nowhere = { ...old, unit_code: "", unit_name: "" };

  expect(matchedBy({ matched: "old_sheet_and_number", matched_as: nowhere })).toBe("by old number: plot 7, sheet 5");
});

test("the old number is said in the language of the page", () => {
  useCatalogue({
    catalog: { "by old number: plot %(number)s, sheet %(sheet)s, %(unit)s": "theo số cũ: thửa %(number)s, tờ %(sheet)s, %(unit)s" },
  });

  expect(matchedBy({ matched: "old_sheet_and_number", matched_as: old })).toBe(
    "theo số cũ: thửa 7, tờ 5, Phường Hàng Bài",
  );
});

test("today's number is not spelled out again", () => {
  expect(matchedBy({ matched: "sheet_and_number", matched_as: null })).toBe("by sheet and plot number");
});
