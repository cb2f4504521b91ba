/** An event of a stream of server-sent events; a comment has an empty name. */
export interface ServerEvent {
  readonly name: string;
  readonly data: string;
  readonly id: string | null;
}

/** Cuts the text of a stream of server-sent events into events, whatever pieces it comes in. */
export class EventParser {
  private rest = '';

  /** The events that are complete with this piece, in order. */
  push(piece: string): ServerEvent[] {
    const blocks = (this.rest + piece).replaceAll('\r\n', '\n').split('\n\n');
    this.rest = blocks.pop() ?? '';
    return blocks.map(read);
  }
}

function read(block: string): ServerEvent {
  let name = '';
  let id: string | null = null;
  const data: string[] = [];
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const value = line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    switch (line.slice(0, colon)) {
      case 'event':
        name = value;
        break;
      case 'id':
        id = value;
        break;
      case 'data':
        data.push(value);
        break;
    }
  }
  return { name: name || (data.length > 0 ? 'message' : ''), data: data.join('\n'), id };
}
