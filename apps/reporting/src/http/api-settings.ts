import { z } from 'zod';

const flag = z
  .enum(['true', 'false'], { message: 'is not true or false' })
  .default('false')
  .transform((text) => text === 'true');

const count = z.coerce.number({ message: 'is not a number' }).int().positive();

/** Settings of the API; the keys are the names of the environment variables. */
export const apiSettings = {
  /** Where people reach the service, when that is not host and port it listens at: `https://reports.example.org`. With https, cookies and browsers are held to it. */
  PUBLIC_URL: z.url({ protocol: /^https?$/, message: 'is not a URL of the form https://host' }).optional(),
  /** Beyond loopback a token is always required; `true`: on loopback too. */
  REQUIRE_TOKEN: flag,
  /** The built web app; absent: beside this service. */
  WEB_DIR: z.string().optional(),
  /** Memory for answers that are sent again as they are. */
  API_CACHE_MB: count.default(64),
  /** Live streams at once, in all. */
  LIVE_STREAMS: count.default(500),
  /** Live streams at once of one session, or of one program's token. */
  LIVE_STREAMS_PER_SESSION: count.default(4),
  /** CSV and Parquet exports at once; each holds a connection to the warehouse while it is read. */
  EXPORTS_AT_ONCE: count.default(2),
};

export type ApiSettings = Readonly<z.output<z.ZodObject<typeof apiSettings>>>;
