/** A shelf of the browser's own database: small things by their id, which outlive the page. */
const name = "switchboard";
const shelf = "outbox";

function open(): Promise<IDBDatabase> {
  return new Promise((done, fail) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(shelf, { keyPath: "id" });
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(new Error("the browser's database does not open", { cause: request.error }));
  });
}

async function within<T>(mode: IDBTransactionMode, work: (s: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const db = await open();
  try {
    return await new Promise((done, fail) => {
      const tx = db.transaction(shelf, mode);
      const request = work(tx.objectStore(shelf));
      tx.oncomplete = () => done(request.result);
      tx.onabort = tx.onerror = () => fail(new Error("the browser's database refuses", { cause: tx.error }));
    });
  } finally {
    db.close();
  }
}

/** Everything on the shelf. */
export function kept<T>(): Promise<T[]> {
  return within<T[]>("readonly", (s) => s.getAll() as IDBRequest<T[]>);
}

export async function put(thing: { id: string }): Promise<void> {
  await within("readwrite", (s) => s.put(thing));
}

export async function remove(id: string): Promise<void> {
  await within("readwrite", (s) => s.delete(id) as IDBRequest<unknown>);
}
