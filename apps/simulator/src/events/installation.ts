import type { Random } from '../random.js';

/** One app on one device: what stays the same over its events. */
export interface Installation {
  readonly anonymousId: string;
  readonly platform: 'android' | 'ios';
  readonly model: string;
  readonly appVersion: string;
  readonly locale: string;
  readonly language: string;
  readonly timezone: string;
  readonly carrier: string;
  readonly userId: string;
}

const PLATFORMS = ['android', 'ios'] as const;
const MODELS = ['iPhone8,4', 'iPhone10,6', 'iPhone12,1', 'iPad11,3'];
const VERSIONS = ['1.2.3', '1.2.4', '1.3.0', '2.0.0'];
/** Some are longer than five characters. */
const LOCALES = ['de-DE', 'de-AT', 'en-DE', 'fr-FR', 'tr-DE', 'zh-Hans-CN'];
const LANGUAGES = ['de-DE', 'en-DE'];
/** All on the clock of Berlin; some are longer than sixteen characters. */
const TIMEZONES = ['Europe/Berlin', 'Europe/Vienna', 'Europe/Zurich', 'Europe/Luxembourg', 'Europe/San_Marino'];
const CARRIERS = ['o2-de', 'Telekom.de', 'Vodafone.de', 'A1'];

/** A population of apps that come back; platforms are equally likely. */
export function installations(random: Random, count: number): readonly Installation[] {
  return Array.from({ length: count }, () => ({
    anonymousId: random.uuid(),
    platform: random.pick(PLATFORMS),
    model: random.pick(MODELS),
    appVersion: random.pick(VERSIONS),
    locale: random.pick(LOCALES),
    language: random.pick(LANGUAGES),
    timezone: random.pick(TIMEZONES),
    carrier: random.pick(CARRIERS),
    userId: String(random.between(1, 10_000_000)),
  }));
}
