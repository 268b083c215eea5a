#!/usr/bin/env node
/**
 * Prints the secrets that k8s/overlays/local refers to, with new random values, as YAML:
 *   node tools/trial-secrets.mjs | kubectl apply -f -
 * Once per cluster: new values do not fit data that the old ones sealed, and the database keeps its first password.
 */
import { trialSecrets } from './k8s/trial-secrets.mjs';

process.stdout.write(trialSecrets('rollcall'));
