import { fileURLToPath } from 'node:url';

/** The checkout's root, without a slash at the end. Its path may hold spaces. */
export const repository = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');
