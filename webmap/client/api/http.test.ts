import { afterEach, expect, test, vi } from "vitest";

import { getJson, NoConnection, ServerProblem, withQuery } from "./http";

afterEach(() => {
  vi.unstubAllGlobals();
});

function answerWith(body: string, status: number): void {
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(body, { status })));
}

test("a good answer is its JSON", async () => {
  answerWith('{"parcels": []}', 200);

  await expect(getJson("/somewhere")).resolves.toEqual({ parcels: [] });
});

test("a problem keeps its code and its sentence", async () => {
  answerWith('{"code": "as_of_unreadable", "title": "T", "detail": "Ngày không đọc được"}', 422);

  await expect(getJson("/somewhere")).rejects.toMatchObject({
    status: 422,
    code: "as_of_unreadable",
    detail: "Ngày không đọc được",
  });
});

test("an error page that is no JSON is still a problem with its status", async () => {
  answerWith("<h1>Bad gateway</h1>", 502);

  await expect(getJson("/somewhere")).rejects.toSatisfy(
    (error: unknown) => error instanceof ServerProblem && error.status === 502,
  );
});

test("no network is told apart from an answer", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));

  await expect(getJson("/somewhere")).rejects.toBeInstanceOf(NoConnection);
});

test("a question that was given up stays an abort", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new DOMException("gone", "AbortError")));

  await expect(getJson("/somewhere")).rejects.toMatchObject({ name: "AbortError" });
});

test("what is null does not become part of the address", () => {
  expect(withQuery("/x", { q: "tờ 12 & 13", as_of: null })).toBe("/x?q=t%E1%BB%9D+12+%26+13");
  expect(withQuery("/x", { as_of: null })).toBe("/x");
});
