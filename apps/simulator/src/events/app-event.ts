import type { Random } from '../random.js';
import type { Installation } from './installation.js';
import { berlinText, utcText } from './wall-time.js';

/** The fields a client may leave out: absent, not null. Only the device token, where present, is null. */
export const OPTIONAL_FIELDS = [
  'context_app_version',
  'context_device_ad_tracking_enabled',
  'context_library_name',
  'context_library_version',
  'context_timezone',
  'user_id',
  'context_device_token',
] as const;
export type OptionalField = (typeof OPTIONAL_FIELDS)[number];

/** Names of events with their camelCase twins. */
export const EVENT_NAMES = [
  { event: 'submission_success', eventText: 'submissionSuccess' },
  { event: 'registration_initiated', eventText: 'registrationInitiated' },
  { event: 'another_event', eventText: 'anotherEvent' },
] as const;

export type AppEvent = Readonly<Record<string, string | boolean | null>> & { readonly id: string };

/**
 * One event of the mobile app: 22 columns and the token that is always null. The client made it (`timestamp`), sent it (`sent_at`) and the
 * server took it (`received_at`), each a little later; `original_timestamp` is the device's own clock in its own zone.
 * @param receivedMicros microseconds since 1970 at which the server took it
 */
export function appEvent(random: Random, from: Installation, receivedMicros: number): AppEvent {
  const sentMicros = receivedMicros - random.between(100, 2000);
  const happenedMicros = sentMicros - random.between(100, 1000);
  const originalMicros = happenedMicros - random.between(0, 100);
  const name = random.pick(EVENT_NAMES);
  const present = presentFields(random);
  const event: Record<string, string | boolean | null> & { id: string } = {
    id: random.uuid(),
    received_at: utcText(receivedMicros),
    anonymous_id: from.anonymousId,
  };
  if (present.has('context_app_version')) event['context_app_version'] = from.appVersion;
  if (present.has('context_device_ad_tracking_enabled')) {
    event['context_device_ad_tracking_enabled'] = random.chance(0.5);
  }
  event['context_device_manufacturer'] = 'Apple';
  event['context_device_model'] = from.model;
  event['context_device_type'] = from.platform;
  if (present.has('context_library_name')) event['context_library_name'] = `analytics-${from.platform}`;
  if (present.has('context_library_version')) event['context_library_version'] = '3.6.7';
  event['context_locale'] = from.locale;
  event['context_network_wifi'] = random.chance(0.5);
  event['context_os_name'] = from.platform === 'ios' ? 'iOS' : 'Android';
  if (present.has('context_timezone')) event['context_timezone'] = from.timezone;
  event['event'] = name.event;
  event['event_text'] = name.eventText;
  event['original_timestamp'] = berlinText(originalMicros);
  event['sent_at'] = utcText(sentMicros);
  event['timestamp'] = utcText(happenedMicros);
  if (present.has('user_id')) event['user_id'] = from.userId;
  event['context_network_carrier'] = from.carrier;
  event['context_traits_taxfix_language'] = from.language;
  if (present.has('context_device_token')) event['context_device_token'] = null;
  return event;
}

/** k of 0..7 draws with replacement, so that few events have all of them. */
function presentFields(random: Random): ReadonlySet<OptionalField> {
  const present = new Set<OptionalField>();
  for (let draws = random.between(0, OPTIONAL_FIELDS.length); draws > 0; draws -= 1) {
    present.add(random.pick(OPTIONAL_FIELDS));
  }
  return present;
}
