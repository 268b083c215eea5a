import { openStore, type ObjectStore } from '@rollcall/lake';
import type { CliSettings } from '../settings/cli-settings.js';

/** Opens the lake, or any store beside it, with the S3 settings of the command line. */
export function openLake(url: string, settings: CliSettings): Promise<ObjectStore> {
  const s3 = {
    ...(settings.AWS_ENDPOINT_URL_S3 !== undefined && { endpoint: settings.AWS_ENDPOINT_URL_S3 }),
    ...(settings.AWS_REGION !== undefined && { region: settings.AWS_REGION }),
    ...(settings.AWS_ACCESS_KEY_ID !== undefined && { accessKeyId: settings.AWS_ACCESS_KEY_ID }),
    ...(settings.AWS_SECRET_ACCESS_KEY !== undefined && { secretAccessKey: settings.AWS_SECRET_ACCESS_KEY }),
    ...(settings.AWS_SESSION_TOKEN !== undefined && { sessionToken: settings.AWS_SESSION_TOKEN }),
  };
  return openStore({ url, s3 });
}
