import type { Component } from 'svelte';

/** Pages that are fetched when somebody goes there: the overview and the reports come with the app. */
export const laterPages = {
  runs: async (): Promise<Component> => (await import('./runs-page.svelte')).default,
  quarantine: async (): Promise<Component> => (await import('./quarantine-page.svelte')).default,
  dictionary: async (): Promise<Component> => (await import('./dictionary-page.svelte')).default,
  'api-docs': async (): Promise<Component> => (await import('./api-docs-page.svelte')).default,
  'sign-in': async (): Promise<Component> => (await import('./sign-in-page.svelte')).default,
};

export async function evidencePage(): Promise<Component<{ name: string }>> {
  return (await import('./evidence-page.svelte')).default;
}
