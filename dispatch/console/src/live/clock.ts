/** Service time between the instants that the service tells: from the newest on, at the service's speed. */
export class ServiceClock {
  private told_ms = 0;
  private heard_ms = 0;
  speed = 1;

  hear(at: string): void {
    this.told_ms = Date.parse(at);
    this.heard_ms = performance.now();
  }

  get known(): boolean {
    return this.told_ms > 0;
  }

  /** Milliseconds since 1970, service time. Stands still once nothing has been heard for 3 s: no made-up time. */
  now_ms(): number {
    return this.told_ms + Math.min(performance.now() - this.heard_ms, 3000) * this.speed;
  }

  /** Wall seconds since an instant of service time. */
  age_s(at: string): number {
    return Math.max(0, (this.now_ms() - Date.parse(at)) / 1000 / this.speed);
  }
}
