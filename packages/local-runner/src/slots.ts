/** A number of places that work waits for, first come first served. */
export interface Slots {
  readonly within: <T>(work: () => Promise<T>) => Promise<T>;
}

export function createSlots(places: number): Slots {
  let free = places;
  const waiting: (() => void)[] = [];
  const take = () => {
    if (free > 0) {
      free -= 1;
      return Promise.resolve();
    }
    return new Promise<void>((resolve) => waiting.push(resolve));
  };
  const give = () => {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  };
  const within = async <T>(work: () => Promise<T>) => {
    await take();
    try {
      return await work();
    } finally {
      give();
    }
  };
  return { within };
}
