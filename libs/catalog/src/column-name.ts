import { sha256Hex } from '@rollcall/kernel';

/** What Postgres keeps of a name, in bytes. */
const MAX_BYTES = 63;
const HASH_DIGITS = 8;
const SHAPE = /^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/;

/**
 * The name of a column in lake and warehouse: `a-z 0-9 _`, the same for the same text for ever. `Question Text` -> `question_text`,
 * `userId` -> `user_id`, `Größe` -> `grosse`. Marks are taken off letters; each run of other characters becomes one `_`; none stands at the ends
 * (a leading one is Rollcall's own). A leading digit gets `c_` before it. Where letters or digits had to go, or the name would be longer
 * than 63 bytes, 8 hex digits of sha256 over the text keep names apart. Two names can still meet (`a b`, `a-b`): the catalog refuses that.
 */
export function columnName(text: string): string {
  if (text.length <= MAX_BYTES && SHAPE.test(text)) return text;
  const plain = text
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
    .replaceAll('ß', 'ss')
    .replaceAll('ẞ', 'SS');
  const words = plain
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '');
  const named = /^[a-z]/.test(words) ? words : `c_${words}`.replace(/_$/, '');
  const lost = /[^\x00-\x7f]/.test(plain.replaceAll(/[^\p{L}\p{N}]/gu, '')) || words === '';
  if (!lost && named.length <= MAX_BYTES) return named;
  const head = named.slice(0, MAX_BYTES - HASH_DIGITS - 1).replace(/_+$/, '');
  return `${head}_${sha256Hex(text).slice(0, HASH_DIGITS)}`;
}
