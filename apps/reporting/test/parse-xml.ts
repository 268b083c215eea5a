/** An element of an XML document. */
export interface XmlElement {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', apos: "'", quot: '"' };

/** A strict reader for documents of elements, attributes and text: throws on whatever is not well-formed. */
export function parseXml(document: string): XmlElement {
  let at = 0;
  const fail = (what: string): never => {
    throw new Error(`not well-formed at ${at}: ${what}: ${document.slice(at, at + 40)}`);
  };
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    const sticky = new RegExp(pattern, 'yu');
    sticky.lastIndex = at;
    const found = sticky.exec(document) ?? undefined;
    if (found) at = sticky.lastIndex;
    return found;
  };
  const unescaped = (text: string): string =>
    text.replaceAll(/&([^;&]*);?/g, (whole, name: string) =>
      whole.endsWith(';') ? (ENTITIES[name] ?? fail(`entity ${name}`)) : fail('a bare &'),
    );

  function element(): XmlElement {
    const tag = take(/<([A-Za-z][\w:.-]*)/)?.[1] ?? fail('an element');
    const attributes: Record<string, string> = {};
    for (;;) {
      const attribute = take(/\s+([A-Za-z][\w:.-]*)='([^'<\p{Cc}]*)'/u);
      if (!attribute) break;
      const [, name = '', value = ''] = attribute;
      if (name in attributes) fail(`attribute ${name} twice`);
      attributes[name] = unescaped(value);
    }
    if (take(/\s*\/>/)) return { tag, attributes, children: [], text: '' };
    if (!take(/\s*>/)) fail('the end of a tag');
    const children: XmlElement[] = [];
    let text = '';
    for (;;) {
      text += unescaped(take(/[^<]+/)?.[0] ?? '');
      if (document.startsWith('</', at)) break;
      children.push(element());
    }
    if (take(/<\/([\w:.-]+)\s*>/)?.[1] !== tag) fail(`the end of ${tag}`);
    return { tag, attributes, children, text: text.trim() };
  }

  take(/<\?xml[^?]*\?>\s*/);
  const root = element();
  take(/\s*/);
  if (at !== document.length) fail('something behind the root');
  return root;
}

/** Every element of that name, at any depth. */
export function elementsOf(root: XmlElement, tag: string): readonly XmlElement[] {
  return [...(root.tag === tag ? [root] : []), ...root.children.flatMap((child) => elementsOf(child, tag))];
}
