import { randomBytes } from 'node:crypto';
import { stringify } from 'yaml';

/** Users of the broker, in the order of overlays/local/nats/nats.conf. */
const NATS_USERS = ['migrate', 'cdc-extractor', 'ingest-logs', 'warehouse-loader', 'reporting', 'simulator'];

/** Secrets that the pods of k8s/ refer to, and the keys each must hold. A real cluster brings its own under these names. */
export const SECRETS = {
  'nats-migrate': ['NATS_PASSWORD'],
  'nats-cdc-extractor': ['NATS_PASSWORD'],
  'nats-ingest-logs': ['NATS_PASSWORD'],
  'nats-warehouse-loader': ['NATS_PASSWORD'],
  'nats-reporting': ['NATS_PASSWORD'],
  'nats-simulator': ['NATS_PASSWORD'],
  'nats-passwords': NATS_USERS.map(passwordName),
  lake: ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'],
  'quarantine-key': ['QUARANTINE_KEY'],
  'pii-key': ['PII_KEY'],
  'ingest-token': ['INGEST_TOKEN'],
  warehouse: ['WAREHOUSE_URL'],
  postgres: ['POSTGRES_PASSWORD'],
  // The addresses that the catalog names by `connection:`, one key each.
  sources: ['SHOP_URL', 'REGISTRATION_URL'],
  // The databases of the simulator, for trial alone: their server, and who owns the tables.
  source: ['POSTGRES_PASSWORD'],
  'simulator-sources': ['SHOP_OWNER_URL', 'REGISTRATION_OWNER_URL', 'EXTRACT_PASSWORD'],
};

/** The variable that nats.conf reads a user's password from. */
function passwordName(user) {
  return `${user.toUpperCase().replace('-', '_')}_PASSWORD`;
}

/** A letter first: nats-server would read a value that begins with a digit as a number. 39 characters: object stores take 40. */
function randomPassword() {
  return `p${randomBytes(19).toString('hex')}`;
}

/** The namespace and all secrets with new random values, as YAML with several documents. */
export function trialSecrets(namespace, random = randomPassword) {
  const secrets = Object.entries(trialValues(random)).map(([name, stringData]) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace },
    stringData,
  }));
  const objects = [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, ...secrets];
  return objects.map((object) => stringify(object)).join('---\n');
}

/** Values for every secret: name -> key -> value. */
export function trialValues(random = randomPassword) {
  const passwords = Object.fromEntries(NATS_USERS.map((user) => [user, random()]));
  const postgres = random();
  const [owner, extract] = [random(), random()];
  const ownerUrl = `postgres://owner:${owner}@source:5432/source`;
  const extractUrl = `postgres://rollcall_extract:${extract}@source:5432/source`;
  const values = {
    'nats-passwords': Object.fromEntries(
      Object.entries(passwords).map(([user, password]) => [passwordName(user), password]),
    ),
    postgres: { POSTGRES_PASSWORD: postgres },
    source: { POSTGRES_PASSWORD: owner },
    sources: { SHOP_URL: extractUrl, REGISTRATION_URL: extractUrl },
    'simulator-sources': {
      SHOP_OWNER_URL: ownerUrl,
      REGISTRATION_OWNER_URL: ownerUrl,
      EXTRACT_PASSWORD: extract,
    },
    // An access key has at most 20 characters.
    lake: { AWS_ACCESS_KEY_ID: random().slice(0, 20), AWS_SECRET_ACCESS_KEY: random() },
    warehouse: { WAREHOUSE_URL: `postgres://rollcall:${postgres}@postgres:5432/rollcall` },
    ...Object.fromEntries(
      Object.entries(passwords).map(([user, password]) => [`nats-${user}`, { NATS_PASSWORD: password }]),
    ),
  };
  return Object.fromEntries(
    Object.entries(SECRETS).map(([name, keys]) => [
      name,
      values[name] ?? Object.fromEntries(keys.map((key) => [key, random()])),
    ]),
  );
}
