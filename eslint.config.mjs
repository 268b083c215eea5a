import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';
import { fileName } from './tools/lint-rules/file-name.mjs';
import { layerConstraints } from './tools/lint-rules/layers.mjs';
import { restrictedImports, restrictedSyntax } from './tools/lint-rules/restricted.mjs';

const CODE = ['**/*.ts'];
const TESTS = [
  '{libs,apps}/**/*.test.ts',
  '{libs,apps}/*/test/**/*.ts',
  'libs/testkit/**/*.ts',
  'e2e/**/*.ts',
  'bench/**/*.ts',
];

/** Web apps: TypeScript of browsers, each under a tsconfig of its own. Svelte's files are svelte-check's to judge. */
const WEB = ['apps/*/web/**/*.ts'];
/** Run by tools and in no program of ours. */
const UNTYPED = ['tools/**/*.ts', 'apps/*/web/*.config.ts'];

const typesOf = (project) => ({
  parser: tseslint.parser,
  parserOptions: { project: [project], tsconfigRootDir: import.meta.dirname },
});

/** Type-aware: one program of everything, tests included, as `tsc -p tsconfig.check.json` sees it; one of each web app. */
const languageOptions = typesOf('./tsconfig.check.json');

const boundaries = (alsoAllowed) => ({
  '@nx/enforce-module-boundaries': ['error', { depConstraints: layerConstraints(alsoAllowed) }],
});

const typed = {
  '@typescript-eslint/await-thenable': 'error',
  '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
  '@typescript-eslint/no-explicit-any': 'error',
  '@typescript-eslint/no-floating-promises': 'error',
  '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
  '@typescript-eslint/no-non-null-assertion': 'error',
  '@typescript-eslint/no-unnecessary-type-assertion': 'error',
  '@typescript-eslint/only-throw-error': 'error',
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
};

const untyped = {
  eqeqeq: 'error',
  'max-lines': ['error', { max: 300 }],
  'no-constant-condition': ['error', { checkLoops: 'none' }],
  'no-empty': 'error',
  'no-fallthrough': 'error',
  'no-var': 'error',
  'prefer-const': 'error',
  'rollcall/file-name': 'error',
};

export default [
  { ignores: ['**/node_modules/**', '**/dist/**', '.nx/**', '.rollcall/**', 'coverage/**'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    plugins: { '@nx': nx, '@typescript-eslint': tseslint.plugin, rollcall: { rules: { 'file-name': fileName } } },
  },
  { files: ['**/*.mjs'], rules: { ...untyped, 'no-unused-vars': 'error' } },
  {
    files: CODE,
    ignores: UNTYPED,
    languageOptions,
    rules: { ...untyped, ...typed, ...boundaries(), ...restrictedImports.everywhere, ...restrictedSyntax.everywhere },
  },
  {
    files: WEB,
    ignores: UNTYPED,
    languageOptions: typesOf('./apps/*/web/tsconfig.json'),
    rules: restrictedImports.inTheWeb,
  },
  { files: UNTYPED, languageOptions: { parser: tseslint.parser }, rules: untyped },
  // Which packages and modules.
  { files: ['libs/service/**/*.ts', '**/*.module.ts', '**/*.controller.ts'], rules: restrictedImports.inTheHost },
  { files: ['libs/kernel/src/**/*.ts'], ignores: TESTS, rules: restrictedImports.inTheKernel },
  { files: ['libs/contracts/src/**/*.ts'], ignores: TESTS, rules: restrictedImports.inContracts },
  // Which words.
  { files: ['libs/contracts/**/*.ts'], rules: restrictedSyntax.inContracts },
  { files: ['**/main.ts', 'libs/service/src/telemetry.ts'], rules: restrictedSyntax.whereTheEnvironmentIsRead },
  { files: TESTS, rules: { ...boundaries(['layer:test', 'open-to:test']), ...restrictedSyntax.inTests } },
  { files: ['e2e/**/*.ts', 'bench/**/*.ts', '{libs,apps}/**/*.test.ts'], rules: { 'no-restricted-imports': 'off' } },
  { files: ['**/*.config.ts', 'libs/testkit/src/global-setup.ts'], rules: restrictedSyntax.inConfigs },
];
