/**
 * Flags for the Node of every service. Left alone, V8 lets garbage grow to gigabytes before it collects; a service holds a few batches
 * at a time and stays under 350 MB with these. The manifests set the same (k8s/components/hardened).
 */
export const SERVICE_NODE_FLAGS: readonly string[] = ['--max-old-space-size=256', '--max-semi-space-size=16'];
