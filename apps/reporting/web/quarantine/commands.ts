/** What `rollcall` is told to do with what waits. Values of the data never stand in a command. */
export function groupCommands(
  dataset: string,
  reason: string,
): readonly { readonly what: string; readonly text: string }[] {
  const of = `--dataset ${quoted(dataset)} --reason ${quoted(reason)}`;
  return [
    { what: 'See them', text: `rollcall quarantine list ${of}` },
    { what: 'Replay once mended', text: `rollcall quarantine replay ${of}` },
    { what: 'Discard', text: `rollcall quarantine discard ${of}` },
  ];
}

export function showCommand(id: string): string {
  return `rollcall quarantine show ${quoted(id)}`;
}

/** A word of a POSIX shell. */
function quoted(word: string): string {
  return /^[\w./:@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
