import { basename } from 'node:path';

const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)*$/;
const NAMELESS = new Set(['utils', 'util', 'common', 'helpers', 'helper', 'types', 'misc', 'shared']);

/** Files are kebab-case and named after what they hold; a name that fits every file says nothing. */
export const fileName = {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: {
      kebab: 'file names are kebab-case: {{name}}',
      nameless: '"{{name}}" names nothing: call the file after its main export',
    },
  },
  create(context) {
    return {
      Program(node) {
        const name = basename(context.filename);
        if (!KEBAB.test(name)) context.report({ node, messageId: 'kebab', data: { name } });
        if (NAMELESS.has(name.split('.')[0] ?? '')) context.report({ node, messageId: 'nameless', data: { name } });
      },
    };
  },
};
