/** A piece of XML: text, or elements by name; an array repeats its element. */
export type XmlNode = string | number | boolean | undefined | { readonly [name: string]: XmlNode | readonly XmlNode[] };

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

export function xmlDocument(root: string, content: XmlNode): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="${NAMESPACE}">${render(content)}</${root}>`;
}

/** The texts of every element of that name, unescaped, in order: enough for the few documents clients send. */
export function xmlTexts(document: string, name: string): string[] {
  return xmlBlocks(document, name).map(unescapeXml);
}

/** The inside of every element of that name, as it stands. */
export function xmlBlocks(document: string, name: string): string[] {
  return [...document.matchAll(new RegExp(`<${name}(?:\\s[^>]*)?>(.*?)</${name}>`, 'gs'))].map(
    (match) => match[1] ?? '',
  );
}

function render(node: XmlNode): string {
  if (node === undefined) return '';
  if (typeof node !== 'object') return escapeXml(String(node));
  return Object.entries(node)
    .flatMap(([name, value]) =>
      (Array.isArray(value) ? (value as readonly XmlNode[]) : [value as XmlNode]).map((v) => ({ name, v })),
    )
    .filter(({ v }) => v !== undefined)
    .map(({ name, v }) => `<${name}>${render(v)}</${name}>`)
    .join('');
}

function escapeXml(text: string): string {
  return text.replace(/[<>&"'\r]/g, (c) => `&#${c.charCodeAt(0)};`);
}

function unescapeXml(text: string): string {
  return text
    .replace(/&#x([0-9a-f]+);/gi, (_, hex: string) => String.fromCodePoint(parseInt(hex, 16)))
    .replace(/&#(\d+);/g, (_, digits: string) => String.fromCodePoint(Number(digits)))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');
}
