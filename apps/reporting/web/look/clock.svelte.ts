const TICK_MS = 15_000;

/** The time that relative times are told against; ticks while the page is seen. */
class Clock {
  nowMs = $state(Date.now());

  start(): void {
    setInterval(() => {
      if (document.visibilityState === 'visible') this.nowMs = Date.now();
    }, TICK_MS);
    document.addEventListener('visibilitychange', () => (this.nowMs = Date.now()));
  }

  /** Something arrived that may be newer than the last tick. */
  now(): void {
    this.nowMs = Date.now();
  }
}

export const clock = new Clock();
