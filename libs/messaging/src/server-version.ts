/** The oldest nats-server whose features are enough. */
export const OLDEST_SERVER = '2.9';

/** Whether a version text (`2.9.10`, `2.11.0-preview.1`) is below OLDEST_SERVER. A text that is no version counts as new. */
export function isOldServer(version: string): boolean {
  const parts = /^(\d+)\.(\d+)/.exec(version);
  if (!parts) return false;
  const [major = 0, minor = 0] = parts.slice(1).map(Number);
  const [needMajor = 0, needMinor = 0] = OLDEST_SERVER.split('.').map(Number);
  return major < needMajor || (major === needMajor && minor < needMinor);
}
