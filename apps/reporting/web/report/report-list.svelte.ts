import type { ReportList } from '@rollcall/reports/shown';
import { apiPath, getJson } from '../api/api-client.js';
import { Resource } from '../api/resource.svelte.js';

/** All reports, for the navigation. */
export const reportList = new Resource<ReportList>((signal) => getJson(apiPath('reports'), signal));
