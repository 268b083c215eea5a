const COALESCE_MS = 300;
const JITTER_MS = 500;

/** Gathers calls into one a little later: many pages hear the same news and must not all ask at the same moment. */
export function gathered(act: () => void): { readonly ask: () => void; readonly stop: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    ask() {
      timer ??= setTimeout(
        () => {
          timer = undefined;
          act();
        },
        COALESCE_MS + Math.random() * JITTER_MS,
      );
    },
    stop: () => clearTimeout(timer),
  };
}
