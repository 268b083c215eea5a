/** Options of ESLint's `no-restricted-imports` and `no-restricted-syntax`. A later block replaces an earlier one whole. */

const NEST = {
  regex: '^@nestjs/',
  message: 'Nest is the host, not the place of logic: only libs/service, *.module.ts and *.controller.ts import it.',
};

/** Nothing that does I/O, and no package: the kernel is pure. */
const NOT_IN_KERNEL = {
  regex: '^(?!\\.|node:(crypto|util|buffer)$)',
  message: 'libs/kernel imports no package and does no I/O.',
};

const NOT_IN_CONTRACTS = {
  regex: '^(?!\\.|zod$|@rollcall/kernel$|node:crypto$)',
  message: 'libs/contracts imports zod and the kernel only.',
};

/** The browser gets what is sent to every browser, and nothing of the server: of our own only what is made for both sides. */
const NOT_IN_THE_WEB = {
  regex: '^(@rollcall/(?!reports/shown$)|@nestjs/|node:|pg$|(\\.\\./)+(src|dist)/)',
  message: 'The web app runs in browsers: of Rollcall it imports @rollcall/reports/shown only, of Node nothing.',
};

const ENVIRONMENT = {
  selector:
    ":matches(MemberExpression[object.name='process'][property.name='env'], VariableDeclarator[init.name='process'] Property[key.name='env'], ImportDeclaration[source.value=/^(node:)?process$/])",
  message: 'Only main.ts reads the environment; everything else is given its settings.',
};

const SUBJECT = {
  selector: ':matches(Literal[value=/\\.v\\d+\\./], TemplateElement[value.raw=/\\.v\\d+\\./])',
  message: 'Subjects are written in libs/contracts only: use the contract.',
};

const DEFAULT_EXPORT = { selector: 'ExportDefaultDeclaration', message: 'Exports have names.' };
const ENUM = { selector: 'TSEnumDeclaration', message: 'Use a union of string literals.' };

const imports = (...patterns) => ({ 'no-restricted-imports': ['error', { patterns }] });
const syntax = (...selectors) => ({ 'no-restricted-syntax': ['error', ...selectors] });

export const restrictedImports = {
  everywhere: imports(NEST),
  inTheHost: { 'no-restricted-imports': 'off' },
  inTheKernel: imports(NOT_IN_KERNEL),
  inContracts: imports(NOT_IN_CONTRACTS),
  inTheWeb: imports(NOT_IN_THE_WEB),
};

export const restrictedSyntax = {
  everywhere: syntax(ENVIRONMENT, SUBJECT, DEFAULT_EXPORT, ENUM),
  inContracts: syntax(ENVIRONMENT, DEFAULT_EXPORT, ENUM),
  whereTheEnvironmentIsRead: syntax(SUBJECT, DEFAULT_EXPORT, ENUM),
  inTests: syntax(DEFAULT_EXPORT, ENUM),
  inConfigs: syntax(ENUM),
};
