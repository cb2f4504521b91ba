/** An event of a stream of server-sent events; a comment has an empty name. */
export interface ServerEvent {
  readonly name: string;
  readonly data: string;
  readonly id: string | null;
}

/** Cuts the text of a stream of server-sent events into events, whatever pieces it comes in. */
export class EventParser {
  private pieces: string[] = [];
  private last = '';

  /** The events that are complete with this piece, in order. What is not complete is looked through once, not again with each piece. */
  push(piece: string): ServerEvent[] {
    const seam = this.last + piece;
    this.pieces.push(piece);
    this.last = seam.slice(-3);
    if (!seam.includes('\n\n') && !seam.includes('\n\r\n')) return [];
    const blocks = this.pieces.join('').replaceAll('\r\n', '\n').split('\n\n');
    this.pieces = [blocks.pop() ?? ''];
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
