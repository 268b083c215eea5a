const LONGEST = 64 * 1024;

/**
 * Cuts a stream of chunks into lines. A line longer than 64 KiB is given out in pieces, so that a child can never fill this process.
 * @returns `push` for every chunk, `end` for what stands after the last newline
 */
export function lineSplitter(onLine: (line: string) => void): { push(chunk: string): void; end(): void } {
  let held = '';
  return {
    push(chunk) {
      held += chunk;
      let from = 0;
      for (let at = held.indexOf('\n'); at >= 0; at = held.indexOf('\n', from)) {
        onLine(held.slice(from, at).replace(/\r$/, ''));
        from = at + 1;
      }
      held = held.slice(from);
      while (held.length > LONGEST) {
        onLine(held.slice(0, LONGEST));
        held = held.slice(LONGEST);
      }
    },
    end() {
      if (held !== '') onLine(held);
      held = '';
    },
  };
}
