const LONGEST = 100;

/** What is wrong with a token's name, as a sentence; undefined: nothing. It is shown to people and stands in logs of who did what. */
export function tokenNameFault(name: string): string | undefined {
  if (name.trim() === '') return 'it is empty.';
  if (name.length > LONGEST) return `it has more than ${LONGEST} characters.`;
  if (name.startsWith('rollcall_')) return 'it looks like a token: give the name.';
  return /\p{Cc}/u.test(name) ? 'it holds control characters.' : undefined;
}
