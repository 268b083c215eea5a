const KEY = 'rollcall-reloaded';
const AGAIN_MS = 60_000;

/** A newer build took the files of this one away: the page starts anew, once, instead of failing at its next part. */
export function reloadWhenReplaced(): void {
  window.addEventListener('vite:preloadError', (event) => {
    const lastMs = Number(sessionStorage.getItem(KEY) ?? 0);
    if (Date.now() - lastMs < AGAIN_MS) return;
    sessionStorage.setItem(KEY, String(Date.now()));
    event.preventDefault();
    location.reload();
  });
}
