/** A campaign document as the form holds it: whatever members it has, known to the form or not, stay in it. */
export type Document = Record<string, unknown>;

/** The member at a path such as `slots.0.modules.1.content.text`; undefined where there is none. */
export function read(document: Document, path: string): unknown {
  return path.split('.').reduce<unknown>((at, name) => (typeof at === 'object' && at !== null ? (at as Document)[name] : undefined), document);
}

/** The document with another member at a path; undefined takes it out, and what is left empty above it too. */
export function write(document: Document, path: string, value: unknown): Document {
  const [name, ...rest] = path.split('.') as [string, ...string[]];
  const at = Array.isArray(document) ? ([...(document as unknown[])] as unknown as Document) : { ...document };
  const next = rest.length === 0 ? value : write((at[name] ?? (/^\d+$/.test(rest[0]!) ? [] : {})) as Document, rest.join('.'), value);
  if (next === undefined || (rest.length > 0 && isEmpty(next))) {
    if (Array.isArray(at)) (at as unknown as unknown[]).splice(Number(name), 1);
    else delete at[name];
  } else at[name] = next;
  return at;
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;
}

/** The path that a field of the engine's errors names: `slots[0].modules[1].id` is `slots.0.modules.1.id`. */
export function pathOf(field: string): string {
  return field.replaceAll(/\[(\d+)\]/g, '.$1').replace(/^\./, '');
}

/** The messages at a field, or at a part of it that the form does not show by itself. */
export function messagesAt(errors: Readonly<Record<string, string[]>>, path: string, parts = false): string[] {
  return Object.entries(errors).flatMap(([field, messages]) => {
    const found = pathOf(field);
    return found === path || (parts && found.startsWith(`${path}.`)) ? messages : [];
  });
}

/** The next id that is free: `h3` after `h1` and `h2`. */
export function nextId(prefix: string, taken: readonly unknown[]): string {
  let number = taken.length + 1;
  while (taken.includes(`${prefix}${number}`)) number++;
  return `${prefix}${number}`;
}

/** A list that was typed with commas; undefined for none. */
export function listOf(text: string): string[] | undefined {
  const parts = text.split(',').map((part) => part.trim()).filter(Boolean);
  return parts.length === 0 ? undefined : parts;
}
