import { xmlDocument, type XmlNode } from './s3-xml.js';

/** What goes back to the client. */
export interface S3Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
}

export function xmlAnswer(root: string, content: XmlNode, status = 200): S3Answer {
  return { status, headers: { 'content-type': 'application/xml' }, body: xmlDocument(root, content) };
}

export function errorAnswer(status: number, code: string, message: string): S3Answer {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message.replace(/[<>&]/g, ' ')}</Message></Error>`;
  return { status, headers: { 'content-type': 'application/xml' }, body };
}
