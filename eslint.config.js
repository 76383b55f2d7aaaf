import js from "@eslint/js";
import lit from "eslint-plugin-lit";
import tseslint from "typescript-eslint";

/** The map and the page stay out of what decides: client/map/ alone knows OpenLayers. */
const noMap = {
  group: ["ol", "ol/*", "**/map/*"],
  message: "client/map/ and client/workbench/map/ alone import OpenLayers.",
};
const noPage = {
  group: ["lit", "lit/*", "**/elements/*", "**/panels/*", "**/conflicts/*"],
  message: "api/, state/ and map/ do not touch the page's elements.",
};
const pageGlobals = ["document", "window", "HTMLElement", "customElements", "localStorage"];

export default tseslint.config(
  { ignores: ["webmap/static/**"] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  lit.configs["flat/recommended"],
  {
    files: ["webmap/client/**/*.ts"],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      "@typescript-eslint/explicit-function-return-type": ["error", { allowExpressions: true }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // What comes from outside (JSON, events) is named by its caller, once.
      "@typescript-eslint/no-unnecessary-type-parameters": "off",
      "no-console": "error",
      // A base class names what its subclasses may use.
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_$", ignoreRestSiblings: true }],
    },
  },
  {
    files: ["webmap/client/{api,state,text,crs}/**/*.ts"],
    ignores: ["**/*.test.ts"],
    rules: {
      "no-restricted-imports": ["error", { patterns: [noMap, noPage] }],
      "no-restricted-globals": ["error", ...pageGlobals],
    },
  },
  {
    files: ["webmap/client/workbench/{geometry,state,tools}/**/*.ts"],
    ignores: ["**/*.test.ts"],
    rules: {
      "no-restricted-imports": ["error", { patterns: [noMap, noPage] }],
      "no-restricted-globals": ["error", ...pageGlobals],
    },
  },
  {
    files: ["webmap/client/{elements,panels,conflicts,workbench/elements}/**/*.ts"],
    ignores: ["**/*.test.ts"],
    rules: { "no-restricted-imports": ["error", { patterns: [{ ...noMap, group: ["ol", "ol/*"] }] }] },
  },
  {
    files: ["webmap/client/{map,workbench/map}/**/*.ts"],
    rules: { "no-restricted-imports": ["error", { patterns: [noPage] }] },
  },
);
