/** Timers by name: setting one again replaces it, and all of them end together. */
export class Timers<Name extends string> {
  private readonly handles = new Map<Name, NodeJS.Timeout>();

  later(name: Name, ms: number, run: () => void): void {
    this.cancel(name);
    const timer = setTimeout(() => {
      this.handles.delete(name);
      run();
    }, ms);
    this.handles.set(name, timer);
  }

  every(name: Name, ms: number, run: () => void): void {
    this.cancel(name);
    this.handles.set(name, setInterval(run, ms));
  }

  running(name: Name): boolean {
    return this.handles.has(name);
  }

  cancel(name: Name): void {
    clearTimeout(this.handles.get(name));
    this.handles.delete(name);
  }

  cancelAll(): void {
    for (const name of this.handles.keys()) this.cancel(name);
  }
}
