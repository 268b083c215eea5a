const SCALARS = new Set(['string', 'number', 'boolean']);

/**
 * Fields of `value` that its class does not know, and scalars of the wrong kind.
 * @param type a class of @kubernetes/client-node (they carry a map of their fields), or undefined: nothing is known of it
 * @returns faults such as `spec.template.spec.containers[0].imagee: unknown field of V1Container`
 */
export function unknownFields(value, type, client, path = '') {
  if (type?.getAttributeTypeMap === undefined || typeof value !== 'object' || value === null) return [];
  const fields = new Map(type.getAttributeTypeMap().map((field) => [field.baseName, field.type]));
  return Object.entries(value).flatMap(([name, inner]) => {
    const at = path === '' ? name : `${path}.${name}`;
    const fieldType = fields.get(name);
    if (fieldType === undefined) return [`${at}: unknown field of ${type.name}`];
    return fieldFaults(inner, fieldType, client, at);
  });
}

function fieldFaults(value, typeName, client, path) {
  if (value === null || value === undefined) return [];
  const [, element] = /^Array<(.+)>$/.exec(typeName) ?? [];
  if (element !== undefined) {
    if (!Array.isArray(value)) return [`${path}: must be a list`];
    return value.flatMap((item, index) => fieldFaults(item, element, client, `${path}[${index}]`));
  }
  const [, entry] = /^\{ \[key: string\]: (.+); \}$/.exec(typeName) ?? [];
  if (entry !== undefined) {
    if (typeof value !== 'object' || Array.isArray(value)) return [`${path}: must be a map`];
    return Object.entries(value).flatMap(([key, item]) => fieldFaults(item, entry, client, `${path}[${key}]`));
  }
  if (SCALARS.has(typeName)) return typeof value === typeName ? [] : [`${path}: must be a ${typeName}`];
  if (typeName in client && typeof value !== 'object') return [`${path}: must be a ${typeName}`];
  return unknownFields(value, client[typeName], client, path);
}
