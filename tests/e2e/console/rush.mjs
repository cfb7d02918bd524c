// A merchant at the HTTP door who sees to it that so many orders are live.

const ENDED = ['delivered', 'cancelled', 'failed', 'returned'];

export class Rush {
  /** `service`: what it printed when it was ready; `way(i)`: from which pad to which the i-th order goes. */
  constructor(service, live, way) {
    Object.assign(this, { service, live, way, ordered: 0, refused: 0 });
  }

  /** Orders that have not ended, as the service counts them. */
  async count() {
    const text = await (await fetch(`${this.service.http}/metrics`)).text();
    const lines = [...text.matchAll(/^swiftlet_orders\{state="(\w+)"\} (\d+)$/gm)];
    return lines.filter(([, state]) => !ENDED.includes(state)).reduce((sum, [, , n]) => sum + Number(n), 0);
  }

  async order() {
    const [from, to] = this.way(this.ordered++);
    const body = { client_order_id: `rush-${this.ordered}`, pickup: { pad: from }, dropoff: { pad: to }, parcel: { mass_kg: 0.5 } };
    const reply = await fetch(`${this.service.merchant_http}/v1/orders`, { method: 'POST', body: JSON.stringify(body) });
    if (!reply.ok) this.refused += 1;
    await reply.arrayBuffer();
  }

  /** At most ten a second, so that the service is busy with the fleet and not with the rush. */
  start() {
    this.timer = setInterval(async () => {
      if (this.busy) return;
      this.busy = true;
      try {
        const missing = this.live - (await this.count());
        for (let i = 0; i < Math.min(missing, 10); i++) await this.order();
      } catch (error) {
        this.problem = error; // told by `stop`: a rush that broke off makes no figures
      }
      this.busy = false;
    }, 1000);
  }

  stop() {
    clearInterval(this.timer);
    if (this.problem) throw this.problem;
  }
}
