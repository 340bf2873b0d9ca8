import js from "@eslint/js";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

const features = ["channel", "contact", "desk", "insight", "library", "notify", "policy", "settings", "setup", "staff"];

/** What a folder may not import, with the reason. */
const not = (patterns) => ({
  "no-restricted-imports": ["error", { patterns: patterns.map(([group, message]) => ({ group: [group], message })) }],
});

const upward = [
  ["@/app/*", "Nothing imports app: it puts the rest together."],
  ["@/features/*", "lib, ui and api know nothing of features."],
];

export default tseslint.config(
  { ignores: ["dist", "node_modules", "shots", "src/api/schema.d.ts"] },
  js.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked.map((c) => ({ ...c, files: ["**/*.ts", "**/*.tsx"] })),
  {
    files: ["**/*.ts", "**/*.tsx"],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { "react-hooks": reactHooks },
    rules: {
      "react-hooks/rules-of-hooks": "error",
      "react-hooks/exhaustive-deps": "error",
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-misused-promises": [
        "error",
        { checksVoidReturn: { attributes: false, arguments: false } },
      ],
      // A redirect is thrown: that is how the router is told.
      "@typescript-eslint/only-throw-error": "off",
      // expect.any and its like are typed so.
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/require-await": "off",
      "no-restricted-exports": ["error", { restrictDefaultExports: { direct: true } }],
      "no-restricted-syntax": [
        "error",
        {
          selector: "JSXText[value=/[A-Za-z]{2}/]",
          message: "Words stand in src/lib/words, so that languages can be added.",
        },
        {
          selector:
            "JSXAttribute[name.name=/^(label|placeholder|title|alt|aria-label|description)$/] > Literal[value=/[A-Za-z]{2}/]",
          message: "Words stand in src/lib/words, so that languages can be added.",
        },
        {
          selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']",
          message: "What others wrote is shown as text, or in a frame that may do nothing.",
        },
      ],
    },
  },
  { files: ["*.config.ts", "*.config.js"], rules: { "no-restricted-exports": "off" } },
  { files: ["**/*.js", "**/*.mjs"], languageOptions: { globals: { ...nodeGlobals(), ...browserGlobals() } } },
  // The arrows: app → features → ui, api → lib.
  {
    files: ["src/lib/**"],
    ignores: ["**/*.test.*"],
    rules: not([...upward, ["@/ui/*", "lib stands below ui."], ["@/api/*", "lib stands below api."]]),
  },
  {
    files: ["src/ui/**"],
    ignores: ["**/*.test.*"],
    rules: not([...upward, ["@/api/*", "ui knows nothing of the server's nouns."]]),
  },
  { files: ["src/api/**"], rules: not([...upward, ["@/ui/*", "api does not show anything."]]) },
  ...features.map((feature) => ({
    files: [`src/features/${feature}/**`],
    ignores: ["**/*.test.*"], // a test may open a screen as app does
    rules: not([
      upward[0],
      ...features
        .filter((f) => f !== feature)
        .map((f) => [`@/features/${f}/*`, "Features do not import one another; app puts them together."]),
    ]),
  })),
);

function nodeGlobals() {
  return Object.fromEntries(["console", "process", "URL", "Buffer", "setTimeout"].map((n) => [n, "readonly"]));
}

function browserGlobals() {
  return Object.fromEntries(["document", "window", "localStorage", "matchMedia"].map((n) => [n, "readonly"]));
}
