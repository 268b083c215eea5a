// Before the first paint, so that no theme flashes; a file of its own, because the policy refuses inline scripts.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem('rollcall-theme');
  } catch {
    // Storage is switched off: the system's theme it is.
  }
  const isDark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = isDark ? 'dark' : 'light';
})();
