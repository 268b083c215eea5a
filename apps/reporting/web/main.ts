import { mount } from 'svelte';
import App from './app.svelte';
import './styles/app.css';
import { reloadWhenReplaced } from './pages/reload-when-replaced.js';
import { whenSignedOut } from './api/api-client.js';
import { live } from './live/live.svelte.js';
import { clock } from './look/clock.svelte.js';
import { theme } from './look/theme.svelte.js';
import { router } from './routing/router.svelte.js';
import { session } from './session/session.svelte.js';

router.start();
theme.start();
clock.start();
live.start();
whenSignedOut(() => {
  if (router.route.page !== 'sign-in') router.go(signInPath(), { replace: true });
});
reloadWhenReplaced();
void session.read();
mount(App, { target: document.body });

function signInPath(): string {
  return `/sign-in?${new URLSearchParams({ next: router.path + router.query }).toString()}`;
}
