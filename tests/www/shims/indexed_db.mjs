// As much of IndexedDB as www/push/sw.js uses: one version, stores with keys outside of the values,
// read-write transactions one after another. Lives outside of the worker, so that it outlasts it.

export class SimulatedDatabase {
  /** fault  null; "error": open fails; "hang": open never answers; "quota": put aborts the transaction */
  constructor() {
    this.fault = null;
    this.databases = new Map();
    this.last = Promise.resolve();
  }

  open(name) {
    const request = {};
    if (this.fault === "hang") return request;
    queueMicrotask(() => {
      if (this.fault === "error") {
        request.error = new Error("UnknownError: the database cannot be opened");
        request.onerror?.({ target: request });
        return;
      }
      const isNew = !this.databases.has(name);
      if (isNew) this.databases.set(name, new Map());
      request.result = this.#connection(this.databases.get(name));
      if (isNew) request.onupgradeneeded?.({ target: request });
      request.onsuccess?.({ target: request });
    });
    return request;
  }

  #connection(stores) {
    let closed = false;
    return {
      createObjectStore: (name) => stores.set(name, new Map()),
      close: () => (closed = true),
      transaction: (name, mode) => {
        if (closed) throw new Error("InvalidStateError: the connection is closed");
        if (!stores.has(name)) throw new Error(`NotFoundError: no store ${name}`);
        return this.#transaction(stores.get(name), mode);
      },
    };
  }

  // Requests wait for the transaction's turn; they run in order; what they wrote counts when all are done.
  #transaction(store, mode) {
    const transaction = { error: null };
    const waiting = [];
    const draft = new Map();
    const ask = (work) => {
      const request = {};
      waiting.push(() => {
        request.result = work();
        request.onsuccess?.({ target: request });
      });
      return request;
    };
    transaction.objectStore = () => ({
      get: (key) => ask(() => structuredClone(draft.get(key) ?? store.get(key))),
      put: (value, key) =>
        ask(() => {
          if (mode !== "readwrite") throw new Error("ReadOnlyError");
          if (this.fault === "quota") throw new Error("QuotaExceededError");
          draft.set(key, structuredClone(value));
          return key;
        }),
    });
    this.last = this.last.then(async () => {
      try {
        for (let next = waiting.shift(); next; next = waiting.shift()) {
          next();
          await null;
        }
      } catch (error) {
        transaction.error = error;
        transaction.onabort?.({ target: transaction });
        return;
      }
      for (const [key, value] of draft) store.set(key, value);
      transaction.oncomplete?.({ target: transaction });
    });
    return transaction;
  }
}
