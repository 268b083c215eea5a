import type { Health } from '@rollcall/reports/shown';
import type { IconName } from '../parts/icons.js';

export interface HealthLook {
  readonly word: string;
  readonly icon: IconName;
}

export const healthLooks: Readonly<Record<Health, HealthLook>> = {
  healthy: { word: 'Healthy', icon: 'check' },
  warning: { word: 'Warning', icon: 'triangle' },
  degraded: { word: 'Degraded', icon: 'cross' },
  unknown: { word: 'Unknown', icon: 'question' },
};

export const freshnessWords = {
  fresh: 'Fresh',
  late: 'Late',
  stale: 'Stale',
  unbounded: 'No limit set',
  empty: 'No data yet',
} as const;
