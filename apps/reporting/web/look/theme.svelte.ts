export type Theme = 'light' | 'dark';

const KEY = 'rollcall-theme';
const system = matchMedia('(prefers-color-scheme: dark)');

/** Light or dark: the system's, until somebody chooses; paper is light. */
class ThemeChoice {
  chosen: Theme | undefined = $state(stored());
  #systemIsDark = $state(system.matches);
  #isPrinting = $state(false);
  readonly shown: Theme = $derived(
    this.#isPrinting ? 'light' : (this.chosen ?? (this.#systemIsDark ? 'dark' : 'light')),
  );

  start(): void {
    system.addEventListener('change', () => (this.#systemIsDark = system.matches));
    window.addEventListener('beforeprint', () => this.#print(true));
    window.addEventListener('afterprint', () => this.#print(false));
  }

  toggle(): void {
    this.chosen = this.shown === 'dark' ? 'light' : 'dark';
    this.apply();
    try {
      localStorage.setItem(KEY, this.chosen);
    } catch {
      // Storage is switched off: the choice lasts until the page is left.
    }
  }

  apply(): void {
    document.documentElement.dataset['theme'] = this.shown;
  }

  #print(isPrinting: boolean): void {
    this.#isPrinting = isPrinting;
    this.apply();
  }
}

function stored(): Theme | undefined {
  try {
    const theme = localStorage.getItem(KEY);
    return theme === 'light' || theme === 'dark' ? theme : undefined;
  } catch {
    return undefined;
  }
}

export const theme = new ThemeChoice();
