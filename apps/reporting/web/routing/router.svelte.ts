import { tick } from 'svelte';
import { routeOf, withQuery, type Route } from './route-of.js';

/** Where the app is. Pages read `params`; whoever changes them calls `go` or `setParams`. */
class Router {
  path = $state(location.pathname);
  query = $state(location.search);
  readonly route: Route = $derived(routeOf(this.path));
  readonly params: URLSearchParams = $derived(new URLSearchParams(this.query));
  /** Pages that were shown since the app started: from the second on, its heading takes the focus. */
  visits = $state(0);

  start(): void {
    window.addEventListener('popstate', () => this.#read());
    document.addEventListener('click', (event) => this.#follow(event));
  }

  go(href: string, { replace = false } = {}): void {
    const from = this.path;
    history[replace ? 'replaceState' : 'pushState'](null, '', href);
    this.#read();
    if (this.path !== from) window.scrollTo(0, 0);
  }

  /** Same page, other parameters. Replacing is for what is not decided yet, such as typing: Back then skips it. */
  setParams(params: URLSearchParams, { replace = false } = {}): void {
    const href = withQuery(this.path, params);
    if (href !== this.path + this.query) this.go(href, { replace });
  }

  #read(): void {
    if (location.pathname !== this.path) this.visits += 1;
    this.path = location.pathname;
    this.query = location.search;
    const { hash } = location;
    if (hash !== '') void tick().then(() => document.getElementById(hash.slice(1))?.scrollIntoView());
  }

  /** Links stay ordinary links: with a modifier, a target or a download the browser does what it always does. */
  #follow(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (link === null || link.target !== '' || link.hasAttribute('download') || link.origin !== location.origin) return;
    if (link.pathname.startsWith('/api/')) return;
    if (link.hash !== '' && link.pathname === location.pathname && link.search === location.search) return;
    event.preventDefault();
    this.go(link.pathname + link.search + link.hash);
  }
}

export const router = new Router();
