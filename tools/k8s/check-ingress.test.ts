import { describe, expect, it } from 'vitest';
import { checkIngress } from './check-ingress.mjs';
import { sampleObjects } from './sample-objects.mjs';

function faultsOf(spoil: (ingress: any) => void): readonly string[] {
  const backend = { service: { name: 'door', port: { name: 'http' } } };
  const ingress = {
    kind: 'Ingress',
    metadata: { name: 'door' },
    spec: {
      tls: [{ hosts: ['door.example.com'], secretName: 'door-tls' }],
      rules: [{ host: 'door.example.com', http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }],
    },
  };
  spoil(ingress);
  return checkIngress([...sampleObjects().objects, ingress]);
}

describe('checkIngress', () => {
  it('finds nothing in one that is encrypted and leads somewhere', () => expect(faultsOf(() => undefined)).toEqual([]));

  it.each<[string, Parameters<typeof faultsOf>[0], string]>([
    ['a host without TLS', (i) => delete i.spec.tls, 'door.example.com is not under tls'],
    ['TLS without a secret', (i) => delete i.spec.tls[0].secretName, 'door.example.com is not under tls'],
    ['a rule for every host', (i) => delete i.spec.rules[0].host, '(every host) is not under tls'],
    [
      'a service that is not there',
      (i) => (i.spec.rules[0].http.paths[0].backend.service.name = 'window'),
      'service window, which is not there',
    ],
    [
      'a port that is not there',
      (i) => (i.spec.rules[0].http.paths[0].backend.service.port.name = 'https'),
      'port https, which service door has not',
    ],
  ])('names %s', (_, spoil, fault) => expect(faultsOf(spoil).join('\n')).toContain(fault));
});
