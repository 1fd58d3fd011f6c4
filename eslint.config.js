import { readdirSync } from "node:fs";

import js from "@eslint/js";
import globals from "globals";

// A room of the page → the rooms that it may import besides itself: what lies below it.
const ROOMS = {
  core: [],
  canvas: ["core"],
  scoring: ["core"],
  lists: ["core"],
  plot: ["core", "scoring"],
  export: ["core", "scoring"],
  pictures: ["core", "canvas", "scoring"],
  prompts: ["core", "scoring", "lists"],
};
const ASSIGN = '[callee.object.name="Object"][callee.property.name="assign"]';
const TABS = readdirSync(new URL("assets/web/tabs", import.meta.url));

/** Rooms that a file must not reach: all but its own and those below. */
const forbidden = (own, below) => Object.keys(ROOMS).filter((room) => room !== own && !below.includes(room));

const room = (files, names) => ({
  files: [files],
  rules: {
    "no-restricted-imports": [
      "error",
      { patterns: names.map((name) => ({ regex: name, message: "A room imports only what lies below it." })) },
    ],
  },
});

export default [
  js.configs.recommended,
  {
    files: ["**/*.js"],
    languageOptions: { ecmaVersion: 2023, sourceType: "module" },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      complexity: ["error", 10],
      curly: ["error", "multi-line"],
      eqeqeq: ["error", "always", { null: "ignore" }],
      "max-depth": ["error", 3],
      "max-len": ["error", { code: 120, ignoreUrls: true }],
      "max-lines": ["error", { max: 300 }],
      "no-restricted-syntax": [
        "error",
        {
          selector: `CallExpression${ASSIGN}[arguments.0.type="ThisExpression"]`,
          message: "Declare fields in the class, so that readers and the type checker see them.",
        },
      ],
      "no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
    },
  },
  { files: ["assets/web/**/*.js", "benchmarks/*.js"], languageOptions: { globals: globals.browser } },
  { files: ["tests/web/**/*.js", "eslint.config.js"], languageOptions: { globals: globals.node } },
  ...Object.entries(ROOMS).map(([name, below]) =>
    room(`assets/web/${name}/*.js`, [...forbidden(name, below).map((other) => `^\\.\\./${other}/`), "^\\.\\./tabs/"]),
  ),
  ...TABS.map((name) =>
    room(
      `assets/web/tabs/${name}/**/*.js`,
      TABS.filter((other) => other !== name).map((other) => `^(\\.\\./)+${other}/`),
    ),
  ),
];
