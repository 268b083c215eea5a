/** An event of the mobile app as its client library sends it: 21 fields, `n` makes it one of its own. */
export function appEvent(n: number, change: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const fraction = String(n % 1_000_000).padStart(6, '0');
  return {
    id: `5D0C7B1E-93A4-4C2F-8E61-${String(n).padStart(12, '0')}`,
    received_at: `2026-03-04 05:06:09.${fraction}`,
    anonymous_id: 'C49E02A7-6B3D-4F58-9D1C-E08B57A61F24',
    context_app_version: '4.5.6',
    context_device_ad_tracking_enabled: true,
    context_device_manufacturer: 'Google',
    context_device_model: 'Pixel 9',
    context_device_type: n % 2 === 0 ? 'android' : 'ios',
    context_locale: 'de-DE',
    context_network_wifi: true,
    context_os_name: 'android',
    context_timezone: 'Europe/Berlin',
    event: 'submission_success',
    event_text: 'submissionSuccess',
    original_timestamp: '2026-03-04T06:06:07.008+0100',
    sent_at: '2026-03-04 05:06:08.000000',
    timestamp: `2026-03-04 05:06:07.${fraction}`,
    user_id: String(n),
    context_network_carrier: 'carrier-1',
    context_device_token: null,
    context_traits_taxfix_language: 'en-DE',
    ...change,
  };
}

export function appEventId(n: number): string {
  return String(appEvent(n)['id']);
}
